/* internal.h: what the files of machine/ share. Private to the folder.
 *
 * A step is one of: an interrupt taken; a trap taken; an instruction retired. Fuel counts steps. machine_step
 * executes exactly one and is the only place where the order of things is written down (step.c); time.c alone says
 * when something is due. An engine is a way to execute many plain instructions fast between two steps of that kind;
 * it may do more by itself, by calling the same functions. So the engines cannot disagree about time, traps, devices
 * or events. */
#ifndef PG74_MACHINE_INTERNAL_H
#define PG74_MACHINE_INTERNAL_H

#include <stdatomic.h>

#include "machine/machine.h"

/* ---- Engines ----------------------------------------------------------------------------------------------------- */

/* A way to execute. Whatever it is, a generator of host code say, nobody but the table of engines in machine.c knows
 * it. */
struct machine_engine_operations {
    const char *name;
    void *(*create)(struct machine *machine); /* the state, memory and cost table are there already */
    void (*destroy)(void *engine);

    /* Executes at most `limit` > 0 steps from the state in machine->state, and leaves there the state after them. It
     * may return at any step. After none it returns only when it wants machine_step to do the next one, which
     * machine_run then calls. When it is called:
     *   - the machine is neither halted nor waiting, and no interrupt will be taken before the next instruction;
     *   - nothing becomes due while `limit` instructions retire, except at the end of the last.
     * Its duties:
     *   - whenever it calls a function of this header, machine->state is current, and may be different afterwards;
     *   - it accounts for what it retired with machine_retire, before it returns and before machine_take_trap;
     *   - an instruction marked MACHINE_STEP_ALONE it leaves alone, and returns before it;
     *   - a trap it takes by machine_take_trap, or returns before the instruction that traps;
     *   - after an instruction marked MACHINE_ATTEND, and after every trap it took, it returns, unless
     *     machine_undisturbed says that it may go on;
     *   - while machine->watched has MACHINE_EVENT_PSW, instructions marked MACHINE_LOADS_PSW are left alone too.
     *   - while there are bytes that are watched alone (machine->within_length), it returns before instructions that
     *     stand there, and before those that store there.
     * It is not called while FETCH, RETIRE or STORE are watched everywhere, nor on a machine with always_step. */
    void (*run)(void *engine, uint64_t limit);

    /* Physical memory was written other than by the engine's own stores: by a device, by machine_step, by trap entry
     * (also when the engine called it), by the user. */
    void (*memory_changed)(void *engine, uint32_t address, uint32_t length);
};

extern const struct machine_engine_operations machine_reference_engine, machine_fast_engine;

/* What an engine must know of an instruction (machine->marks, by instruction number; found by walking its IR in
 * marks.c). */
enum {
    MACHINE_STEP_ALONE = 1, /* uses ports, diagnose or the countdown: for machine_step only */
    MACHINE_ATTEND = 2,     /* writes a state that halts, waits, requests, or decides whether interrupts are taken */
    MACHINE_LOADS_PSW = 4,  /* writes the mode or R */
};

/* ---- Devices ----------------------------------------------------------------------------------------------------- */

/* Growing bytes: console output. */
struct machine_buffer {
    uint8_t *bytes;
    size_t length, capacity;
};

struct machine_console {
    struct machine_buffer output;
    uint8_t *input; /* owned */
    size_t input_length, input_position;
    bool requests; /* an interrupt is requested when there is input */
};

enum { MACHINE_SECTOR = 512 };

struct machine_disk {
    uint8_t *bytes; /* owned; whole sectors */
    size_t length;
    uint32_t sector, address, count; /* as written to the ports */
    uint32_t status;
    /* The transfer that is going on (status busy), and the moment it ends. */
    uint32_t command, from_sector, to_address, sectors;
    uint64_t due;
};

/* A frame on its way or waiting. Those who hold it count. */
struct machine_frame {
    unsigned holders;
    uint32_t length;
    uint8_t bytes[];
};

struct machine_arrival {
    uint64_t due;
    struct machine_frame *frame;
};

enum { MACHINE_MOST_FRAMES = 16 }; /* for one station */

struct machine_network {
    uint32_t address, length, status; /* as written to the ports; of the last command */
    uint32_t arrived, dropped, sent;
    uint64_t sent_digest;             /* of all frames sent, in order */
    bool listens;
    unsigned waiting, count;          /* of the frames below: those that have arrived, and those on their way, too */
    struct machine_arrival arrivals[MACHINE_MOST_FRAMES];
};

struct machine_unit {
    struct machine_console console;
    struct machine_disk disk;
    struct machine_network network;
    bool reported; /* report_code was written */
    uint32_t report_code;
};

struct machine_partition {
    uint32_t start, size;
};

/* ---- The machine ------------------------------------------------------------------------------------------------- */

enum { MACHINE_NO_SLOT = UINT32_MAX, MACHINE_MOST_OBSERVERS = 16, MACHINE_MOST_STORES = ISA_MOST_WRITES };

struct machine_observer {
    int handle; /* 0: a free place */
    unsigned kinds;
    machine_observe *observe;
    void *context;
};

/* What the step being executed did to memory, for events (step.c). */
struct machine_access {
    uint32_t virtual_address, physical, size;
};
struct machine_stored {
    uint32_t physical, value, bytes;
};
struct machine_effects {
    unsigned access_count, store_count, load_count;
    struct machine_access accesses[MACHINE_MOST_STORES];
    struct machine_stored stores[MACHINE_MOST_STORES], loads[MACHINE_MOST_STORES];
    uint32_t fetched_from; /* physical address of the last load: while fetching, the word's */
};

struct machine_history;
struct machine_recent;

struct machine {
    const struct isa *isa;
    uint32_t *state;    /* isa_slots() of them */
    uint8_t *memory;    /* mapped when it is touched: a large machine costs what it uses */
    uint32_t memory_size;
    uint8_t *spare;     /* as large, for the next renewal to load memory into; or NULL */
    bool *filled;       /* by piece of MACHINE_FILLED bytes of the memory mapped last: has something been put there? */
    struct machine_time time;
    uint64_t next_event; /* the moment (machine_now) of the next device event, UINT64_MAX if there is none */
    uint32_t raised;     /* requests made by devices while an instruction executes; machine_retire passes them on */
    bool manual_events;
    struct isa_environment environment; /* for isa_execute and isa_run: this machine */

    /* Found out once, from the instruction set. Slots are MACHINE_NO_SLOT where the machine has no such state. */
    unsigned slots;
    uint32_t pc_slot, mode_slot, guest_slot, countdown_slot, requests_slot, waiting_slot, halted_slot, halt_code_slot,
        identification_slot;
    uint32_t countdown_request;      /* the bit in the requests that the countdown's end sets, or 0 */
    uint32_t console_request, disk_request, network_request;
    uint32_t requests_mask;          /* bits that the requests have */
    uint8_t *marks;                  /* by instruction number: MACHINE_STEP_ALONE ... */
    uint32_t *psw_slots;             /* of role mode, relocation or guest mode, `psw_slot_count` of them */
    unsigned psw_slot_count;
    uint32_t *psw_before;            /* their values before the step, while PSW is watched */
    bool always_step;                /* a paragraph itself looks at time or ports: no engine may run ahead */

    /* Costs in cycles, by the chosen preset. */
    const struct isa_cost *cost;
    uint32_t *cycles; /* of a retired instruction, by instruction number */

    /* The engine. */
    enum machine_engine engine_kind;
    const struct machine_engine_operations *operations;
    void *engine;

    /* Observers. `watched` is the sum of their kinds; while history replays, nobody watches but the history. */
    struct machine_observer observers[MACHINE_MOST_OBSERVERS];
    unsigned watched;
    int last_handle;
    uint32_t within_start, within_length; /* FETCH, RETIRE and STORE are watched here alone; length 0: everywhere */
    bool stepped_within;         /* the last step was an instruction that stands there */
    bool stop_asked;             /* by an observer */
    atomic_bool interrupted;     /* by machine_interrupt_run */
    struct machine_effects effects;
    uint64_t step_began;         /* steps before the one that is being executed */

    /* Devices and guests. */
    unsigned unit_count;
    uint32_t first_station; /* of unit 0, on the network */
    struct machine_unit units[MACHINE_MOST_UNITS];
    uint8_t *port_functions; /* by index of the isa's port list: enum port_function of devices.c */
    unsigned guest_count;
    struct machine_partition partitions[MACHINE_MOST_UNITS];

    bool monitored; /* a monitor runs the guests */

    struct machine_history *history;
    struct machine_recent *recent; /* what the last snapshot kept, to share with the next one (snapshot.c) */
};

/* Memory for the host's own use, zeroed; out of memory ends the program, as everywhere in PG-74. */
void *machine_allocate(size_t count, size_t size);
void *machine_resize(void *memory, size_t size);

/* Fills in what the instruction set decides: slots, marks, costs (marks.c). */
void machine_survey(struct machine *machine, const struct isa_cost *cost);

/* A machine without memory and devices yet; and its last part, when all else is there (machine.c). */
struct machine *machine_make(const struct isa *isa, const struct isa_cost *cost);
void machine_start_engine(struct machine *machine, enum machine_engine engine);

/* ---- Time (time.c) ----------------------------------------------------------------------------------------------- */

/* The moment: retired instructions and instructions' time spent waiting. Traps take no time. */
static inline uint64_t machine_now(const struct machine *machine)
{
    return machine->time.instructions + machine->time.idle;
}

/* How many instructions can retire until something becomes due: the countdown's end, a device event. UINT64_MAX:
 * nothing. */
uint64_t machine_until_due(const struct machine *machine);

/* `instructions` (at most machine_until_due) have retired and cost `cycles` altogether: counts, counts down, does
 * what is due. `keep_countdown`: the one instruction set the countdown itself, which therefore begins after it. */
void machine_retire(struct machine *machine, uint64_t instructions, uint64_t cycles, bool keep_countdown);

/* The machine is waiting: lets time pass until something is requested. False: nothing ever will be (a deadlock). */
bool machine_wait(struct machine *machine);

/* Requests interrupts: a sum of the machine's ..._request bits. */
void machine_raise(struct machine *machine, uint32_t requests);

/* True when an engine may go on with the next instruction: not halted, not waiting, nothing requested that might be
 * taken first, nobody asked to stop. It looks at machine->state. */
bool machine_undisturbed(const struct machine *machine);

/* Runs without a look at the history. */
enum machine_stop machine_run_on(struct machine *machine, uint64_t fuel);

/* Steps executed so far: what fuel counts. */
static inline uint64_t machine_steps(const struct machine *machine)
{
    return machine->time.instructions + machine->time.traps;
}

/* ---- Steps (step.c) ---------------------------------------------------------------------------------------------- */

/* Executes exactly one step: a requested interrupt that is taken; else fetch, decode, execute, and the trap if there
 * is one. The machine is neither halted nor waiting. This is the reference engine. */
void machine_step(struct machine *machine);

/* Enters a trap: events, `on trap`, counts, cycles. The state is that before the instruction. */
void machine_take_trap(struct machine *machine, uint32_t cause, uint32_t value, uint32_t access);

/* Takes the requested interrupt with the lowest cause that is not ignored; false when there is none. */
bool machine_take_interrupt(struct machine *machine);

/* ---- Memory (memory.c) ------------------------------------------------------------------------------------------- */

bool machine_memory_map(struct machine *machine, uint32_t size); /* all zero; the spare, where that is as large */
enum { MACHINE_FILLED = 1 << 16 };
/* Into memory that has just been mapped: what a machine begins with. It must have room. */
void machine_memory_fill(struct machine *machine, uint32_t address, const void *bytes, size_t length);
void machine_memory_unmap(uint8_t *memory, uint32_t size); /* NULL: nothing */
void machine_make_environment(struct machine *machine); /* fills in machine->environment */

/* An environment in which programs read the machine and change nothing: they write into `state`, a copy of the
 * state. */
struct isa_environment machine_peeking(const struct machine *machine, uint32_t *state);

/* To be called after memory was written behind the engine's back. */
void machine_memory_changed(struct machine *machine, uint32_t address, uint32_t length);

/* ---- Devices (devices.c, console.c, disk.c, network.c) ----------------------------------------------------------- */

void machine_devices_survey(struct machine *machine);
void machine_devices_due(struct machine *machine); /* completes what is due now, and says when to call it again */
void machine_devices_clear(struct machine *machine); /* as if nothing had been connected */
void machine_devices_free(struct machine *machine);
uint32_t machine_port_in(struct machine *machine, uint32_t port);
void machine_port_out(struct machine *machine, uint32_t port, uint32_t value);

/* A device's ports, called by devices.c. */
uint32_t machine_console_read(struct machine *machine, struct machine_console *console);
void machine_console_write(struct machine_console *console, uint8_t byte);
uint32_t machine_console_status(const struct machine_console *console);
void machine_console_control(struct machine *machine, struct machine_console *console, uint32_t value);
void machine_disk_command(struct machine *machine, struct machine_disk *disk, uint32_t command);
uint32_t machine_disk_status(struct machine_disk *disk);
void machine_disk_finish(struct machine *machine, struct machine_disk *disk); /* the transfer that is going on */
bool machine_disk_busy(const struct machine_disk *disk);
void machine_network_command(struct machine *machine, struct machine_network *network, unsigned number,
                             uint32_t command);
uint32_t machine_network_length(const struct machine_network *network); /* of the next frame; 0: none has arrived */
void machine_network_control(struct machine_network *network, uint32_t value);
void machine_network_due(struct machine *machine, struct machine_network *network);

/* Frames as such. A copy of a network holds its frames after machine_network_hold. */
struct machine_frame *machine_frame_new(const uint8_t *bytes, uint32_t length);
void machine_frame_release(struct machine_frame *frame);
void machine_network_hold(const struct machine_network *network);
void machine_network_release(struct machine_network *network); /* forgets them */

/* ---- Images (image.c) and what the loader makes (boot.c) --------------------------------------------------------- */

/* Copies an image's segments into memory at `start`, for a partition of `size` bytes. False with a diagnostic. */
bool machine_image_load(const struct machine_image *image, struct machine *machine, uint32_t start, uint32_t size,
                        struct isa_diagnostics *diagnostics);

/* The boot module of an instruction set; the caller frees it (module.c). `classes` may be NULL. */
uint8_t *machine_boot_module(const struct isa *isa, const uint8_t *classes, uint32_t *size);

/* Lays out memory, maps it, and loads images, boot blocks and boot module. False with diagnostics. `*entry`: where
 * to begin. */
bool machine_boot(struct machine *machine, const struct machine_options *options, uint32_t *entry,
                  struct isa_diagnostics *diagnostics);

/* ---- Digests (digest.c) ------------------------------------------------------------------------------------------ */

uint64_t machine_mix_bytes(uint64_t digest, const uint8_t *bytes, size_t length);

/* Of what an instruction set is to a saved machine: layout of the state, programs, causes, ports, costs. */
uint64_t machine_isa_digest(const struct isa *isa);

/* ---- Snapshots (snapshot.c) -------------------------------------------------------------------------------------- */

void machine_recent_free(struct machine *machine);

/* ---- History (history.c) ----------------------------------------------------------------------------------------- */

void machine_history_free(struct machine *machine);

/* Somebody changed the machine from outside: a replay from an earlier snapshot would miss that. */
void machine_history_touched(struct machine *machine);

/* Somebody put the machine elsewhere: how it came there, no history knows. */
void machine_history_begin_anew(struct machine *machine);

/* machine_run, with snapshots on the way. */
enum machine_stop machine_history_run(struct machine *machine, uint64_t fuel);

/* ---- Observers (observe.c) --------------------------------------------------------------------------------------- */

/* Does a byte of memory stand where everything is watched? */
static inline bool machine_is_within(const struct machine *machine, uint32_t physical)
{
    return machine->within_length == 0 || physical - machine->within_start < machine->within_length;
}

/* Tells those who watch events of this kind. */
void machine_emit(struct machine *machine, const struct machine_event *event);

#endif
