#! input 6869
# Input from the console, the size of a disk that is not there, diagnose: on the bare machine it answers 0.
        li      a0, 1
        in      a1, a0
        in      a2, a0
        in      a3, a0
        li      a0, 0x15
        in      a4, a0
        diag    a5, zero, zero
        addi    a1, a1, -$1..30
        out     zero, a1
        halt    a2
