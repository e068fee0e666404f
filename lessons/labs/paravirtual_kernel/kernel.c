/* kernel.c: the kernel. It is given, and knows nothing of what it runs on: that is behind platform.h.
 *
 * Processes have spaces of their own, take turns at every tick of the timer, and make system calls. Beside them the
 * kernel has a thread, which works in supervisor mode and is interrupted like a process. In the kernel itself
 * interrupts are masked, and its stack is empty whenever it is entered: it never waits in the middle of something.
 *
 * What there is to do stands in `workload`, and what has been done in `report`: whoever judges the kernel writes the
 * one before it starts, and reads the other when it has halted.
 *
 * SPDX-License-Identifier: MIT-0 */
#include "pg74.h"

#include <stddef.h>

#include "platform.h"

enum { USER = 0x100000, USER_PAGES = 64, MAP_PAGE = 32, MOST_FRAMES = 256 };
enum { MOST_PROCESSES = 8, AT_ONCE = 4, PROCESS_TRANSFERS = 24 };
enum { PROGRAM, DATA, PROGRAMS = 6, KILLED = 0xdead0000 };
enum { CALL_EXIT, CALL_YIELD, CALL_WRITE, CALL_MAP, CALL_UNMAP, CALL_TRANSFER, REFUSED = UINT32_MAX };
enum { PC = 0, A0 = 10, A1 = 11, A2 = 12, A3 = 13, A7 = 17 };
enum { RIGHTS_PROGRAM = ENTRY_VALID | ENTRY_READ | ENTRY_EXECUTE | ENTRY_USER,
       RIGHTS_DATA = ENTRY_VALID | ENTRY_READ | ENTRY_WRITE | ENTRY_USER };

struct task { uint32_t program, arguments[2]; };
struct workload {
    uint32_t lines, salt;        /* so many lines are printed first, by this number */
    uint32_t tick;               /* instructions between two ticks; 0: there are none */
    uint32_t rounds;             /* of the thread; 0: it does not start */
    uint32_t processes;
    struct task tasks[MOST_PROCESSES];
};
struct report {
    uint32_t ticks, transfers, calls, faults; /* system calls; pages that were touched for the first time */
    uint32_t journal_count, journal_sum;      /* of the thread and the ticks */
    uint32_t codes[MOST_PROCESSES];           /* of the processes */
};

/* So that there is something to see where nobody has said anything. */
volatile struct workload workload =
    {3, 74, 5000, 200, 4, {{0, {1, 3000}}, {1, {'a', 3}}, {2, {5, 6}}, {3, {9, 0x204}}}};
volatile struct report report;

enum state { NONE, READY, WAITING, ENDED };
struct process {
    struct context context;
    struct space space;
    enum state state;
    uint32_t frames[USER_PAGES]; /* physical addresses of its pages; 0: not there */
    struct transfer transfers[PROCESS_TRANSFERS];
    uint32_t under_way, failed;  /* of its transfers */
};

extern char image_end[];
extern const uint32_t programs[2 * PROGRAMS]; /* where each begins and ends */

static struct process processes[MOST_PROCESSES], thread; /* the thread has no space */
static struct process *running, *last;                   /* NULL: nobody; who had the last turn */
static uint8_t taken[MOST_FRAMES];
static uint32_t thread_stack[128];
static uint32_t started; /* processes: a few at once, another one when one ends */

/* ---- Words for people -------------------------------------------------------------------------------------------- */

static void print(const char *text, uint32_t number)
{
    char line[80];
    uint32_t length = 0;
    while (text[length] != '\0' && length < 60) {
        line[length] = text[length];
        length++;
    }
    for (int shift = 28; shift >= 0; shift -= 4)
        line[length++] = "0123456789abcdef"[number >> shift & 15];
    line[length++] = '\n';
    platform_write(line, length);
}

_Noreturn void kernel_stop(const char *why, uint32_t number)
{
    print(why, number);
    platform_halt(0xbad);
}

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

/* A physical address as a pointer; counted from the image, as GCC may take a pointer made of a number for none. */
static uint32_t *words(uint32_t physical)
{
    return (uint32_t *)(void *)(image_end + (physical - (uint32_t)(uintptr_t)image_end));
}

static uint32_t frame_take(void)
{
    uint32_t count = pg74_boot_block.memory_size / PAGE;
    for (uint32_t i = ((uint32_t)(uintptr_t)image_end + PAGE - 1) / PAGE; i < count && i < MOST_FRAMES; i++)
        if (!taken[i]) {
            taken[i] = 1;
            for (uint32_t word = 0; word < PAGE / 4; word++)
                words(i * PAGE)[word] = 0;
            return i * PAGE;
        }
    kernel_stop("kernel: memory is full ", 0);
}

static void frame_give_back(uint32_t frame)
{
    taken[frame / PAGE] = 0;
}

static void page_provide(struct process *process, uint32_t page, uint32_t rights)
{
    process->frames[page] = frame_take();
    platform_space_set(&process->space, USER / PAGE + page, process->frames[page], rights);
}

static void page_remove(struct process *process, uint32_t page)
{
    platform_space_set(&process->space, USER / PAGE + page, 0, 0);
    frame_give_back(process->frames[page]);
    process->frames[page] = 0;
}

/* Where a byte of a process's memory stands; 0: it has none there. */
static uint32_t physical_of(const struct process *process, uint32_t address)
{
    uint32_t page = (address - USER) / PAGE;
    bool there = address >= USER && page < USER_PAGES && process->frames[page] != 0;
    return there ? process->frames[page] + address % PAGE : 0;
}

/* ---- Processes --------------------------------------------------------------------------------------------------- */

static void process_start(void)
{
    if (started == workload.processes)
        return;
    struct process *process = &processes[started];
    const volatile struct task *task = &workload.tasks[started++];
    process->space.table = frame_take();
    process->space.bound = USER + USER_PAGES * PAGE;
    platform_space_open(&process->space);
    page_provide(process, PROGRAM, RIGHTS_PROGRAM);
    uint32_t start = programs[2 * task->program], end = programs[2 * task->program + 1];
    for (uint32_t at = start; at < end; at += 4)
        words(process->frames[PROGRAM])[(at - start) / 4] = *words(at);
    process->context.registers[PC] = USER;
    process->context.registers[A0] = task->arguments[0];
    process->context.registers[A1] = task->arguments[1];
    process->context.registers[A2] = USER + DATA * PAGE;
    process->state = READY;
}

static void process_end(struct process *process, uint32_t code)
{
    for (uint32_t page = 0; page < USER_PAGES; page++)
        if (process->frames[page] != 0)
            page_remove(process, page);
    platform_space_close(&process->space);
    frame_give_back(process->space.table);
    process->state = ENDED;
    report.codes[process - processes] = code;
    process_start();
}

/* ---- Whose turn it is -------------------------------------------------------------------------------------------- */

/* The thread stands behind the last process. */
static struct process *member(uint32_t number)
{
    return number < MOST_PROCESSES ? &processes[number] : &thread;
}

static struct process *next_in(enum state state)
{
    uint32_t first = last == NULL || last == &thread ? 0 : (uint32_t)(last - processes) + 1;
    for (uint32_t i = 0; i <= MOST_PROCESSES; i++) {
        struct process *process = member((first + i) % (MOST_PROCESSES + 1));
        if (process->state == state)
            return process;
    }
    return NULL;
}

static _Noreturn void finish(void)
{
    uint32_t code = report.journal_sum;
    for (uint32_t i = 0; i < MOST_PROCESSES; i++)
        code += report.codes[i];
    print("kernel: the end: ", code);
    platform_halt(code);
}

static _Noreturn void go_on(void)
{
    running = next_in(READY);
    if (running != NULL) {
        last = running;
        platform_run(&running->context, running == &thread ? NULL : &running->space);
    }
    if (next_in(WAITING) != NULL)
        platform_wait();
    finish();
}

/* ---- The thread -------------------------------------------------------------------------------------------------- */

static void work(void)
{
    for (volatile uint32_t i = 0; i < 8; i++)
        ;
}

/* The thread and every tick add to the journal. While the thread does, no tick may come in between. */
static _Noreturn void thread_start(void)
{
    for (uint32_t i = 1; i <= workload.rounds; i++) {
        platform_mask();
        uint32_t count = report.journal_count, sum = report.journal_sum;
        work();
        report.journal_count = count + 1;
        report.journal_sum = sum + i;
        platform_unmask();
        work();
    }
    platform_mask();
    thread.state = ENDED;
    go_on();
}

/* ---- System calls ------------------------------------------------------------------------------------------------ */

static uint32_t call_write(const struct process *process, uint32_t address, uint32_t length)
{
    uint32_t physical = physical_of(process, address);
    if (physical == 0 || address % PAGE + length > PAGE)
        return REFUSED;
    platform_write((const char *)words(physical), length);
    return length;
}

static uint32_t call_map(struct process *process, uint32_t count)
{
    if (count > USER_PAGES - MAP_PAGE)
        return REFUSED;
    for (uint32_t page = MAP_PAGE; page < MAP_PAGE + count; page++)
        if (process->frames[page] == 0)
            page_provide(process, page, RIGHTS_DATA);
    return USER + MAP_PAGE * PAGE;
}

static uint32_t call_unmap(struct process *process)
{
    for (uint32_t page = MAP_PAGE; page < USER_PAGES; page++)
        if (process->frames[page] != 0)
            page_remove(process, page);
    return 0;
}

/* The process waits until all its transfers have ended. */
static uint32_t call_transfer(struct process *process, const uint32_t *arguments)
{
    uint32_t count = arguments[3];
    if (count == 0 || count > PROCESS_TRANSFERS || arguments[2] % SECTOR != 0)
        return REFUSED;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t physical = physical_of(process, arguments[2] + i * SECTOR);
        if (physical == 0)
            return REFUSED;
        process->transfers[i] = (struct transfer){arguments[0], arguments[1] + i, physical, false};
    }
    process->state = WAITING;
    process->under_way = count;
    process->failed = 0;
    platform_disk_start(process->transfers, count);
    return 0;
}

static void system_call(struct process *process)
{
    uint32_t *registers = process->context.registers, result = 0;
    report.calls++;
    registers[PC] += 4; /* the pc that is saved is that of the ecall */
    switch (registers[A7]) {
    case CALL_EXIT: process_end(process, registers[A0]); return;
    case CALL_YIELD: break;
    case CALL_WRITE: result = call_write(process, registers[A0], registers[A1]); break;
    case CALL_MAP: result = call_map(process, registers[A0]); break;
    case CALL_UNMAP: result = call_unmap(process); break;
    case CALL_TRANSFER: result = call_transfer(process, &registers[A0]); break;
    default: result = REFUSED;
    }
    registers[A0] = result;
}

/* ---- Traps and interrupts ---------------------------------------------------------------------------------------- */

/* A page between the program and those of CALL_MAP is there when it is touched. */
static bool touched(struct process *process, uint32_t address)
{
    uint32_t page = (address - USER) / PAGE;
    if (address < USER || page < DATA || page >= MAP_PAGE || process->frames[page] != 0)
        return false;
    report.faults++;
    page_provide(process, page, RIGHTS_DATA);
    return true;
}

static void trap_of(struct process *process, uint32_t cause, uint32_t value)
{
    if (cause == PG74_CAUSE_SUPERVISOR_CALL)
        system_call(process);
    else if (cause != PG74_CAUSE_MEMORY || !touched(process, value))
        process_end(process, KILLED + cause);
}

static void tick(void)
{
    report.ticks++;
    report.journal_count++;
    report.journal_sum += 1000;
    platform_timer(workload.tick);
}

static void disk(void)
{
    for (struct transfer *transfer; (transfer = platform_disk_ended()) != NULL;)
        for (uint32_t i = 0; i < MOST_PROCESSES; i++) {
            struct process *process = &processes[i];
            if (transfer < process->transfers || transfer >= process->transfers + PROCESS_TRANSFERS)
                continue;
            report.transfers++;
            process->failed += transfer->failed;
            if (--process->under_way == 0) {
                process->context.registers[A0] = process->failed == 0 ? 0 : REFUSED;
                process->state = READY;
            }
        }
}

_Noreturn void kernel_trap(uint32_t cause, uint32_t value, bool from_user)
{
    if (cause == PG74_CAUSE_TIMER)
        tick();
    else if (cause == PG74_CAUSE_DISK)
        disk();
    else if (from_user && running != NULL && running != &thread)
        trap_of(running, cause, value);
    else
        kernel_stop("kernel: a trap of its own, cause ", cause);
    go_on();
}

/* ---- The start --------------------------------------------------------------------------------------------------- */

_Noreturn void kernel_start(void)
{
    platform_start();
    for (uint32_t i = 0; i < workload.lines; i++)
        print("kernel: line ", workload.salt * (i + 1));
    for (uint32_t i = 0; i < AT_ONCE; i++)
        process_start();
    if (workload.rounds != 0) {
        thread.context.registers[PC] = (uint32_t)(uintptr_t)thread_start;
        thread.context.registers[2] = (uint32_t)(uintptr_t)(thread_stack + sizeof thread_stack / sizeof *thread_stack);
        thread.state = READY;
    }
    if (workload.tick != 0)
        platform_timer(workload.tick);
    go_on();
}
