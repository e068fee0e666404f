/* memory.c: physical memory, and the machine as the evaluator sees it: an environment of callbacks. */
#include "machine/internal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

void *machine_resize(void *memory, size_t size)
{
    void *resized = realloc(memory, size ? size : 1);
    if (!resized) {
        fputs("pg74: internal error: out of memory\n", stderr);
        exit(ISA_EXIT_INTERNAL);
    }
    return resized;
}

void *machine_allocate(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);
    return memory ? memory : machine_resize(NULL, SIZE_MAX / 2);
}

/* The host gives a page when it is first touched. */
bool machine_memory_map(struct machine *machine, uint32_t size)
{
    uint32_t pieces = (size - 1) / MACHINE_FILLED + 1;
    if (machine->spare && machine->memory_size == size) {
        machine->memory = machine->spare;
        machine->spare = NULL;
        for (uint32_t i = 0; i < pieces; i++) {
            uint32_t at = i * MACHINE_FILLED, rest = size - at;
            if (machine->filled[i])
                memset(machine->memory + at, 0, rest < MACHINE_FILLED ? rest : MACHINE_FILLED);
            machine->filled[i] = false;
        }
        return true;
    }
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        return false;
    machine->memory = memory;
    machine->memory_size = size;
    free(machine->filled);
    machine->filled = machine_allocate(pieces, sizeof *machine->filled);
    return true;
}

void machine_memory_fill(struct machine *machine, uint32_t address, const void *bytes, size_t length)
{
    if (length == 0)
        return;
    memcpy(machine->memory + address, bytes, length);
    memset(machine->filled + address / MACHINE_FILLED, true,
           (address + length - 1) / MACHINE_FILLED - address / MACHINE_FILLED + 1);
}

void machine_memory_unmap(uint8_t *memory, uint32_t size)
{
    if (memory)
        munmap(memory, size);
}

void machine_memory_changed(struct machine *machine, uint32_t address, uint32_t length)
{
    if (machine->engine && length)
        machine->operations->memory_changed(machine->engine, address, length);
}

/* ---- The environment --------------------------------------------------------------------------------------------- */

static uint32_t load(void *context, uint32_t address, unsigned bytes)
{
    struct machine *machine = context;
    uint32_t value = 0;
    for (unsigned i = bytes; i-- > 0;)
        value = value << 8 | machine->memory[address + i];
    machine->effects.fetched_from = address;
    if (machine->effects.load_count < MACHINE_MOST_STORES)
        machine->effects.loads[machine->effects.load_count++] = (struct machine_stored){address, value, bytes};
    return value;
}

static void store(void *context, uint32_t address, unsigned bytes, uint32_t value)
{
    struct machine *machine = context;
    struct machine_effects *effects = &machine->effects;
    for (unsigned i = 0; i < bytes; i++)
        machine->memory[address + i] = (uint8_t)(value >> 8 * i);
    machine_memory_changed(machine, address, bytes);
    if (effects->store_count < MACHINE_MOST_STORES) {
        uint32_t mask = bytes < 4 ? (UINT32_C(1) << 8 * bytes) - 1 : UINT32_MAX;
        effects->stores[effects->store_count++] = (struct machine_stored){address, value & mask, bytes};
    }
}

static void translated(void *context, uint32_t virtual_address, uint32_t physical, unsigned size, unsigned access)
{
    struct machine_effects *effects = &((struct machine *)context)->effects;
    (void)access;
    if (effects->access_count < MACHINE_MOST_STORES)
        effects->accesses[effects->access_count++] = (struct machine_access){virtual_address, physical, size};
}

static uint32_t port_in(void *context, uint32_t port)
{
    return machine_port_in(context, port);
}

static void port_out(void *context, uint32_t port, uint32_t value)
{
    machine_port_out(context, port, value);
}

static uint32_t diagnose(void *context, uint32_t function, uint32_t argument)
{
    (void)context, (void)function, (void)argument;
    return 0; /* nobody is there to ask: this is a bare machine */
}

void machine_make_environment(struct machine *machine)
{
    machine->environment = (struct isa_environment){
        .context = machine, .state = machine->state, .memory_size = machine->memory_size, .load = load, .store = store,
        .port_in = port_in, .port_out = port_out, .diagnose = diagnose, .translated = translated};
}

/* ---- Looking only ------------------------------------------------------------------------------------------------ */

static uint32_t peek(void *context, uint32_t address, unsigned bytes)
{
    const struct machine *machine = context;
    uint32_t value = 0;
    for (unsigned i = bytes; i-- > 0;)
        value = value << 8 | machine->memory[address + i];
    return value;
}

static void ignore_store(void *context, uint32_t address, unsigned bytes, uint32_t value)
{
    (void)context, (void)address, (void)bytes, (void)value;
}

static uint32_t ignore_in(void *context, uint32_t port)
{
    (void)context, (void)port;
    return 0;
}

static void ignore_out(void *context, uint32_t port, uint32_t value)
{
    (void)context, (void)port, (void)value;
}

struct isa_environment machine_peeking(const struct machine *machine, uint32_t *state)
{
    memcpy(state, machine->state, machine->slots * sizeof *state);
    return (struct isa_environment){
        .context = (void *)(uintptr_t)machine, .state = state, .memory_size = machine->memory_size, .load = peek,
        .store = ignore_store, .port_in = ignore_in, .port_out = ignore_out, .diagnose = diagnose};
}

bool machine_translate(const struct machine *machine, uint32_t virtual_address, unsigned size, unsigned access,
                       uint32_t *physical_address)
{
    const uint32_t parameters[ISA_MOST_PARAMETERS] = {virtual_address, size, access};
    uint32_t state[machine->slots];
    struct isa_environment peeking = machine_peeking(machine, state);
    struct isa_outcome outcome = isa_run(machine->isa, ISA_ON_TRANSLATE, parameters, 0, &peeking);
    *physical_address = (uint32_t)outcome.result;
    return outcome.end == ISA_DONE;
}

/* What peeking at a fetch finds out: the address of its last load is where the word stands. */
struct fetch {
    const struct machine *machine;
    uint32_t address;
};

static uint32_t peek_fetch(void *context, uint32_t address, unsigned bytes)
{
    struct fetch *fetch = context;
    fetch->address = address;
    return peek((void *)(uintptr_t)fetch->machine, address, bytes);
}

bool machine_next_word(const struct machine *machine, uint32_t *word, uint32_t *physical_address)
{
    static const uint32_t none[ISA_MOST_PARAMETERS];
    uint32_t state[machine->slots];
    struct fetch fetch = {.machine = machine};
    struct isa_environment peeking = machine_peeking(machine, state);
    peeking.context = &fetch;
    peeking.load = peek_fetch;
    struct isa_outcome outcome = isa_run(machine->isa, ISA_ON_FETCH, none, 0, &peeking);
    *word = (uint32_t)outcome.result;
    *physical_address = fetch.address;
    return outcome.end == ISA_DONE;
}

static bool is_inside(const struct machine *machine, uint32_t address, uint32_t length)
{
    return length <= machine->memory_size && address <= machine->memory_size - length;
}

bool machine_read(const struct machine *machine, uint32_t address, void *bytes, uint32_t length)
{
    if (!is_inside(machine, address, length))
        return false;
    if (length)
        memcpy(bytes, machine->memory + address, length);
    return true;
}
