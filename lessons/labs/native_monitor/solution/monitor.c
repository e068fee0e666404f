/* monitor.c: a trap-and-emulate monitor for pg74 as a student writes it: by hand, from the machine manual, with a switch over
 * the system instructions. It shares nothing with vmm/. The checker must find nothing wrong with it, and every mutant
 * of it (tests/mutants/list.inc) wrong.
 *
 * SPDX-License-Identifier: MIT-0 */
#include <stdbool.h>
#include "pg74.h"

enum { USER = 1, ENABLED = 2, SYSTEM_OPCODE = 0x0b, WAY_BACK = 34, LAST_CAUSE = 19, SECTOR = 512 };
enum { FETCH = 1, LOAD = 2, STORE = 3 };
enum { DISK_IDLE, DISK_BUSY };

struct guest {
    uint32_t x[32], pc;
    uint32_t flags, base, bound;     /* the virtual PSW */
    uint32_t timer, pending;         /* bit i of pending: cause 16 + i */
    bool waiting, halted, told;
    uint32_t code;
    uint8_t *memory;
    uint32_t start, size;            /* of the partition */
    uint32_t ports;                  /* of its unit */
    uint32_t sector, address, count, status;
    bool wants_input, heard;
    uint32_t frame_address, frame_length, frames_told; /* of the network */
    bool listens;
    uint64_t instructions;
};

extern uint32_t frame[32];
extern const char trap_entry[], wait_here[];
_Noreturn void enter_guest(uint32_t timer);
_Noreturn void monitor_main(void);
_Noreturn void monitor_trap(void);

static struct guest guests[PG74_MOST_GUESTS];
static struct guest *running;        /* NULL: all wait */
static uint32_t guest_count, slice, slice_left, timer_set;

/* ---- Guest memory ------------------------------------------------------------------------------------------------ */

static uint32_t *physical(struct guest *guest, uint32_t address)
{
    return (uint32_t *)(uintptr_t)(guest->memory + address);
}

/* The physical address of a virtual one, if all of the access lies inside bound and memory. */
static bool translate(const struct guest *guest, uint32_t address, uint32_t length, uint32_t *result)
{
    if (length > guest->bound || address > guest->bound - length)
        return false;
    uint32_t place = guest->base + address;
    if (place < guest->base || place > guest->size - length)
        return false;
    *result = place;
    return true;
}

/* ---- The virtual trap -------------------------------------------------------------------------------------------- */

static void load_psw(struct guest *guest, const uint32_t *psw)
{
    guest->flags = psw[0] & (USER | ENABLED);
    guest->pc = psw[1];
    guest->base = psw[2] & ~15u;
    guest->bound = psw[3] & ~15u;
}

static void trap(struct guest *guest, uint32_t cause, uint32_t value, uint32_t access)
{
    uint32_t *area = physical(guest, 0x40);
    area[0] = guest->flags;
    area[1] = guest->pc;
    area[2] = guest->base;
    area[3] = guest->bound;
    area[8] = cause;
    area[9] = value;
    area[10] = access;
    load_psw(guest, area + 4);
}

static void deliver_interrupts(struct guest *guest)
{
    for (uint32_t cause = 16; cause <= LAST_CAUSE; cause++) {
        if (!(guest->flags & ENABLED))
            return;
        if (guest->pending & 1u << (cause - 16)) {
            guest->pending &= ~(1u << (cause - 16));
            trap(guest, cause, 0, 0);
        }
    }
}

static void request(struct guest *guest, uint32_t cause)
{
    guest->pending |= 1u << (cause - 16);
    guest->waiting = false;
}

/* ---- Devices ----------------------------------------------------------------------------------------------------- */

static void look_for_input(struct guest *guest)
{
    if (guest->wants_input && !guest->heard && (pg74_in(guest->ports + PG74_PORT_CONSOLE_STATUS) & 1)) {
        guest->heard = true;
        request(guest, PG74_CAUSE_CONSOLE);
    }
}

static void look_at_disk(struct guest *guest)
{
    if (guest->status != DISK_BUSY)
        return;
    uint32_t status = pg74_in(guest->ports + PG74_PORT_DISK_STATUS);
    if (status == DISK_BUSY)
        return;
    guest->status = status;
    request(guest, PG74_CAUSE_DISK);
}

static void start_disk(struct guest *guest, uint32_t command)
{
    if (guest->status == DISK_BUSY)
        return;
    uint32_t length = guest->count * SECTOR;
    bool good = guest->count <= guest->size / SECTOR && guest->address <= guest->size - length;
    pg74_out(guest->ports + PG74_PORT_DISK_SECTOR, guest->sector);
    pg74_out(guest->ports + PG74_PORT_DISK_ADDRESS, good ? guest->start + guest->address : 0xfffffe00u);
    pg74_out(guest->ports + PG74_PORT_DISK_COUNT, guest->count);
    pg74_out(guest->ports + PG74_PORT_DISK_COMMAND, command);
    guest->status = DISK_BUSY;
}

static void look_for_frames(struct guest *guest)
{
    uint32_t arrived = pg74_in(guest->ports + PG74_PORT_NETWORK_FRAMES) & 0xffff;
    if (guest->listens && arrived != guest->frames_told)
        request(guest, PG74_CAUSE_NETWORK);
    guest->frames_told = arrived;
}

static void start_network(struct guest *guest, uint32_t command)
{
    bool good = guest->frame_length <= guest->size && guest->frame_address <= guest->size - guest->frame_length;
    pg74_out(guest->ports + PG74_PORT_NETWORK_ADDRESS, good ? guest->start + guest->frame_address : 0xfffffe00u);
    pg74_out(guest->ports + PG74_PORT_NETWORK_LENGTH, guest->frame_length);
    pg74_out(guest->ports + PG74_PORT_NETWORK_COMMAND, command);
}

static uint32_t port_in(struct guest *guest, uint32_t port)
{
    uint32_t value;
    switch (port) {
    case PG74_PORT_CONSOLE_INPUT:
        value = pg74_in(guest->ports + port);
        guest->heard = false;
        look_for_input(guest);
        return value;
    case PG74_PORT_CONSOLE_STATUS:
    case PG74_PORT_DISK_SIZE:
    case PG74_PORT_NETWORK_LENGTH:
    case PG74_PORT_NETWORK_COMMAND:
    case PG74_PORT_NETWORK_STATION:
    case PG74_PORT_NETWORK_FRAMES:
        return pg74_in(guest->ports + port);
    case PG74_PORT_DISK_STATUS:
        value = guest->status;
        if (value != DISK_BUSY)
            guest->status = DISK_IDLE;
        return value;
    case PG74_PORT_CYCLES_LOW:
    case PG74_PORT_INSTRUCTIONS_LOW:
        return (uint32_t)guest->instructions;
    case PG74_PORT_CYCLES_HIGH:
    case PG74_PORT_INSTRUCTIONS_HIGH:
        return (uint32_t)(guest->instructions >> 32);
    default:
        return 0;
    }
}

static void port_out(struct guest *guest, uint32_t port, uint32_t value)
{
    switch (port) {
    case PG74_PORT_CONSOLE_OUTPUT: pg74_out(guest->ports + port, value); break;
    case PG74_PORT_CONSOLE_CONTROL:
        guest->wants_input = value & 1;
        guest->heard = false;
        pg74_out(guest->ports + port, value);
        look_for_input(guest);
        break;
    case PG74_PORT_DISK_SECTOR: guest->sector = value; break;
    case PG74_PORT_DISK_ADDRESS: guest->address = value; break;
    case PG74_PORT_DISK_COUNT: guest->count = value; break;
    case PG74_PORT_DISK_COMMAND: start_disk(guest, value); break;
    case PG74_PORT_NETWORK_ADDRESS: guest->frame_address = value; break;
    case PG74_PORT_NETWORK_LENGTH: guest->frame_length = value; break;
    case PG74_PORT_NETWORK_COMMAND: start_network(guest, value); break;
    case PG74_PORT_NETWORK_CONTROL:
        look_for_frames(guest);
        guest->listens = value & 1;
        pg74_out(guest->ports + port, value);
        break;
    default: break;
    }
}

/* ---- Emulation --------------------------------------------------------------------------------------------------- */

static void set(struct guest *guest, uint32_t number, uint32_t value)
{
    if (number != 0)
        guest->x[number] = value;
}

/* lpsw and spsw: their operand is a virtual address. True: done. */
static bool psw_access(struct guest *guest, uint32_t word, uint32_t access, uint32_t *place)
{
    uint32_t address = guest->x[word >> 15 & 31] + (uint32_t)((int32_t)word >> 20);
    if (address & 15)
        trap(guest, PG74_CAUSE_MISALIGNED, address, access);
    else if (!translate(guest, address, 16, place))
        trap(guest, PG74_CAUSE_MEMORY, address, access);
    else
        return true;
    return false;
}

static void emulate_address(struct guest *guest, uint32_t word, uint32_t rd, uint32_t first)
{
    uint32_t place = 0;
    bool good = translate(guest, first, 1, &place);
    if (word >> 25 == 0 && !good) {
        trap(guest, PG74_CAUSE_MEMORY, first, LOAD);
        return;
    }
    set(guest, rd, word >> 25 == 0 ? place : good);
    guest->pc += 4;
}

static void emulate_machine(struct guest *guest, uint32_t word, uint32_t rd, uint32_t first, uint32_t second)
{
    guest->pc += 4;
    switch (word >> 25) {
    case 0: port_out(guest, first, second); break;
    case 1: set(guest, rd, pg74_machineid()); break;
    case 2: set(guest, rd, 0); break;
    case 3: guest->waiting = guest->pending == 0; break;
    default:
        guest->halted = true;
        guest->code = first;
    }
}

static void emulate_flags(struct guest *guest, uint32_t word, uint32_t rd, uint32_t first)
{
    guest->pc += 4;
    switch (word >> 25) {
    case 0: guest->flags = first & (USER | ENABLED); break;
    case 1: set(guest, rd, guest->flags); break;
    default:
        guest->flags |= USER;
        guest->pc = first;
    }
}

static void emulate_relocation(struct guest *guest, uint32_t word, uint32_t rd, uint32_t first, uint32_t second)
{
    guest->pc += 4;
    switch (word >> 25) {
    case 0:
        guest->base = first & ~15u;
        guest->bound = second & ~15u;
        break;
    case 1: set(guest, rd, guest->base); break;
    default: set(guest, rd, guest->bound);
    }
}

static void emulate(struct guest *guest, uint32_t word)
{
    uint32_t rd = word >> 7 & 31, first = guest->x[word >> 15 & 31], second = guest->x[word >> 20 & 31], place;
    switch (word >> 12 & 7) {
    case 0:
        if (psw_access(guest, word, LOAD, &place))
            load_psw(guest, physical(guest, place));
        break;
    case 1:
        if (psw_access(guest, word, STORE, &place)) {
            uint32_t *psw = physical(guest, place);
            psw[0] = guest->flags;
            psw[1] = guest->pc + 4;
            psw[2] = guest->base;
            psw[3] = guest->bound;
            guest->pc += 4;
        }
        break;
    case 2: emulate_flags(guest, word, rd, first); break;
    case 3: emulate_relocation(guest, word, rd, first, second); break;
    case 4: emulate_address(guest, word, rd, first); break;
    case 5:
        if (word >> 25 == 0) {
            guest->timer = first;
            guest->pending &= ~1u;
        } else {
            set(guest, rd, guest->timer);
        }
        guest->pc += 4;
        break;
    case 6:
        set(guest, rd, port_in(guest, first));
        guest->pc += 4;
        break;
    default: emulate_machine(guest, word, rd, first, second);
    }
}

/* ---- Time and turns ---------------------------------------------------------------------------------------------- */

static void pass_time(uint32_t instructions)
{
    for (uint32_t i = 0; i < guest_count; i++) {
        struct guest *guest = &guests[i];
        if ((guest != running && !guest->waiting) || guest->timer == 0)
            continue;
        guest->timer = guest->timer > instructions ? guest->timer - instructions : 0;
        if (guest->timer == 0)
            request(guest, PG74_CAUSE_TIMER);
    }
    if (running)
        running->instructions += instructions;
    slice_left = slice_left > instructions ? slice_left - instructions : 0;
}

static void stop_if_all_have_halted(void)
{
    uint32_t halted = 0, code = 0;
    for (uint32_t i = 0; i < guest_count; i++) {
        halted += guests[i].halted;
        if (code == 0)
            code = guests[i].code;
        if (guests[i].halted && !guests[i].told) {
            guests[i].told = true;
            pg74_out(guests[i].ports + PG74_PORT_REPORT_CODE, guests[i].code);
        }
    }
    if (halted == guest_count)
        pg74_halt(code);
}

static void choose(void)
{
    uint32_t last = running ? (uint32_t)(running - guests) : 0;
    if (running && slice_left > 0 && !running->waiting && !running->halted)
        return;
    running = 0;
    for (uint32_t i = 1; i <= guest_count && !running; i++) {
        struct guest *guest = &guests[(last + i) % guest_count];
        if (!guest->waiting && !guest->halted)
            running = guest;
    }
    slice_left = slice;
}

static uint32_t shortest_timer(void)
{
    uint32_t shortest = 0;
    for (uint32_t i = 0; i < guest_count; i++)
        if (!guests[i].halted && guests[i].timer && (shortest == 0 || guests[i].timer < shortest))
            shortest = guests[i].timer;
    return shortest;
}

/* The real PSW for the guest: its base moved into the partition, its bound cut off at the partition's end. */
static void compose(const struct guest *guest, volatile struct pg74_psw *psw)
{
    uint32_t room = guest->base < guest->size ? guest->size - guest->base : 0;
    psw->flags = USER | ENABLED;
    psw->pc = guest->pc;
    psw->base = room ? guest->start + guest->base : 0;
    psw->bound = guest->bound < room ? guest->bound : room;
}

_Noreturn static void go_on(void)
{
    volatile struct pg74_psw *psw = (volatile struct pg74_psw *)&pg74_trap_area.save[8];
    stop_if_all_have_halted();
    choose();
    if (!running) {
        psw->flags = ENABLED;
        psw->pc = (uint32_t)(uintptr_t)wait_here;
        psw->base = 0;
        psw->bound = pg74_boot_block.memory_size;
        timer_set = shortest_timer();
    } else {
        deliver_interrupts(running);
        compose(running, psw);
        for (int i = 1; i < 32; i++)
            frame[i] = running->x[i];
        timer_set = running->timer && running->timer < slice_left ? running->timer : slice_left;
    }
    enter_guest(timer_set ? timer_set + WAY_BACK : 0);
}

/* ---- Traps ------------------------------------------------------------------------------------------------------- */

/* The word at the guest's pc: it has just been fetched there. */
static uint32_t trapped_word(void)
{
    const volatile struct pg74_psw *old = &pg74_trap_area.old_psw;
    return *(const uint32_t *)(uintptr_t)(old->base + old->pc);
}

static void guest_trap(struct guest *guest, uint32_t cause)
{
    if (cause == PG74_CAUSE_PRIVILEGED && !(guest->flags & USER)) {
        emulate(guest, trapped_word());
        slice_left -= slice_left > 0; /* a guest that only traps must not keep the others waiting */
        return;
    }
    trap(guest, cause, pg74_trap_area.value, pg74_trap_area.access);
}

_Noreturn void monitor_trap(void)
{
    uint32_t cause = pg74_trap_area.cause, left = pg74_trap_area.save[2];
    if (running) {
        running->pc = pg74_trap_area.old_psw.pc;
        for (int i = 1; i < 32; i++)
            running->x[i] = frame[i];
    }
    if (timer_set)
        pass_time(cause == PG74_CAUSE_TIMER ? timer_set : left + 2 < timer_set ? timer_set - left - 2 : 0);
    if (cause >= PG74_CAUSE_TIMER) {
        for (uint32_t i = 0; i < guest_count; i++) {
            look_at_disk(&guests[i]);
            look_for_input(&guests[i]);
            look_for_frames(&guests[i]);
        }
    } else if (running) {
        guest_trap(running, cause);
    } else {
        pg74_halt(70);
    }
    go_on();
}

_Noreturn void monitor_main(void)
{
    guest_count = pg74_boot_block.guest_count;
    slice = pg74_boot_block.slice_limit / 2;
    for (uint32_t i = 0; i < guest_count; i++) {
        struct guest *guest = &guests[i];
        guest->start = pg74_boot_block.guests[i].start;
        guest->size = pg74_boot_block.guests[i].size;
        guest->memory = (uint8_t *)(uintptr_t)guest->start;
        guest->pc = pg74_boot_block.guests[i].entry;
        guest->bound = guest->size;
        guest->ports = i * PG74_PORT_UNIT;
    }
    pg74_trap_area.new_psw.flags = 0;
    pg74_trap_area.new_psw.pc = (uint32_t)(uintptr_t)trap_entry;
    pg74_trap_area.new_psw.base = 0;
    pg74_trap_area.new_psw.bound = pg74_boot_block.memory_size;
    go_on();
}
