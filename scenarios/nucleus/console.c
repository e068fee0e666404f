/* console.c: one console for all processes: output in whole lines, each with its writer's name; input by interrupt. */
#include "nucleus.h"

enum { INPUT_SIZE = 256 };

/* Input that has arrived and that nobody has read. */
static char input[INPUT_SIZE];
static uint32_t input_length;

/* ---- Output ----------------------------------------------------------------------------------------------------- */

void console_print(const char *format, ...)
{
    char line[160];
    va_list arguments;
    va_start(arguments, format);
    machine_console_write(line, format_text(line, sizeof line, format, arguments));
    va_end(arguments);
    machine_console_write("\n", 1);
}

/* The line goes out as a whole, and nobody is preempted in the kernel: so lines never mix. */
static void put_line(struct process *process)
{
    machine_console_write("[", 1);
    machine_console_write(process->name, text_length(process->name));
    machine_console_write("] ", 2);
    machine_console_write(process->line, process->line_length);
    machine_console_write("\n", 1);
    process->line_length = 0;
}

void console_write(struct process *process, const char *bytes, uint32_t length)
{
    for (uint32_t i = 0; i < length; i++) {
        if (bytes[i] != '\n')
            process->line[process->line_length++] = bytes[i];
        if (bytes[i] == '\n' || process->line_length == LINE_SIZE)
            put_line(process);
    }
}

void console_flush(struct process *process)
{
    if (process->line_length > 0)
        put_line(process);
}

/* ---- Input ------------------------------------------------------------------------------------------------------ */

/* How many bytes of the input a reader with room for `length` gets now; 0: too few are there. */
static uint32_t available(uint32_t length)
{
    for (uint32_t i = 0; i < input_length; i++)
        if (input[i] == '\n' || i + 1 == length)
            return i + 1;
    return input_length == INPUT_SIZE ? INPUT_SIZE : 0;
}

int32_t console_read(char *bytes, uint32_t length)
{
    uint32_t count = available(length);
    if (count == 0 && length > 0) {
        if (!machine_console_ended()) {
            machine_console_interrupt(true);
            return -1;
        }
        count = input_length; /* the last line may have no end */
    }
    memcpy(bytes, input, count);
    memmove(input, input + count, input_length - count);
    input_length -= count;
    return (int32_t)count;
}

/* Takes one line from the device, or what there is; console_read asks again when that was too little. */
void console_interrupt(void)
{
    machine_console_interrupt(false);
    input_length += machine_console_read(input + input_length, INPUT_SIZE - input_length);
}
