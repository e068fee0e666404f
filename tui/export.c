/* export.c: what is on the terminal, to a file: plain text, or a page of HTML that looks the same. */
#include "tui/internal.h"

#include <errno.h>
#include <ncurses.h>
#include <string.h>
#include <wchar.h>

static void put_character(FILE *file, wchar_t character, bool is_page)
{
    char bytes[32];
    snprintf(bytes, sizeof bytes, "%lc", (wint_t)character);
    if (is_page)
        isa_print_markup(bytes, file);
    else
        fputs(bytes, file);
}

/* Of the 256 colours of terminals: a cube of 6 by 6 by 6, and greys. The first 16 are the usual ones. */
static unsigned rgb(int colour)
{
    static const unsigned first[16] = {0x000000, 0xb02020, 0x208020, 0x907000, 0x2050c0, 0x9030a0, 0x108080, 0x808080,
                                       0x404040, 0xd04040, 0x40a040, 0xb09000, 0x4080e0, 0xb050c0, 0x30a0a0, 0x202020};
    static const unsigned levels[6] = {0x00, 0x5f, 0x87, 0xaf, 0xd7, 0xff};
    if (colour < 16)
        return first[colour < 0 ? 0 : colour];
    if (colour >= 232)
        return (unsigned)(8 + 10 * (colour - 232)) * 0x10101;
    colour -= 16;
    return levels[colour / 36] << 16 | levels[colour / 6 % 6] << 8 | levels[colour % 6];
}

static void open_span(FILE *file, attr_t attribute, short pair)
{
    short ink = -1, ground = -1;
    pair_content(pair, &ink, &ground);
    fputs("<span style=\"", file);
    if (attribute & A_REVERSE)
        fputs("background:#333;color:#fff;", file);
    else if (pair != 0 && ink >= 0)
        fprintf(file, "color:#%06x;", rgb(ink));
    if (attribute & A_BOLD)
        fputs("font-weight:bold;", file);
    if (attribute & A_UNDERLINE)
        fputs("text-decoration:underline;", file);
    fputs("\">", file);
}

static void write_line(FILE *file, int line, bool is_page)
{
    attr_t before = A_NORMAL;
    short pair_before = 0;
    bool is_open = false;
    int end = COLS;
    for (int column = 0; column < end; column++) {
        cchar_t cell;
        wchar_t characters[CCHARW_MAX + 1] = {0};
        attr_t attribute = A_NORMAL;
        short pair = 0;
        if (mvwin_wch(curscr, line, column, &cell) == ERR || getcchar(&cell, characters, &attribute, &pair, NULL) == ERR)
            continue;
        attribute &= A_REVERSE | A_BOLD | A_UNDERLINE;
        if (is_page && (attribute != before || pair != pair_before)) {
            if (is_open)
                fputs("</span>", file);
            is_open = attribute != A_NORMAL || pair != 0;
            if (is_open)
                open_span(file, attribute, pair);
            before = attribute;
            pair_before = pair;
        }
        for (const wchar_t *character = characters; *character != L'\0'; character++)
            put_character(file, *character, is_page);
        column += wcwidth(characters[0]) == 2;
    }
    if (is_open)
        fputs("</span>", file);
    putc('\n', file);
}

bool tui_export(const char *path)
{
    size_t length = strlen(path);
    bool is_page = length > 5 && strcmp(path + length - 5, ".html") == 0;
    bool is_output = strcmp(path, "-") == 0;
    FILE *file = is_output ? stdout : fopen(path, "w");
    if (file == NULL)
        return false;
    if (is_page)
        fputs("<!DOCTYPE html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>PG-74</title>\n<pre style=\"font-family:"
              "monospace;line-height:1.2;background:#fff;color:#111;display:inline-block;padding:1em\">\n", file);
    for (int line = 0; line < LINES; line++)
        write_line(file, line, is_page);
    if (is_page)
        fputs("</pre></html>\n", file);
    bool good = fflush(file) == 0 && !ferror(file);
    return (is_output || fclose(file) == 0) && good;
}
