/* digest.c: 64 bits that stand for everything that decides the future of a run: state, memory, devices, time. Not
 * cryptographic: it tells runs apart, and is no defence against somebody who wants two to look alike. */
#include "machine/internal.h"

#include <string.h>

enum { PAGE = 4096 };

static uint64_t mix(uint64_t digest, uint64_t value)
{
    digest = (digest ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    return digest ^ digest >> 29;
}

static uint64_t mix_bytes(uint64_t digest, const uint8_t *bytes, size_t length)
{
    digest = mix(digest, length);
    for (size_t i = 0; i < length; i += 8) {
        uint64_t word = 0;
        memcpy(&word, bytes + i, length - i < 8 ? length - i : 8);
        digest = mix(digest, word);
    }
    return digest;
}

static bool is_zero(const uint8_t *bytes, size_t length)
{
    return length == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, length - 1) == 0);
}

/* Pages of zeros are many, and cost little. */
static uint64_t mix_memory(uint64_t digest, const struct machine *machine)
{
    for (uint32_t page = 0; page < machine->memory_size; page += PAGE) {
        uint32_t length = machine->memory_size - page < PAGE ? machine->memory_size - page : PAGE;
        if (!is_zero(machine->memory + page, length))
            digest = mix_bytes(mix(digest, page), machine->memory + page, length);
        if (page > UINT32_MAX - PAGE)
            break;
    }
    return digest;
}

static uint64_t mix_unit(uint64_t digest, const struct machine_unit *unit)
{
    const struct machine_console *console = &unit->console;
    const struct machine_disk *disk = &unit->disk;
    digest = mix_bytes(digest, console->output.bytes, console->output.length);
    digest = mix_bytes(digest, console->input, console->input_length);
    digest = mix(mix(digest, console->input_position), console->requests);
    digest = mix_bytes(digest, disk->bytes, disk->length);
    const uint64_t numbers[] = {disk->sector, disk->address, disk->count, disk->status};
    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        digest = mix(digest, numbers[i]);
    if (machine_disk_busy(disk)) {
        digest = mix(mix(digest, disk->command), disk->from_sector);
        digest = mix(mix(mix(digest, disk->to_address), disk->sectors), disk->due);
    }
    return mix(mix(digest, unit->reported), unit->report_code);
}

uint64_t machine_digest(const struct machine *machine)
{
    uint64_t digest = mix(0, machine->slots);
    for (unsigned i = 0; i < machine->slots; i++)
        digest = mix(digest, machine->state[i]);
    digest = mix(mix(digest, machine->time.instructions), machine->time.traps);
    digest = mix(mix(digest, machine->time.idle), machine->time.cycles);
    digest = mix_memory(digest, machine);
    for (unsigned i = 0; i < machine->unit_count; i++)
        digest = mix_unit(digest, &machine->units[i]);
    return digest;
}
