/* kernel.c: the heart of the nucleus: it starts the processes of the image, and at every trap decides what the
 * processor does next. */
#include <pg74.h>

#include "nucleus.h"

enum { KERNEL_FAILED = 255 }; /* halt code of a kernel that cannot go on */

/* Which process runs (NULL while the processor waits), and how often the timer has interrupted. */
static struct process *current;
static uint32_t ticks;
static bool ticking;

_Noreturn void kernel_start(void);

uint32_t kernel_ticks(void)
{
    return ticks;
}

/* All processes have ended. What they wrote may still be on its way to the disk. */
static _Noreturn void finish(void)
{
    if (disk_busy())
        machine_wait();
    uint32_t failed = process_summary();
    machine_halt(failed);
}

/* The timer ticks while somebody can be preempted or sleeps; else it would only keep an idle processor from resting. */
static void keep_ticking(bool wanted)
{
    if (wanted && !ticking)
        machine_set_timer(TICK);
    else if (!wanted && ticking)
        machine_set_timer(0);
    ticking = wanted;
}

/* Leaves the kernel: the same process goes on unless it cannot, or another one is to have its turn. */
static _Noreturn void leave(bool preempt)
{
    if (!process_anybody(PROCESS_READY) && !process_anybody(PROCESS_WAITING)) {
        keep_ticking(false);
        finish();
    }
    if (current == NULL || current->state != PROCESS_READY || preempt)
        current = process_next(current);
    keep_ticking(current != NULL || process_anybody_waits(WAIT_TICKS) || process_anybody_waits(WAIT_NETWORK));
    if (current == NULL)
        machine_wait();
    machine_run(&current->context, &current->space);
}

static void describe(char *buffer, uint32_t size, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    format_text(buffer, size, format, arguments);
    va_end(arguments);
}

/* Traps that a process did not want: each says what happened, and where. */
static void fault(struct process *process, uint32_t cause, uint32_t value, uint32_t access)
{
    static const char *const kinds[] = {"access", "fetch", "load", "store"};
    const char *kind = kinds[access & 3];
    uint32_t pc = process->context.registers[CONTEXT_PC];
    char why[96];
    switch (cause) {
    case PG74_CAUSE_MEMORY:
        if (machine_owns(&process->space, value, 1, false))
            describe(why, sizeof why, "%s that its page forbids, address %08x at pc %08x", kind, value, pc);
        else
            describe(why, sizeof why, "%s outside its memory, address %08x at pc %08x", kind, value, pc);
        break;
    case PG74_CAUSE_MISALIGNED:
        describe(why, sizeof why, "misaligned %s, address %08x at pc %08x", kind, value, pc);
        break;
    case PG74_CAUSE_PRIVILEGED:
        describe(why, sizeof why, "privileged instruction %08x at pc %08x", value, pc);
        break;
    case PG74_CAUSE_ILLEGAL:
        describe(why, sizeof why, "illegal instruction %08x at pc %08x", value, pc);
        break;
    case PG74_CAUSE_BREAKPOINT:
        describe(why, sizeof why, "breakpoint at pc %08x", pc);
        break;
    default:
        describe(why, sizeof why, "trap %u at pc %08x", cause, pc);
        break;
    }
    process_kill(process, why);
}

_Noreturn void kernel_trap(uint32_t cause, uint32_t value, uint32_t access, bool from_process)
{
    bool preempt = false;
    disk_new_call();
    switch (cause) {
    case PG74_CAUSE_TIMER:
        ticks++;
        machine_set_timer(TICK);
        process_wake_sleepers(ticks);
        preempt = true;
        break;
    case PG74_CAUSE_CONSOLE:
        console_interrupt();
        process_wake(WAIT_INPUT);
        break;
    case PG74_CAUSE_DISK:
        disk_interrupt();
        process_wake(WAIT_DISK);
        break;
    case PG74_CAUSE_NETWORK:
        process_wake(WAIT_NETWORK);
        break;
    default:
        /* Not an interrupt: the processor itself trapped. In the kernel that is a fault of the kernel. */
        if (!from_process) {
            console_print("nucleus: trap %u in the kernel, value %08x", cause, value);
            machine_halt(KERNEL_FAILED);
        }
        if (cause == PG74_CAUSE_SUPERVISOR_CALL)
            preempt = system_call(current);
        else if (cause != PG74_CAUSE_MEMORY || !machine_space_touch(&current->space, value))
            fault(current, cause, value, access);
        break;
    }
    leave(preempt);
}

_Noreturn void kernel_start(void)
{
    machine_start();
    disk_start();
    console_print("nucleus: %u bytes of memory, %u disk sectors", machine_memory_size(), disk_size());
    for (const struct image_process *process = image_processes; process->name != NULL; process++)
        if (process_start(process->name, process->program, process->argument) < 0) {
            console_print("nucleus: cannot start %s", process->name);
            machine_halt(KERNEL_FAILED);
        }
    leave(false);
}
