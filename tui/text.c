/* text.c: text with styles: in the bytes, a mark and a letter begin each style. */
#include "tui/internal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "tui/style.h"

void tui_text_open(struct tui_text *text)
{
    *text = (struct tui_text){0};
    text->stream = open_memstream(&text->bytes, &text->length);
    if (text->stream == NULL)
        abort();
}

void tui_text_free(struct tui_text *text)
{
    fclose(text->stream);
    free(text->bytes);
}

struct tui_text tui_text_below(const struct tui_text *text, int lines)
{
    const char *bytes = text->bytes;
    while (lines-- > 0 && strchr(bytes, '\n') != NULL)
        bytes = strchr(bytes, '\n') + 1;
    return (struct tui_text){.bytes = (char *)(uintptr_t)bytes, .length = text->length - (size_t)(bytes - text->bytes)};
}

int tui_text_lines(const struct tui_text *text)
{
    int lines = 0;
    for (size_t i = 0; i < text->length; i++)
        lines += text->bytes[i] == '\n';
    return lines;
}

void tui_put(struct tui_text *text, enum tui_style style, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(text->stream, "%c%c", TUI_STYLE_MARK, TUI_FIRST_STYLE + (int)style);
    vfprintf(text->stream, format, arguments);
    va_end(arguments);
    fflush(text->stream);
}

void tui_text_plain(const struct tui_text *text, char *plain, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < text->length && used + 1 < size; i++) {
        if (text->bytes[i] == TUI_STYLE_MARK)
            i++; /* and the letter behind it */
        else
            plain[used++] = text->bytes[i];
    }
    plain[used] = '\0';
}

void tui_put_number(struct tui_text *text, enum tui_style style, int columns, uint64_t number)
{
    char grouped[ISA_GROUPED];
    tui_put(text, style, "%*s", columns, isa_grouped(number, grouped));
}

void tui_put_cell(struct tui_text *text, enum tui_style style, int columns, const char *words)
{
    mbstate_t state = {0};
    int room = columns < 0 ? -columns : columns, used = 0;
    size_t length = 0, left = strlen(words);
    for (;;) {
        wchar_t character;
        size_t bytes = mbrtowc(&character, words + length, left - length, &state);
        bool is_end = bytes == 0 || bytes == (size_t)-1 || bytes == (size_t)-2;
        int width = is_end ? 0 : wcwidth(character);
        if (is_end || used + width > room)
            break;
        used += width > 0 ? width : 0;
        length += bytes;
    }
    tui_put(text, style, "%*s%.*s%*s", columns < 0 ? room - used : 0, "", (int)length, words,
            columns < 0 ? 0 : room - used, "");
}

void tui_put_bytes(struct tui_text *text, enum tui_style style, const char *bytes, size_t length)
{
    mbstate_t state = {0};
    tui_put(text, style, "%s", "");
    while (length > 0) {
        wchar_t character;
        size_t used = mbrtowc(&character, bytes, length, &state);
        bool good = used != (size_t)-1 && used != (size_t)-2 && used != 0 && iswprint((wint_t)character);
        if (!good)
            memset(&state, 0, sizeof state);
        size_t taken = used == (size_t)-1 || used == (size_t)-2 || used == 0 ? 1 : used;
        fwrite(good ? bytes : ".", 1, good ? taken : 1, text->stream);
        bytes += taken;
        length -= taken;
    }
    fflush(text->stream);
}
