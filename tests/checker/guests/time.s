# Reads the time in every way there is, computes with it, stores it.
        .global _start
_start: li      t0, 0x30
        in      a0, t0
        li      t0, 0x32
        in      a1, t0
        in      a2, t0
        sub     a3, a2, a1
        sub     a4, a1, a0
        li      t1, 1000
        settimer t1
        gettimer a5
        addi    a5, a5, 1
        sw      a5, place, t2
        lw      a6, place
        machineid a7
        diag    s0, a5, a6
        settimer zero
        halt    zero
place:  .word   0
