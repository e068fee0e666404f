/* supply.c: what a great many trials need again and again: the facts about the instruction set, and machines, each made
 * anew out of the last one in its place (machine_renew), so that code that is the same again is not studied again. */
#include "checker/internal.h"

#include <stdlib.h>

struct checker_supply *checker_supply_new(const struct isa *isa)
{
    struct checker_supply *supply = calloc(1, sizeof *supply);
    supply->isa = isa;
    supply->facts = checker_facts_new(isa);
    return supply;
}

void checker_supply_free(struct checker_supply *supply)
{
    if (supply == NULL)
        return;
    for (unsigned i = 0; i < CHECKER_PLACES; i++)
        machine_free(supply->machines[i]);
    checker_facts_free(supply->facts);
    free(supply);
}

bool checker_must_stop(const struct checker_supply *supply)
{
    return supply->asks != NULL && supply->asks->stop != NULL && supply->asks->stop(supply->asks->context);
}

struct machine *checker_supply_take(struct checker_supply *supply, const struct isa *isa, unsigned place,
                                    const struct machine_options *options, struct isa_diagnostics *diagnostics)
{
    if (supply == NULL)
        return machine_new(isa, options, diagnostics);
    struct machine *last = supply->machines[place];
    supply->machines[place] = NULL;
    return machine_renew(last, isa, options, diagnostics);
}

void checker_supply_return(struct checker_supply *supply, unsigned place, struct machine *machine)
{
    if (supply == NULL || supply->machines[place] != NULL)
        machine_free(machine);
    else
        supply->machines[place] = machine;
}
