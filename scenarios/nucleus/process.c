/* process.c: the table of processes: starting, ending, waiting, choosing the next. */
#include "nucleus.h"

static struct process processes[MOST_PROCESSES];

/* Processes whose place in the table was taken by later ones, and how many of them failed. */
static uint32_t forgotten, forgotten_failed;

/* ---- Starting --------------------------------------------------------------------------------------------------- */

static const struct program *find_program(const char *name)
{
    for (const struct program *program = image_programs; program->name != NULL; program++)
        if (text_equal(program->name, name))
            return program;
    return NULL;
}

static bool has_failed(const struct process *process)
{
    return process->killed || process->code != 0;
}

/* A place in the table: one that nobody had yet, or else one whose process nobody can ask about any more. */
static uint32_t find_number(void)
{
    for (uint32_t number = 0; number < MOST_PROCESSES; number++)
        if (processes[number].state == PROCESS_NONE)
            return number;
    for (uint32_t number = 0; number < MOST_PROCESSES; number++)
        if (processes[number].state == PROCESS_ENDED && processes[number].collected)
            return number;
    return MOST_PROCESSES;
}

int32_t process_start(const char *name, const char *program_name, uint32_t argument)
{
    const struct program *program = find_program(program_name);
    uint32_t number = find_number();
    if (program == NULL || number == MOST_PROCESSES)
        return -1;

    const struct program_header *header = (const void *)program->start;
    uint32_t size = (uint32_t)(program->end - program->start) * sizeof program->start[0];
    struct address_space space;
    if (header->magic != PROGRAM_MAGIC || !machine_space_make(&space, header->end))
        return -1;
    if (!machine_copy_to(&space, PROGRAM_START, program->start, size)) {
        machine_space_free(&space);
        return -1;
    }
    machine_space_protect(&space, PROGRAM_START, header->data);

    struct process *process = &processes[number];
    forgotten += process->state == PROCESS_ENDED;
    forgotten_failed += process->state == PROCESS_ENDED && has_failed(process);
    memset(process, 0, sizeof *process);
    text_copy(process->name, sizeof process->name, name);
    process->space = space;
    process->context.registers[CONTEXT_PC] = header->entry;
    process->context.registers[CONTEXT_SP] = header->stack;
    process->context.registers[CONTEXT_A0] = argument;
    process->state = PROCESS_READY;
    return (int32_t)number;
}

struct process *process_number(uint32_t number)
{
    return number < MOST_PROCESSES && processes[number].state != PROCESS_NONE ? &processes[number] : NULL;
}

/* ---- Ending ----------------------------------------------------------------------------------------------------- */

void process_end(struct process *process, uint32_t code)
{
    console_flush(process);
    process->state = PROCESS_ENDED;
    machine_space_free(&process->space);
    process->code = code;
    process_wake(WAIT_PROCESS);
}

void process_kill(struct process *process, const char *why)
{
    console_flush(process);
    console_print("[%s] killed: %s", process->name, why);
    process->killed = true;
    process_end(process, UINT32_MAX);
}

/* Nothing that is printed here depends on timing: a monitor may cut time differently than the bare machine. */
uint32_t process_summary(void)
{
    uint32_t count = forgotten, failed = forgotten_failed;
    if (forgotten > 0)
        console_print("nucleus: %u processes that ended earlier", forgotten);
    for (unsigned i = 0; i < MOST_PROCESSES; i++) {
        const struct process *process = &processes[i];
        if (process->state == PROCESS_NONE)
            continue;
        count++;
        failed += has_failed(process);
        if (process->killed)
            console_print("nucleus: %-12s killed, %u system calls", process->name, process->calls);
        else
            console_print("nucleus: %-12s exit code %u, %u system calls", process->name, process->code, process->calls);
    }
    console_print("nucleus: %u processes, %u failed", count, failed);
    return failed;
}

/* ---- Waiting ---------------------------------------------------------------------------------------------------- */

void process_wait(struct process *process, enum wait_reason reason)
{
    process->state = PROCESS_WAITING;
    process->reason = reason;
}

static void wake_if(struct process *process, bool wake)
{
    if (process->state == PROCESS_WAITING && wake)
        process->state = PROCESS_READY;
}

/* Those who find that it was not their event after all will wait again: their system call begins again. */
void process_wake(enum wait_reason reason)
{
    for (unsigned i = 0; i < MOST_PROCESSES; i++)
        wake_if(&processes[i], processes[i].reason == reason);
}

static bool is_over(const struct process *process, uint32_t ticks)
{
    return (process->reason == WAIT_TICKS && (int32_t)(ticks - process->wake_tick) >= 0) ||
           (process->reason == WAIT_NETWORK && (int32_t)(ticks - process->give_up_tick) >= 0);
}

void process_wake_sleepers(uint32_t ticks)
{
    for (unsigned i = 0; i < MOST_PROCESSES; i++)
        wake_if(&processes[i], is_over(&processes[i], ticks));
}

/* ---- Choosing --------------------------------------------------------------------------------------------------- */

bool process_anybody(enum process_state state)
{
    for (unsigned i = 0; i < MOST_PROCESSES; i++)
        if (processes[i].state == state)
            return true;
    return false;
}

bool process_anybody_waits(enum wait_reason reason)
{
    for (unsigned i = 0; i < MOST_PROCESSES; i++)
        if (processes[i].state == PROCESS_WAITING && processes[i].reason == reason)
            return true;
    return false;
}

struct process *process_next(const struct process *process)
{
    unsigned start = process == NULL ? MOST_PROCESSES - 1 : (unsigned)(process - processes);
    for (unsigned step = 1; step <= MOST_PROCESSES; step++) {
        struct process *next = &processes[(start + step) % MOST_PROCESSES];
        if (next->state == PROCESS_READY)
            return next;
    }
    return NULL;
}
