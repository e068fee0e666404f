/* batch.c: instructions, of one instruction set or of many, that are judged in one go. What several have, or what has
 * been judged before, is judged once (known.c); the rest is shared out to threads, long instructions first, so that
 * none works alone in the end. The judgements are the same however many threads there are, and whatever else is in the batch.
 *
 *     first    what the instructions ask about a machine (facts), and with the solver of a thread, one after the other,
 *              those that have no witness
 *     second   the others, with a solver of their own each; the threads' are closed by then, for each takes 17 MB
 */
#include "classifier/internal.h"

#include <stdlib.h>

struct item {
    const struct isa *isa;
    unsigned number; /* of the instruction */
    enum judging judging;
    struct facts *facts;
    struct judgement *judgement;
    unsigned length; /* of what is executed */
    bool translates;
    bool alone; /* it needs a solver of its own, or so it seems */
};

struct setting { const struct isa *isa; struct facts *facts; bool translates; };

struct batch {
    struct classifier *c;
    struct pool *pool;
    LIST(struct item) items;
    LIST(struct setting) settings; /* each machine of the items once */
};

struct batch *classifier_batch_new(struct classifier *c)
{
    struct pool *pool = classifier_pool_new();
    struct batch *batch = classifier_allocate(pool, sizeof *batch);
    *batch = (struct batch){.c = c, .pool = pool};
    return batch;
}

/* How many times it does. */
static unsigned translates(const struct isa_program *program)
{
    unsigned count = 0;
    for (unsigned i = 0; i < program->count; i++)
        count += program->nodes[i].operator == ISA_TRANSLATE;
    return count;
}

/* Has it to do with more than registers and memory? Then it has a witness, most likely. */
static bool is_of_the_system(const struct isa *isa, const struct isa_program *program)
{
    for (unsigned i = 0; i < program->count; i++) {
        const struct isa_node *node = &program->nodes[i];
        bool state = node->operator == ISA_READ || node->operator == ISA_WRITE;
        enum isa_role role = state ? isa_state_at(isa, node->a)->role : ISA_ROLE_GENERAL;
        if ((role != ISA_ROLE_GENERAL && role != ISA_ROLE_PROGRAM_COUNTER) || node->operator == ISA_PORT_IN ||
            node->operator == ISA_PORT_OUT)
            return true;
    }
    return false;
}

static void add_setting(struct batch *batch, const struct item *item)
{
    for (unsigned i = 0; i < batch->settings.count; i++)
        if (batch->settings.items[i].facts == item->facts) {
            batch->settings.items[i].translates |= item->translates;
            return;
        }
    *APPEND(batch->pool, &batch->settings) = (struct setting){item->isa, item->facts, item->translates};
}

void classifier_batch_add(struct batch *batch, const struct isa *isa, unsigned machine, unsigned number,
                          enum judging judging)
{
    bool is_new;
    const struct isa_instruction *instruction = isa_instruction_at(isa, number);
    struct judgement *judgement = classifier_reserve(batch->c->known, machine, isa, instruction, judging, &is_new);
    if (!is_new)
        return;
    struct item *item = APPEND(batch->pool, &batch->items);
    unsigned calls = translates(&instruction->program);
    *item = (struct item){isa, number, judging, classifier_facts(batch->c->known, machine), judgement,
                          instruction->program.count + calls * isa_paragraph(isa, ISA_ON_TRANSLATE)->count, calls > 0,
                          judging != JUDGE_ANSWERS && is_of_the_system(isa, &instruction->program)};
    add_setting(batch, item);
}

/* ---- Tasks ------------------------------------------------------------------------------------------------------- */

/* Long ones first, that none is left over in the end. */
static int by_length(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    return x->length != y->length ? (x->length < y->length) - (x->length > y->length)
                                  : (x->number > y->number) - (x->number < y->number);
}

/* What waits for the facts comes after what does not. */
static int by_facts(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    return x->translates != y->translates ? x->translates - y->translates : by_length(a, b);
}

static void first_task(void *context, unsigned number, struct classifier *solver)
{
    struct batch *batch = context;
    unsigned settings = batch->settings.count;
    if (number < settings) {
        const struct setting *setting = &batch->settings.items[number];
        if (setting->translates)
            classifier_prove_contiguous(setting->facts, setting->isa, &batch->c->options);
    } else if (number < 2 * settings) {
        const struct setting *setting = &batch->settings.items[number - settings];
        classifier_facts_refuter(setting->facts, setting->isa, batch->c->options.seed);
    } else {
        struct item *item = &batch->items.items[number - 2 * settings];
        if (item->alone)
            return;
        if (solver->z3 == NULL)
            classifier_open(solver, &batch->c->options);
        item->alone =
            !classifier_judge(solver, false, item->isa, item->number, item->judging, item->facts, item->judgement);
    }
}

static void second_task(void *context, unsigned number, struct classifier *solver)
{
    struct batch *batch = context;
    const struct item *item = &batch->items.items[number];
    classifier_open(solver, &batch->c->options);
    classifier_judge(solver, true, item->isa, item->number, item->judging, item->facts, item->judgement);
    classifier_close(solver);
}

void classifier_batch_run(struct batch *batch)
{
    const struct classifier_options *options = &batch->c->options;
    unsigned count = batch->items.count, alone = 0;
    if (count > 0)
        qsort(batch->items.items, count, sizeof *batch->items.items, by_facts);
    classifier_share_out(options, 2 * batch->settings.count + count, first_task, batch);
    for (unsigned i = 0; i < count; i++)
        if (batch->items.items[i].alone)
            batch->items.items[alone++] = batch->items.items[i];
    if (alone > 0)
        qsort(batch->items.items, alone, sizeof *batch->items.items, by_length);
    classifier_share_out(options, alone, second_task, batch);
    for (unsigned i = 0; i < batch->settings.count; i++)
        classifier_facts_forget(batch->settings.items[i].facts);
    classifier_pool_free(batch->pool);
}
