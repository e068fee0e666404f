/* demonstrate.c: from the witnesses of a violation to situations in which a guest may show it.
 *
 * A witness is about any state of any machine; a guest runs in one partition, with its code inside of R. So each state
 * of each witness is tried with several R: all of memory, a part of it, bounds beyond it, and the witness's own where a
 * program fits in it. Which of them show a difference, running the programs must tell. */
#include "classifier/demonstrate.h"

#include <string.h>

enum { GUEST_MEMORY = 0x100000, MOST_PROGRAMS = 200, WAYS = 5, FIRST_OWN_REGISTER = 10 };

struct list {
    const struct kit *kit;
    LIST(struct classifier_demonstration) programs;
    const char **obstacle;
};

static void add(struct list *list, const struct situation *situation)
{
    if (list->programs.count == MOST_PROGRAMS)
        return;
    const struct classifier_demonstration *program = classifier_write_program(list->kit, situation, list->obstacle);
    if (program != NULL && program->text != NULL && program->without != NULL)
        *APPEND(list->kit->pool, &list->programs) = *program;
}

static bool uses_ports(const struct isa_instruction *instruction)
{
    return instruction->reads_port || instruction->writes_port;
}

/* The same with a port of this machine in one register operand, for every port and operand: the ports of a witness are
 * any numbers. Each operand gets a register of its own, for the witness's may be the one that is always zero. */
static void add_ports(struct list *list, const struct situation *situation)
{
    const struct kit *kit = list->kit;
    const struct isa_instruction *instruction = situation->witness->instruction;
    size_t size = isa_slots(kit->isa) * sizeof(uint32_t);
    struct concrete state = *situation->state;
    struct situation other = *situation;
    other.state = &state;
    for (unsigned i = 0; i < instruction->field_count; i++)
        if (instruction->fields[i].kind == ISA_REGISTER)
            other.word = isa_field_put(&instruction->fields[i], other.word, FIRST_OWN_REGISTER + i);
    for (unsigned p = 0; p < isa_port_count(kit->isa); p++)
        for (unsigned i = 0; i < instruction->field_count; i++) {
            if (instruction->fields[i].kind != ISA_REGISTER)
                continue;
            state.slots = memcpy(classifier_allocate(kit->pool, size), situation->state->slots, size);
            state.slots[kit->general->slot + FIRST_OWN_REGISTER + i] = isa_port_at(kit->isa, p)->number;
            add(list, &other);
        }
}

static struct situation situation_of(const struct kit *kit, const struct classifier_witness *witness,
                                     const struct concrete *state, int way)
{
    static const struct { uint32_t base, bound; } ways[] = {
        {0, GUEST_MEMORY}, {0x8000, 0x8000}, {0, 0xfffffff0}, {0x8000, 0xfffffff0}};
    struct situation situation = {.witness = witness, .word = witness->word, .state = state};
    situation.base = way < 4 ? ways[way].base : state->slots[kit->relocation[0]->slot] & ~UINT32_C(15);
    situation.bound = way < 4 ? ways[way].bound : state->slots[kit->relocation[1]->slot] & ~UINT32_C(15);
    situation.start = kit->translation != NULL ? 0 : situation.base;
    situation.size = kit->translation != NULL ? GUEST_MEMORY : situation.bound;
    return situation;
}

/* How the states differ from the witness's: one flag of the PSW (or NULL) is the other way round, since what a word does to
 * a state shows only where the state is not so already; or the memory that the word stores to is marked. */
struct variation { const struct isa_state *flipped; bool marked; };

/* One way to give the programs R, for all states of all witnesses. */
static void add_all(struct list *list, const struct classifier_witness *const *witnesses, unsigned count, int way,
                    struct variation variation)
{
    size_t size = isa_slots(list->kit->isa) * sizeof(uint32_t);
    for (unsigned w = 0; w < count; w++)
        for (unsigned s = 0; s < witnesses[w]->state_count; s++) {
            struct concrete *state = classifier_allocate(list->kit->pool, sizeof *state);
            *state = witnesses[w]->states[s];
            state->slots = memcpy(classifier_allocate(list->kit->pool, size), state->slots, size);
            if (variation.flipped != NULL)
                state->slots[variation.flipped->slot] ^= 1;
            if (list->kit->translation != NULL)
                state->slots[list->kit->translation->slot] = 0;
            struct situation situation = situation_of(list->kit, witnesses[w], state, way);
            situation.marked = variation.marked;
            add(list, &situation);
            if (uses_ports(witnesses[w]->instruction) && way == 0 && variation.flipped == NULL)
                add_ports(list, &situation);
        }
}

/* The witnesses of the violations first, then those of the properties; none twice. */
static unsigned collect(const struct findings *findings, const struct classifier_witness **witnesses)
{
    unsigned count = 0;
    for (unsigned i = 0; i < CLASSIFIER_THEOREMS + CLASSIFIER_PROPERTIES; i++) {
        bool violation = i < CLASSIFIER_THEOREMS;
        const struct classifier_witness *witness =
            violation ? findings->violation[i] : findings->witness[i - CLASSIFIER_THEOREMS];
        if (witness != NULL && (violation || i - CLASSIFIER_THEOREMS != CLASSIFIER_PRIVILEGED))
            witnesses[count++] = witness;
    }
    return count;
}

void classifier_demonstrate(const struct classifier_report *report, unsigned instruction,
                            const struct classifier_demonstration **list, unsigned *count, const char **obstacle)
{
    const struct classifier_witness *witnesses[CLASSIFIER_THEOREMS + CLASSIFIER_PROPERTIES];
    struct kit kit;
    struct list programs = {.kit = &kit, .obstacle = obstacle};
    *list = NULL;
    *count = 0;
    *obstacle = classifier_kit(&kit, report);
    if (*obstacle != NULL)
        return;
    unsigned witness_count = collect(&report->findings[instruction], witnesses);
    for (int way = 0; way < WAYS; way++)
        add_all(&programs, witnesses, witness_count, way, (struct variation){NULL, false});
    for (unsigned i = 0; i < isa_state_count(report->isa); i++) {
        const struct isa_state *state = isa_state_at(report->isa, i);
        if (state->role == ISA_ROLE_RESOURCE && classifier_psw_flag(&kit, state) != 0)
            for (int way = 0; way < 2; way++)
                add_all(&programs, witnesses, witness_count, way, (struct variation){state, false});
    }
    for (int way = 0; way < 2; way++)
        add_all(&programs, witnesses, witness_count, way, (struct variation){NULL, true});
    *list = programs.programs.items;
    *count = programs.programs.count;
    if (*count == 0 && *obstacle == NULL)
        *obstacle = "no program fits into memory beside what the witness needs";
}
