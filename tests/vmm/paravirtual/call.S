/* call.S: uint32_t call_monitor(uint32_t function, uint32_t argument), with the instruction that the monitor expects. */
#include <pg74.h>

        .text
        .globl  call_monitor
call_monitor:
        pg74_diag a0, a0, a1
        ret
