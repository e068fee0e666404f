# worker.s: works for a while, prints a dot, and again, eight times. It asks nobody for anything.
        .equ    console_output, 0

        .global _start
_start: li      s0, 8
        li      s1, console_output
        li      a1, '.'
round:  li      t0, 2000
work:   addi    t0, t0, -1
        bnez    t0, work
        out     s1, a1
        addi    s0, s0, -1
        bnez    s0, round
        halt    zero
