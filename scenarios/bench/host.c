/* host.c: the frame of a workload on a host with a C library (the native one): prints the checksum. */
#include "bench.h"

#include <stdio.h>

int main(void) {
    printf("%08x\n", workload(ROUNDS));
    return 0;
}
