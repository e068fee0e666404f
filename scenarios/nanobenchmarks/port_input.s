# The kernel reads a port.
        .equ    COUNT, 1000
        .equ    console_status, 2
        .global _start
_start: li      s0, COUNT
        li      s1, console_status
loop:   in      a0, s1
        addi    s0, s0, -1
        bnez    s0, loop
        halt    zero
