# neighbour.s: prints the word at its address 24.
_start: set     r1, 12
        add     r1, r1
        load    r0, r1
        out     r0
        halt    r2
        .org    24
        .word   'B'
