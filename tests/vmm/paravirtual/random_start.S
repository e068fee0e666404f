/* random_start.S: where the guest of random calls begins, and where events enter it: with an empty stack, in its
 * image. */
#include <pg74.h>

        .section .text.start, "ax"
        .globl  start
start:  la      sp, stack_top
        call    begin

        .text
        .globl  enter_again
enter_again:
        la      sp, stack_top
        call    go_on

        .bss
        .balign 16
        .space  4096
stack_top:
