/* entry.S: where the driver domain begins, where events enter it, and its calls of the monitor.
 *
 * SPDX-License-Identifier: MIT-0 */
#include <pg74.h>

        .section .text.start, "ax"
        .globl  start
start:                                  /* its memory is zero but for the image: .bss is as it should be */
        la      t0, pg74_boot_block
        lw      sp, 8(t0)               /* memory_size */
        call    driver_start            /* answers the halt code */
halt:   pg74_halt a0

        .text
/* What waited has nothing on its stack that is still needed. */
        .globl  driver_event
driver_event:
        la      t0, pg74_boot_block
        lw      sp, 8(t0)
        j       driver_serve

/* Nothing here should trap: then nobody drives any device any more, but nothing else is lost. */
        .globl  driver_trap
        .balign 4
driver_trap:
        li      a0, 254
        j       halt

        .globl  driver_call
driver_call:                            /* uint32_t driver_call(uint32_t function, uint32_t argument) */
        pg74_diag a0, a0, a1
        ret
