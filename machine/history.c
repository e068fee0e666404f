/* history.c: going back in time. */
#include "machine/internal.h"

void machine_history_free(struct machine *machine)
{
    machine->history = NULL;
}

void machine_history_touched(struct machine *machine)
{
    (void)machine;
}

enum machine_stop machine_history_run(struct machine *machine, uint64_t fuel)
{
    return machine_run_on(machine, fuel);
}
