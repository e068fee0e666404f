/* boot.h: what the loader leaves in memory for a guest or a monitor. The generated pg74.h carries this text, so it is the
 * one place where these layouts are written. All numbers little-endian; addresses physical unless said otherwise.
 * docs/boot-protocol.md is the manual.
 *
 * SPDX-License-Identifier: MIT-0 */

/* A program status word in memory, as lpsw and spsw and the trap area have it. */
struct pg74_psw {
    uint32_t flags; /* bit 0 user mode, bit 1 interrupts enabled, bit 2 translation (machines with pages) */
    uint32_t pc, base, bound;
};

/* The trap area, at physical address 0x40. */
struct pg74_trap_area {
    struct pg74_psw old_psw; /* 0x40 */
    struct pg74_psw new_psw; /* 0x50 */
    uint32_t cause;          /* 0x60 */
    uint32_t value;          /* 0x64 */
    uint32_t access;         /* 0x68: 1 fetch, 2 load, 3 store, 0 none */
    uint32_t unused[5];
    uint32_t save[32]; /* 0x80: for software */
};

/* The control block of a guest, where `vmrun` finds it (pg74h): physical addresses, all of it. The machine stores what an
 * exit tells, and the host's PSW; the rest is the host's to fill in. PG74_CONTROL_... are the bits of `controls`,
 * PG74_CAUSE_... what `reason` says: an exit's cause, a trap's (1 to 6), or an interrupt's. */
struct pg74_control_block {
    _Alignas(16) struct pg74_psw guest;          /* 0x00: vmrun loads it, an exit stores it */
    struct pg74_psw host;                        /* 0x10: vmrun stores it, an exit loads it */
    uint32_t table_base, table_bound;            /* 0x20: the host's table, like R's */
    uint32_t controls;                           /* 0x28 */
    uint32_t trap_exits;                         /* 0x2c: bit i: a trap with cause i exits */
    uint32_t inject, inject_value, inject_access; /* 0x30: a cause that the guest takes first, or 0 */
    uint32_t unused;
    uint32_t reason, value, access;              /* 0x40: as in a trap area; of exit_in and exit_out, what they need */
    uint32_t physical;                           /* 0x4c: of a nested fault: the guest's physical address */
};

enum { PG74_BOOT_BLOCK = 0x100 /* its address */, PG74_BOOT_MAGIC = 0x34374750 /* "PG74" */, PG74_BOOT_VERSION = 1,
       PG74_MOST_GUESTS = 16 };

/* A guest that a monitor is to run: module i stands at the start of partition i, ready to run. */
struct pg74_guest {
    uint32_t start; /* of its partition; a multiple of 4096 */
    uint32_t size;  /* of its partition: the guest's memory size */
    uint32_t entry; /* address in the guest's own memory */
};

/* The boot block, at physical address PG74_BOOT_BLOCK of the machine and of every partition. */
struct pg74_boot_block {
    uint32_t magic, version;
    uint32_t memory_size;   /* of this machine, or this partition */
    uint32_t slice_limit;   /* guest instructions after which a monitor must have regained control */
    uint32_t module;        /* address of the boot module, 0 if none (guests) */
    uint32_t guest_count;   /* 0 for a guest */
    struct pg74_guest guests[PG74_MOST_GUESTS];
};

/* What a monitor counts of a guest, for people who look. A monitor that has an object `vmm_guest_statistics`, an array of
 * PG74_MOST_GUESTS pointers to such, has them shown by `pg74 run --json`. */
struct pg74_guest_statistics {
    uint64_t instructions; /* of the guest that have retired, however they were executed */
    uint64_t waited;       /* time that it spent waiting, in instructions */
    uint32_t emulated;     /* instructions that the monitor executed; the others were the hardware's */
    uint32_t traps;        /* reflected into the guest */
    uint32_t interrupts;   /* delivered to the guest */
    uint32_t slices;       /* begun */
    uint32_t shadow_fills; /* entries of shadow page tables that were made */
    uint32_t table_stores; /* stores to pages that hold the guest's own tables */
    uint32_t shadows_forgotten; /* for want of room, all at once */
    uint32_t state;        /* address of its virtual state, one word a slot, as the boot module counts them; kept while the
                            * monitor runs, not while the guest does. 0: the monitor does not tell */
};

/* The boot module: the loaded instruction set, as a monitor reads it. Offsets count from the start of the module. */
enum { PG74_MODULE_MAGIC = 0x4c444f4d /* "MODL" */, PG74_MODULE_VERSION = 1 };
enum { PG74_NONE = 0xffff };
enum { PG74_KIND_RELOCATION_BOUNDS = 0, PG74_KIND_PAGED = 1 };

/* A node of the IR: docs/specification-language.md. The operators' numbers are the enum PG74_IR_... */
struct pg74_node {
    uint8_t operator, width;
    uint16_t a, b, c;
    uint32_t constant, constant_high;
};

struct pg74_program {
    uint32_t first, count; /* in the module's nodes */
    uint32_t locals;
};

/* role and duty: enum PG74_ROLE_..., PG74_DUTY_... */
struct pg74_state {
    uint16_t slot, count;
    int16_t zero; /* the element that reads as zero, or -1 */
    uint8_t width, role, duty, unused[3];
};

struct pg74_field {
    uint8_t width, piece_count;
    struct { uint8_t word_low, field_low, width; } pieces[8];
    uint8_t unused[6];
};

/* What the classifier found out about an instruction, where it was asked to. */
enum {
    PG74_CLASS_KNOWN = 1, PG74_CLASS_PRIVILEGED = 2, PG74_CLASS_SENSITIVE = 4, PG74_CLASS_USER_SENSITIVE = 8
};

struct pg74_instruction {
    uint32_t mask, match;
    struct pg74_program program;
    uint16_t first_field, field_count;
    uint32_t classes; /* PG74_CLASS_... */
    char name[24];
};

/* The paragraphs, in the order of the module. */
enum {
    PG74_ON_RESET, PG74_ON_TRAP, PG74_ON_INTERRUPT, PG74_ON_FETCH, PG74_ON_ILLEGAL, PG74_ON_TRANSLATE, PG74_PARAGRAPHS
};

struct pg74_boot_module {
    uint32_t magic, version, size;
    uint32_t kind; /* PG74_KIND_... */
    uint32_t word_bits, instruction_bits, slots;
    uint32_t state_count, states;             /* offset of struct pg74_state[] */
    uint32_t instruction_count, instructions; /* offset of struct pg74_instruction[] */
    uint32_t field_count, fields;             /* offset of struct pg74_field[] */
    uint32_t node_count, nodes;               /* offset of struct pg74_node[] */
    struct pg74_program paragraphs[PG74_PARAGRAPHS];
};
