/* concrete.h: the definitions on concrete states: what is executed, and how it is judged. Nothing here knows of Z3. */
#ifndef PG74_CLASSIFIER_CONCRETE_H
#define PG74_CLASSIFIER_CONCRETE_H

#include "classifier/classifier.h"
#include "classifier/pool.h"

/* The accesses that load(), store() and the memory trap speak of: docs/specification-language.md. */
enum { ACCESS_FETCH = 1, ACCESS_LOAD = 2, ACCESS_STORE = 3, ACCESSES };

/* The bits of every address and of the state of the devices, whatever the machine's word. */
enum { ADDRESS_BITS = 32, DEVICE_BITS = 32, INDEX_BITS = 16 };

uint32_t classifier_least_memory(const struct isa *isa); /* bytes that every machine has; more than any access */

/* mentioned.c. By number of the state: may the instruction (NULL: `translate` alone), or what it calls, read or write it? The
 * mode, a guest's own too, and the program counter always count. */
const bool *classifier_mentioned(struct pool *pool, const struct isa *isa, const struct isa_instruction *instruction);

struct byte { uint32_t address; uint8_t value; };

/* One answer of the devices: at `port` in device state `before` (written with `given`), `value` is read, `after`
 * comes. */
struct device_rule { bool is_write; uint32_t port, before, given, value, after; };

/* A concrete state. Bytes that are not listed are zero; `dense` (may be NULL) stands for the first `dense_size`. */
struct concrete {
    uint32_t *slots;
    uint32_t memory_size, device;
    LIST(struct byte) bytes;
    const uint8_t *dense;
    uint32_t dense_size;
};

/* How the devices answer: by rules, and otherwise by a hash if `hashed`, by zero and no change if not. */
struct devices { LIST(struct device_rule) rules; bool hashed; };

struct translated { uint32_t virtual_address, physical_address; unsigned size, access; };

enum { MOST_TRANSLATED = 128 };

/* What one execution did. */
struct effects {
    struct isa_outcome outcome;
    uint32_t *slots; /* after */
    uint32_t device;
    LIST(struct byte) stores;
    struct translated translated[MOST_TRANSLATED];
    unsigned translations;
};

/* Whom a trap is for: nobody, in the definitions, that looks at memory traps; the monitor; or, in a guest view
 * (isa_guest_view), the guest itself, which sees what it was told. */
enum trap_kind { TRAP_STORAGE, TRAP_PRIVILEGED, TRAP_WITHIN };
enum trap_kind classifier_trap_kind(const struct isa *isa, uint32_t cause);

/* What a property perturbs, and how a pair of states is meant. */
enum perturbation { PERTURB_NOTHING, PERTURB_MODE, PERTURB_LOCATION, PERTURB_RESOURCE, PERTURB_TIME };
enum { PERTURBATIONS = PERTURB_TIME + 1 };

/* The pair's states have memories of their own, and hold the same at the same virtual addresses: location pairs, and in a
 * guest view mode pairs, since nobody enters guest mode without the host's relocation. */
bool classifier_moved(const struct isa *isa, enum perturbation perturbation);

/* Which results count: over the paper's own model no resources and no time. */
struct scope { bool paper, user_only, own_user; }; /* own_user: of a guest view, the guest's own mode is user */
/* Of a guest view only what happens in guest mode counts, and host and guest beside each other. */
struct scope classifier_scope(const struct isa *isa, bool paper);

/* Where two outcomes differ, or one state changed: for the sentence and for the judgement. */
enum difference_kind {
    DIFFERENCE_NONE, DIFFERENCE_STATE, DIFFERENCE_MEMORY, DIFFERENCE_DEVICE, DIFFERENCE_TRAP, DIFFERENCE_PHYSICAL
};
struct difference {
    enum difference_kind kind;
    unsigned state, element; /* STATE */
    uint32_t address;        /* MEMORY: virtual; PHYSICAL: physical */
    uint32_t values[2];      /* of the two states, or before and after */
};

struct classifier_witness {
    enum classifier_property property; /* USER_SENSITIVE keeps it, and `perturbation` says which of its kinds */
    enum perturbation perturbation;
    struct scope scope;
    const struct isa_instruction *instruction;
    uint32_t word;
    unsigned slots; /* that its states have: those of the instruction set it was found for */
    unsigned state_count;
    struct concrete states[2];
    struct effects effects[2];
    struct devices devices;
    bool finishes;           /* PRIVILEGED: the supervisor does not trap, and should not in a simpler witness */
    uint32_t probe;          /* a virtual address at which to look for a difference */
    struct difference difference;
};

/* ---- replay.c ---------------------------------------------------------------------------------------------------- */

void classifier_run(const struct isa *isa, const struct isa_instruction *instruction, uint32_t word,
                    const struct concrete *state, const struct devices *devices, struct pool *pool,
                    struct effects *effects);
bool classifier_translates(const struct isa *isa, const struct concrete *state, uint32_t virtual_address,
                           unsigned access, uint32_t *physical_address);
/* The same, with the physical addresses of what `translate` loads: a table's entries. `loaded` may be NULL. */
enum { MOST_LOADED = 8 };
struct loaded { uint32_t addresses[MOST_LOADED]; unsigned count; };
bool classifier_translate_loads(const struct isa *isa, const struct concrete *state, uint32_t virtual_address,
                                unsigned access, uint32_t *physical_address, struct loaded *loaded);
uint8_t classifier_memory_byte(const struct concrete *state, uint32_t address);
bool classifier_storage_trap(const struct isa *isa, const struct isa_outcome *outcome);
bool classifier_privileged_trap(const struct isa *isa, const struct isa_outcome *outcome);
bool classifier_in_user_mode(const struct isa *isa, const struct concrete *state);
bool classifier_in_own_user_mode(const struct isa *isa, const struct concrete *state); /* whatever the view */

/* Executes the witness and judges it. Fills in effects and difference. Location pairs: that the two states are related
 * is the caller's to know (classifier_related). */
bool classifier_replay(const struct isa *isa, struct classifier_witness *witness, struct pool *pool);

/* The judgements alone, of executions that have been made: refute.c shares one execution between several. */
bool classifier_judge_control(const struct isa *isa, const struct concrete *state, const struct effects *effects,
                              bool paper, struct difference *difference);
bool classifier_judge_pair(const struct isa *isa, const struct concrete states[2], const struct effects effects[2],
                           enum perturbation perturbation, bool paper, uint32_t probe, struct difference *difference);

/* ---- frames.c ---------------------------------------------------------------------------------------------------- */

/* `count` pairs of states, of which R, memory and mode alone are chosen (user mode where the number is odd). Returns
 * how many bits of an address are the place in a page, or 0 where `translate` has no table. */
struct frames { uint32_t *slots[2]; uint8_t *memory[2]; uint32_t sizes[2]; };
unsigned classifier_make_frames(struct pool *pool, const struct isa *isa, uint64_t seed, struct frames *frames,
                                unsigned count);
/* Other slots for the same memory: what `translate` mentions is as it was, and the rest of R, which it does not, as chosen. */
void classifier_share_frames(struct pool *pool, const struct isa *isa, uint64_t seed, const struct frames *made,
                             struct frames *frames, unsigned count);
struct concrete classifier_frame_state(const struct frames *frames, unsigned which);

#endif
