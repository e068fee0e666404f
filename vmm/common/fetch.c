/* fetch.c: remembers what a guest has fetched, and at which pc, so that most instructions are interpreted without
 * running `on fetch` and `translate` for them.
 *
 * What a fetch gives depends on three things, and on nothing else:
 *
 *   the state that the two paragraphs read     found in their programs, once. Its values (but the pc), the mode (for
 *                                              which programs are prepared) and the guest are a *context*;
 *                                              whoever writes to such a state makes it be found out anew
 *   the words of memory that they load         each is marked; a store to a marked word ends all contexts
 *   the size of memory                         which is fixed
 *
 * So this holds for any `translate` that loads page tables from anywhere, or relocates by other registers than R. Where
 * the paragraphs depend on more (ports, time), or on more state than there is room for, nothing is remembered.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "vmm.h"

/* ---- What fetches depend on -------------------------------------------------------------------------------------- */

/* The state of a READ joins those that fetches depend on. False: that cannot be. */
static bool add_state(struct vmm_isa *isa, unsigned number)
{
    struct vmm_fetches *fetches = &isa->fetches;
    const struct pg74_state *state = &isa->states[number];

    if (state->role == PG74_ROLE_PROGRAM_COUNTER || vmm_fetch_depends(isa, state))
        return true;
    if (state->duty != PG74_DUTY_NOTHING || state->role == PG74_ROLE_TIME)
        return false;
    for (unsigned i = 0; i < state->count; i++) {
        if (fetches->slot_count == VMM_FETCH_SLOTS)
            return false;
        fetches->slots[fetches->slot_count++] = state->slot + i;
    }
    return true;
}

static bool add_program(struct vmm_isa *isa, const struct pg74_program *program)
{
    const struct pg74_node *nodes = isa->nodes + program->first;
    bool good = true;

    for (unsigned i = 0; i < program->count && good; i++)
        switch (nodes[i].operator) {
        case PG74_IR_READ:     good = add_state(isa, nodes[i].a); break;
        case PG74_IR_WRITE: case PG74_IR_STORE: case PG74_IR_PORT_IN: case PG74_IR_PORT_OUT: case PG74_IR_DIAGNOSE:
            good = false;
            break;
        default:
            break;
        }
    return good;
}

void vmm_fetch_survey(struct vmm_isa *isa)
{
    bool good = true;

    vmm_fetch_forget(isa);
    for (unsigned i = 0; i < isa->module->state_count && good; i++)
        if (isa->states[i].role == PG74_ROLE_MODE || isa->states[i].role == PG74_ROLE_GUEST_MODE)
            good = add_state(isa, i);
    isa->fetches.remembers = good && add_program(isa, &isa->module->paragraphs[PG74_ON_FETCH]) &&
                             add_program(isa, &isa->module->paragraphs[PG74_ON_TRANSLATE]);
}

bool vmm_fetch_depends(const struct vmm_isa *isa, const struct pg74_state *state)
{
    for (unsigned i = 0; i < isa->fetches.slot_count; i++)
        if (isa->fetches.slots[i] == state->slot)
            return true;
    return false;
}

/* ---- Contexts ---------------------------------------------------------------------------------------------------- */

static bool is_context(const struct vmm_context *context, const struct vmm_vcpu *vcpu)
{
    const struct vmm_fetches *fetches = &vcpu->isa->fetches;
    bool same = context->number >= fetches->oldest_context && context->vcpu == vcpu;

    for (unsigned i = 0; i < fetches->slot_count && same; i++)
        same = context->values[i] == vcpu->state[fetches->slots[i]];
    return same;
}

/* Numbers only go up. A new context takes the place of the oldest. */
static void find_context(struct vmm_vcpu *vcpu)
{
    struct vmm_fetches *fetches = &vcpu->isa->fetches;

    vcpu->context = 0;
    for (unsigned i = 0; i < VMM_CONTEXTS && vcpu->context == 0 && fetches->remembers; i++)
        if (is_context(&fetches->contexts[i], vcpu))
            vcpu->context = fetches->contexts[i].number;
    if (vcpu->context != 0)
        return;
    struct vmm_context *context = &fetches->contexts[fetches->last_context % VMM_CONTEXTS];
    vcpu->context = context->number = ++fetches->last_context;
    context->vcpu = vcpu;
    for (unsigned i = 0; i < fetches->slot_count; i++)
        context->values[i] = vcpu->state[fetches->slots[i]];
    if (!fetches->remembers)
        fetches->oldest_context = fetches->last_context + 1; /* to be found again for the next fetch */
}

void vmm_fetch_forget(struct vmm_isa *isa)
{
    isa->fetches.oldest_context = isa->fetches.last_context + 1;
    isa->fetches.lowest = ~UINT32_C(0);
    isa->fetches.highest = 0;
}

void vmm_fetch_stored(struct vmm_isa *isa, uint32_t start, uint32_t size)
{
    if (start <= isa->fetches.highest && (isa->fetches.lowest < start || isa->fetches.lowest - start < size))
        vmm_fetch_forget(isa);
}

/* ---- Words of memory --------------------------------------------------------------------------------------------- */

void vmm_fetch_mark(struct vmm_isa *isa, uint32_t address, uint32_t bytes)
{
    struct vmm_fetches *fetches = &isa->fetches;
    uint32_t last = address + bytes - 1;

    fetches->marks[vmm_mark_index(address)] |= vmm_mark_bit(address);
    fetches->marks[vmm_mark_index(last)] |= vmm_mark_bit(last);
    fetches->lowest = address < fetches->lowest ? address : fetches->lowest;
    fetches->highest = last > fetches->highest ? last : fetches->highest;
}

/* ---- Fetching ---------------------------------------------------------------------------------------------------- */

static const struct vmm_fetched *fetch(struct vmm_vcpu *vcpu, struct vmm_fetched *fetched, uint32_t pc)
{
    uint32_t word;
    bool good;

    vcpu->isa->fetches.marking = true;
    good = vmm_fetch(vcpu, &word);
    vcpu->isa->fetches.marking = false;
    if (!good)
        return NULL;
    const struct vmm_step *program = vmm_decode(vcpu->isa, word, vmm_mode(vcpu))->program; /* may end all contexts */
    *fetched = (struct vmm_fetched){ pc, vcpu->context, word, program };
    return fetched;
}

const struct vmm_fetched *vmm_fetch_next(struct vmm_vcpu *vcpu)
{
    struct vmm_fetches *fetches = &vcpu->isa->fetches;
    uint32_t pc = vcpu->state[vcpu->isa->program_counter];
    struct vmm_fetched *fetched = &fetches->table[pc / 4 % VMM_FETCHED];

    if (vcpu->context < fetches->oldest_context)
        find_context(vcpu);
    if (fetched->pc == pc && fetched->context == vcpu->context)
        return fetched;
    return fetch(vcpu, fetched, pc);
}
