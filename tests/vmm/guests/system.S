# Every system instruction in supervisor mode, with what it answers.
#include "pg74.h"
    .include "guest.inc"
    .equ psw, 0xe0              # within reach of an offset from address 0
guest:
    pg74_getbase t0
    show  t0
    pg74_getbound t0
    show  t0
    pg74_getflags t0
    show  t0
    pg74_spsw psw, zero             # flags, the address of the next instruction, R
    li    t1, psw
    lw    t0, 0(t1)
    show  t0
    lw    t0, 4(t1)
    show  t0
    lw    t0, 8(t1)
    show  t0
    lw    t0, 12(t1)
    show  t0

    # Addresses: in memory, at its end, beyond it.
    lw    s0, 0x108(zero)
    pg74_loadreal t0, sp
    show  t0
    addi  t1, s0, -1
    pg74_loadreal t0, t1
    show  t0
    pg74_probe t0, t1
    show  t0
    pg74_probe t0, s0
    show  t0
    li    t0, 0x77
    pg74_loadreal t0, s0             # traps, and leaves t0
    show  t0

    # Flags. Enabling alone has no effect that shows; with user mode the next of these traps.
    li    t1, 2
    pg74_setflags t1
    pg74_getflags t0
    show  t0
    pg74_setflags zero

    # R: from here to there, the program runs 0x2000 higher in physical memory, where a copy of it stands.
    la    t0, here
    la    t1, there
    li    t2, 0x2000
1:  lw    t3, 0(t0)
    add   t4, t0, t2
    sw    t3, 0(t4)
    addi  t0, t0, 4
    bltu  t0, t1, 1b
    addi  t3, s0, -0x400
    addi  t3, t3, -0x3f1        # the low four bits are dropped
here:
    pg74_setr t2, t3
    pg74_getbase t0
    pg74_getbound t4
    pg74_loadreal t5, sp
    pg74_probe t6, s0
    pg74_setr zero, s0
there:
    show  t0
    show  t4
    show  t5
    show  t6

    # The timer, exact: instructions executed by hardware and by a monitor count alike.
    li    t1, 1000
    pg74_settimer t1
    pg74_gettimer t0
    show  t0
    pg74_settimer t1
    nop
    nop
    pg74_getflags t2
    nop
    pg74_gettimer t0
    show  t0
    pg74_settimer zero
    pg74_gettimer t0
    show  t0

    # Ports: one that exists, some that do not; the count of instructions, as a difference.
    li    t1, 0x02
    pg74_in t0, t1
    show  t0
    li    t1, 0x3f
    pg74_in t0, t1
    show  t0
    li    t1, 0x502
    pg74_in t0, t1
    show  t0
    li    t1, 0x500
    li    t2, 'x'
    pg74_out t1, t2
    li    t1, 0x80000000
    pg74_in t0, t1
    show  t0
    li    t1, 0x32
    pg74_in t2, t1
    nop
    pg74_getbase t3
    nop
    pg74_in t0, t1
    sub   t0, t0, t2
    show  t0

    li    t1, 7
    li    t2, 8
    pg74_diag t0, t1, t2
    show  t0
    pg74_machineid t0
    pg74_machineid zero
    pg74_getbound zero               # x0 stays zero
    show  zero

    # By lpsw into user mode, with R = (0x2000, 0x800): there, ecall comes back.
    li    t1, psw
    li    t0, 3
    sw    t0, 0(t1)
    sw    zero, 4(t1)
    la    t0, user
    sw    t0, 8(t1)
    li    t0, 0x80f
    sw    t0, 12(t1)
    recover 1f
    pg74_lpsw psw, zero
1:  recover 2f
    la    t0, user
    pg74_retu t0
2:  li    t0, 0x1234
    pg74_halt t0

    .balign 16
user:
    li    t6, 5
    ecall
