/* emulate.c: instructions that the monitor executes for a guest. SPDX-License-Identifier: MIT-0 */
#include "monitor.h"

enum { OPCODE_LOAD = 0x03, OPCODE_STORE = 0x23, PSW_SIZE = 16 };

static void set(struct processor *processor, uint32_t number, uint32_t value)
{
    if (number != 0)
        processor->x[number] = value;
}

/* ---- Loads and stores -------------------------------------------------------------------------------------------- */

static void load(struct processor *processor, uint32_t word, const uint8_t *from)
{
    uint32_t value = from[0];
    switch (word >> 12 & 7) {
    case 0: value = (uint32_t)(int8_t)from[0]; break;
    case 1: value = (uint32_t)(int16_t)(from[0] | from[1] << 8); break;
    case 2: value = *(const uint32_t *)(uintptr_t)from; break;
    case 5: value = from[0] | (uint32_t)from[1] << 8; break;
    default: break;
    }
    set(processor, word >> 7 & 31, value);
}

/* The hardware has found it aligned. */
bool emulate_access(struct processor *processor, uint32_t word)
{
    bool stores = (word & 127) == OPCODE_STORE;
    uint32_t offset = stores ? (word >> 25 << 5 | (word >> 7 & 31)) : word >> 20, size = 1u << (word >> 12 & 3), place;
    uint32_t address = processor->x[word >> 15 & 31] + ((offset ^ 0x800) - 0x800);
    if (!stores && (word & 127) != OPCODE_LOAD)
        return false;
    if (!reach(&processor->guest, address, size, stores ? STORE : LOAD, &place)) {
        trap(processor, PG74_CAUSE_MEMORY, address, stores ? STORE : LOAD);
        return true;
    }
    uint8_t *bytes = processor->memory + place;
    for (uint32_t i = 0; stores && i < size; i++)
        bytes[i] = (uint8_t)(processor->x[word >> 20 & 31] >> 8 * i);
    if (stores)
        shadow_stored(&processor->guest, place, size);
    else
        load(processor, word, bytes);
    processor->pc += 4;
    return true;
}

/* ---- System instructions ----------------------------------------------------------------------------------------- */

/* The operand of lpsw and spsw is a virtual address. */
static bool reach_psw(struct processor *processor, uint32_t word, uint32_t access, uint32_t *place)
{
    uint32_t address = processor->x[word >> 15 & 31] + (uint32_t)((int32_t)word >> 20);
    if (address % PSW_SIZE != 0)
        trap(processor, PG74_CAUSE_MISALIGNED, address, access);
    else if (!reach(&processor->guest, address, PSW_SIZE, access, place))
        trap(processor, PG74_CAUSE_MEMORY, address, access);
    else
        return true;
    return false;
}

static void store_psw(struct processor *processor, uint32_t word)
{
    uint32_t place;
    if (!reach_psw(processor, word, STORE, &place))
        return;
    uint32_t *psw = words_at(processor, place);
    psw[0] = processor->guest.flags;
    psw[1] = processor->pc + 4;
    psw[2] = processor->guest.base;
    psw[3] = processor->guest.bound;
    processor->pc += 4;
    shadow_stored(&processor->guest, place, PSW_SIZE);
}

/* loadreal and probe; probe asks for users, to load. */
static void emulate_address(struct processor *processor, uint32_t word, uint32_t rd, uint32_t address)
{
    struct guest user = processor->guest;
    uint32_t place = 0;
    if (word >> 25 != 0) {
        user.flags |= FLAG_USER;
        set(processor, rd, reach(&user, address, 1, LOAD, &place));
    } else if (reach(&processor->guest, address, 1, LOAD, &place)) {
        set(processor, rd, place);
    } else {
        trap(processor, PG74_CAUSE_MEMORY, address, LOAD);
        return;
    }
    processor->pc += 4;
}

static void emulate_machine(struct processor *processor, uint32_t word, uint32_t rd, uint32_t first, uint32_t second)
{
    processor->pc += 4;
    switch (word >> 25) {
    case 0: port_out(processor, first, second); break;
    case 1: set(processor, rd, pg74_machineid()); break;
    case 2: set(processor, rd, 0); break;
    case 3: processor->waiting = processor->pending == 0; break;
    default:
        processor->halted = true;
        processor->code = first;
    }
}

static void emulate_flags(struct processor *processor, uint32_t word, uint32_t rd, uint32_t first)
{
    processor->pc += 4;
    switch (word >> 25) {
    case 0: processor->guest.flags = first & (FLAG_USER | FLAG_ENABLED | FLAG_TRANSLATE); break;
    case 1: set(processor, rd, processor->guest.flags); break;
    default:
        processor->guest.flags |= FLAG_USER;
        processor->pc = first;
    }
}

static void emulate_relocation(struct processor *processor, uint32_t word, uint32_t rd, uint32_t first, uint32_t second)
{
    processor->pc += 4;
    switch (word >> 25) {
    case 0:
        processor->guest.base = first & ~15u;
        processor->guest.bound = second & ~15u;
        break;
    case 1: set(processor, rd, processor->guest.base); break;
    default: set(processor, rd, processor->guest.bound);
    }
}

static void emulate_timer(struct processor *processor, uint32_t word, uint32_t rd, uint32_t first)
{
    processor->pc += 4;
    if (word >> 25 != 0) {
        set(processor, rd, processor->timer);
        return;
    }
    processor->timer = first;
    processor->pending &= ~1u;
}

void emulate(struct processor *processor, uint32_t word)
{
    uint32_t rd = word >> 7 & 31, first = processor->x[word >> 15 & 31], second = processor->x[word >> 20 & 31], place;
    switch (word >> 12 & 7) {
    case 0:
        if (reach_psw(processor, word, LOAD, &place))
            load_psw(processor, words_at(processor, place));
        break;
    case 1: store_psw(processor, word); break;
    case 2: emulate_flags(processor, word, rd, first); break;
    case 3: emulate_relocation(processor, word, rd, first, second); break;
    case 4: emulate_address(processor, word, rd, first); break;
    case 5: emulate_timer(processor, word, rd, first); break;
    case 6:
        processor->pc += 4;
        set(processor, rd, port_in(processor, first));
        break;
    default: emulate_machine(processor, word, rd, first, second);
    }
}
