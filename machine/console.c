/* console.c: a console. All of its input is there from the start, so that when it arrives never depends on the host. */
#include "machine/internal.h"

enum { HAS_INPUT = 1, HAS_ENDED = 2, REQUEST = 1 };

static bool has_input(const struct machine_console *console)
{
    return console->input_position < console->input_length;
}

static void request(struct machine *machine, const struct machine_console *console)
{
    if (console->requests && has_input(console) && !machine->manual_events)
        machine->raised |= machine->console_request;
}

/* While more remains, it requests again after each byte. */
uint32_t machine_console_read(struct machine *machine, struct machine_console *console)
{
    if (!has_input(console))
        return UINT32_MAX;
    uint8_t byte = console->input[console->input_position++];
    request(machine, console);
    return byte;
}

void machine_console_write(struct machine_console *console, uint8_t byte)
{
    struct machine_buffer *output = &console->output;
    if (output->length == output->capacity) {
        output->capacity = output->capacity ? output->capacity * 2 : 4096;
        output->bytes = machine_resize(output->bytes, output->capacity);
    }
    output->bytes[output->length++] = byte;
}

uint32_t machine_console_status(const struct machine_console *console)
{
    return has_input(console) ? HAS_INPUT : HAS_ENDED;
}

void machine_console_control(struct machine *machine, struct machine_console *console, uint32_t value)
{
    console->requests = value & REQUEST;
    request(machine, console);
}
