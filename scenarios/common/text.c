/* text.c: formatting, and the few functions on strings. */
#include "common.h"

struct writer {
    char *buffer;
    uint32_t size, length;
};

static void put(struct writer *writer, char character)
{
    if (writer->length + 1 < writer->size)
        writer->buffer[writer->length++] = character;
}

/* A piece of text in a field: padded on the left, or on the right when `left` asks for it. */
static void put_field(struct writer *writer, const char *text, uint32_t length, uint32_t width, bool left, char padding)
{
    for (uint32_t i = length; !left && i < width; i++)
        put(writer, padding);
    for (uint32_t i = 0; i < length; i++)
        put(writer, text[i]);
    for (uint32_t i = length; left && i < width; i++)
        put(writer, ' ');
}

/* The digits of a number, written from the end of `digits` backwards; returns where they begin. */
static uint32_t digits_of(uint32_t number, uint32_t base, bool negative, char digits[12])
{
    uint32_t start = 12;
    do {
        digits[--start] = "0123456789abcdef"[number % base];
        number /= base;
    } while (number != 0);
    if (negative)
        digits[--start] = '-';
    return start;
}

uint32_t format_text(char *buffer, uint32_t size, const char *format, va_list arguments)
{
    struct writer writer = {buffer, size, 0};
    for (; *format != '\0'; format++) {
        if (*format != '%') {
            put(&writer, *format);
            continue;
        }
        format++;
        bool left = *format == '-';
        format += left;
        char padding = *format == '0' ? '0' : ' ';
        uint32_t width = 0;
        for (; *format >= '0' && *format <= '9'; format++)
            width = width * 10 + (uint32_t)(*format - '0');

        char digits[12];
        uint32_t start = 0, number;
        switch (*format) {
        case 's': {
            const char *text = va_arg(arguments, const char *);
            put_field(&writer, text, text_length(text), width, left, ' ');
            continue;
        }
        case 'c':
            digits[0] = (char)va_arg(arguments, int);
            put_field(&writer, digits, 1, width, left, ' ');
            continue;
        case 'd':
            number = va_arg(arguments, uint32_t);
            start = digits_of((int32_t)number < 0 ? 0U - number : number, 10, (int32_t)number < 0, digits);
            break;
        case 'u':
            start = digits_of(va_arg(arguments, uint32_t), 10, false, digits);
            break;
        case 'x':
            start = digits_of(va_arg(arguments, uint32_t), 16, false, digits);
            break;
        default: /* %% and what nobody should write */
            put(&writer, *format);
            format -= *format == '\0';
            continue;
        }
        put_field(&writer, digits + start, 12 - start, width, left, padding);
    }
    if (size > 0)
        buffer[writer.length] = '\0';
    return writer.length;
}

uint32_t text_length(const char *text)
{
    uint32_t length = 0;
    while (text[length] != '\0')
        length++;
    return length;
}

bool text_equal(const char *left, const char *right)
{
    while (*left != '\0' && *left == *right)
        left++, right++;
    return *left == *right;
}

void text_copy(char *target, uint32_t size, const char *source)
{
    uint32_t i = 0;
    for (; i + 1 < size && source[i] != '\0'; i++)
        target[i] = source[i];
    target[i] = '\0';
}
