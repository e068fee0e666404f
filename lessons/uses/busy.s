# busy.s: writes to 24 pages of its memory, one after the other, again and again, and halts with what it has counted.
        .equ    page, 4096

        .global _start
_start: li      s0, 400
round:  li      t0, 0x10000
        li      t1, 24
write:  lw      t2, 0(t0)
        addi    t2, t2, 1
        sw      t2, 0(t0)
        li      t3, page
        add     t0, t0, t3
        li      t4, 150
pause:  addi    t4, t4, -1
        bnez    t4, pause
        addi    t1, t1, -1
        bnez    t1, write
        addi    s0, s0, -1
        bnez    s0, round
        li      t0, 0x10000
        lw      a0, 0(t0)
        halt    a0
