/* reference.c: the reference engine. It does one step at a time, as step.c says, by evaluating the IR: the oracle. */
#include "machine/internal.h"

static void *create(struct machine *machine)
{
    return machine;
}

static void destroy(void *engine)
{
    (void)engine;
}

static void run(void *engine, uint64_t limit)
{
    struct machine *machine = engine;
    do
        machine_step(machine);
    while (--limit && machine_undisturbed(machine) && machine_until_due(machine) >= limit);
}

static void memory_changed(void *engine, uint32_t address, uint32_t length)
{
    (void)engine, (void)address, (void)length; /* it remembers nothing of memory */
}

const struct machine_engine_operations machine_reference_engine = {
    .name = "reference", .create = create, .destroy = destroy, .run = run, .memory_changed = memory_changed};
