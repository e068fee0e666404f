# Timer interrupts: exactly after so many instructions, once, and not while disabled; preemption of a user program, over
# many slices; virtual and real ends of slices at all distances.
#include "pg74.h"
    .include "guest.inc"
    .equ psw, 0xe0
guest:
    lw    s0, 0x108(zero)
    li    s1, 2                 # enabled

    # Requested while disabled: taken as soon as enabled, before the next instruction.
    li    t0, 5
    pg74_settimer t0
    nop
    nop
    nop
    nop
    nop
    nop
    pg74_gettimer t1
    show  t1
    pg74_setflags s1
    show  s10
    pg74_setflags zero

    # Cleared by settimer: never taken.
    li    t0, 1
    pg74_settimer t0
    nop
    pg74_settimer zero
    pg74_setflags s1
    nop
    pg74_setflags zero
    show  s10

    # A hundred distances, straight-line code, some of it emulated: the pc in the trap tells whether it was exact.
    li    s2, 1
    li    s3, 60
distance:
    li    t0, 0
    pg74_settimer s2
    pg74_setflags s1
    addi  t0, t0, 1
    addi  t0, t0, 1
    pg74_getflags t1
    addi  t0, t0, 1
    addi  t0, t0, 1
    mul   t2, t0, t0
    pg74_getbase t1
    pg74_getbase t1
    addi  t0, t0, 1
    addi  t0, t0, 1
    lw    t1, 0x108(zero)
    .rept 40
    addi  t0, t0, 1
    .endr
    pg74_probe t1, zero
    addi  t0, t0, 1
    pg74_setflags zero
    pg74_settimer zero
    show  s10
    addi  s2, s2, 1
    ble   s2, s3, distance

    # A user program that counts to 200000, interrupted every 7919 instructions: at each interrupt its counter is
    # printed.
    li    t1, psw
    li    t0, 3
    sw    t0, 0(t1)
    la    t0, count
    sw    t0, 4(t1)
    sw    zero, 8(t1)
    sw    s0, 12(t1)
    la    t0, tick
    sw    t0, 0x54(zero)
    li    s4, 0
    li    s5, 200000
    li    s6, 7919
    pg74_settimer s6
    pg74_lpsw psw, zero
count:
    addi  s4, s4, 1
    blt   s4, s5, count
    ecall
tick:
    lw    t0, 0x60(zero)
    li    t1, 4
    beq   t0, t1, finish
    show  t0
    show  s4
    lw    t0, 0x44(zero)
    show  t0
    pg74_settimer s6
    pg74_lpsw 0x40, zero
finish:
    show  s4
    pg74_halt zero
