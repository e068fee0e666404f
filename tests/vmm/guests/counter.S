# For the variant counter.isa: a privileged instruction that reads memory, writes new state and a port, and traps.
#include "pg74.h"
    .include "guest.inc"
    .macro enter rd, rs1
    .insn r 0x0b, 2, 7, \rd, \rs1, x0
    .endm
guest:
    la    s1, number
    enter t0, s1
    show  t0
    addi  t0, s1, 4
    enter t0, t0
    show  t0
    addi  s1, s1, 8
    enter t0, s1                # too much: traps, and leaves all as it was
    addi  t0, s1, 2
    enter t0, t0                # misaligned
    li    t0, -4
    enter t0, t0                # outside memory
    la    s1, number
    enter t0, s1
    show  t0
    recover 1f
    la    t0, user
    pg74_retu t0
1:  pg74_halt zero
user:
    enter t0, s1
    ecall
    .balign 4
number:
    .word 'A', 0x10000, 0xf0000
