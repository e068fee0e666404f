# Every trap, in supervisor and in user mode; every system instruction in user mode.
#include "pg74.h"
    .include "guest.inc"
    .equ psw, 0xe0

    # A program that runs in either mode, until its last ecall, which goes to `recover`.
    .macro run_in flags, bound
    li    t1, psw
    li    t0, \flags
    sw    t0, 0(t1)
    la    t0, program
    sw    t0, 4(t1)
    sw    zero, 8(t1)
    li    t0, \bound
    sw    t0, 12(t1)
    pg74_lpsw psw, zero
    .endm

guest:
    lw    s0, 0x108(zero)
    li    s1, 0                 # which round
    run_in 0, 0x8000            # supervisor
round_1:
    li    s1, 1
    run_in 1, 0x8000            # user
round_2:
    li    s1, 2
    run_in 3, 0x8000            # user, enabled

round_3:                        # fetches that trap: beyond the bound, misaligned, in either mode
    recover 1f
    li    t0, 0x100000
    jr    t0
1:  recover 1f
    la    t0, guest
    addi  t0, t0, 2
    pg74_retu t0
1:  recover 1f
    pg74_retu zero                  # nothing but zeros there: illegal
1:  recover 1f
    li    t0, -4
    pg74_retu t0
1:  li    t1, psw               # misaligned jump of lpsw
    li    t0, 1
    sw    t0, 0(t1)
    li    t0, 0x1002
    sw    t0, 4(t1)
    sw    zero, 8(t1)
    sw    s0, 12(t1)
    recover 1f
    pg74_lpsw psw, zero
1:  recover 1f
    pg74_setr zero, zero            # nothing can be fetched any more
1:  li    t0, 3
    sw    t0, psw(zero)
    pg74_lpsw psw + 4, zero       # misaligned operand
    pg74_spsw psw + 8, zero
    li    t1, -16
    pg74_lpsw 0, t1                 # operand outside memory
    pg74_spsw 0, t1
    addi  t1, s0, -16
    pg74_spsw 0, t1                 # the last words of memory
    lw    t0, 0(t1)
    show  t0
    pg74_halt s1

next_round:
    li    s11, 0
    beqz  s1, round_1
    addi  t0, s1, -1
    beqz  t0, round_2
    j     round_3

program:
    ecall
    ebreak
    .word 0                     # illegal words
    .word 0xffffffff
    .word 0xfe00305b
    pg74_lpsw 1, zero
    pg74_spsw 1, zero
    li    t0, 0x8000
    pg74_setr zero, t0
    pg74_getbase t0
    pg74_getbound t0
    pg74_getflags t0
    pg74_loadreal t0, zero
    pg74_probe t0, zero
    pg74_settimer zero
    pg74_gettimer t0
    li    t0, 0x3f
    pg74_in t1, t0
    pg74_out t0, t1
    pg74_diag t0, zero, zero
    pg74_machineid zero

    # Memory: at the bound, across it, beyond it; misaligned; wrapping around.
    li    t0, 0x8000
    lw    t1, -4(t0)
    lw    t1, 0(t0)
    lh    t1, -2(t0)
    lh    t1, 0(t0)
    lb    t1, -1(t0)
    lb    t1, 0(t0)
    sw    t1, 0(t0)
    sh    t1, 0(t0)
    sb    t1, 0(t0)
    lw    t1, -2(t0)
    lw    t1, -1(t0)
    lh    t1, -1(t0)
    lhu   t1, 1(t0)
    sw    t1, 2(t0)
    sh    t1, 3(t0)
    lw    t1, -4(zero)
    lbu   t1, -1(zero)
    sb    t1, -1(zero)
    lui   t0, 0x80000
    lw    t1, 0(t0)
    sw    t1, -4(t0)

    # Jumps to places that are no multiple of four: the trap is the jump's own.
    la    t0, program + 2
    jr    t0
    jalr  t1, 0(t0)
    beq   zero, zero, .+6
    .word 0x0020006f            # j .+2
    recover next_round
    ecall
