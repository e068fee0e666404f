/* save.c: writes the whole machine to a file (see save.h). Either all of it is there under its name, or nothing new
 * is. */
#include "machine/save.h"

#include <stdlib.h>
#include <string.h>

uint32_t machine_crc(const uint8_t *bytes, size_t length)
{
    uint32_t table[256], crc = UINT32_MAX;
    for (uint32_t i = 0; i < 256; i++) {
        table[i] = i;
        for (unsigned bit = 0; bit < 8; bit++)
            table[i] = table[i] >> 1 ^ (table[i] & 1 ? UINT32_C(0xedb88320) : 0);
    }
    for (size_t i = 0; i < length; i++)
        crc = crc >> 8 ^ table[(crc ^ bytes[i]) & 0xff];
    return ~crc;
}

/* ---- Writing into a buffer --------------------------------------------------------------------------------------- */

static void put(struct machine_buffer *buffer, const void *bytes, size_t length)
{
    if (buffer->capacity - buffer->length < length) {
        buffer->capacity = (buffer->capacity + length) * 2;
        buffer->bytes = machine_resize(buffer->bytes, buffer->capacity);
    }
    if (length)
        memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
}

static void put_number(struct machine_buffer *buffer, uint64_t number, unsigned length)
{
    uint8_t bytes[8];
    for (unsigned i = 0; i < length; i++)
        bytes[i] = (uint8_t)(number >> 8 * i);
    put(buffer, bytes, length);
}

static void put32(struct machine_buffer *buffer, uint32_t number)
{
    put_number(buffer, number, 4);
}

static void put64(struct machine_buffer *buffer, uint64_t number)
{
    put_number(buffer, number, 8);
}

static void put_bytes(struct machine_buffer *buffer, const void *bytes, size_t length)
{
    put64(buffer, length);
    put(buffer, bytes, length);
}

static void put_text(struct machine_buffer *buffer, const char *text)
{
    put_bytes(buffer, text, strlen(text));
}

/* ---- The machine ------------------------------------------------------------------------------------------------- */

static void put_memory(struct machine_buffer *buffer, const struct machine *machine)
{
    uint32_t size = machine->memory_size, count = 0;
    put32(buffer, size);
    size_t count_at = buffer->length;
    put32(buffer, 0);
    for (uint64_t at = 0; at < size; at += MACHINE_PAGE) {
        uint32_t length = size - at < MACHINE_PAGE ? (uint32_t)(size - at) : MACHINE_PAGE;
        if (machine_is_zero(machine->memory + at, length))
            continue;
        count++;
        put32(buffer, (uint32_t)(at / MACHINE_PAGE));
        put(buffer, machine->memory + at, length);
    }
    for (unsigned i = 0; i < 4; i++)
        buffer->bytes[count_at + i] = (uint8_t)(count >> 8 * i);
}

static void put_network(struct machine_buffer *buffer, const struct machine_network *network)
{
    const uint32_t numbers[] = {network->address, network->length, network->status,
                                network->arrived, network->dropped, network->sent};
    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        put32(buffer, numbers[i]);
    put64(buffer, network->sent_digest);
    put32(buffer, network->listens);
    put32(buffer, network->waiting);
    put32(buffer, network->count);
    for (unsigned i = 0; i < network->count; i++) {
        put64(buffer, network->arrivals[i].due);
        put_bytes(buffer, network->arrivals[i].frame->bytes, network->arrivals[i].frame->length);
    }
}

static void put_unit(struct machine_buffer *buffer, const struct machine_unit *unit)
{
    const struct machine_console *console = &unit->console;
    const struct machine_disk *disk = &unit->disk;
    put_bytes(buffer, console->input, console->input_length);
    put64(buffer, console->input_position);
    put32(buffer, console->requests);
    put_bytes(buffer, console->output.bytes, console->output.length);
    put_bytes(buffer, disk->bytes, disk->length);
    const uint32_t numbers[] = {disk->sector, disk->address, disk->count, disk->status,
                                disk->command, disk->from_sector, disk->to_address, disk->sectors};
    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        put32(buffer, numbers[i]);
    put64(buffer, disk->due);
    put_network(buffer, &unit->network);
    put32(buffer, unit->reported);
    put32(buffer, unit->report_code);
}

static void put_machine(struct machine_buffer *buffer, const struct machine *machine)
{
    put_text(buffer, isa_name(machine->isa));
    put64(buffer, machine_isa_digest(machine->isa));
    put_text(buffer, machine->cost ? machine->cost->name : "");
    put32(buffer, machine->manual_events);
    put32(buffer, machine->first_station);
    put32(buffer, machine->monitored);
    put32(buffer, machine->unit_count);
    put32(buffer, machine->guest_count);
    for (unsigned i = 0; i < machine->guest_count; i++) {
        put32(buffer, machine->partitions[i].start);
        put32(buffer, machine->partitions[i].size);
    }
    put32(buffer, machine->slots);
    for (unsigned i = 0; i < machine->slots; i++)
        put32(buffer, machine->state[i]);
    put64(buffer, machine->time.instructions);
    put64(buffer, machine->time.traps);
    put64(buffer, machine->time.idle);
    put64(buffer, machine->time.cycles);
    put_memory(buffer, machine);
    for (unsigned i = 0; i < machine->unit_count; i++)
        put_unit(buffer, &machine->units[i]);
}

/* ---- The file ---------------------------------------------------------------------------------------------------- */

bool machine_save(const struct machine *machine, const char *path, struct isa_diagnostics *diagnostics)
{
    struct machine_buffer header = {0}, body = {0};
    put_machine(&body, machine);
    put(&header, MACHINE_SAVE_MAGIC, strlen(MACHINE_SAVE_MAGIC));
    put32(&header, MACHINE_SAVE_VERSION);
    put32(&header, machine_crc(body.bytes, body.length));
    put64(&header, body.length);
    put(&header, body.bytes, body.length);
    int error = isa_write_file(path, header.bytes, header.length);
    free(header.bytes);
    free(body.bytes);
    if (error)
        isa_diagnostics_error(diagnostics, &(struct isa_place){.file = path}, ISA_EXIT_NO_INPUT, NULL,
                              "cannot be written: %s", strerror(error));
    return !error;
}
