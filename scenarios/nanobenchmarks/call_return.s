# The kernel calls a function of its own.
        .equ    COUNT, 1000
        .global _start
_start: li      s0, COUNT
loop:   call    function
        addi    s0, s0, -1
        bnez    s0, loop
        halt    zero
function:
        ret
