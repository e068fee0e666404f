/* fast_context.c: what addresses mean, for one set of values of the states that decide it. */
#include "machine/fast.h"

#include <stdlib.h>

static bool is_context(const struct fast *fast, const struct fast_context *context)
{
    for (unsigned i = 0; i < fast->plan.context_count; i++)
        if (context->values[i] != fast->hot->state[fast->plan.context_slots[i]])
            return false;
    return true;
}

/* The windows of all accesses show the same stretch of memory; one that would show another one stays empty. */
static void find_windows(const struct fast *fast, struct fast_context *context)
{
    enum { LOADING = 2, STORING = 3 };
    const struct machine *machine = fast->machine;
    bool first = true;
    for (unsigned access = LOADING; access <= STORING; access++) {
        for (unsigned log = 0; log < FAST_SIZES; log++) {
            uint32_t offset = 0;
            uint32_t reach =
                machine_fast_window(machine->isa, fast->hot->state, machine->memory_size, 1u << log, access, &offset);
            if (reach && first)
                context->offset = offset;
            if (reach)
                first = false;
            context->reach[access][log] = offset == context->offset ? reach : 0;
        }
    }
}

static struct fast_context *new_context(struct fast *fast)
{
    if (fast->context_count == FAST_MOST_CONTEXTS)
        machine_fast_flush(fast);
    struct fast_context *context = calloc(1, sizeof *context);
    if (!context)
        return NULL;
    for (unsigned i = 0; i < fast->plan.context_count; i++)
        context->values[i] = fast->hot->state[fast->plan.context_slots[i]];
    for (unsigned i = 0; i < FAST_TARGETS; i++)
        context->targets[i].pc = FAST_NO_TARGET;
    find_windows(fast, context);
    context->number = fast->context_count;
    fast->contexts[fast->context_count++] = context;
    return context;
}

void machine_fast_enter_context(struct fast *fast)
{
    struct fast_context *context = fast->current;
    if (context && is_context(fast, context))
        return;
    context = NULL;
    for (unsigned i = 0; i < fast->context_count && !context; i++)
        if (is_context(fast, fast->contexts[i]))
            context = fast->contexts[i];
    if (!context)
        context = new_context(fast);
    fast->current = context;
    if (!context)
        return;
    memcpy(fast->hot->reach, context->reach, sizeof context->reach);
    fast->hot->offset = context->offset;
    fast->hot->targets = context->targets;
    for (unsigned i = 0; i < 4; i++)
        fast->hot->translations[i] = context->translations[i] ? context->translations[i] : fast->nothing;
}
