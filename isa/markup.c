/* markup.c: texts in HTML and XML. */
#include "isa/isa.h"

/* The bytes at the start of `text` that XML 1.0 has no character for: controls, and U+FFFE and U+FFFF. */
static size_t forbidden(const char *text)
{
    const unsigned char *bytes = (const unsigned char *)text;
    if (bytes[0] == 0xef && bytes[1] == 0xbf && (bytes[2] == 0xbe || bytes[2] == 0xbf))
        return 3;
    return bytes[0] < ' ' && bytes[0] != '\t' && bytes[0] != '\n';
}

void isa_print_markup(const char *text, FILE *stream)
{
    while (*text != '\0') {
        size_t left_out = forbidden(text);
        if (left_out > 0) {
            text += left_out;
            continue;
        }
        switch (*text) {
        case '&': fputs("&amp;", stream); break;
        case '<': fputs("&lt;", stream); break;
        case '>': fputs("&gt;", stream); break;
        case '"': fputs("&quot;", stream); break;
        default: fputc(*text, stream);
        }
        text++;
    }
}
