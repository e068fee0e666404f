# A word that is no instruction.
        .globl  _start
_start: jal     ra, install
        .word   0xffffffff
        halt    zero
