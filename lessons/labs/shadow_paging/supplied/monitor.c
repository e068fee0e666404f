/* monitor.c: a trap-and-emulate monitor for pg74p, but for its shadow page tables: those are the students' part.
 *
 *     monitor.c   traps, time and turns       emulate.c   instructions       devices.c   devices
 *
 * SPDX-License-Identifier: MIT-0 */
#include "monitor.h"

enum { WAY_BACK = 33, LAST_CAUSE = 19, HALT_FAULT = 70, HALT_WRONG = 71 };
enum { TRAP_AREA = 0x40, TRAP_AREA_WORDS = 11 };

extern const char trap_entry[], wait_here[];
_Noreturn void enter_guest(uint32_t timer);
_Noreturn void monitor_main(void);
_Noreturn void monitor_trap(void);

static struct processor processors[PG74_MOST_GUESTS];
static struct processor *running;    /* NULL: all wait */
static uint32_t nobodys[32];         /* registers, while all wait */
static uint32_t guest_count, slice, slice_left, timer_set;
uint32_t shadow_pool[SHADOW_TABLES][SHADOW_PAGES] __attribute__((aligned(4096)));

/* ---- The guest's memory ------------------------------------------------------------------------------------------ */

uint32_t guest_word(const struct guest *guest, uint32_t physical)
{
    return physical < guest->size ? *words_at(&processors[guest->number], physical & ~3u) : 0;
}

/* Addresses from here on are not there. */
static uint32_t limit_of(const struct guest *guest)
{
    return guest->flags & FLAG_TRANSLATE ? guest->bound : guest->size;
}

bool reach(const struct guest *guest, uint32_t address, uint32_t size, uint32_t access, uint32_t *place)
{
    uint32_t limit = limit_of(guest);
    if (size > limit || address > limit - size)
        return false;
    *place = address;
    if (!(guest->flags & FLAG_TRANSLATE))
        return true;
    return shadow_walk(guest, address, access, guest->flags & FLAG_USER, place) && *place <= guest->size - size;
}

/* ---- The virtual trap -------------------------------------------------------------------------------------------- */

void load_psw(struct processor *processor, const uint32_t *psw)
{
    processor->guest.flags = psw[0] & (FLAG_USER | FLAG_ENABLED | FLAG_TRANSLATE);
    processor->pc = psw[1];
    processor->guest.base = psw[2] & ~15u;
    processor->guest.bound = psw[3] & ~15u;
}

void trap(struct processor *processor, uint32_t cause, uint32_t value, uint32_t access)
{
    volatile struct pg74_trap_area *area = (struct pg74_trap_area *)words_at(processor, TRAP_AREA);
    const struct guest *guest = &processor->guest;
    area->old_psw.flags = guest->flags;
    area->old_psw.pc = processor->pc;
    area->old_psw.base = guest->base;
    area->old_psw.bound = guest->bound;
    area->cause = cause;
    area->value = value;
    area->access = access;
    load_psw(processor, words_at(processor, TRAP_AREA + 16));
    shadow_stored(guest, TRAP_AREA, 4 * TRAP_AREA_WORDS);
}

static void deliver_interrupts(struct processor *processor)
{
    for (uint32_t cause = 16; cause <= LAST_CAUSE; cause++) {
        if (!(processor->guest.flags & FLAG_ENABLED))
            return;
        if (processor->pending & 1u << (cause - 16)) {
            processor->pending &= ~(1u << (cause - 16));
            trap(processor, cause, 0, 0);
        }
    }
}

void request(struct processor *processor, uint32_t cause)
{
    processor->pending |= 1u << (cause - 16);
    processor->waiting = false;
}

/* ---- Time and turns ---------------------------------------------------------------------------------------------- */

static void pass_time(uint32_t instructions)
{
    for (uint32_t i = 0; i < guest_count; i++) {
        struct processor *processor = &processors[i];
        if ((processor != running && !processor->waiting) || processor->timer == 0)
            continue;
        processor->timer = processor->timer > instructions ? processor->timer - instructions : 0;
        if (processor->timer == 0)
            request(processor, PG74_CAUSE_TIMER);
    }
    if (running)
        running->instructions += instructions;
    slice_left = slice_left > instructions ? slice_left - instructions : 0;
}

static void stop_if_all_have_halted(void)
{
    uint32_t halted = 0, code = 0;
    for (uint32_t i = 0; i < guest_count; i++) {
        struct processor *processor = &processors[i];
        halted += processor->halted;
        if (code == 0)
            code = processor->code;
        if (processor->halted && !processor->told) {
            processor->told = true;
            pg74_out(processor->ports + PG74_PORT_REPORT_CODE, processor->code);
        }
    }
    if (halted == guest_count)
        pg74_halt(code);
}

static void choose(void)
{
    uint32_t last = running ? (uint32_t)(running - processors) : 0;
    if (running && slice_left > 0 && !running->waiting && !running->halted)
        return;
    running = 0;
    for (uint32_t i = 1; i <= guest_count && !running; i++) {
        struct processor *processor = &processors[(last + i) % guest_count];
        if (!processor->waiting && !processor->halted)
            running = processor;
    }
    slice_left = slice;
}

static uint32_t shortest_timer(void)
{
    uint32_t shortest = 0;
    for (uint32_t i = 0; i < guest_count; i++)
        if (!processors[i].halted && processors[i].timer && (shortest == 0 || processors[i].timer < shortest))
            shortest = processors[i].timer;
    return shortest;
}

/* The real PSW for a guest: user mode, and translation by the shadow table. */
static void compose(const struct processor *processor, volatile struct pg74_psw *psw)
{
    uint32_t limit = limit_of(&processor->guest);
    psw->flags = FLAG_USER | FLAG_ENABLED | FLAG_TRANSLATE;
    psw->pc = processor->pc;
    psw->base = (uint32_t)(uintptr_t)shadow_table(&processor->guest);
    psw->bound = limit < SHADOW_PAGES * PAGE ? limit : SHADOW_PAGES * PAGE;
}

_Noreturn static void go_on(void)
{
    volatile struct pg74_psw *psw = (volatile struct pg74_psw *)&pg74_trap_area.save[8];
    stop_if_all_have_halted();
    choose();
    if (!running) {
        psw->flags = FLAG_ENABLED;
        psw->pc = (uint32_t)(uintptr_t)wait_here;
        psw->base = 0;
        psw->bound = 0;
        timer_set = shortest_timer();
    } else {
        deliver_interrupts(running);
        compose(running, psw);
        timer_set = running->timer && running->timer < slice_left ? running->timer : slice_left;
    }
    pg74_trap_area.save[3] = (uint32_t)(uintptr_t)(running ? running->x : nobodys);
    enter_guest(timer_set ? timer_set + WAY_BACK : 0);
}

/* ---- Traps ------------------------------------------------------------------------------------------------------- */

/* shadow.c has said what cannot be: on the guest's console, where a student sees it. */
_Noreturn static void wrong(const char *text)
{
    while (*text != '\0')
        pg74_out(running->ports + PG74_PORT_CONSOLE_OUTPUT, (uint32_t)*text++);
    pg74_halt(HALT_WRONG);
}

static void check_filled(const struct processor *processor, uint32_t address, uint32_t access)
{
    uint32_t right = access == FETCH ? ENTRY_EXECUTE : access == STORE ? ENTRY_WRITE : ENTRY_READ;
    uint32_t wanted = ENTRY_VALID | ENTRY_USER | right | (access == STORE ? ENTRY_READ : 0);
    uint32_t entry = shadow_table(&processor->guest)[address / PAGE];
    if ((entry & wanted) != wanted)
        wrong("shadow_fill: SHADOW_FILLED, and the hardware's entry does not allow it\n");
}

/* The word at the guest's pc, where the hardware has fetched it. */
static bool fetch(struct processor *processor, uint32_t *word)
{
    uint32_t place;
    if (!reach(&processor->guest, processor->pc, 4, FETCH, &place)) {
        trap(processor, PG74_CAUSE_MEMORY, processor->pc, FETCH);
        return false;
    }
    *word = *words_at(processor, place);
    return true;
}

/* The hardware's table, or its bound, does not allow an access. */
static void handle_memory(struct processor *processor, uint32_t address, uint32_t access)
{
    enum shadow_answer answer = SHADOW_EMULATE;
    uint32_t word;
    if (address >= limit_of(&processor->guest)) {
        trap(processor, PG74_CAUSE_MEMORY, address, access);
        return;
    }
    if (address / PAGE < SHADOW_PAGES)
        answer = shadow_fill(&processor->guest, address, access);
    if (answer == SHADOW_FORBIDDEN)
        trap(processor, PG74_CAUSE_MEMORY, address, access);
    else if (answer == SHADOW_FILLED)
        check_filled(processor, address, access);
    else if (fetch(processor, &word) && !emulate_access(processor, word))
        wrong("shadow_fill: SHADOW_EMULATE is for loads and stores alone\n");
}

static void handle(struct processor *processor, uint32_t cause)
{
    uint32_t value = pg74_trap_area.value, access = pg74_trap_area.access;
    if (cause == PG74_CAUSE_MEMORY)
        handle_memory(processor, value, access);
    else if (cause == PG74_CAUSE_PRIVILEGED && !(processor->guest.flags & FLAG_USER))
        emulate(processor, value);
    else
        trap(processor, cause, value, access);
}

_Noreturn void monitor_trap(void)
{
    uint32_t cause = pg74_trap_area.cause, left = pg74_trap_area.save[2];
    if (!(pg74_trap_area.old_psw.flags & FLAG_USER) && running)
        wrong("the monitor has trapped itself, perhaps in shadow.c\n");
    if (running)
        running->pc = pg74_trap_area.old_psw.pc;
    if (timer_set)
        pass_time(cause == PG74_CAUSE_TIMER ? timer_set : left + 2 < timer_set ? timer_set - left - 2 : 0);
    if (cause >= PG74_CAUSE_TIMER) {
        for (uint32_t i = 0; i < guest_count; i++)
            look_at_devices(&processors[i]);
    } else if (running) {
        handle(running, cause);
        slice_left -= slice_left > 0; /* a guest that only traps must not keep the others waiting */
    } else {
        pg74_halt(HALT_FAULT);
    }
    go_on();
}

_Noreturn void monitor_main(void)
{
    guest_count = pg74_boot_block.guest_count;
    slice = pg74_boot_block.slice_limit / 2;
    for (uint32_t i = 0; i < guest_count; i++) {
        struct processor *processor = &processors[i];
        struct guest *guest = &processor->guest;
        guest->number = i;
        guest->start = pg74_boot_block.guests[i].start;
        guest->size = pg74_boot_block.guests[i].size;
        guest->bound = guest->size;
        processor->memory = (uint8_t *)(uintptr_t)guest->start;
        processor->pc = pg74_boot_block.guests[i].entry;
        processor->ports = i * PG74_PORT_UNIT;
        if (guest->size > MOST_FRAMES * PAGE)
            pg74_halt(HALT_FAULT);
    }
    pg74_trap_area.new_psw.flags = 0;
    pg74_trap_area.new_psw.pc = (uint32_t)(uintptr_t)trap_entry;
    go_on();
}
