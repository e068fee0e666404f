# Computes for twelve million instructions, none of which concerns a monitor.
        .global _start
_start: li      t0, 3000000
        li      a0, 1
1:      slli    t1, a0, 5
        xor     a0, a0, t1
        addi    t0, t0, -1
        bnez    t0, 1b
        halt    zero
