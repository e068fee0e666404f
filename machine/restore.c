/* restore.c: makes a machine from a file (see save.h). The file may hold anything: every number is checked before it
 * is used, so that no file, damaged or made up, can do more than be refused. */
#include "machine/save.h"

#include <stdlib.h>
#include <string.h>

/* The body, as far as it has been read. After the first thing that is wrong, everything reads as zero. */
struct reader {
    const char *path;
    struct isa_diagnostics *diagnostics;
    const uint8_t *at;
    size_t left;
    bool is_bad;
};

static void refuse(struct reader *reader, const char *message, const char *advice)
{
    if (!reader->is_bad)
        isa_diagnostics_error(reader->diagnostics, &(struct isa_place){.file = reader->path}, ISA_EXIT_DATA, advice,
                              "%s",
                              message);
    reader->is_bad = true;
}

static void require(struct reader *reader, bool good)
{
    if (!good)
        refuse(reader, "the saved machine makes no sense", NULL);
}

static const uint8_t *get(struct reader *reader, uint64_t length)
{
    require(reader, length <= reader->left);
    if (reader->is_bad)
        return NULL;
    const uint8_t *bytes = reader->at;
    reader->at += length;
    reader->left -= length;
    return bytes;
}

static uint64_t get_number(struct reader *reader, unsigned length)
{
    const uint8_t *bytes = get(reader, length);
    uint64_t number = 0;
    for (unsigned i = length; bytes && i-- > 0;)
        number = number << 8 | bytes[i];
    return number;
}

static uint32_t get32(struct reader *reader)
{
    return (uint32_t)get_number(reader, 4);
}

static uint64_t get64(struct reader *reader)
{
    return get_number(reader, 8);
}

static bool get_bool(struct reader *reader)
{
    uint32_t number = get32(reader);
    require(reader, number <= 1);
    return number == 1;
}

/* A number from `least` to `most`; `least` when something is wrong. */
static uint32_t get_between(struct reader *reader, uint32_t least, uint32_t most)
{
    uint32_t number = get32(reader);
    require(reader, number >= least && number <= most);
    return reader->is_bad ? least : number;
}

/* A copy; the caller frees it. */
static uint8_t *get_bytes(struct reader *reader, size_t *length)
{
    uint64_t wanted = get64(reader);
    const uint8_t *bytes = get(reader, wanted);
    *length = bytes ? wanted : 0;
    uint8_t *copy = machine_allocate(*length + 1, 1);
    if (*length)
        memcpy(copy, bytes, *length);
    return copy;
}

/* ---- The machine ------------------------------------------------------------------------------------------------- */

static bool text_is(const uint8_t *text, size_t length, const char *expected)
{
    return length == strlen(expected) && memcmp(text, expected, length) == 0;
}

static void check_isa(struct reader *reader, const struct isa *isa)
{
    char message[256];
    size_t length;
    uint8_t *name = get_bytes(reader, &length);
    uint64_t digest = get64(reader);
    if (!reader->is_bad && !text_is(name, length, isa_name(isa))) {
        snprintf(message, sizeof message, "the machine was saved under the instruction set %.64s, and not %.64s",
                 (char *)name,
                 isa_name(isa));
        refuse(reader, message, NULL);
    } else if (!reader->is_bad && digest != machine_isa_digest(isa)) {
        snprintf(message, sizeof message, "the machine was saved under another edition of the instruction set %.64s",
                 isa_name(isa));
        refuse(reader, message, "what its instructions mean has changed since");
    }
    free(name);
}

static const struct isa_cost *get_cost(struct reader *reader, const struct isa *isa)
{
    const struct isa_cost *found = NULL;
    size_t length;
    uint8_t *name = get_bytes(reader, &length);
    for (unsigned i = 0; i < isa_cost_count(isa); i++)
        if (text_is(name, length, isa_cost_at(isa, i)->name))
            found = isa_cost_at(isa, i);
    require(reader, found || length == 0);
    free(name);
    return found;
}

static void get_state(struct reader *reader, struct machine *machine)
{
    require(reader, get32(reader) == machine->slots);
    for (unsigned i = 0; i < isa_state_count(machine->isa); i++) {
        const struct isa_state *state = isa_state_at(machine->isa, i);
        for (unsigned k = 0; k < state->count; k++) {
            uint32_t most = (int)k == state->zero ? 0 : UINT32_MAX >> (32 - state->width);
            machine->state[state->slot + k] = get_between(reader, 0, most);
        }
    }
}

static void get_memory(struct reader *reader, struct machine *machine)
{
    uint64_t most = (UINT64_C(1) << isa_word_bits(machine->isa)) - 1;
    uint32_t size = get_between(reader, 1, (uint32_t)most), count = get32(reader);
    require(reader, most < MACHINE_PAGE || size % MACHINE_PAGE == 0);
    if (!reader->is_bad && !machine_memory_map(machine, size))
        refuse(reader, "the host has no room for a machine of that size", NULL);
    for (uint32_t i = 0; i < count && !reader->is_bad; i++) {
        uint64_t at = (uint64_t)get_between(reader, 0, (size - 1) / MACHINE_PAGE) * MACHINE_PAGE;
        uint32_t length = size - at < MACHINE_PAGE ? (uint32_t)(size - at) : MACHINE_PAGE;
        const uint8_t *bytes = get(reader, length);
        if (bytes)
            machine_memory_fill(machine, (uint32_t)at, bytes, length);
    }
    for (unsigned i = 0; i < machine->guest_count; i++)
        require(reader, (uint64_t)machine->partitions[i].start + machine->partitions[i].size <= size);
}

static void get_disk(struct reader *reader, struct machine *machine, struct machine_disk *disk)
{
    disk->bytes = get_bytes(reader, &disk->length);
    require(reader, disk->length % MACHINE_SECTOR == 0);
    uint32_t *const numbers[] = {&disk->sector, &disk->address, &disk->count, &disk->status,
                                 &disk->command, &disk->from_sector, &disk->to_address, &disk->sectors};
    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        *numbers[i] = get32(reader);
    disk->due = get64(reader);
    require(reader, disk->status <= 3);
    if (!machine_disk_busy(disk) || machine->manual_events)
        return;
    require(reader, disk->due > machine_now(machine)); /* what was due has happened */
    if (disk->due < machine->next_event)
        machine->next_event = disk->due;
}

/* Frames arrive in order, and those that were due have arrived. */
static void get_frame(struct reader *reader, struct machine *machine, struct machine_network *network, bool waits)
{
    size_t length;
    uint64_t due = get64(reader), before = network->count ? network->arrivals[network->count - 1].due : 0;
    uint8_t *bytes = get_bytes(reader, &length);
    require(reader, length >= MACHINE_LEAST_FRAME && length <= MACHINE_LONGEST_FRAME && due >= before &&
                        due <= machine_now(machine) + UINT32_MAX && (due <= machine_now(machine)) == waits);
    if (!reader->is_bad)
        network->arrivals[network->count++] = (struct machine_arrival){due, machine_frame_new(bytes, (uint32_t)length)};
    if (!waits && due < machine->next_event && !reader->is_bad)
        machine->next_event = due;
    free(bytes);
}

static void get_network(struct reader *reader, struct machine *machine, struct machine_network *network)
{
    network->address = get32(reader);
    network->length = get32(reader);
    network->status = get_between(reader, 0, 1);
    network->arrived = get32(reader);
    network->dropped = get32(reader);
    network->sent = get32(reader);
    network->sent_digest = get64(reader);
    network->listens = get_bool(reader);
    uint32_t waiting = get_between(reader, 0, MACHINE_MOST_FRAMES), count = get_between(reader, waiting, MACHINE_MOST_FRAMES);
    require(reader, count == 0 || network->listens);
    for (uint32_t i = 0; i < count && !reader->is_bad; i++)
        get_frame(reader, machine, network, i < waiting);
    network->waiting = reader->is_bad ? 0 : waiting;
}

static void get_unit(struct reader *reader, struct machine *machine, struct machine_unit *unit)
{
    struct machine_console *console = &unit->console;
    console->input = get_bytes(reader, &console->input_length);
    console->input_position = get64(reader);
    require(reader, console->input_position <= console->input_length);
    console->requests = get_bool(reader);
    console->output.bytes = get_bytes(reader, &console->output.length);
    console->output.capacity = console->output.length;
    get_disk(reader, machine, &unit->disk);
    get_network(reader, machine, &unit->network);
    unit->reported = get_bool(reader);
    unit->report_code = get32(reader);
}

static void get_machine(struct reader *reader, struct machine *machine)
{
    machine->manual_events = get_bool(reader);
    machine->first_station = get32(reader);
    machine->monitored = get_bool(reader);
    machine->unit_count = get_between(reader, 1, MACHINE_MOST_UNITS);
    machine->guest_count = get_between(reader, machine->unit_count, machine->unit_count);
    for (unsigned i = 0; i < machine->guest_count; i++) {
        machine->partitions[i].start = get32(reader);
        machine->partitions[i].size = get32(reader);
    }
    get_state(reader, machine);
    machine->time.instructions = get64(reader);
    machine->time.traps = get64(reader);
    machine->time.idle = get64(reader);
    machine->time.cycles = get64(reader);
    require(reader, machine->time.instructions < UINT64_MAX / 4 && machine->time.traps < UINT64_MAX / 4 &&
                        machine->time.idle < UINT64_MAX / 4);
    get_memory(reader, machine);
    for (unsigned i = 0; i < machine->unit_count; i++)
        get_unit(reader, machine, &machine->units[i]);
    require(reader, reader->left == 0);
}

/* ---- The file ---------------------------------------------------------------------------------------------------- */

/* Only a whole file of this version gets further. */
static void check_header(struct reader *reader)
{
    size_t size = reader->left;
    struct reader magic = *reader;
    const uint8_t *start = size >= MACHINE_SAVE_HEADER ? get(&magic, sizeof MACHINE_SAVE_MAGIC - 1) : NULL;
    if (!start || memcmp(start, MACHINE_SAVE_MAGIC, sizeof MACHINE_SAVE_MAGIC - 1) != 0) {
        refuse(reader, "this is not a saved machine", NULL);
        return;
    }
    get(reader, sizeof MACHINE_SAVE_MAGIC - 1);
    if (get32(reader) != MACHINE_SAVE_VERSION) {
        refuse(reader, "the machine was saved by another version of PG-74", NULL);
        return;
    }
    uint32_t crc = get32(reader);
    uint64_t length = get64(reader);
    if (length > reader->left)
        refuse(reader, "the saved machine has been cut off", NULL);
    else if (length != reader->left || crc != machine_crc(reader->at, reader->left))
        refuse(reader, "the saved machine is damaged: its checksum is wrong", NULL);
}

struct machine *machine_restore(const struct isa *isa, const char *path, enum machine_engine engine,
                                struct isa_diagnostics *diagnostics)
{
    size_t length = 0;
    char *bytes = isa_read_file(path, &length, diagnostics);
    struct reader reader = {.path = path, .diagnostics = diagnostics, .at = (uint8_t *)bytes, .left = length};
    if (!bytes)
        return NULL;
    check_header(&reader);
    if (!reader.is_bad)
        check_isa(&reader, isa);
    struct machine *machine = NULL;
    if (!reader.is_bad) {
        machine = machine_make(isa, get_cost(&reader, isa));
        get_machine(&reader, machine);
    }
    free(bytes);
    if (reader.is_bad) {
        machine_free(machine);
        return NULL;
    }
    machine_make_environment(machine);
    machine_start_engine(machine, engine);
    return machine;
}
