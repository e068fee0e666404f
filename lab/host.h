/* host.h: the processor that this program itself runs on, tried out in user mode. */
#ifndef PG74_LAB_HOST_H
#define PG74_LAB_HOST_H

#include <stdbool.h>
#include <stdint.h>

enum lab_host_end {
    LAB_HOST_RUNS,     /* the processor executes it */
    LAB_HOST_EMULATED, /* it gives a result, but so slowly that somebody has trapped and emulated it */
    LAB_HOST_BLOCKED,  /* it traps, and the kernel sends a signal */
    LAB_HOST_FAILED    /* no process could be made for it */
};

struct lab_host_try {
    const char *name;      /* of the instruction, as the x86 variants have it */
    enum lab_host_end end;
    int signal;            /* BLOCKED */
    uint64_t cycles;       /* the fastest of several times; 0 where it was not executed */
    char shows[96];        /* what came out, in words */
};

enum { LAB_HOST_MOST = 32 };

/* Is this a processor, and a system, that can be tried? x86-64 with Linux. */
bool lab_host_known(void);

/* Does the processor have UMIP, by which a kernel keeps SGDT and its like from user mode? */
bool lab_host_has_umip(void);

/* Executes each instruction in a process of its own, and returns how many there are; 0 on an unknown host. */
unsigned lab_host_try_all(struct lab_host_try tries[LAB_HOST_MOST]);

#endif
