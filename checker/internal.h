/* internal.h: what the files of checker/ share. From the outside in:
 *
 *     compare.c   all runs of a comparison, and their figures
 *     account.c   where its instructions and cycles went
 *     progress.c  how far a guest has come, while its machine runs
 *     bare.h      the guests alone: bare.c, timing.c
 *     control.c   what resource control forbids
 *     watch.c     one monitored run: hands its events to the followers, and counts what resource control needs
 *     follow.c    a bare machine that follows one guest, instruction by instruction
 *     agree.c     does it stand where the guest stands?
 *     deliver.c   interrupts, completions and time values: played into the follower where the monitor delivered them
 *     network.c   the same for frames
 *     final.c     what remains in the end
 *     probe.c     what the follower's next instruction would do, found out on a copy
 *     facts.c     what the checker must know of an instruction set, found in its programs
 *     failure.c   a difference, put into words
 *     report.c    the comparison as a table and as JSON
 */
#ifndef PG74_CHECKER_INTERNAL_H
#define PG74_CHECKER_INTERNAL_H

#include <jansson.h>

#include "checker/checker.h"
#include "machine/boot.h"

enum {
    CHECKER_SEARCH = 256,          /* instructions that a monitor may emulate in a row before the guest runs directly */
    CHECKER_MOST_TOUCHED = 512,    /* stores between two common points that are compared one by one */
    CHECKER_MOST_DELIVERIES = 16,  /* interrupts delivered between two common points */
    CHECKER_MOST_AREA = 16,        /* words that an interrupt stores */
    CHECKER_NOTES = 8,             /* events kept for a report */
    CHECKER_REQUESTS = 32,         /* interrupts: causes 16 and up */
    CHECKER_FIRST_INTERRUPT = 16,
    CHECKER_SLICE_LIMIT = 100000,  /* of a machine whose options leave it open */
};

/* ---- A machine --------------------------------------------------------------------------------------------------- */

/* How far it has come, as its limits count: instructions and traps. */
static inline uint64_t checker_steps(const struct machine *machine)
{
    struct machine_time time = machine_time(machine);
    return time.instructions + time.traps;
}

/* Is there such a slot (-1: there is none), and something in it? */
static inline bool checker_is_set(const struct machine *machine, int slot)
{
    return slot >= 0 && machine_slot(machine, (unsigned)slot) != 0;
}

/* ---- Facts: facts.c ---------------------------------------------------------------------------------------------- */

enum { CHECKER_MOST_OPERANDS = 8 };

/* A register that an instruction reads or writes: slot + the value of a field of the word (-1: slot alone). */
struct checker_operand { unsigned slot; int field; };

struct checker_instruction {
    bool special;        /* one of the following, or it reaches ports: the follower must look before it steps */
    bool diagnoses;      /* it asks the monitor */
    bool timed;          /* its results tell the time, or which machine this is: they are the monitored run's to say */
    bool sets_countdown;
    bool any_result;     /* which registers it writes cannot be told from its word */
    bool writes_pc;
    unsigned result_count, source_count;
    struct checker_operand results[CHECKER_MOST_OPERANDS], sources[CHECKER_MOST_OPERANDS];
};

struct checker_facts {
    const struct isa *isa;
    struct checker_instruction *instructions; /* by number */
    unsigned general_count;
    struct checker_register { unsigned slot; const struct isa_state *state; unsigned element; } *general;
    bool *is_general;     /* by slot */
    unsigned program_counter, mode;
    int countdown, requests, waiting, halted, halt_code; /* slots, or -1 */

    /* Where an interrupt stores what: found by running `on interrupt`. area_known: it stores a cause and a pc. */
    bool area_known;
    unsigned area_count, area_cause, area_pc; /* numbers of the words that hold the cause and the saved pc */
    struct checker_word { uint32_t address; unsigned bytes; } area[CHECKER_MOST_AREA];
};

struct checker_facts *checker_facts_new(const struct isa *isa);
void checker_facts_free(struct checker_facts *facts);
const struct checker_instruction *checker_facts_of(const struct checker_facts *facts,
                                                   const struct isa_instruction *instruction);

bool checker_diagnoses(const struct isa_instruction *instruction); /* NULL: no */

unsigned checker_operand_slot(const struct checker_operand *operand, const struct isa_instruction *instruction,
                              uint32_t word);

/* Ports by what they mean, for the devices of one unit. */
enum checker_port {
    CHECKER_PORT_OTHER, CHECKER_PORT_TIME, CHECKER_PORT_CONSOLE_INPUT, CHECKER_PORT_CONSOLE_CONTROL,
    CHECKER_PORT_DISK_ADDRESS, CHECKER_PORT_DISK_COUNT, CHECKER_PORT_DISK_COMMAND, CHECKER_PORT_DISK_STATUS,
    CHECKER_PORT_NETWORK_ADDRESS, CHECKER_PORT_NETWORK_COMMAND
};
enum { CHECKER_PORTS_OF_A_UNIT = 0x100, CHECKER_SECTOR = 512, CHECKER_DISK_BUSY = 1, CHECKER_DISK_READ = 1,
       CHECKER_NETWORK_RECEIVE = 2 };
enum checker_port checker_port_meaning(const struct isa *isa, uint32_t port);
bool checker_is_network_port(const struct isa *isa, uint32_t port);
bool checker_has_network(const struct isa *isa);

/* ---- Probe: probe.c ---------------------------------------------------------------------------------------------- */

struct checker_store { uint32_t address; unsigned bytes; uint32_t value; };

/* What the next step of a machine would do, without doing it. */
struct checker_probe {
    const struct isa *isa;
    const struct machine *machine;
    uint32_t *state;                          /* after the step */
    const struct isa_instruction *instruction; /* NULL: illegal, or not fetched */
    uint32_t word;
    bool fetched, trapped, ignored;
    struct isa_outcome trap;
    bool port_read, port_written;
    uint32_t port, port_value, answer;
    unsigned store_count;
    struct checker_store stores[2 * ISA_MOST_WRITES];
};

/* An instruction (or its trap); `answer` is what a port read gives. */
void checker_probe_step(struct checker_probe *probe, const struct machine *machine, uint32_t answer);
/* An interrupt: `ignored` when it would not be taken now. */
void checker_probe_interrupt(struct checker_probe *probe, const struct machine *machine, uint32_t cause);

/* A function of the monitor, and the last place in it. */
struct checker_path { const char *function; uint32_t pc; };
enum { CHECKER_MOST_PATH = 24 };

/* ---- Failures: failure.c ----------------------------------------------------------------------------------------- */

enum checker_note_kind {
    CHECKER_NOTE_NONE, CHECKER_NOTE_TRAP, CHECKER_NOTE_EMULATED, CHECKER_NOTE_REFLECTED, CHECKER_NOTE_DELIVERED
};

/* Something that happened to a guest. `cause` is the trap's or the interrupt's. */
struct checker_note { enum checker_note_kind kind; uint32_t pc, word, cause; bool fetched; };

/* A failure with all its texts; free with checker_failure_free. Formats are printf's. */
struct checker_failure *checker_failure_new(unsigned guest, const char *what);
void checker_failure_free(struct checker_failure *failure);
void checker_failure_expected(struct checker_failure *failure, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void checker_failure_got(struct checker_failure *failure, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void checker_failure_at(struct checker_failure *failure, const struct isa *isa, const struct machine_image *image,
                        uint32_t pc, uint32_t word, bool fetched);
void checker_failure_state(struct checker_failure *failure, const struct isa *isa, const uint32_t *state);
void checker_failure_path(struct checker_failure *failure, const struct machine_image *image,
                          const struct checker_path *path, unsigned count);
void checker_failure_note(struct checker_failure *failure, const struct isa *isa, const struct machine_image *image,
                          const struct checker_note *note);
/* As text, each line indented by four; `guests`: how many there are; `place`: of the instruction, where the reader
 * knows it by another name than by file and line, or NULL. And as an object. */
void checker_failure_print(const struct checker_failure *failure, unsigned guests, const char *place, FILE *stream);
json_t *checker_failure_json(const struct checker_failure *failure);
const char *checker_cause_name(const struct isa *isa, uint32_t cause); /* "timer" or "unknown" */

/* ---- What many trials need again: supply.c ----------------------------------------------------------------------- */

/* Where machines of a kind stand: those like each other in one place. */
enum {
    CHECKER_PLACE_BARE = 0,      /* + guest: alone */
    CHECKER_PLACE_FOLLOWER = 2,  /* + guest */
    CHECKER_PLACE_MONITORED = 4, /* - 1 + number of guests */
    CHECKER_PLACE_SECOND = 6,    /* another one, of two guests */
    CHECKER_PLACES = 7,
};

struct checker_supply {
    const struct isa *isa;
    struct checker_facts *facts;
    uint64_t patience, patience_per_step; /* with the monitor of the trials, as in struct checker_options */
    const struct checker_check_options *asks; /* whether to stop; NULL: nobody */
    struct machine *machines[CHECKER_PLACES]; /* NULL: none yet, or in use */
};
struct checker_supply *checker_supply_new(const struct isa *isa);
void checker_supply_free(struct checker_supply *supply);

/* Does somebody want the check to stop, for which this supply is? */
bool checker_must_stop(const struct checker_supply *supply);

/* A machine, as machine_new makes it; and back when it is no longer needed (NULL: nothing). Without a supply (NULL)
 * it is made and freed. */
struct machine *checker_supply_take(struct checker_supply *supply, const struct isa *isa, unsigned place,
                                    const struct machine_options *options, struct isa_diagnostics *diagnostics);
void checker_supply_return(struct checker_supply *supply, unsigned place, struct machine *machine);

/* ---- The follower: follow.c, agree.c, deliver.c ------------------------------------------------------------------ */

/* An instruction of the guest. */
struct checker_place { bool known, fetched; uint32_t pc, word; };

/* While looking for where the bare machine agrees: the state that came nearest, and what led there. */
struct checker_nearest {
    bool known, same_pc, fetches;
    uint32_t word;          /* that would be fetched next */
    uint32_t *state;
    struct checker_place at;
    uint32_t *before_at;
    unsigned note_count;
    struct checker_note notes[CHECKER_NOTES];
};

/* A delivery that the monitor wrote into the guest's trap area. `again`: that stood there already, so it may be
 * none. */
struct checker_delivery { uint32_t cause, pc; bool again; };

/* What is asked for and not yet delivered. */
struct checker_sources {
    bool timer_armed;
    uint64_t timer_due;               /* in the guest's retired instructions */
    bool disk_busy, disk_requested;   /* a transfer is under way; one has ended, and its interrupt is not delivered */
    bool disk_optional;               /* the next completion may have been told together with an earlier one */
    uint32_t disk_address, disk_sectors, buffer_address, buffer_length;
    int buffer_watch;                 /* the observer of who uses the buffer, while a transfer is under way */
    bool disk_told;                   /* the monitor has been told that the transfer has ended */
    bool console_control, console_requested;
    size_t input_left;
    uint32_t network_address, network_told, network_delivered; /* frames arrived at the last delivery; deliveries */
    uint64_t overdue[CHECKER_REQUESTS]; /* since when (instructions + 1) it has been due and could be taken; 0: not */
};

/* What a command to receive fetched; length 0: nothing. */
struct checker_frame { uint32_t length; uint8_t bytes[MACHINE_LONGEST_FRAME]; };

struct checker_follower {
    const struct checker_facts *facts;
    struct checker_supply *supply; /* where its machine comes from, or NULL */
    const struct machine *monitored;
    const struct machine_image *image;
    unsigned guest;
    uint32_t start, size;
    uint64_t bound;              /* how late an interrupt may be, in the guest's instructions */
    struct machine *bare;
    struct checker_probe probe;
    struct checker_sources sources;
    struct checker_failure *failure; /* ends the following */

    bool started;                /* it has executed an instruction directly */
    bool supervisor_direct;      /* and one in what is its own supervisor mode */
    bool asking, answered;       /* it has asked its monitor just now; and was once answered as by no bare machine */
    bool hurried;                /* it has not waited for a transfer's end: used its buffer, or commanded another one */
    bool executing;              /* fetched directly, not yet retired */
    bool visited;                /* the monitor has run since the last direct instruction */
    bool ending;                 /* the monitored run is over: its registers are not the guest's */
    uint32_t fetched_word;
    uint32_t trap_cause;         /* of the bare machine's last trap */
    const struct isa_instruction *last; /* the last one retired directly */
    struct checker_place at;     /* the bare machine's last instruction, and */
    uint32_t *before_at;         /* the state before it */
    uint64_t direct;
    size_t console_checked;
    struct checker_nearest best;

    /* Collected since the last common point. */
    unsigned delivery_count;
    struct checker_delivery deliveries[CHECKER_MOST_DELIVERIES];
    uint64_t group;              /* which bytes of the trap area the monitor has stored for the delivery in progress */
    uint32_t shadow[CHECKER_MOST_AREA]; /* and their values; before that, and */
    uint32_t before[CHECKER_MOST_AREA]; /* before this delivery, those that stood there */
    bool before_known;
    unsigned touched_count;
    struct checker_word touched[CHECKER_MOST_TOUCHED];
    bool touched_all;

    /* Results that the monitored run says: taken over at the next common point. */
    bool *tainted;               /* by slot */
    bool any_tainted;
    unsigned tainted_count;
    struct checker_word tainted_memory[CHECKER_MOST_AREA];

    /* What the guest has received under the monitor, and the follower not yet; and the frame of the command under
     * way. */
    struct checker_frame *frames, fetched;
    size_t frame_count, frame_room;
    uint32_t frames_fetched; /* in all, under the monitor */

    unsigned note_count;         /* a ring */
    struct checker_note notes[CHECKER_NOTES];
};

struct checker_follower *checker_follower_new(const struct checker_facts *facts, struct checker_supply *supply,
                                              const struct machine *monitored, unsigned guest,
                                              const struct checker_options *options,
                                              struct isa_diagnostics *diagnostics);
void checker_follower_free(struct checker_follower *follower);

/* The monitored machine is about to execute an instruction of the guest directly; has done so; has run the monitor's
 * own store into the partition (address in the guest's memory). False: there is a failure now. */
bool checker_follow_fetch(struct checker_follower *follower, const struct machine_event *event);
bool checker_follow_retire(struct checker_follower *follower, const struct machine_event *event);
void checker_follow_store(struct checker_follower *follower, uint32_t address, unsigned bytes, uint32_t value);
/* The guest's own instruction trapped, or the monitor was entered for another reason. */
void checker_follow_trap(struct checker_follower *follower, const struct machine_event *event);
/* The monitored run is over: brings the follower to its end too. `halted`: the guest's halt code was reported. */
bool checker_follow_end(struct checker_follower *follower, bool halted, enum machine_stop stop);

/* One step with all that belongs to it: an instruction or its trap. */
void checker_follow_step(struct checker_follower *follower);

/* alone.c: from where it stands, does the bare machine come to an end by itself within so many steps? It has moved
 * then, and is good for nothing more. */
bool checker_ends_alone(struct checker_follower *follower, uint64_t steps);

/* For agree.c and deliver.c. A failure gets the place and the events before it. */
uint64_t checker_follower_instructions(const struct checker_follower *follower);
void checker_follower_note(struct checker_follower *follower, enum checker_note_kind kind, uint32_t pc, uint32_t word,
                           uint32_t cause, bool fetched);
struct checker_failure *checker_follower_fail(struct checker_follower *follower, const char *what);
void checker_follower_touch(struct checker_follower *follower, uint32_t address, unsigned bytes);

/* Do slot, or registers and pc, agree with the monitored machine's? What the monitored run decides agrees always. */
bool checker_agree_slot(const struct checker_follower *follower, unsigned slot);
bool checker_agree(const struct checker_follower *follower);
bool checker_agree_word(const struct checker_follower *follower); /* that is executed next */
/* Remembers this state if it is the nearest so far; and reports what differs between that and the monitored machine. */
void checker_agree_nearest(struct checker_follower *follower);
bool checker_agree_fail(struct checker_follower *follower);
/* Memory (addresses of the guest's); that which was touched; console output so far. False: there is a failure now. */
bool checker_agree_memory(struct checker_follower *follower, uint32_t address, uint32_t length);
bool checker_agree_touched(struct checker_follower *follower);
bool checker_agree_console(struct checker_follower *follower);

/* A store of the monitor into the trap area: collects deliveries. Then the end of what has been collected. */
void checker_deliver_store(struct checker_follower *follower, uint32_t address, unsigned bytes, uint32_t value);
void checker_deliver_close(struct checker_follower *follower);
/* Plays one interrupt into the follower, which stands where the monitor delivered it. False: a failure. */
bool checker_deliver(struct checker_follower *follower, uint32_t cause);
/* Alone: plays in what is due and can be taken, if anything is; all transfers end at once. */
bool checker_deliver_next(struct checker_follower *follower);
/* Could the follower take it, here and now? */
bool checker_deliver_possible(struct checker_follower *follower, const struct checker_delivery *delivery);
/* A guest that runs a guest of its own: there an interrupt exits, and is stored into the control block, wherever
 * that is. Does the monitored run's memory say that it came here? Then it is played in. */
bool checker_deliver_exit(struct checker_follower *follower);
/* Before a step that reads disk_status: ends the transfer when the monitored run says that it has ended. */
void checker_deliver_completion(struct checker_follower *follower);
/* After a step: what the instruction asked of timer and devices. */
void checker_deliver_after(struct checker_follower *follower, const struct checker_instruction *facts);
/* idle ends without an interrupt, as it may when interrupts are disabled. */
bool checker_deliver_wake(struct checker_follower *follower);
/* Has an interrupt been due for too long? */
bool checker_deliver_overdue(struct checker_follower *follower);
/* The end, with the guest waiting: does it wait for something that should have come? */
bool checker_deliver_lost(struct checker_follower *follower);
/* True where a byte of the guest's memory belongs to a transfer under way. */
bool checker_deliver_in_flight(const struct checker_follower *follower, uint32_t address);

/* ---- The network: network.c -------------------------------------------------------------------------------------- */

/* The guest's real station has sent or received a frame; has executed a command to receive. */
void checker_network_frame(struct checker_follower *follower, const struct machine_event *event);
void checker_network_received(struct checker_follower *follower);
/* Has a frame arrived for it under the monitor that it has not fetched? */
bool checker_network_is_waiting(const struct checker_follower *follower);
/* Before a step of the bare machine: if it is such a command, the frame comes that the monitored run fetched with
 * it. */
void checker_network_receive(struct checker_follower *follower);
/* The frames sent, in the end; NULL: they agree. */
struct checker_failure *checker_network_compare(const struct machine *monitored, unsigned guest,
                                                const struct machine *bare, const struct checker_follower *follower);
/* Its interrupt: has a frame arrived for this one? It was delivered. Has one arrived since? */
bool checker_network_may_interrupt(const struct checker_follower *follower);
void checker_network_interrupted(struct checker_follower *follower);
bool checker_network_is_due(const struct checker_follower *follower);

/* ---- A monitored run: watch.c ------------------------------------------------------------------------------------ */

struct checker_watch {
    struct machine *machine;
    const struct checker_monitor *hosted; /* runs the machine; NULL: it runs by itself */
    const struct machine_image *image; /* the monitor's, where its way is to be told; else NULL */
    uint64_t explain_from;   /* the step from which on that is looked for */
    unsigned path_count;
    struct checker_path path[CHECKER_MOST_PATH];
    unsigned guest_count;
    uint32_t start[MACHINE_MOST_UNITS], size[MACHINE_MOST_UNITS];
    uint32_t inner_start[MACHINE_MOST_UNITS], inner_size[MACHINE_MOST_UNITS]; /* inside all inner monitors */
    struct checker_follower *followers[MACHINE_MOST_UNITS]; /* NULL where there is none */
    struct checker_control control;
    uint32_t disk_address[MACHINE_MOST_UNITS], disk_sectors[MACHINE_MOST_UNITS];
    uint64_t stretch, slice_limit; /* direct instructions since the last trap, and how many there may be */
    bool following;          /* the followers are in use */
    bool automatic;          /* change to the final method when the monitor does not execute supervisor code directly */
    bool supervisor_direct;  /* it has done so */
    bool network;            /* the monitor has given the network a command for a guest */
    bool gave_up;            /* it does not, or works together with a guest: followers are of no use */
    bool failed;
    unsigned last;           /* the guest last seen: where to look first */
    bool executing;          /* it has fetched, and not trapped */
    bool everywhere;         /* not only what stands in the partitions is watched now */
    bool paused;             /* the run has stopped only to go on in another way */
};

/* Puts a monitor, and those under it, into a machine's options; and has it run that machine (NULL: one that is a
 * program of the machine). */
void checker_monitor_use(const struct checker_monitor *monitor, struct machine_options *options);
enum machine_stop checker_monitor_run(const struct checker_monitor *monitor, struct machine *machine, uint64_t fuel);

/* Where the monitor is now, where no way of its is known: for it never came as far as a guest. */
void checker_watch_last_place(struct checker_watch *watch);

/* Finds the guests of its machine. Then: runs to the end, or to the first difference. */
void checker_watch_partitions(struct checker_watch *watch);
enum machine_stop checker_watch_run(struct checker_watch *watch, uint64_t fuel);

/* After a difference to a bare machine that follows. True: that says nothing about this monitor, and its end counts. */
bool checker_watch_give_up(struct checker_watch *watch);

/* ---- Where it all went: account.c -------------------------------------------------------------------------------- */

enum { CHECKER_MOST_CAUSES = 64, CHECKER_IN_MONITOR = -1, CHECKER_IN_TRANSLATED = -2, CHECKER_IN_INNER = -3 };

struct checker_account {
    const struct machine *machine;
    int handle, where;               /* a guest, or one of the above: the stretch under way, */
    uint32_t cause;                  /* of the last trap, */
    const struct isa_instruction *instruction;
    bool in_guest_mode;
    struct checker_cause *current;   /* for the monitor's the cause, */
    struct machine_time since;       /* and when it began */
    uint64_t trapped, load_cycles;   /* when the last trap was; what a PSW load costs */
    uint64_t direct[MACHINE_MOST_UNITS], direct_cycles;
    uint64_t translated, translated_cycles, inner_instructions, inner_cycles;
    uint64_t monitor_instructions, hypercalls;
    unsigned cause_count;
    struct checker_cause causes[CHECKER_MOST_CAUSES];
};

/* For those who watch the machine themselves: begins; the observer, of these kinds; ends the stretch under way. */
enum { CHECKER_ACCOUNT_KINDS = MACHINE_EVENT_PSW | MACHINE_EVENT_TRAP | MACHINE_EVENT_INTERRUPT };
void checker_account_clear(struct checker_account *account, const struct machine *machine);
bool checker_account_see(void *context, const struct machine *machine, const struct machine_event *event);
void checker_account_close(struct checker_account *account, struct machine_time now);

/* Before the machine runs, and after. */
void checker_account_begin(struct checker_account *account, struct machine *machine);
void checker_account_end(struct checker_account *account);

/* What a monitor that stands from `start` on has counted of its guest with this number. False: it does not count. */
bool checker_account_told(const struct machine *machine, const struct machine_image *monitor, uint32_t start,
                          unsigned number, struct pg74_guest_statistics *told);

/* ---- Resource control: control.c --------------------------------------------------------------------------------- */

bool checker_in_control(const struct checker_control *control);
void checker_control_json(const struct checker_control *control, json_t *object); /* adds a member for each fact */
/* A line for each fact that is not 0, after `who` and `lead`. */
void checker_control_print(const struct checker_control *control, const char *who, const char *lead, FILE *stream);

/* ---- The end: final.c -------------------------------------------------------------------------------------------- */

/* Compares a guest's console, disk, halt code and (where `size` is not 0) memory, which the monitored machine has at
 * `start`, with the bare machine's, after the monitored run has ended with `stop`; NULL: they agree. `follower` may be
 * NULL; else `bare` is its machine. */
struct checker_failure *checker_final(const struct machine *monitored, unsigned guest, enum machine_stop stop,
                                      const struct machine *bare, struct checker_follower *follower, uint32_t start,
                                      uint32_t size);

/* Do they agree but for their memory, and for the order of the lines on the console? */
bool checker_final_but_order(const struct machine *monitored, unsigned guest, enum machine_stop stop,
                             const struct machine *bare);

/* ---- A comparison: compare.c, report.c --------------------------------------------------------------------------- */

/* checker_compare with machines out of a supply (one monitor, of at most two guests), or without one (NULL). */
struct checker_comparison *checker_compare_with(struct checker_supply *supply, const struct isa *isa,
                                                const struct checker_options *options,
                                                const struct checker_monitor *monitors, unsigned monitor_count,
                                                struct isa_diagnostics *diagnostics);

struct checker_comparison {
    const struct isa *isa;
    const char *cost;
    unsigned run_count;
    struct checker_run *runs;
};

#endif
