/* bench.h: what the workloads share. One source serves three hosts: the native compiler, the bare machine, and qemu's
 * user mode for RISC-V. A workload is a function of a number of rounds that gives a checksum; the harness prints it. */
#ifndef BENCH_H
#define BENCH_H

#include <stdint.h>

/* How many rounds a run makes: given when compiling, the same for every host. */
#ifndef ROUNDS
#define ROUNDS 1
#endif

/* Does the work `rounds` times over; the result depends on all of it. */
uint32_t workload(uint32_t rounds);

/* The next number of a small generator (Marsaglia's xorshift, "Xorshift RNGs", 2003); `state` must not be 0. */
static inline uint32_t bench_random(uint32_t *state) {
    uint32_t x = *state;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return *state = x;
}

#endif
