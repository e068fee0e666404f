/* text.c: what comes from outside as a text that can be shown: on a terminal, in a page, in XML. It is UTF-8, and has nothing
 * in it that moves a cursor, turns the direction of writing or ends a text: in the place of such things stands a '?'. */
#include <stdlib.h>
#include <string.h>

#include "lab/grade/internal.h"

enum { LONGEST_TEXT = 16384 };

/* The character that begins here, and of how many bytes it is; 0: it is none. (RFC 3629: no longer forms, no surrogates.) */
static size_t read_character(const unsigned char *bytes, size_t left, uint32_t *character)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = bytes[0] < 0x80 ? 1 : bytes[0] >> 5 == 6 ? 2 : bytes[0] >> 4 == 14 ? 3 : bytes[0] >> 3 == 30 ? 4 : 0;
    if (length == 0 || length > left)
        return 0;
    *character = length == 1 ? bytes[0] : bytes[0] & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if (bytes[i] >> 6 != 2)
            return 0;
        *character = *character << 6 | (bytes[i] & 0x3f);
    }
    bool is_surrogate = *character >= 0xd800 && *character <= 0xdfff;
    return *character >= least[length] && *character <= 0x10ffff && !is_surrogate ? length : 0;
}

/* Controls of either kind (ECMA-48), of the direction of writing (Unicode Standard Annex 9), and what is no character. */
static bool can_be_shown(uint32_t character, bool several_lines)
{
    if (character < 0x20)
        return several_lines && (character == '\n' || character == '\t');
    bool is_control = character >= 0x7f && character <= 0x9f;
    bool is_direction = character == 0x61c || character == 0x200e || character == 0x200f ||
                        (character >= 0x2028 && character <= 0x202e) || (character >= 0x2066 && character <= 0x2069);
    return !is_control && !is_direction && (character & 0xfffe) != 0xfffe && (character < 0xfdd0 || character > 0xfdef);
}

json_t *lab_grade_text(const char *bytes, size_t length, bool several_lines)
{
    static const char more[] = "\n(and more)";
    bool is_cut = length > LONGEST_TEXT;
    length = is_cut ? LONGEST_TEXT : length;
    char *copy = malloc(length + sizeof more);
    size_t made = 0;
    for (size_t at = 0; copy != NULL && at < length;) {
        uint32_t character;
        size_t width = read_character((const unsigned char *)bytes + at, length - at, &character);
        if (width > 0 && can_be_shown(character, several_lines)) {
            memcpy(copy + made, bytes + at, width);
            made += width;
        } else {
            copy[made++] = '?';
        }
        at += width > 0 ? width : 1;
    }
    if (copy != NULL && is_cut) {
        memcpy(copy + made, more, strlen(more));
        made += strlen(more);
    }
    json_t *text = copy != NULL ? json_stringn(copy, made) : NULL;
    free(copy);
    return text;
}
