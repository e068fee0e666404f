/* replace.c: what a sensitive instruction becomes where its place in the cache says enough about the state.
 *
 * A page of the cache is for one value of mode, R and whatever else the guest's `translate` reads, and a word on it for
 * one pc: its *key*. Under a key an instruction means less than in general. So its program is prepared with the values
 * of the key put in (vmm_prepare_word: branches are decided, what is computed of constants is computed), and if what
 * remains is only
 *
 *     a constant in a register       `getbase a0`, when R is part of the key
 *     a register in a register       an instruction that depends on the mode, once the mode is known
 *     nothing                        flags that are set to what they are
 *     a jump, with or without link
 *
 * then an ordinary instruction can do it, without the monitor. Which one is *proposed* here, in the encoding of RISC-V,
 * of which this monitor consists itself; and the proposal is put to the same test: prepared for the hardware, whose
 * mode is user, exactly the same must remain of it. So a machine that gives these words another meaning is not
 * mistranslated, but gets call-outs.
 *
 * Some state is neither in the space's key nor the pc's: the interrupt enable, registers that a variant has added. They
 * count as known, too, as long as they keep their value while the guest is in this mode: an *assumption*. Each time the
 * guest is entered these are compared. When one is no longer true, what was built on it is forgotten; one that has
 * often been wrong is not made again.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "translation.h"

enum { MOST_CHANGES = 16, MOST_READS = 4 };

/* What remains of an instruction. A register is its number; x0 stands for none. */
struct rest {
    bool is_simple;          /* no more than what follows: */
    uint32_t to, source, value; /* register `to` gets register `source`, or (source 0) a constant */
    bool jumps;
    uint32_t target;
};

static struct {
    struct vmm_isa *isa;
    uint32_t fixed;                          /* bit i: slot i of the key is known from the place in the cache */
    unsigned count;
    uint32_t slots[VMM_MOST_KNOWN];
    struct {
        uint32_t values[VMM_MOST_KNOWN];
        uint8_t changes[VMM_MOST_KNOWN];
    } assumed[PG74_MOST_GUESTS][2];          /* by mode */
} all;

uint32_t replace_assumed[PG74_MOST_GUESTS][2];
bool replace_assumes;

/* ---- Keys -------------------------------------------------------------------------------------------------------- */

static bool can_be_known(const struct pg74_state *state)
{
    return (state->role == PG74_ROLE_MODE || state->role == PG74_ROLE_RELOCATION ||
            state->role == PG74_ROLE_RESOURCE) &&
           (state->duty == PG74_DUTY_NOTHING || state->duty == PG74_DUTY_IDENTIFICATION);
}

/* The program counter is the first slot. */
void replace_start(struct vmm *vmm)
{
    const struct vmm_isa *isa = &vmm->isa;
    const struct vmm_shadow *shadow = vmm->guests[0].shadow; /* all guests have the same keys */

    all.isa = &vmm->isa;
    all.slots[all.count++] = isa->program_counter;
    all.fixed = 1;
    for (unsigned i = 0; i < isa->module->state_count; i++)
        for (unsigned j = 0; can_be_known(&isa->states[i]) && j < isa->states[i].count; j++) {
            uint32_t slot = isa->states[i].slot + j;
            if (all.count == VMM_MOST_KNOWN)
                return;
            for (unsigned k = 0; k < shadow->key_count; k++)
                if (shadow->key_slots[k] == slot)
                    all.fixed |= UINT32_C(1) << all.count;
            all.slots[all.count++] = slot;
        }
}

/* The guest's, at this pc. What has changed often is left out. */
static void make_key(const struct vmm_vcpu *vcpu, uint32_t pc, unsigned mode, struct vmm_key *key)
{
    key->used = 0;
    key->count = all.count;
    for (unsigned i = 0; i < all.count; i++) {
        bool changes = all.assumed[vcpu->unit][mode].changes[i] >= MOST_CHANGES;
        key->slots[i] = changes ? ~UINT32_C(0) : all.slots[i];
        key->values[i] = vcpu->state[all.slots[i]];
    }
    key->values[0] = pc;
}

/* The hardware's: it is in user mode, and of the rest nothing is known that the guest might see. */
static void make_real_key(uint32_t pc, struct vmm_key *key)
{
    key->count = 2;
    key->slots[0] = all.isa->program_counter;
    key->slots[1] = all.isa->mode;
    key->values[0] = pc;
    key->values[1] = 1;
    key->used = 0;
}

/* ---- What remains of an instruction ------------------------------------------------------------------------------ */

/* Values that are registers: where they are, and of which. Any other value is a constant, as long as nothing is
 * computed. */
struct reads { unsigned count; struct { const struct vmm_value *value; uint32_t number; } list[MOST_READS]; };

static bool is_register(uint32_t slot)
{
    return slot - all.isa->general < 32;
}

static uint32_t register_of(const struct reads *reads, const struct vmm_value *value)
{
    for (unsigned i = 0; i < reads->count; i++)
        if (reads->list[i].value == value)
            return reads->list[i].number;
    return 0;
}

static bool add_read(struct reads *reads, const struct vmm_step *step)
{
    if (reads->count == MOST_READS || !is_register(step->number))
        return false;
    reads->list[reads->count].value = step->result;
    reads->list[reads->count++].number = step->number - all.isa->general;
    return true;
}

/* A write to a slot. False: it is too much. */
static bool add_write(struct rest *rest, const struct reads *reads, struct vmm_key *key, uint32_t slot,
                      const struct vmm_value *value)
{
    uint32_t source = register_of(reads, value);

    if (slot == all.isa->program_counter && source == 0 && !rest->jumps) {
        rest->jumps = true;
        rest->target = value->low;
        return true;
    }
    if (is_register(slot) && rest->to == 0) {
        rest->to = slot - all.isa->general;
        rest->source = source;
        rest->value = source ? 0 : value->low;
        return true;
    }
    for (unsigned i = 1; i < key->count; i++)
        if (key->slots[i] == slot && source == 0 && key->values[i] == value->low) {
            key->used |= UINT32_C(1) << i; /* it stays what it is */
            return true;
        }
    return false;
}

static struct rest rest_of(const struct vmm_step *step, struct vmm_key *key)
{
    struct rest rest = { 0 };
    struct reads reads;
    bool good = true;

    reads.count = 0;
    for (; good; step++)
        switch (step->operator) {
        case VMM_READ_SLOT:
            good = add_read(&reads, step);
            break;
        case VMM_WRITE_NOW: case VMM_WRITE_SLOT:
            good = add_write(&rest, &reads, key, step->number, step->c);
            break;
        case VMM_WRITE_CONTEXT: case PG74_IR_WRITE:
            good = register_of(&reads, step->b) == 0 && (int32_t)step->b->low != step->state->zero &&
                   add_write(&rest, &reads, key, step->state->slot + step->b->low, step->c);
            break;
        case PG74_IR_JUMP:
            step = step->target - 1;
            break;
        case VMM_ADVANCE:
            break;
        case VMM_END: case VMM_END_ADVANCE:
            rest.is_simple = true;
            return rest;
        default:
            good = false;
        }
    return rest;
}

/* ---- Words that do it -------------------------------------------------------------------------------------------- */

enum { ADDI = 0x13, LUI = 0x37, AUIPC = 0x17, JAL = 0x6f };

static uint32_t jal(uint32_t to, uint32_t distance)
{
    return JAL | to << 7 | (distance & 0xff000) | (distance >> 11 & 1) << 20 | (distance >> 1 & 0x3ff) << 21 |
           distance >> 31 << 31;
}

/* A word that might do it; 0 where none comes to mind. */
static uint32_t propose(const struct rest *rest, uint32_t pc)
{
    uint32_t to = rest->to, value = rest->value;

    if (rest->jumps)
        return to == 0 || (rest->source == 0 && value == pc + 4) ? jal(to, rest->target - pc) : 0;
    if (rest->source != 0 || to == 0)
        return ADDI | to << 7 | rest->source << 15;
    if (value + 0x800 < 0x1000)
        return ADDI | to << 7 | value << 20;
    if (value % 0x1000 == 0)
        return LUI | to << 7 | value;
    return (value - pc) % 0x1000 == 0 ? AUIPC | to << 7 | (value - pc) : 0;
}

/* Does the hardware, in user mode, do exactly this for a word? */
static bool does(uint32_t word, uint32_t pc, const struct rest *wanted)
{
    const struct pg74_instruction *instruction = class_instruction(word);
    struct vmm_key key;

    if (!instruction || class_of(word, 1)->in[1] != CLASS_HARMLESS)
        return false;
    make_real_key(pc, &key);
    struct rest rest = rest_of(vmm_prepare_word(all.isa, instruction, word, &key, 0), &key);
    return rest.is_simple && rest.to == wanted->to && rest.source == wanted->source && rest.value == wanted->value &&
           rest.jumps == wanted->jumps && rest.target == wanted->target;
}

enum why replace(const struct vmm_vcpu *vcpu, unsigned mode, uint32_t pc, uint32_t *word)
{
    const struct pg74_instruction *instruction = class_instruction(*word);
    struct vmm_key key;

    if (!instruction)
        return WHY_CALL_OUT;
    make_key(vcpu, pc, mode, &key);
    uint32_t guest_mode = vcpu->state[all.isa->guest_mode];
    struct rest rest = rest_of(vmm_prepare_word(all.isa, instruction, *word, &key, guest_mode), &key);
    uint32_t proposal = rest.is_simple ? propose(&rest, pc) : 0, assumed = key.used & ~all.fixed;
    if (proposal == 0 || !does(proposal, pc, &rest))
        return WHY_CALL_OUT;
    for (unsigned i = 0; i < all.count; i++)
        if (assumed >> i & 1)
            all.assumed[vcpu->unit][mode].values[i] = key.values[i];
    replace_assumed[vcpu->unit][mode] |= assumed;
    replace_assumes |= assumed != 0;
    *word = proposal;
    return (rest.jumps ? WHY_JUMP : rest.to == 0 ? WHY_NOTHING : rest.source ? WHY_MOVE : WHY_CONSTANT) |
           (assumed ? WHY_ASSUMED : 0);
}

bool replace_still_true(const struct vmm_vcpu *vcpu, unsigned mode)
{
    uint32_t *mask = &replace_assumed[vcpu->unit][mode], wrong = 0;

    for (unsigned i = 0; i < all.count; i++)
        if ((*mask >> i & 1) && vcpu->state[all.slots[i]] != all.assumed[vcpu->unit][mode].values[i]) {
            wrong |= UINT32_C(1) << i;
            all.assumed[vcpu->unit][mode].changes[i]++;
        }
    if (wrong)
        *mask = 0; /* all that was assumed is forgotten */
    return wrong == 0;
}
