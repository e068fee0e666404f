/* machine.h: a running machine. The only public header of machine/ (boot.h is what its guests see).
 *
 * A `struct machine` is an instruction set, its state, memory and devices. It is deterministic: the same images and
 * inputs give the same run, bit for bit, whichever engine executes it and however the run is cut into pieces. Any
 * number of machines live in one process; none shares anything with another. */
#ifndef PG74_MACHINE_H
#define PG74_MACHINE_H

#include "isa/isa.h"

struct machine;

enum machine_engine { MACHINE_FAST, MACHINE_REFERENCE };
enum { MACHINE_MOST_UNITS = 16, MACHINE_MOST_LEVELS = 8 /* monitors, one under the other */ };
enum { MACHINE_PORTS_OF_A_UNIT = 0x100 }; /* so far are the ports of a unit from those of the one before */

/* ---- Images ------------------------------------------------------------------------------------------------------ */

/* A program in ELF: loadable segments, entry, symbols, source lines. */
struct machine_image;

struct machine_image *machine_image_open(const char *path, struct isa_diagnostics *diagnostics);
struct machine_image *machine_image_from_bytes(const char *name, const void *bytes, size_t length,
                                               struct isa_diagnostics *diagnostics); /* copies the bytes */
void machine_image_free(struct machine_image *image);
const char *machine_image_name(const struct machine_image *image); /* file name without folders and ".elf" */
/* The file as it was named, and what is in it. The bytes belong to the image. */
const char *machine_image_file(const struct machine_image *image);
const uint8_t *machine_image_bytes(const struct machine_image *image, size_t *length);
uint32_t machine_image_entry(const struct machine_image *image);
uint32_t machine_image_end(const struct machine_image *image); /* the address after its last byte of memory */

/* Symbol number `index` and what it stands for; NULL past the last. Places in the program come first, by address. */
const char *machine_image_symbol_at(const struct machine_image *image, size_t index, uint32_t *address);

/* The symbol at or before an address, and the distance to it; NULL when there is none. */
const char *machine_image_symbol(const struct machine_image *image, uint32_t address, uint32_t *offset);
bool machine_image_address(const struct machine_image *image, const char *symbol, uint32_t *address);

/* The source file and line of an address; false when the image has no line table there. */
bool machine_image_line(const struct machine_image *image, uint32_t address, const char **file, unsigned *line);

/* ---- Making a machine -------------------------------------------------------------------------------------------- */

struct machine_input { const uint8_t *bytes; size_t length; };

/* All zero means: the defaults. */
struct machine_options {
    enum machine_engine engine;
    const struct machine_image *monitor; /* runs the guests; NULL: the one guest runs on the bare machine */
    const struct machine_image *const *inner; /* monitors under the monitor, from the outside in: each guest stands in */
    unsigned inner_count;        /* a partition of inner monitors of its own, one in the other; `inner_count` of them */
    const struct machine_image *const *guests;
    unsigned guest_count;        /* 1 to MACHINE_MOST_UNITS; exactly 1 without a monitor */
    uint32_t partition_size;     /* of each guest; 0: 1 MiB (pocket: 128). Rounded up to 4 KiB on machines that big */
    const char *cost;            /* preset name, NULL: the first */
    uint32_t identification;     /* of the machine */
    uint32_t slice_limit;        /* for the boot block; 0: 100000 */
    uint32_t first_station;      /* the number of unit 0 on the network, of unit i this + i: for a machine that stands for
                                  * one guest of several */
    const struct machine_input *inputs; /* console input of unit i: all there from the start; `input_count` of them */
    unsigned input_count;
    const struct machine_input *disks;  /* initial contents of disk i; padded to whole sectors */
    unsigned disk_count;
    const uint8_t *classes; /* PG74_CLASS_... of each instruction by number, for the boot module; NULL: unknown */
    bool manual_events;     /* the timer and the devices request no interrupts and complete nothing by themselves, no
                             * frame is delivered: the caller does it, with machine_request, machine_disk_complete and
                             * machine_network_deliver (for the checker) */
};

/* Makes a machine with its images loaded, reset and ready to run. Copies all that it needs from `options` except the
 * isa and the images, which must outlive it. NULL with diagnostics when something does not fit. */
struct machine *machine_new(const struct isa *isa, const struct machine_options *options,
                            struct isa_diagnostics *diagnostics);
void machine_free(struct machine *machine);

/* As machine_new, but takes over a machine of the same instruction set (or NULL), for those who make a great many machines
 * that differ little: what its engine has learned of code that is there again stays. Nothing else of it does; the new
 * machine's runs are those that any new machine has. NULL with diagnostics, and the old machine is gone, too. */
struct machine *machine_renew(struct machine *machine, const struct isa *isa, const struct machine_options *options,
                              struct isa_diagnostics *diagnostics);

/* ---- Running ----------------------------------------------------------------------------------------------------- */

enum machine_stop {
    MACHINE_HALTED,   /* by halt; see machine_halt_code */
    MACHINE_LIMIT,    /* the fuel is used up */
    MACHINE_DEADLOCK, /* idle, and nothing can wake it */
    MACHINE_STOPPED,  /* an observer asked for it, or machine_interrupt_run was called */
};

/* Runs until something stops it, for at most `fuel` retired instructions and taken traps. Running again goes on. */
enum machine_stop machine_run(struct machine *machine, uint64_t fuel);

/* Asks a running machine, from a signal handler or another thread, to stop soon (MACHINE_STOPPED). */
void machine_interrupt_run(struct machine *machine);

/* Where the machine is in time. The three together are the machine's own notion of "when". */
struct machine_time {
    uint64_t instructions; /* retired */
    uint64_t traps;        /* taken, interrupts among them */
    uint64_t idle;         /* time passed waiting, in instructions */
    uint64_t cycles;       /* by the cost preset */
};
struct machine_time machine_time(const struct machine *machine);

/* ---- Looking and touching ---------------------------------------------------------------------------------------- */

const struct isa *machine_isa(const struct machine *machine);
const struct isa_cost *machine_cost(const struct machine *machine);
uint32_t machine_slot(const struct machine *machine, unsigned slot);
void machine_set_slot(struct machine *machine, unsigned slot, uint32_t value);
uint32_t machine_pc(const struct machine *machine);
bool machine_user_mode(const struct machine *machine);
bool machine_guest_mode(const struct machine *machine); /* false on machines that have none */

uint32_t machine_memory_size(const struct machine *machine);
/* Physical memory; false when [address, address + length) is not all inside. Writing keeps translated code right. */
bool machine_read(const struct machine *machine, uint32_t address, void *bytes, uint32_t length);
bool machine_write(struct machine *machine, uint32_t address, const void *bytes, uint32_t length);

/* What `translate` says of a virtual address now, without taking a trap: false when it would trap. */
bool machine_translate(const struct machine *machine, uint32_t virtual_address, unsigned size, unsigned access,
                       uint32_t *physical_address);
/* The word that would be fetched next, and the physical address it stands at; false when the fetch would trap. */
bool machine_next_word(const struct machine *machine, uint32_t *word, uint32_t *physical_address);

uint32_t machine_halt_code(const struct machine *machine);
/* Guest i's halt code as a monitor reported it (a bare machine: its own); false if there is none yet. */
bool machine_guest_halt_code(const struct machine *machine, unsigned guest, uint32_t *code);

unsigned machine_guest_count(const struct machine *machine);
/* Where guest i's partition is; the whole memory on a bare machine. */
void machine_partition(const struct machine *machine, unsigned guest, uint32_t *start, uint32_t *size);
/* The partition of guest i itself, inside those of all inner monitors: as the boot blocks in memory say, so ask before
 * the machine runs. The same as machine_partition where there are no inner monitors. */
void machine_innermost_partition(const struct machine *machine, unsigned guest, uint32_t *start, uint32_t *size);

/* What unit i has written so far, and disk i's contents now. The bytes belong to the machine until it next runs. */
const uint8_t *machine_console(const struct machine *machine, unsigned unit, size_t *length);
const uint8_t *machine_disk(const struct machine *machine, unsigned unit, size_t *length);

/* What the devices of a unit are doing. */
struct machine_unit_state {
    size_t output, input_left;     /* bytes that the console has written; that it has for the guest to read */
    bool console_requests;         /* an interrupt is requested when there is input */
    size_t disk_length;
    bool disk_busy, disk_writes;   /* a transfer is going on; to the disk */
    bool disk_failed;              /* the last one did */
    uint32_t disk_sector, disk_sectors, disk_address; /* of the transfer that is going on, or the last */
    uint64_t disk_left;            /* instructions until it ends */
    uint32_t frames_sent, frames_arrived, frames_waiting, frames_dropped;
};
void machine_look_at_unit(const struct machine *machine, unsigned unit, struct machine_unit_state *state);

/* With manual_events: request an interrupt by its cause (16, ...), finish the transfer that disk `unit` has begun. */
void machine_request(struct machine *machine, unsigned cause);
bool machine_disk_complete(struct machine *machine, unsigned unit);

/* Has the transfer that disk `unit` has begun end after so many instructions from now, instead of when it would (0: with the
 * next moment). False: there is none. For the checker; an observer may call it for its own machine. */
bool machine_disk_set_left(struct machine *machine, unsigned unit, uint64_t instructions);

/* The network. A frame has 14 to 1514 bytes, those of Ethernet. */
enum { MACHINE_LEAST_FRAME = 14, MACHINE_LONGEST_FRAME = 1514 };
/* Lets a frame arrive at a unit now, as from another machine: false when it is dropped. To collect what a unit sends,
 * watch MACHINE_EVENT_FRAME. */
bool machine_network_deliver(struct machine *machine, unsigned unit, const uint8_t *bytes, uint32_t length);
/* Is a frame that station `from` has sent for station `station`? */
bool machine_network_is_for(const uint8_t *frame, uint32_t station, uint32_t from);
/* How many frames a unit has sent so far (modulo 2^32), and a digest of all of them. */
uint32_t machine_network_sent(const struct machine *machine, unsigned unit, uint64_t *digest);
/* How many have arrived there so far (modulo 2^32). */
uint32_t machine_network_arrived(const struct machine *machine, unsigned unit);

/* ---- A host in the monitor's place ------------------------------------------------------------------------------- */

/* A hosted monitor is a program of the host's, and handles each trap of its machine where an observer has stopped the
 * run: it then acts by these. Observers are told of it as of a monitor's own instructions. */
uint32_t machine_host_in(struct machine *machine, uint32_t port);
void machine_host_out(struct machine *machine, uint32_t port, uint32_t value);
/* 1, 2 or 4 bytes of physical memory; false when they are not all inside. */
bool machine_host_store(struct machine *machine, uint32_t address, unsigned bytes, uint32_t value);
/* Puts the processor into a state: isa_slots() words, as machine_slot gives them. The requests stay as they are. */
void machine_host_enter(struct machine *machine, const uint32_t *state);

/* A digest (64 bits) of everything that decides the future of the run: state, memory, devices, time. */
uint64_t machine_digest(const struct machine *machine);

/* ---- Observers --------------------------------------------------------------------------------------------------- */

enum machine_event_kind {
    MACHINE_EVENT_TRAP = 1,    /* a trap is about to be entered: cause, value, access; pc is the one to be saved */
    MACHINE_EVENT_INTERRUPT = 2, /* an interrupt is about to be entered: cause; pc is the one to be saved */
    MACHINE_EVENT_PSW = 4,     /* mode or R has changed, by instruction, trap or interrupt; pc is the new one */
    MACHINE_EVENT_PORT = 8,    /* a port was read or written: port, value, is_write */
    MACHINE_EVENT_RETIRE = 16, /* an instruction has retired: pc, physical (of the word), word, instruction, user */
    MACHINE_EVENT_STORE = 32,  /* memory was written: virtual_address, physical, bytes, value; by_device for DMA */
    MACHINE_EVENT_FETCH = 64,  /* an instruction is about to be executed: as RETIRE; instruction NULL: illegal */
    MACHINE_EVENT_STOP = 128,  /* the run has stopped: value is the enum machine_stop */
    MACHINE_EVENT_FRAME = 256, /* unit `value` sends (is_write) the frame, or has received it, that stands at physical,
                                * bytes long */
    MACHINE_EVENT_LOAD = 512,  /* memory was read, by an instruction, by the entry of a trap, or on the way through a page table
                                * (not by a device): virtual_address, physical, bytes, value */
};

struct machine_event {
    enum machine_event_kind kind;
    uint32_t pc;
    uint32_t physical, virtual_address, value, word;
    uint32_t cause, access, port;
    unsigned bytes;
    bool user, is_write, by_device;
    bool guest; /* in guest mode, where `user` is the guest's own mode */
    const struct isa_instruction *instruction;
};

/* Returns false to stop the run after the current instruction. It may look at the machine but not change it. */
typedef bool machine_observe(void *context, const struct machine *machine, const struct machine_event *event);

/* Adds an observer of the kinds in `kinds` (a sum of enum machine_event_kind); returns its handle, > 0. Nobody pays for
 * kinds that nobody watches. FETCH, RETIRE, STORE and LOAD are watched through the reference engine's own steps. */
int machine_add_observer(struct machine *machine, unsigned kinds, machine_observe *observe, void *context);
void machine_remove_observer(struct machine *machine, int handle);
/* The kinds that somebody watches now. */
unsigned machine_watched(const struct machine *machine);

/* From now on FETCH and RETIRE tell only of instructions that stand in these bytes of physical memory, and STORE of what
 * those instructions store, of stores there by whomever, and of devices; all else runs at full speed, unless somebody watches
 * LOAD, of which it tells as of STORE. `length` 0: of everything, as at first. */
void machine_watch_within(struct machine *machine, uint32_t start, uint32_t length);

/* ---- Snapshots and history --------------------------------------------------------------------------------------- */

/* The whole machine at one moment. Pages are shared copy-on-write between snapshots. */
struct machine_snapshot;
struct machine_snapshot *machine_snapshot_take(struct machine *machine);
/* Goes to a moment of the same machine. A history that is being recorded begins anew there. */
void machine_snapshot_restore(struct machine *machine, const struct machine_snapshot *snapshot);
void machine_snapshot_free(struct machine_snapshot *snapshot);

/* To and from a file: versioned, checksummed, written atomically. Restoring makes the machine continue bit for bit;
 * the isa must be the one it was saved under. False, or NULL, with diagnostics. */
bool machine_save(const struct machine *machine, const char *path, struct isa_diagnostics *diagnostics);
struct machine *machine_restore(const struct isa *isa, const char *path, enum machine_engine engine,
                                struct isa_diagnostics *diagnostics);

/* Records snapshots while running, so that the run can go back. `interval`: instructions and traps between them. */
void machine_history_start(struct machine *machine, uint64_t interval);
/* Where the history begins, in instructions and traps; false when none is recorded. */
bool machine_history_begins(const struct machine *machine, uint64_t *steps);
/* Goes back by so many instructions and traps; false when that lies before the start of the history. */
bool machine_history_back(struct machine *machine, uint64_t steps);
/* Goes back to just before the last event (of the kinds, for which `observe` (NULL: any) returns false) before now. */
bool machine_history_back_to(struct machine *machine, unsigned kinds, machine_observe *observe, void *context);
/* Goes through all that the history holds again, from its start to now: `observe` is told of it, and no one else. */
void machine_history_tell(struct machine *machine, unsigned kinds, machine_observe *observe, void *context);

#endif
