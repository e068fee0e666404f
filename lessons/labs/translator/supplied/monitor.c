/* monitor.c: the supplied monitor: start, turns, time, the ways into a guest, and what to do when it traps. */
#include "internal.h"

enum { WAY_BACK = 33, LEAST = 16, POLL = 64, TRAP = 16 };

extern const char trap_entry[], wait_here[];
_Noreturn void enter_guest(uint32_t timer);
_Noreturn void monitor_main(void);
_Noreturn void monitor_trap(void);

_Alignas(4096) uint32_t translation_cache[CACHE_WORDS];

static struct vcpu vcpus[PG74_MOST_GUESTS];
static struct vcpu *running;         /* NULL: all wait */
static bool in_cache;                /* the hardware executes translations of the one that runs */
static uint32_t guest_count, slice, slice_left, timer_set, executed;
static uint32_t nobody[32];          /* the registers while all wait */

_Noreturn void monitor_stop(const char *text)
{
    for (const char *at = text; *at != '\0'; at++)
        pg74_out(PG74_PORT_CONSOLE_OUTPUT, (uint32_t)*at);
    pg74_out(PG74_PORT_CONSOLE_OUTPUT, '\n');
    for (;;)
        pg74_halt(70);
}

/* ---- Time and turns ---------------------------------------------------------------------------------------------- */

/* A timer counts the instructions of its guest, and while that waits those of the others. In the cache the hardware
 * counts the translator's instructions with them, so time passes a little faster there. */
void pass_time(uint32_t instructions)
{
    for (uint32_t i = 0; i < guest_count; i++) {
        struct vcpu *vcpu = &vcpus[i];
        if ((vcpu != running && !vcpu->waiting) || vcpu->timer == 0)
            continue;
        vcpu->timer = vcpu->timer > instructions ? vcpu->timer - instructions : 0;
        if (vcpu->timer == 0)
            request(vcpu, PG74_CAUSE_TIMER);
    }
    if (running)
        running->instructions += instructions;
    slice_left = slice_left > instructions ? slice_left - instructions : 0;
}

static void stop_if_all_have_halted(void)
{
    uint32_t halted = 0, code = 0;
    for (uint32_t i = 0; i < guest_count; i++) {
        halted += vcpus[i].halted;
        if (code == 0)
            code = vcpus[i].code;
        if (vcpus[i].halted && !vcpus[i].told) {
            vcpus[i].told = true;
            pg74_out(vcpus[i].ports + PG74_PORT_REPORT_CODE, vcpus[i].code);
        }
    }
    if (halted == guest_count)
        pg74_halt(code);
}

static void choose(void)
{
    uint32_t last = running ? (uint32_t)(running - vcpus) : 0;
    if (running && slice_left > 0 && !running->waiting && !running->halted)
        return;
    running = 0;
    for (uint32_t i = 1; i <= guest_count && !running; i++) {
        struct vcpu *vcpu = &vcpus[(last + i) % guest_count];
        if (!vcpu->waiting && !vcpu->halted)
            running = vcpu;
    }
    slice_left = slice;
}

static void deliver_interrupts(struct vcpu *vcpu)
{
    for (uint32_t cause = PG74_CAUSE_TIMER; cause <= PG74_CAUSE_NETWORK; cause++) {
        if (!(vcpu->flags & ENABLED))
            return;
        if (vcpu->pending & 1u << (cause - 16)) {
            vcpu->pending &= ~(1u << (cause - 16));
            trap(vcpu, cause, 0, 0);
        }
    }
}

/* ---- The ways into a guest ---------------------------------------------------------------------------------------- */

_Noreturn static void enter(uint32_t flags, uint32_t pc, const uint32_t *table, uint32_t bound, uint32_t *registers)
{
    volatile struct pg74_psw *psw = (volatile struct pg74_psw *)&pg74_trap_area.save[8];
    psw->flags = flags;
    psw->pc = pc;
    psw->base = (uint32_t)(uintptr_t)table;
    psw->bound = bound;
    pg74_trap_area.save[3] = (uint32_t)(uintptr_t)registers;
    enter_guest(timer_set ? timer_set + WAY_BACK : 0);
}

_Noreturn static void wait_for_interrupt(void)
{
    timer_set = 0;
    for (uint32_t i = 0; i < guest_count; i++)
        if (!vcpus[i].halted && vcpus[i].timer && (timer_set == 0 || vcpus[i].timer < timer_set))
            timer_set = vcpus[i].timer;
    enter(ENABLED, (uint32_t)(uintptr_t)wait_here, 0, pg74_boot_block.memory_size, nobody);
}

static uint32_t until_timer(const struct vcpu *vcpu)
{
    return vcpu->timer && vcpu->timer < slice_left ? vcpu->timer : slice_left;
}

_Noreturn static void enter_user(struct vcpu *vcpu)
{
    uint32_t limit = vcpu->flags & TRANSLATED ? vcpu->bound : vcpu->size;
    prepare_shadow(vcpu);
    in_cache = false;
    timer_set = until_timer(vcpu);
    enter(USER | ENABLED | TRANSLATED, vcpu->guest.pc, vcpu->user_table, limit < CACHE ? limit & ~15u : CACHE,
          vcpu->guest.x);
}

/* An instruction may have become several words: so many are left to it that it comes to its end. */
_Noreturn static void enter_cache(struct vcpu *vcpu)
{
    uint32_t address = translator_enter(&vcpu->guest);
    if (address % 4 != 0 || address < CACHE || address >= CACHE + CACHE_WORDS * 4)
        monitor_stop("translator_enter: that is no word of the cache");
    in_cache = true;
    timer_set = until_timer(vcpu) > LEAST ? until_timer(vcpu) : LEAST;
    enter(USER | ENABLED | TRANSLATED, address, vcpu->kernel_table, CACHE + CACHE_WORDS * 4, vcpu->guest.x);
}

/* What neither the hardware nor the translator executes: kernels with translation on. */
static void execute_here(struct vcpu *vcpu)
{
    if (slice_left > 0)
        slice_left--; /* as a trap does */
    execute(vcpu);
    if (++executed % POLL == 0)
        for (uint32_t i = 0; i < guest_count; i++)
            look_at_devices(&vcpus[i]);
}

_Noreturn static void go_on(void)
{
    for (;;) {
        stop_if_all_have_halted();
        choose();
        if (!running)
            wait_for_interrupt();
        deliver_interrupts(running);
        if (running->flags & USER)
            enter_user(running);
        if (running->flags & TRANSLATED || running->guest.pc % 4 != 0 || running->guest.pc > running->size - 4)
            execute_here(running);
        else
            enter_cache(running);
    }
}

/* ---- Traps ------------------------------------------------------------------------------------------------------- */

void monitor_emulate(struct guest *guest)
{
    struct vcpu *vcpu = (struct vcpu *)guest;
    uint32_t word = load_physical(vcpu, guest->pc, 4), opcode = word & 127;
    if (opcode != (monitor_call_out & 127) && opcode != 0x6f && opcode != 0x67 && opcode != 0x63)
        monitor_stop("monitor_emulate: neither a system instruction nor a jump");
    execute(vcpu);
}

/* A word of the cache has trapped: can it be a translation of this word of the guest's? */
static bool is_plausible(uint32_t cause, uint32_t word)
{
    uint32_t opcode = word & 127;
    bool is_access = opcode == 0x03 || opcode == 0x23, is_jump = opcode == 0x63 || opcode == 0x67 || opcode == 0x6f;
    switch (cause) {
    case PG74_CAUSE_MEMORY: return is_access;
    case PG74_CAUSE_MISALIGNED: return is_access || is_jump;
    case PG74_CAUSE_SUPERVISOR_CALL: return word == 0x73;
    case PG74_CAUSE_BREAKPOINT: return word == 0x100073;
    default: return !is_legal(word);
    }
}

static void trap_in_cache(struct vcpu *vcpu, uint32_t cause, uint32_t address)
{
    if (cause == PG74_CAUSE_PRIVILEGED) {
        translator_call_out(&vcpu->guest, address);
        vcpu->guest.x[0] = 0;
        return;
    }
    if (!is_plausible(cause, load_physical(vcpu, vcpu->guest.pc, 4)))
        monitor_stop("translator_guest_pc: the instruction there does not trap like this");
    execute(vcpu);
}

static void trap_in_user(struct vcpu *vcpu, uint32_t cause)
{
    if (cause != PG74_CAUSE_MEMORY || !fill_shadow(vcpu, pg74_trap_area.value, pg74_trap_area.access))
        execute(vcpu);
}

_Noreturn void monitor_trap(void)
{
    uint32_t cause = pg74_trap_area.cause, left = pg74_trap_area.save[2], address = pg74_trap_area.old_psw.pc;
    if (!(pg74_trap_area.old_psw.flags & USER) && (running || cause < PG74_CAUSE_TIMER))
        monitor_stop("a trap in the translator itself");
    if (running)
        running->guest.pc = in_cache ? translator_guest_pc(&running->guest, address) : address;
    if (timer_set)
        pass_time(cause == PG74_CAUSE_TIMER ? timer_set : left + 2 < timer_set ? timer_set - left - 2 : 0);
    slice_left = slice_left > TRAP ? slice_left - TRAP : 0; /* or who does nothing but trap would keep the machine */
    if (cause >= PG74_CAUSE_TIMER)
        for (uint32_t i = 0; i < guest_count; i++)
            look_at_devices(&vcpus[i]);
    else if (in_cache)
        trap_in_cache(running, cause, address);
    else
        trap_in_user(running, cause);
    go_on();
}

/* ---- The start --------------------------------------------------------------------------------------------------- */

static void make_guest(struct vcpu *vcpu, uint32_t number)
{
    vcpu->guest.number = number;
    vcpu->guest.pc = pg74_boot_block.guests[number].entry;
    vcpu->start = pg74_boot_block.guests[number].start;
    vcpu->size = pg74_boot_block.guests[number].size;
    vcpu->memory = (uint8_t *)(uintptr_t)vcpu->start;
    vcpu->bound = vcpu->size & ~15u;
    vcpu->ports = number * PG74_PORT_UNIT;
    if (vcpu->size > CACHE)
        monitor_stop("this monitor's guests have 4 MiB of memory at most");
    make_kernel_table(vcpu);
}

_Noreturn void monitor_main(void)
{
    guest_count = pg74_boot_block.guest_count;
    slice = pg74_boot_block.slice_limit / 2;
    pg74_trap_area.new_psw.flags = 0;
    pg74_trap_area.new_psw.pc = (uint32_t)(uintptr_t)trap_entry;
    pg74_trap_area.new_psw.base = 0;
    pg74_trap_area.new_psw.bound = pg74_boot_block.memory_size;
    for (uint32_t i = 0; i < guest_count; i++)
        make_guest(&vcpus[i], i);
    translator_start();
    go_on();
}
