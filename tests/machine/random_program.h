/* random_program.h: programs that nobody would write, for tests that compare two ways of running.
 *
 * A program is made from a seed alone: the same seed and instruction set give the same program on every host. It
 * mixes ordinary and system instructions (all of the instruction set's, by its own layouts) with sensible operands:
 * traps and a handler that goes on after them, both modes, changes of R, timer, idle, code that changes code,
 * console and disk. */
#ifndef PG74_TESTS_RANDOM_PROGRAM_H
#define PG74_TESTS_RANDOM_PROGRAM_H

#include "machine/machine.h"

struct random_program {
    const struct isa *isa;
    uint64_t seed;
    struct machine_image *image;
    const struct machine_image *guests[1];
    uint8_t input_bytes[40], disk_bytes[2048];
    struct machine_input input, disk;
    struct machine_options options; /* for machine_new, but for the engine */
};

/* Makes the program of a seed. It ends the test where it cannot. */
void random_program_make(struct random_program *program, const struct isa *isa, uint64_t seed);
void random_program_free(struct random_program *program);

/* A machine that is about to run it. */
struct machine *random_program_start(const struct random_program *program, enum machine_engine engine);

/* The first difference between two machines of one program: state, memory, time, devices. NULL when there is none,
 * else a sentence in `text`. */
const char *random_program_difference(const struct machine *a, const struct machine *b, char *text, size_t size);

/* The next number of a sequence that `*state` begins. */
uint64_t random_next(uint64_t *state);
/* One below `limit` > 0. */
uint32_t random_below(uint64_t *state, uint32_t limit);

#endif
