/* execute.c: a guest's instructions, one at a time, on its virtual state. docs/machine-manual.md says what they do. */
#include "internal.h"

/* ---- Traps ------------------------------------------------------------------------------------------------------- */

static void set_psw(struct vcpu *vcpu, uint32_t flags, uint32_t pc, uint32_t base, uint32_t bound)
{
    vcpu->flags = flags & FLAGS;
    vcpu->guest.pc = pc;
    vcpu->base = base & ~15u;
    vcpu->bound = bound & ~15u;
}

void load_psw(struct vcpu *vcpu, uint32_t place)
{
    set_psw(vcpu, load_physical(vcpu, place, 4), load_physical(vcpu, place + 4, 4), load_physical(vcpu, place + 8, 4),
            load_physical(vcpu, place + 12, 4));
}

static void store_psw(struct vcpu *vcpu, uint32_t place, uint32_t pc)
{
    store_physical(vcpu, place, 4, vcpu->flags);
    store_physical(vcpu, place + 4, 4, pc);
    store_physical(vcpu, place + 8, 4, vcpu->base);
    store_physical(vcpu, place + 12, 4, vcpu->bound);
}

void trap(struct vcpu *vcpu, uint32_t cause, uint32_t value, uint32_t access)
{
    store_psw(vcpu, PG74_OLD_PSW, vcpu->guest.pc);
    store_physical(vcpu, PG74_TRAP_CAUSE, 4, cause);
    store_physical(vcpu, PG74_TRAP_VALUE, 4, value);
    store_physical(vcpu, PG74_TRAP_ACCESS, 4, access);
    load_psw(vcpu, PG74_NEW_PSW);
    vcpu->stale = true; /* until the user program goes on its kernel may change the page table */
}

/* ---- Accesses: false after a trap --------------------------------------------------------------------------------- */

static bool reach(struct vcpu *vcpu, uint32_t address, uint32_t size, uint32_t access, uint32_t *place)
{
    uint32_t cause;
    if (address % size != 0)
        cause = PG74_CAUSE_MISALIGNED;
    else if (translate(vcpu, address, size, access, place, &cause))
        return true;
    trap(vcpu, cause, address, access);
    return false;
}

bool fetch(struct vcpu *vcpu, uint32_t *word)
{
    uint32_t place;
    if (!reach(vcpu, vcpu->guest.pc, 4, FETCH, &place))
        return false;
    *word = load_physical(vcpu, place, 4);
    return true;
}

/* ---- Words -------------------------------------------------------------------------------------------------------- */

static uint32_t rd_of(uint32_t word) { return word >> 7 & 31; }
static uint32_t rs1_of(uint32_t word) { return word >> 15 & 31; }
static uint32_t rs2_of(uint32_t word) { return word >> 20 & 31; }
static uint32_t funct3_of(uint32_t word) { return word >> 12 & 7; }

static void set(struct vcpu *vcpu, uint32_t number, uint32_t value)
{
    if (number != 0)
        vcpu->guest.x[number] = value;
}

/* Which fields of a system instruction must be zero; an instruction that there is not has NONE. */
static bool is_legal_system(uint32_t word)
{
    enum { RD = 1, RS1 = 2, RS2 = 4, NONE = 8 };
    static const uint8_t zero[8][5] = {
        {0}, {0}, {RD | RS2, RS1 | RS2, RD | RS2, NONE, NONE}, {RD, RS1 | RS2, RS1 | RS2, NONE, NONE},
        {RS2, RS2, NONE, NONE, NONE}, {RD | RS2, RS1 | RS2, NONE, NONE, NONE}, {RS2, NONE, NONE, NONE, NONE},
        {RD, RS1 | RS2, 0, RD | RS1 | RS2, RD | RS2}};
    if (funct3_of(word) < 2)
        return rd_of(word) == 0;
    if (word >> 25 > 4)
        return false;
    uint32_t fields = zero[funct3_of(word)][word >> 25];
    return !(fields & NONE) && (!(fields & RD) || rd_of(word) == 0) && (!(fields & RS1) || rs1_of(word) == 0) &&
           (!(fields & RS2) || rs2_of(word) == 0);
}

bool is_legal(uint32_t word)
{
    uint32_t funct3 = funct3_of(word), funct7 = word >> 25;
    if ((word & 127) == (monitor_call_out & 127))
        return is_legal_system(word);
    switch (word & 127) {
    case 0x37: case 0x17: case 0x6f: return true;
    case 0x67: case 0x0f: return funct3 == 0;
    case 0x63: return funct3 != 2 && funct3 != 3;
    case 0x03: return funct3 < 6 && funct3 != 3;
    case 0x23: return funct3 < 3;
    case 0x13: return funct3 == 1 ? funct7 == 0 : funct3 != 5 || funct7 == 0 || funct7 == 32;
    case 0x33: return funct7 < 2 || (funct7 == 32 && (funct3 == 0 || funct3 == 5));
    case 0x73: return word == 0x73 || word == 0x100073;
    default: return false;
    }
}

/* ---- Ordinary instructions ---------------------------------------------------------------------------------------- */

static uint32_t divide(uint32_t funct3, uint32_t first, uint32_t second)
{
    bool overflows = first == 0x80000000 && second == 0xffffffff;
    switch (funct3) {
    case 4: return second == 0 ? 0xffffffff : overflows ? first : (uint32_t)((int32_t)first / (int32_t)second);
    case 5: return second == 0 ? 0xffffffff : first / second;
    case 6: return second == 0 ? first : overflows ? 0 : (uint32_t)((int32_t)first % (int32_t)second);
    default: return second == 0 ? first : first % second;
    }
}

static uint32_t multiply(uint32_t funct3, uint32_t first, uint32_t second)
{
    int64_t one = (int32_t)first, other = (int32_t)second;
    switch (funct3) {
    case 0: return first * second;
    case 1: return (uint32_t)((uint64_t)(one * other) >> 32);
    case 2: return (uint32_t)((uint64_t)(one * (int64_t)second) >> 32);
    case 3: return (uint32_t)((uint64_t)first * second >> 32);
    default: return divide(funct3, first, second);
    }
}

static uint32_t compute(uint32_t funct3, bool other, uint32_t first, uint32_t second)
{
    switch (funct3) {
    case 0: return other ? first - second : first + second;
    case 1: return first << (second & 31);
    case 2: return (int32_t)first < (int32_t)second;
    case 3: return first < second;
    case 4: return first ^ second;
    case 5: return other ? (uint32_t)((int32_t)first >> (second & 31)) : first >> (second & 31);
    case 6: return first | second;
    default: return first & second;
    }
}

static bool load(struct vcpu *vcpu, uint32_t word)
{
    uint32_t size = 1u << (funct3_of(word) & 3), place;
    if (!reach(vcpu, vcpu->guest.x[rs1_of(word)] + (uint32_t)((int32_t)word >> 20), size, LOAD, &place))
        return false;
    uint32_t value = load_physical(vcpu, place, size);
    if (funct3_of(word) == 0)
        value = (uint32_t)(int32_t)(int8_t)value;
    if (funct3_of(word) == 1)
        value = (uint32_t)(int32_t)(int16_t)value;
    set(vcpu, rd_of(word), value);
    return true;
}

static bool store(struct vcpu *vcpu, uint32_t word)
{
    uint32_t size = 1u << funct3_of(word), place;
    uint32_t offset = (uint32_t)((int32_t)word >> 25 << 5) | rd_of(word);
    if (!reach(vcpu, vcpu->guest.x[rs1_of(word)] + offset, size, STORE, &place))
        return false;
    store_physical(vcpu, place, size, vcpu->guest.x[rs2_of(word)]);
    return true;
}

/* False after a trap; the pc is where it goes on. */
static bool jump(struct vcpu *vcpu, uint32_t target)
{
    if (target % 4 != 0) {
        trap(vcpu, PG74_CAUSE_MISALIGNED, target, FETCH);
        return false;
    }
    vcpu->guest.pc = target;
    return true;
}

static bool jump_and_link(struct vcpu *vcpu, uint32_t word, uint32_t target)
{
    uint32_t link = vcpu->guest.pc + 4;
    if (!jump(vcpu, target))
        return false;
    set(vcpu, rd_of(word), link);
    return true;
}

static uint32_t jump_offset(uint32_t word)
{
    return (uint32_t)((int32_t)word >> 31 << 20) | (word & 0xff000) | (word >> 9 & 0x800) | (word >> 20 & 0x7fe);
}

static uint32_t branch_offset(uint32_t word)
{
    return (uint32_t)((int32_t)word >> 31 << 12) | (word << 4 & 0x800) | (word >> 20 & 0x7e0) | (word >> 7 & 0x1e);
}

static bool is_taken(const struct vcpu *vcpu, uint32_t word)
{
    uint32_t first = vcpu->guest.x[rs1_of(word)], second = vcpu->guest.x[rs2_of(word)];
    switch (funct3_of(word)) {
    case 0: return first == second;
    case 1: return first != second;
    case 4: return (int32_t)first < (int32_t)second;
    case 5: return (int32_t)first >= (int32_t)second;
    case 6: return first < second;
    default: return first >= second;
    }
}

/* An instruction that is legal and no system instruction. */
static bool execute_ordinary(struct vcpu *vcpu, uint32_t word)
{
    uint32_t first = vcpu->guest.x[rs1_of(word)], second = vcpu->guest.x[rs2_of(word)], pc = vcpu->guest.pc;
    uint32_t immediate = (uint32_t)((int32_t)word >> 20), rd = rd_of(word), funct3 = funct3_of(word);
    switch (word & 127) {
    case 0x6f: return jump_and_link(vcpu, word, pc + jump_offset(word));
    case 0x67: return jump_and_link(vcpu, word, (first + immediate) & ~1u);
    case 0x63: return jump(vcpu, pc + (is_taken(vcpu, word) ? branch_offset(word) : 4));
    case 0x73: trap(vcpu, word == 0x73 ? PG74_CAUSE_SUPERVISOR_CALL : PG74_CAUSE_BREAKPOINT, 0, 0); return false;
    case 0x03: if (!load(vcpu, word)) return false; break;
    case 0x23: if (!store(vcpu, word)) return false; break;
    case 0x37: set(vcpu, rd, word & 0xfffff000); break;
    case 0x17: set(vcpu, rd, pc + (word & 0xfffff000)); break;
    case 0x13: set(vcpu, rd, compute(funct3, funct3 == 5 && (word & 0x40000000), first, immediate)); break;
    case 0x33:
        set(vcpu, rd, word >> 25 == 1 ? multiply(funct3, first, second)
                                      : compute(funct3, word & 0x40000000, first, second));
        break;
    default: break; /* fence */
    }
    vcpu->guest.pc = pc + 4;
    return true;
}

/* ---- System instructions ------------------------------------------------------------------------------------------ */

/* lpsw and spsw: their operand is a virtual address. */
static bool psw_operand(struct vcpu *vcpu, uint32_t word, uint32_t access, uint32_t *place)
{
    return reach(vcpu, vcpu->guest.x[rs1_of(word)] + (uint32_t)((int32_t)word >> 20), 16, access, place);
}

static uint32_t probe(struct vcpu *vcpu, uint32_t address)
{
    uint32_t flags = vcpu->flags, place, cause;
    vcpu->flags |= USER;
    bool may = translate(vcpu, address, 1, LOAD, &place, &cause);
    vcpu->flags = flags;
    return may;
}

static bool execute_address(struct vcpu *vcpu, uint32_t word, uint32_t address)
{
    uint32_t place = 0;
    if (word >> 25 == 0 && !reach(vcpu, address, 1, LOAD, &place))
        return false;
    set(vcpu, rd_of(word), word >> 25 == 0 ? place : probe(vcpu, address));
    return true;
}

static void execute_flags(struct vcpu *vcpu, uint32_t word, uint32_t first, uint32_t *next)
{
    switch (word >> 25) {
    case 0:
        if (!(vcpu->flags & USER))
            vcpu->flags = first & FLAGS;
        vcpu->stale = true;
        break;
    case 1: set(vcpu, rd_of(word), vcpu->flags & USER ? USER : vcpu->flags); break;
    default:
        vcpu->flags |= USER;
        vcpu->stale = true;
        *next = first;
    }
}

static void execute_relocation(struct vcpu *vcpu, uint32_t word, uint32_t first, uint32_t second)
{
    switch (word >> 25) {
    case 0:
        vcpu->base = first & ~15u;
        vcpu->bound = second & ~15u;
        break;
    case 1: set(vcpu, rd_of(word), vcpu->base); break;
    default: set(vcpu, rd_of(word), vcpu->bound);
    }
}

static void execute_timer(struct vcpu *vcpu, uint32_t word, uint32_t first)
{
    if (word >> 25 == 0) {
        vcpu->timer = first;
        vcpu->pending &= ~1u;
    } else {
        set(vcpu, rd_of(word), vcpu->timer);
    }
}

static void execute_machine(struct vcpu *vcpu, uint32_t word, uint32_t first, uint32_t second)
{
    switch (word >> 25) {
    case 0: port_out(vcpu, first, second); break;
    case 1: set(vcpu, rd_of(word), pg74_machineid()); break;
    case 2: set(vcpu, rd_of(word), 0); break;
    case 3: vcpu->waiting = vcpu->pending == 0; break;
    default:
        vcpu->halted = true;
        vcpu->code = first;
    }
}

static bool execute_system(struct vcpu *vcpu, uint32_t word)
{
    uint32_t first = vcpu->guest.x[rs1_of(word)], second = vcpu->guest.x[rs2_of(word)], place, next = vcpu->guest.pc + 4;
    bool flawed = funct3_of(word) == 2; /* they do not trap */
    if (vcpu->flags & USER && !flawed) {
        trap(vcpu, PG74_CAUSE_PRIVILEGED, word, 0);
        return false;
    }
    switch (funct3_of(word)) {
    case 0:
        if (!psw_operand(vcpu, word, LOAD, &place))
            return false;
        load_psw(vcpu, place);
        vcpu->stale = true;
        return true;
    case 1:
        if (!psw_operand(vcpu, word, STORE, &place))
            return false;
        store_psw(vcpu, place, next);
        break;
    case 2: execute_flags(vcpu, word, first, &next); break;
    case 3: execute_relocation(vcpu, word, first, second); break;
    case 4:
        if (!execute_address(vcpu, word, first))
            return false;
        break;
    case 5:
        execute_timer(vcpu, word, first);
        vcpu->guest.pc = next;
        return word >> 25 != 0; /* settimer itself does not count */
    case 6: set(vcpu, rd_of(word), port_in(vcpu, first)); break;
    default: execute_machine(vcpu, word, first, second);
    }
    vcpu->guest.pc = next;
    return true;
}

/* ---- One instruction ---------------------------------------------------------------------------------------------- */

void execute(struct vcpu *vcpu)
{
    uint32_t word;
    bool retired = false;
    if (!fetch(vcpu, &word))
        return;
    if (!is_legal(word))
        trap(vcpu, PG74_CAUSE_ILLEGAL, word, 0);
    else if ((word & 127) == (monitor_call_out & 127))
        retired = execute_system(vcpu, word);
    else
        retired = execute_ordinary(vcpu, word);
    if (retired)
        pass_time(1);
}
