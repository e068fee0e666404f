# The kernel disables interrupts and enables them again, as around every critical section.
        .equ    COUNT, 1000
        .global _start
_start: li      s0, COUNT
        li      s1, 2
loop:   setflags zero
        setflags s1
        addi    s0, s0, -1
        bnez    s0, loop
        halt    zero
