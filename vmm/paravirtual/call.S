/* call.S: the instruction by which a guest calls, for the monitor to compare with.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "pg74.h"

    .section .rodata.call, "a"
    .balign 4
    .global paravirtual_call_instruction
paravirtual_call_instruction:
    pg74_diag a0, a0, a1
