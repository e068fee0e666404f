# For the variant exchange.isa: its new instruction, in both modes.
#include "pg74.h"
    .include "guest.inc"
    .macro xchgflags rd, rs1
    .insn r 0x0b, 2, 7, \rd, \rs1, x0
    .endm
guest:
    li    t0, 2
    xchgflags t1, t0
    show  t1
    li    t0, 1
    xchgflags t1, t0            # to user mode: the next is privileged, and tried again in user mode
    xchgflags t2, t0
    recover 1f
    ecall
1:  show  t1
    pg74_getflags t0
    show  t0
    pg74_halt zero
