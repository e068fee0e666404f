/* vmm.h: what the monitors share. Read it from top to bottom: it is the order in which a monitor is built.
 *
 *   1. the instruction set of the machine, read from the boot module     module.c, decode.c, prepare.c, fetch.c
 *   2. a virtual processor, and the evaluator that executes on it        vcpu.c, evaluate.c
 *   3. virtual devices                                                   devices.c
 *   4. guests side by side: time, slices, waiting, the end               schedule.c, interpret.c
 *   5. the world switch, in assembly, and its side of C                  start.S, switch.c
 *   6. for monitors that let the hardware execute guests: in and out     direct.c
 *   7. address spaces: the real R for a guest's virtual one              space.c, shadow.c, watch.c
 *
 * A monitor adds its strategy: what to do when the hardware hands a guest's trap to it (vmm_handle_trap).
 *
 * SPDX-License-Identifier: MIT-0 */
#ifndef VMM_H
#define VMM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "pg74.h"

/* ---- 1. The instruction set -------------------------------------------------------------------------------------- */

enum {
    VMM_MOST_SLOTS = 1024,        /* of a guest's state */
    VMM_MOST_FIELDS = 8,          /* of an instruction */
    VMM_DECODED_BITS = 11,        /* so many bits count the words whose decoding is remembered */
    VMM_DECODED = 1 << VMM_DECODED_BITS,
    VMM_POOL = 24576,             /* steps of all prepared programs, and values */
    VMM_FETCHED = 2048,           /* fetches that are remembered; a power of two */
    VMM_FETCH_SLOTS = 16,         /* of the state that fetches depend on */
    VMM_CONTEXTS = 16,            /* their values that are remembered */
    VMM_MARKS = 1 << 13,          /* words with a bit for each word of a mebibyte */
    VMM_TRANSLATE = PG74_PARAGRAPHS, /* a paragraph more for each kind of access: `translate` for this kind */
    VMM_PARAGRAPHS = VMM_TRANSLATE + PG74_STORING + 1,
    VMM_GUEST_MODES = 2,          /* on machines that have one, programs are prepared for when it is on, and when not */
};

/* How a program ends: after VMM_TRAPPED the vCPU's `trap` says with what, after VMM_DONE its `result` what it
 * returned. */
enum vmm_end { VMM_DONE, VMM_TRAPPED, VMM_IGNORED };

/* The value of a node. Few are wider than 32 bits; the others do not touch `high`. */
struct vmm_value { uint32_t low, high; };

/* A node of the IR, prepared: operands are the places of their values, a jump's target is a step. A program is a row of
 * these, up to one that ends it. */
struct vmm_run;
struct vmm_step;
typedef enum vmm_end vmm_execute_step(struct vmm_run *run, const struct vmm_step *step);
struct vmm_step {
    vmm_execute_step *execute;  /* the function of the operator: evaluate.c */
    uint32_t operator;          /* PG74_IR_..., or one of those below */
    uint32_t mask;              /* of the result's width */
    struct vmm_value *result;
    const struct vmm_value *a, *b, *c;
    union {
        uint32_t number;        /* a slot, a size, a cause, a distance to shift by */
        const struct vmm_step *target;
        const struct pg74_state *state;
        struct { uint8_t operator, width, width_of_a, rest; } general; /* rest: b's width; of EXTRACT, the lowest bit */
    };
};
enum {
    VMM_GENERAL = PG74_IR_OPERATORS, /* any operator on values of any width */
    VMM_READ_SLOT, VMM_WRITE_SLOT,   /* of the state, where prepare.c knows which */
    VMM_WRITE_CONTEXT,               /* to state that fetches depend on, or whether there is one */
    VMM_WRITE_NOW, VMM_STORE_NOW,    /* need not wait for the end: nothing that follows can tell */
    VMM_ADVANCE,                     /* the program counter moves on, unless it is written later */
    VMM_END, VMM_END_ADVANCE,        /* of the program; and the program counter moves on */
    VMM_OPERATORS,
};
extern vmm_execute_step *const vmm_operators[VMM_OPERATORS];

/* State whose values are known before a program is run. `used`: bit i: slot i was read. */
enum { VMM_MOST_KNOWN = 24 };
struct vmm_key {
    unsigned count;
    uint32_t slots[VMM_MOST_KNOWN], values[VMM_MOST_KNOWN], used;
};

/* What is known of a program before it is run: of an instruction, its word and fields; of `translate`, mostly of what
 * kind the access is. */
struct vmm_known {
    struct vmm_key *key;        /* or NULL: nothing of the state but the next */
    uint32_t guest_mode;
    bool has_word;
    unsigned has_parameters;    /* bit i: parameter i is known */
    uint32_t word, fields[VMM_MOST_FIELDS], parameters[PG74_MOST_PARAMETERS];
};

/* A word, decoded for a mode (of vmm_mode): its instruction (NULL: illegal), and that one's program for this word and
 * in this mode, or `on illegal`. A power of two in size, so that finding one in a table takes no multiplication. */
struct vmm_decoded {
    uint32_t word, mode;
    const struct pg74_instruction *instruction;
    const struct vmm_step *program; /* NULL: nothing is remembered here */
} __attribute__((aligned(16)));

/* What was fetched at a pc, and the program to be run for it. */
struct vmm_fetched {
    uint32_t pc, context, word;
    const struct vmm_step *program;
};

/* Under which circumstances: see fetch.c. */
struct vmm_context {
    uint32_t number;
    const struct vmm_vcpu *vcpu;
    uint32_t values[VMM_FETCH_SLOTS];
};

struct vmm_fetches {
    bool remembers;               /* fetches depend on nothing but these slots and memory */
    bool marking;                 /* a fetch is under way: what it loads is marked */
    unsigned slot_count, slots[VMM_FETCH_SLOTS];
    uint32_t last_context, oldest_context; /* numbers; those before the oldest are no more */
    uint32_t lowest, highest;     /* addresses that have been marked */
    struct vmm_context contexts[VMM_CONTEXTS];
    struct vmm_fetched table[VMM_FETCHED];
    uint32_t marks[VMM_MARKS];
};

/* The boot module with its offsets made pointers, and the slots that a monitor must know, found by role and duty. A
 * slot that the machine does not have is a spare one behind the state: it reads as zero for ever. */
struct vmm_isa {
    const struct pg74_boot_module *module;
    const struct pg74_state *states;
    const struct pg74_instruction *instructions;
    const struct pg74_field *fields;
    const struct pg74_node *nodes;
    unsigned instruction_bytes;
    unsigned general, base, bound; /* of x0, and of R: after vmm_isa_find_direct */
    unsigned program_counter, mode, guest_mode, countdown, requests, waiting, halted, halt_code;
    unsigned identification;
    struct vmm_fetches fetches;
    struct vmm_decoded decoded[VMM_DECODED];
    const struct vmm_step *paragraphs[VMM_GUEST_MODES][VMM_PARAGRAPHS]; /* NULL: not prepared yet */
    unsigned reserved; /* so many steps, and values, the paragraphs may still need */
    struct vmm_step steps[VMM_POOL], *next_step; /* the next free one */
    struct vmm_value values[VMM_POOL], *next_value;
};

/* Reads a boot module. Returns NULL, or in words why this monitor cannot work with it. */
const char *vmm_isa_read(struct vmm_isa *isa, const struct pg74_boot_module *module);

/* Finds what a monitor needs that lets the hardware execute its guests: the registers that the world switch exchanges,
 * and R. Returns NULL, or in words why the world switch cannot do this for this machine. */
const char *vmm_isa_find_direct(struct vmm_isa *isa);

/* Decodes a word for a mode: bit 0 user, bit 1 guest mode. The result holds until the next call. */
const struct vmm_decoded *vmm_decode_now(struct vmm_isa *isa, uint32_t word, uint32_t mode,
                                         struct vmm_decoded *decoded);
static inline const struct vmm_decoded *vmm_decode(struct vmm_isa *isa, uint32_t word, uint32_t mode)
{
    /* The golden ratio's multiplicative hash: its highest bits depend on all bits of the word. */
    struct vmm_decoded *decoded = &isa->decoded[(word + mode) * UINT32_C(0x9e3779b1) >> (32 - VMM_DECODED_BITS)];
    bool known = decoded->word == word && decoded->mode == mode && decoded->program;

    return known ? decoded : vmm_decode_now(isa, word, mode, decoded);
}

/* Reserves room for the paragraphs; NULL, or in words why that cannot be. */
const char *vmm_prepare_start(struct vmm_isa *isa);

/* A paragraph, PG74_ON_..., or VMM_TRANSLATE + a kind of access, for when guest mode is on, or is not. It is prepared
 * when it is first asked for. */
const struct vmm_step *vmm_paragraph_now(struct vmm_isa *isa, unsigned number, uint32_t guest_mode);
static inline const struct vmm_step *vmm_paragraph(struct vmm_isa *isa, unsigned number, uint32_t guest_mode)
{
    const struct vmm_step *program = isa->paragraphs[guest_mode][number];

    return program ? program : vmm_paragraph_now(isa, number, guest_mode);
}

/* Prepares a program for what is known. Where there is no more room, everything is forgotten, paragraphs too: the
 * results of both functions hold until the next call of this one. A monitor that remembers programs of its own accord
 * defines vmm_programs_forgotten. */
void vmm_programs_forgotten(void);
const struct vmm_step *vmm_prepare(struct vmm_isa *isa, const struct pg74_program *program,
                                   const struct vmm_known *known);

/* The same for an instruction and one word of it, where the state has the key's values, and guest mode is on or not. */
const struct vmm_step *vmm_prepare_word(struct vmm_isa *isa, const struct pg74_instruction *instruction, uint32_t word,
                                        struct vmm_key *key, uint32_t guest_mode);

/* Finds what fetches depend on; whether a state is part of it. */
void vmm_fetch_survey(struct vmm_isa *isa);
bool vmm_fetch_depends(const struct vmm_isa *isa, const struct pg74_state *state);

/* Forgets all fetches; or those of one machine's memory that may have been written past the evaluator, by a device or
 * by a guest that the hardware executed: addresses of the guest's. */
void vmm_fetch_forget(struct vmm_isa *isa);
void vmm_fetch_stored(struct vmm_isa *isa, uint32_t start, uint32_t size);

/* The marks of the words that fetches have loaded. */
void vmm_fetch_mark(struct vmm_isa *isa, uint32_t address, uint32_t bytes);
static inline uint32_t vmm_mark_index(uint32_t address) { return address / 128 % VMM_MARKS; }
static inline uint32_t vmm_mark_bit(uint32_t address) { return UINT32_C(1) << (address / 4 % 32); }

/* ---- 2. The virtual processor ------------------------------------------------------------------------------------ */

struct vmm_trap { uint32_t cause, value, access; };

/* A disk as its guest sees it. The real one knows nothing of partitions: it gets translated addresses. */
struct vmm_disk {
    uint32_t sector, address, count; /* as the guest wrote them */
    uint32_t status;                 /* as disk_status */
    uint32_t buffer, length;         /* of guest memory that the last transfer writes */
};

/* A network station as its guest sees it; the real one gets translated addresses. */
struct vmm_network {
    uint32_t address, length;        /* as the guest wrote them */
    uint32_t told;                   /* of so many arrived frames the guest has heard */
    bool listens;                    /* network_control */
};

/* The aligned words of guest memory that a program has loaded, each once. VMM_MOST_LOADS + 1: more than there is room
 * for. */
enum { VMM_MOST_LOADS = 8 };
struct vmm_loads { unsigned count; uint32_t words[VMM_MOST_LOADS]; };

/* A guest: a whole virtual machine. The large array comes last: what lies near the start is reached by one
 * instruction. */
struct vmm_vcpu {
    struct vmm_trap trap;           /* of the last program that trapped */
    uint32_t result;                /* of the last that returned something */
    uint32_t context;               /* of its fetches; 0: to be found out */
    bool timer_set;                 /* the last instruction has set the virtual timer */
    bool stuck;                     /* since vmm_schedule it has trapped where its handler begins: see vmm_reflect */
    struct vmm_isa *isa;
    uint8_t *memory;                /* its partition */
    uint32_t memory_start, memory_size;
    unsigned unit;                  /* of the real devices that are this guest's */
    struct vmm_disk disk;
    struct vmm_network network;
    bool console_requests;          /* console_control: the guest wants to hear of input */
    bool console_told;              /* and has heard, since it last used its console */
    bool reported;                  /* its halt code was handed on */
    struct vmm_shadow *shadow;      /* its shadow page tables, or NULL: the hardware composes R, or does not run it */
    struct vmm_loads *loads;        /* where the words are to be noted that a program loads, or NULL */
    struct pg74_guest_statistics statistics;
    uint32_t state[VMM_MOST_SLOTS]; /* the virtual state, slot by slot as the module counts them; x1 to x31 among it */
};

/* The modes that programs are prepared for: bit 0 user, bit 1 guest mode. */
static inline uint32_t vmm_mode(const struct vmm_vcpu *vcpu)
{
    return vcpu->state[vcpu->isa->mode] | vcpu->state[vcpu->isa->guest_mode] << 1;
}

/* Runs a program of the IR on the virtual state: all of its effects, or (VMM_TRAPPED, VMM_IGNORED) none. `word` is the
 * instruction word, for paragraphs that speak of it. */
enum vmm_end vmm_evaluate(struct vmm_vcpu *vcpu, const struct vmm_step *program,
                          const uint32_t parameters[PG74_MOST_PARAMETERS], uint32_t word);

/* The virtual machine's own events. Each is a paragraph of the specification, run on the virtual state. */
void vmm_reset(struct vmm_vcpu *vcpu, uint32_t entry);
bool vmm_fetch(struct vmm_vcpu *vcpu, uint32_t *word);        /* false: it trapped, and the trap is reflected */
const struct vmm_fetched *vmm_fetch_next(struct vmm_vcpu *vcpu); /* the same, remembered (fetch.c); NULL: it trapped */
void vmm_reflect(struct vmm_vcpu *vcpu, uint32_t cause, uint32_t value, uint32_t access); /* the guest traps */
void vmm_reflect_own(struct vmm_vcpu *vcpu);                  /* the same: a program has trapped */
void vmm_request(struct vmm_vcpu *vcpu, uint32_t requests);   /* requests interrupts: bit i is cause 16 + i */
void vmm_interrupt(struct vmm_vcpu *vcpu);                    /* delivers the requests that the guest takes now */

/* Counts its virtual timer down. */
static inline void vmm_pass_time(struct vmm_vcpu *vcpu, uint32_t instructions)
{
    uint32_t *timer = &vcpu->state[vcpu->isa->countdown];

    if (*timer > instructions) {
        *timer -= instructions;
    } else if (*timer != 0) {
        *timer = 0;
        vmm_request(vcpu, 1); /* the timer is the first of the interrupts */
    }
}

/* Executes one instruction: its program for this word. If it traps, the trap is reflected. The order is the hardware's:
 * the effects of the instruction, then the tick of the timer. An instruction that sets the timer does not tick it; nor
 * does one that traps, for it does not retire. */
static inline void vmm_execute_program(struct vmm_vcpu *vcpu, const struct vmm_step *program, uint32_t word)
{
    const struct vmm_isa *isa = vcpu->isa;

    vcpu->timer_set = false;
    if (vmm_evaluate(vcpu, program, NULL, word) == VMM_TRAPPED) {
        vmm_reflect_own(vcpu);
        return;
    }
    vcpu->statistics.instructions++;
    vcpu->statistics.emulated++;
    if (!vcpu->timer_set)
        vmm_pass_time(vcpu, 1);
    if (vcpu->state[isa->requests] != 0)
        vcpu->state[isa->waiting] = 0; /* idle, with a request there already */
}

static inline void vmm_execute(struct vmm_vcpu *vcpu, uint32_t word)
{
    vmm_execute_program(vcpu, vmm_decode(vcpu->isa, word, vmm_mode(vcpu))->program, word);
}

/* ---- 3. Virtual devices ------------------------------------------------------------------------------------------ */

uint32_t vmm_port_in(struct vmm_vcpu *vcpu, uint32_t port);
void vmm_port_out(struct vmm_vcpu *vcpu, uint32_t port, uint32_t value);

/* The hypercall. Each monitor has its own; a machine without one answers 0. */
uint32_t vmm_diagnose(struct vmm_vcpu *vcpu, uint32_t function, uint32_t argument);

/* After a real device interrupt: finds whose devices have something to tell, and requests their virtual interrupts. */
void vmm_poll_devices(struct vmm_vcpu *guests, unsigned guest_count);

/* ---- 4. Guests side by side -------------------------------------------------------------------------------------- */

/* Codes with which a monitor itself halts the machine, besides a guest's. */
enum { VMM_HALT_UNSUPPORTED = 65, VMM_HALT_FAULT = 70 };

struct vmm {
    struct vmm_vcpu *current; /* the guest that runs, or NULL: all wait */
    uint32_t slice_rest;      /* instructions until another may run */
    uint32_t timer;           /* what the real timer was set to, for the guest's own instructions; 0: stopped */
    uint32_t passed;          /* time since vmm_schedule, in instructions */
    unsigned guest_count;
    bool injects;             /* the monitor itself sees to it that guests take their interrupts */
    bool in_own_mode;         /* the hardware executes guests in the mode that they believe to be in */
    uint32_t idle_registers[32];
    struct vmm_isa isa;
    struct vmm_vcpu guests[PG74_MOST_GUESTS];
};

/* Where each guest's figures are: by this name they are found from outside (docs/boot-protocol.md). */
extern const struct pg74_guest_statistics *vmm_guest_statistics[PG74_MOST_GUESTS];

/* Reads boot block and boot module and resets every guest. Halts the machine with a message where it cannot. */
void vmm_start(struct vmm *vmm);

/* After every trap: what the trap entry read from the real timer says how many instructions the guest has executed. It
 * was read one instruction after the trap. A timer that read 0 without having interrupted thus had one left: an
 * interrupt comes before the next instruction, and the timer's before all others. */
static inline void vmm_charge(struct vmm *vmm, uint32_t timer_read, bool timer_interrupt)
{
    struct vmm_vcpu *vcpu = vmm->current;

    if (vmm->timer == 0)
        return;
    vmm->passed = timer_interrupt ? vmm->timer : vmm->timer - (timer_read + 1);
    if (vcpu) {
        vcpu->statistics.instructions += vmm->passed;
        vmm_pass_time(vcpu, vmm->passed);
    }
}

/* What has passed is taken off the slice, and has passed for all that wait. vmm_schedule does so first of all; this is
 * for a monitor that will say itself who runs. */
void vmm_account(struct vmm *vmm);

/* Chooses who runs next and delivers its interrupts: sets `current` and `timer`. Ends the run when all guests have
 * halted. */
void vmm_schedule(struct vmm *vmm);

/* In its place where that is likely to change nothing, for a guest that can run. False: it would; so call it. */
bool vmm_schedule_again(struct vmm *vmm);

/* Executes the current guest's instructions one by one, for a while at most: until its slice is over, or it cannot run,
 * or the slot of its state no longer has this value. Looks after devices, too. Then call vmm_schedule again. */
void vmm_interpret(struct vmm *vmm, unsigned slot, uint32_t value);

/* Says what is wrong on the console, with two numbers, and halts the machine with a code. */
_Noreturn void vmm_stop(uint32_t code, const char *message, uint32_t first, uint32_t second);

/* ---- 5. The world switch ----------------------------------------------------------------------------------------- */

/* What start.S and C share, in the part of the trap area that is software's. start.S uses these offsets. */
struct vmm_switch {
    uint32_t x1;                  /* 0x80: while the other registers are saved */
    uint32_t timer;               /* 0x84: the real timer, read one instruction after the trap */
    uint32_t registers;           /* 0x88: address of x0 to x31 of whoever runs */
    uint32_t unused;
    struct pg74_psw psw;          /* 0x90: of whoever runs next */
};

/* What these two return, in two registers. */
struct vmm_next {
    uint32_t *registers;          /* x0 to x31 */
    uint32_t timer;               /* instructions until the timer interrupt; 0: none */
};

/* The monitor's strategy. start.S calls vmm_main once, and vmm_handle_trap after every trap; both say who runs next. */
struct vmm_next vmm_main(void);
struct vmm_next vmm_handle_trap(void);

/* The area that start.S and C share. */
static inline volatile struct vmm_switch *vmm_switch_area(void)
{
    return (volatile struct vmm_switch *)pg74_trap_area.save;
}

/* From here on traps enter this monitor: in supervisor mode, interrupts disabled, all of memory before it. */
void vmm_take_traps(void);

/* In start.S: what the two functions above return to. For who is not called from there. */
_Noreturn void vmm_switch_to(uint32_t *registers, uint32_t timer);

/* When no guest can run: the idle loop, a thing to run like any other. An interrupt ends it. */
struct vmm_next vmm_wait(struct vmm *vmm);

/* In start.S: where the hardware enters the monitor, and the loop that waits for an interrupt. */
extern const char vmm_trap_entry[], vmm_idle[];

/* ---- 6. Direct execution ----------------------------------------------------------------------------------------- */

/* After vmm_start. Halts the machine with a message where its guests cannot be executed directly. */
void vmm_start_direct(struct vmm *vmm);

/* The current guest goes on, on the hardware: in user mode, with its R composed with its partition's. */
struct vmm_next vmm_enter(struct vmm *vmm);

/* After a trap: charges the guest for its time, and does for it what the hardware did not. */
void vmm_handle(struct vmm *vmm);

/* The same, in short, for an instruction of the current guest that needs the monitor, where its pc and program are
 * known. True: the guest can go on, and its address space is what it was: if vmm_schedule_again lets it, there is no
 * need of vmm_schedule and vmm_enter. */
bool vmm_handle_program(struct vmm *vmm, uint32_t pc, const struct vmm_step *program);
struct vmm_next vmm_enter_again(struct vmm *vmm);

/* ---- 7. Address spaces ------------------------------------------------------------------------------------------- */

/* Before the first guest is entered, after vmm_isa_find_direct. Returns NULL, or in words why this monitor cannot let
 * the hardware relocate its guests. */
const char *vmm_space_start(struct vmm *vmm);

/* The real PSW with which the hardware executes a guest: user mode, interrupts enabled, its pc, and the real R for its
 * virtual R and mode. */
void vmm_space_enter(struct vmm *vmm, struct vmm_vcpu *vcpu, volatile struct pg74_psw *psw);

/* The same for R alone, where R is a page table: where it is, and its bound. */
void vmm_space_table(struct vmm_vcpu *vcpu, volatile struct pg74_psw *psw);

/* After a real memory trap of a guest that was entered so, at this virtual address, for this kind of access. True: the
 * real R lagged behind the guest's and now follows, so the guest goes on where it was. False: execute the instruction
 * on the virtual state, which finds whether the trap is the guest's own. */
bool vmm_space_fill(struct vmm_vcpu *vcpu, uint32_t address, uint32_t access);

/* The instruction word that the hardware fetched with a real PSW. Only after a trap other than its fetch's. */
uint32_t vmm_space_word(const volatile struct pg74_psw *psw);

/* `size` bytes at an address of the guest's physical memory were changed, not by the hardware's executing the guest: by
 * the monitor, or by a device. */
void vmm_space_stored(struct vmm_vcpu *vcpu, uint32_t address, uint32_t size);

/* The last thing that vmm_space_stored does. A monitor that keeps maps of its own has its own; the others do
 * nothing. */
void vmm_space_changed(struct vmm_vcpu *vcpu, uint32_t address, uint32_t size);

/* The guest has run otherwise than by vmm_space_enter, and may have stored anywhere: real Rs are to be made anew. */
void vmm_space_forget(struct vmm_vcpu *vcpu);

#endif
