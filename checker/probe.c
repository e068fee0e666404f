/* probe.c: what a machine's next step would do, found out on a copy of its state. Nothing happens to the machine:
 * stores and port accesses are written down, and a port read gives the answer that the caller wants to try. */
#include "checker/internal.h"

static uint32_t load(void *context, uint32_t address, unsigned bytes)
{
    const struct checker_probe *probe = context;
    uint8_t buffer[4] = {0};
    machine_read(probe->machine, address, buffer, bytes);
    return buffer[0] | (uint32_t)buffer[1] << 8 | (uint32_t)buffer[2] << 16 | (uint32_t)buffer[3] << 24;
}

static void store(void *context, uint32_t address, unsigned bytes, uint32_t value)
{
    struct checker_probe *probe = context;
    if (probe->store_count < sizeof probe->stores / sizeof probe->stores[0])
        probe->stores[probe->store_count++] = (struct checker_store){address, bytes, value};
}

static uint32_t port_in(void *context, uint32_t port)
{
    struct checker_probe *probe = context;
    probe->port_read = true;
    probe->port = port;
    return probe->answer;
}

static void port_out(void *context, uint32_t port, uint32_t value)
{
    struct checker_probe *probe = context;
    probe->port_written = true;
    probe->port = port;
    probe->port_value = value;
}

static uint32_t diagnose(void *context, uint32_t function, uint32_t argument)
{
    (void)context, (void)function, (void)argument;
    return 0;
}

static struct isa_environment start(struct checker_probe *probe, const struct machine *machine)
{
    probe->machine = machine;
    probe->instruction = NULL;
    probe->word = 0;
    probe->fetched = probe->trapped = probe->ignored = probe->port_read = probe->port_written = false;
    probe->port = probe->port_value = probe->answer = 0;
    probe->store_count = 0;
    for (unsigned i = 0; i < isa_slots(probe->isa); i++)
        probe->state[i] = machine_slot(machine, i);
    return (struct isa_environment){.context = probe, .state = probe->state,
                                    .memory_size = machine_memory_size(machine),
                                    .load = load, .store = store, .port_in = port_in, .port_out = port_out,
                                    .diagnose = diagnose};
}

void checker_probe_step(struct checker_probe *probe, const struct machine *machine, uint32_t answer)
{
    static const uint32_t none[ISA_MOST_PARAMETERS] = {0};
    struct isa_environment environment = start(probe, machine);
    probe->answer = answer;
    struct isa_outcome outcome = isa_run(probe->isa, ISA_ON_FETCH, none, 0, &environment);
    if (outcome.end != ISA_TRAPPED) {
        probe->fetched = true;
        probe->word = (uint32_t)outcome.result;
        probe->instruction = isa_decode(probe->isa, probe->word);
        outcome = probe->instruction ? isa_execute(probe->isa, probe->instruction, probe->word, &environment)
                                     : isa_run(probe->isa, ISA_ON_ILLEGAL, none, probe->word, &environment);
    }
    probe->trapped = outcome.end == ISA_TRAPPED;
    probe->trap = outcome;
    if (probe->trapped) {
        const uint32_t parameters[ISA_MOST_PARAMETERS] = {outcome.cause, outcome.value, outcome.access};
        isa_run(probe->isa, ISA_ON_TRAP, parameters, probe->word, &environment);
    }
}

void checker_probe_interrupt(struct checker_probe *probe, const struct machine *machine, uint32_t cause)
{
    const uint32_t parameters[ISA_MOST_PARAMETERS] = {cause};
    struct isa_environment environment = start(probe, machine);
    probe->ignored = isa_run(probe->isa, ISA_ON_INTERRUPT, parameters, 0, &environment).end == ISA_IGNORED;
}
