/* nucleus.h: what the files of the nucleus know of each other. docs/nucleus.md says in which order to read them.
 *
 * The kernel is entered by a trap, works to the end with interrupts disabled, and leaves by continuing a process. It
 * has one stack, empty at each entry. So a system call that must wait cannot be suspended half way: it is *begun
 * again*. The saved pc of a process in a system call is that of its ecall; while the call has to wait, the kernel
 * leaves it there, and the woken process simply executes the ecall once more. A call must therefore change nothing
 * before it is sure to end. / */
#ifndef NUCLEUS_NUCLEUS_H
#define NUCLEUS_NUCLEUS_H

#include "machine.h"
#include "programs/system_calls.h"

#ifndef NUCLEUS_TICK
#define NUCLEUS_TICK 10000
#endif

enum {
    MOST_PROCESSES = 24,
    PROCESS_NAME_SIZE = 16,
    LINE_SIZE = 120,   /* longer lines of a process are broken */
    TICK = NUCLEUS_TICK, /* instructions between timer interrupts: the time slice, and the unit of sleep and time */
};

/* ---- Processes: process.c --------------------------------------------------------------------------------------- */

enum process_state { PROCESS_NONE, PROCESS_READY, PROCESS_WAITING, PROCESS_ENDED };
enum wait_reason { WAIT_TICKS, WAIT_INPUT, WAIT_DISK, WAIT_PROCESS, WAIT_NETWORK };

struct process {
    struct context context;
    struct address_space space;
    enum process_state state;
    enum wait_reason reason; /* while PROCESS_WAITING */
    uint32_t wake_tick;      /* for WAIT_TICKS */
    uint32_t give_up_tick;   /* for WAIT_NETWORK; 0: it is not in such a call */
    uint32_t code, calls;    /* exit code; system calls completed */
    bool killed;
    bool collected; /* somebody has waited for its end: its place in the table can be taken */
    char name[PROCESS_NAME_SIZE];
    char line[LINE_SIZE]; /* output of which the end of the line has not come yet */
    uint32_t line_length;
};

/* Makes a process of a program of this image. Returns its number, or -1: no such program, no memory, too many. */
int32_t process_start(const char *name, const char *program, uint32_t argument);
struct process *process_number(uint32_t number); /* NULL when there is none */
void process_end(struct process *process, uint32_t code);
void process_kill(struct process *process, const char *why); /* and says so on the console */
void process_wait(struct process *process, enum wait_reason reason);
void process_wake(enum wait_reason reason);  /* all that wait for it */
void process_wake_sleepers(uint32_t ticks);  /* whose time has come */
bool process_anybody(enum process_state state); /* is any process in this state? */
bool process_anybody_waits(enum wait_reason reason);
/* The next process that is ready, round robin after `process`; NULL when none is. */
struct process *process_next(const struct process *process);
uint32_t process_summary(void); /* prints a line for each; returns how many failed */

/* ---- Kernel: kernel.c ------------------------------------------------------------------------------------------- */

uint32_t kernel_ticks(void);

/* ---- System calls: system_call.c -------------------------------------------------------------------------------- */

/* Executes the call that the process's registers ask for, or makes the process wait for it. True: others go first
 * now. */
bool system_call(struct process *process);

/* ---- Console: console.c ----------------------------------------------------------------------------------------- */

/* A line of the kernel's own. */
void console_print(const char *format, ...);
/* Output of a process: whole lines go out, each after "[NAME] ". */
void console_write(struct process *process, const char *bytes, uint32_t length);
void console_flush(struct process *process); /* the line that was not ended */
/* Takes a line of input, or the `length` bytes that there is room for. Returns the number of bytes, 0 at the end of
 * input, or -1: not there yet, wait for WAIT_INPUT. */
int32_t console_read(char *bytes, uint32_t length);
void console_interrupt(void);

/* ---- Disk: disk.c ----------------------------------------------------------------------------------------------- */

enum disk_result { DISK_OK, DISK_WAIT, DISK_FAILED };

void disk_start(void);
uint32_t disk_size(void); /* in sectors */
void disk_new_call(void); /* a system call begins: buffers that earlier ones used may be taken from now on */
/* Finds the buffer of a sector: its bytes, good until the system call ends. `whole`: the caller will write all of
 * it, so it need not be read first. DISK_WAIT: it is on its way, wait for WAIT_DISK. */
enum disk_result disk_sector(uint32_t sector, bool whole, uint8_t **bytes);
void disk_changed(uint32_t sector); /* the buffer was written to: the disk gets it in due course */
bool disk_busy(void);               /* is something still on its way? */
void disk_interrupt(void);

/* ---- Network: network.c ----------------------------------------------------------------------------------------- */

/* The frame goes out at once; false when its length is wrong. The first call of any of these makes the machine
 * listen. */
bool network_send(const uint8_t *frame, uint32_t length);
/* The next frame, FRAME_SIZE bytes at most. Returns its length, or 0: none has come, wait for WAIT_NETWORK. */
uint32_t network_receive(uint8_t frame[FRAME_SIZE]);
uint32_t network_station(void);

/* ---- Files: file.c ---------------------------------------------------------------------------------------------- */

/* As in programs/process.h; `address` is the process's. *result is what the call gives. */
enum disk_result file_read(struct process *process, const char *name, uint32_t offset, uint32_t address,
                           uint32_t length, int32_t *result);
enum disk_result file_write(struct process *process, const char *name, uint32_t offset, uint32_t address,
                            uint32_t length, int32_t *result);
enum disk_result file_name(uint32_t index, char name[FILE_NAME_SIZE], int32_t *result);

/* ---- The image: image.c and programs.S -------------------------------------------------------------------------- */

struct program {
    const char *name;
    const uint32_t *start; /* the program as it is to stand at PROGRAM_START: its header first */
    const uint32_t *end;
};
enum { PROGRAM_START = 0x4000 };
struct program_header { /* programs/start.S */
    uint32_t magic, entry, end, stack;
    uint32_t data; /* what lies below, from PROGRAM_START on, is only read and executed */
};
extern const struct program image_programs[]; /* ends with a NULL name */

struct image_process {
    const char *name, *program;
    uint32_t argument;
};
extern const struct image_process image_processes[]; /* those to start with; ends with a NULL name */

#endif
