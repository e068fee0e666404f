# Behind the student's handler.s: calls it, twice over.
        .globl  _start
_start: jal     ra, install
        li      a0, $a
        ecall
        halt    a0
