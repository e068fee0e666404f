/* machine.c: making a machine, and looking at it. */
#include "machine/internal.h"
#include "machine/snapshot.h"

#include <stdlib.h>
#include <string.h>

static const struct machine_engine_operations *const engines[] = {
    [MACHINE_FAST] = &machine_fast_engine, [MACHINE_REFERENCE] = &machine_reference_engine};

/* ---- Making ------------------------------------------------------------------------------------------------------ */

static const struct isa_cost *choose_cost(const struct isa *isa, const char *name, struct isa_diagnostics *diagnostics)
{
    if (!name)
        return isa_cost_count(isa) ? isa_cost_at(isa, 0) : NULL;
    const struct isa_cost *cost = isa_cost_named(isa, name);
    if (!cost)
        isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_USAGE, "'pg74 isa show' lists an instruction set's presets",
                              "%s has no cost preset '%s'", isa_name(isa), name);
    return cost;
}

static bool check(const struct machine_options *options, struct isa_diagnostics *diagnostics)
{
    const char *wrong = NULL;
    if (options->guest_count < 1)
        wrong = "there is no guest";
    else if (options->guest_count > MACHINE_MOST_UNITS)
        wrong = "there are more guests than a machine has units for (16)";
    else if (options->guest_count > 1 && !options->monitor)
        wrong = "a bare machine runs one guest; a monitor is needed for more";
    else if (options->inner_count > 0 && !options->monitor)
        wrong = "inner monitors need an outer one";
    else if (options->inner_count >= MACHINE_MOST_LEVELS)
        wrong = "there are more monitors one under the other than a machine has levels for (8)";
    else if (options->input_count > options->guest_count)
        wrong = "there is more console input than there are guests";
    else if (options->disk_count > options->guest_count)
        wrong = "there are more disks than guests";
    if (wrong)
        isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_USAGE, NULL, "%s", wrong);
    return !wrong;
}

static uint8_t *copy(const void *bytes, size_t length, size_t room)
{
    uint8_t *copied = machine_allocate(room, 1);
    if (length)
        memcpy(copied, bytes, length);
    return copied;
}

static void connect_devices(struct machine *machine, const struct machine_options *options)
{
    machine->unit_count = machine->guest_count = options->guest_count;
    machine->manual_events = options->manual_events;
    machine->first_station = options->first_station;
    for (unsigned i = 0; i < options->input_count; i++) {
        struct machine_console *console = &machine->units[i].console;
        console->input_length = options->inputs[i].length;
        console->input = copy(options->inputs[i].bytes, console->input_length, console->input_length);
    }
    for (unsigned i = 0; i < options->disk_count; i++) {
        struct machine_disk *disk = &machine->units[i].disk;
        size_t length = options->disks[i].length;
        disk->length = (length + MACHINE_SECTOR - 1) / MACHINE_SECTOR * MACHINE_SECTOR;
        disk->bytes = copy(options->disks[i].bytes, length, disk->length);
    }
}

static void reset(struct machine *machine, uint32_t entry, uint32_t identification)
{
    const uint32_t parameters[ISA_MOST_PARAMETERS] = {entry};
    isa_run(machine->isa, ISA_ON_RESET, parameters, 0, &machine->environment);
    if (machine->identification_slot != MACHINE_NO_SLOT)
        machine->state[machine->identification_slot] = identification;
}

struct machine *machine_make(const struct isa *isa, const struct isa_cost *cost)
{
    struct machine *machine = machine_allocate(1, sizeof *machine);
    machine->isa = isa;
    machine_survey(machine, cost);
    machine->state = machine_allocate(machine->slots, sizeof *machine->state);
    return machine;
}

void machine_start_engine(struct machine *machine, enum machine_engine engine)
{
    machine->engine_kind = engine;
    machine->operations = engines[engine];
    machine->engine = machine->operations->create(machine);
}

/* Checks the options, and finds the preset. */
static bool accept(const struct isa *isa, const struct machine_options *options, const struct isa_cost **cost,
                   struct isa_diagnostics *diagnostics)
{
    size_t errors = isa_diagnostics_total(diagnostics);
    *cost = choose_cost(isa, options->cost, diagnostics);
    return check(options, diagnostics) && isa_diagnostics_total(diagnostics) == errors;
}

/* Devices, memory and the state after a reset, of a machine that has none of them. */
static bool begin(struct machine *machine, const struct machine_options *options,
                  struct isa_diagnostics *diagnostics)
{
    uint32_t entry = 0;
    connect_devices(machine, options);
    if (!machine_boot(machine, options, &entry, diagnostics))
        return false;
    machine_make_environment(machine);
    reset(machine, entry, options->identification);
    return true;
}

struct machine *machine_new(const struct isa *isa, const struct machine_options *options,
                            struct isa_diagnostics *diagnostics)
{
    const struct isa_cost *cost;
    if (!accept(isa, options, &cost, diagnostics))
        return NULL;
    struct machine *machine = machine_make(isa, cost);
    if (!begin(machine, options, diagnostics)) {
        machine_free(machine);
        return NULL;
    }
    machine_start_engine(machine, options->engine);
    return machine;
}

/* Takes away all but what the instruction set decides, the engine, and the memory that the engine knows. */
static void clear(struct machine *machine)
{
    machine_history_free(machine);
    machine_recent_free(machine);
    machine->recent = NULL;
    machine_devices_clear(machine);
    memset(machine->observers, 0, sizeof machine->observers);
    machine->watched = 0;
    machine->within_start = machine->within_length = 0;
    machine->stepped_within = machine->stop_asked = false;
    atomic_store(&machine->interrupted, false);
    machine->effects = (struct machine_effects){0};
    machine->time = (struct machine_time){0};
    machine->step_began = 0;
    memset(machine->partitions, 0, sizeof machine->partitions);
    memset(machine->state, 0, machine->slots * sizeof *machine->state);
}

static uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

/* The new machine's memory, `fresh`, into the old one, where they differ: so the engine's code for the rest stays. */
static void renew_part(struct machine *machine, const uint8_t *fresh, uint32_t at, uint32_t end)
{
    enum { PIECE = 256 };
    for (uint32_t length; at < end; at += length) {
        length = least(PIECE, end - at);
        if (memcmp(machine->memory + at, fresh + at, length) == 0)
            continue;
        memcpy(machine->memory + at, fresh + at, length);
        machine_memory_changed(machine, at, length);
    }
}

/* Most of either is empty. */
static void renew_memory(struct machine *machine, const uint8_t *fresh)
{
    for (uint32_t at = 0, length; at < machine->memory_size; at += length) {
        length = least(MACHINE_FILLED, machine->memory_size - at);
        if (machine->filled[at / MACHINE_FILLED] || !machine_is_zero(machine->memory + at, length))
            renew_part(machine, fresh, at, at + length);
    }
}

/* Another engine, for other memory. */
static void replace_engine(struct machine *machine, uint8_t *memory, uint32_t size)
{
    machine->operations->destroy(machine->engine);
    machine_memory_unmap(machine->memory, machine->memory_size);
    machine_memory_unmap(machine->spare, machine->memory_size);
    machine->spare = NULL;
    machine->memory = memory;
    machine->memory_size = size;
    machine_start_engine(machine, machine->engine_kind);
}

struct machine *machine_renew(struct machine *machine, const struct isa *isa, const struct machine_options *options,
                              struct isa_diagnostics *diagnostics)
{
    const struct isa_cost *cost;
    bool good = accept(isa, options, &cost, diagnostics);
    if (!good || !machine || machine->isa != isa || machine->cost != cost || machine->engine_kind != options->engine) {
        machine_free(machine);
        return good ? machine_new(isa, options, diagnostics) : NULL;
    }
    uint8_t *memory = machine->memory;
    uint32_t size = machine->memory_size;
    clear(machine);
    machine->memory = NULL;
    good = begin(machine, options, diagnostics);
    uint8_t *fresh = machine->memory;
    uint32_t fresh_size = machine->memory_size;
    machine->memory = memory;
    machine->memory_size = size;
    if (good && fresh_size != size) {
        replace_engine(machine, fresh, fresh_size);
        return machine;
    }
    if (good) {
        renew_memory(machine, fresh);
        machine->spare = fresh;
        return machine;
    }
    machine_memory_unmap(fresh, fresh_size);
    machine_free(machine);
    return NULL;
}

void machine_free(struct machine *machine)
{
    if (!machine)
        return;
    machine_history_free(machine);
    machine_recent_free(machine);
    if (machine->engine)
        machine->operations->destroy(machine->engine);
    machine_devices_free(machine);
    machine_memory_unmap(machine->memory, machine->memory_size);
    machine_memory_unmap(machine->spare, machine->memory_size);
    free(machine->psw_before);
    free(machine->psw_slots);
    free(machine->cycles);
    free(machine->marks);
    free(machine->filled);
    free(machine->state);
    free(machine);
}

/* ---- Looking and touching ---------------------------------------------------------------------------------------- */

const struct isa *machine_isa(const struct machine *machine) { return machine->isa; }
const struct isa_cost *machine_cost(const struct machine *machine) { return machine->cost; }
struct machine_time machine_time(const struct machine *machine) { return machine->time; }
uint32_t machine_slot(const struct machine *machine, unsigned slot) { return machine->state[slot]; }
uint32_t machine_pc(const struct machine *machine) { return machine->state[machine->pc_slot]; }
bool machine_user_mode(const struct machine *machine) { return machine->state[machine->mode_slot] != 0; }
bool machine_guest_mode(const struct machine *machine)
{
    return machine->guest_slot != MACHINE_NO_SLOT && machine->state[machine->guest_slot] != 0;
}
uint32_t machine_memory_size(const struct machine *machine) { return machine->memory_size; }
unsigned machine_guest_count(const struct machine *machine) { return machine->guest_count; }

/* Cuts the value to the state's width; an element that reads as zero stays so. */
void machine_set_slot(struct machine *machine, unsigned slot, uint32_t value)
{
    for (unsigned i = 0; i < isa_state_count(machine->isa); i++) {
        const struct isa_state *state = isa_state_at(machine->isa, i);
        if (slot < state->slot || slot >= state->slot + state->count || (int)(slot - state->slot) == state->zero)
            continue;
        machine->state[slot] = value & UINT32_MAX >> (32 - state->width);
        machine_history_touched(machine);
    }
}

bool machine_write(struct machine *machine, uint32_t address, const void *bytes, uint32_t length)
{
    if (length > machine->memory_size || address > machine->memory_size - length)
        return false;
    if (length)
        memcpy(machine->memory + address, bytes, length);
    machine_memory_changed(machine, address, length);
    machine_history_touched(machine);
    return true;
}

uint32_t machine_halt_code(const struct machine *machine)
{
    return machine->halt_code_slot == MACHINE_NO_SLOT ? 0 : machine->state[machine->halt_code_slot];
}

bool machine_guest_halt_code(const struct machine *machine, unsigned guest, uint32_t *code)
{
    if (guest >= machine->guest_count)
        return false;
    const struct machine_unit *unit = &machine->units[guest];
    *code = machine->monitored ? unit->report_code : machine_halt_code(machine);
    if (machine->monitored)
        return unit->reported;
    return machine->halted_slot != MACHINE_NO_SLOT && machine->state[machine->halted_slot] != 0;
}

void machine_partition(const struct machine *machine, unsigned guest, uint32_t *start, uint32_t *size)
{
    *start = *size = 0;
    if (guest >= machine->guest_count)
        return;
    *start = machine->partitions[guest].start;
    *size = machine->partitions[guest].size;
}
