# Two guests that take turns, each with code that nearly fills the cache alone, at the same addresses.
        li      s0, $5..7               # rounds
        .equ    copies, 220
#! include copies.inc
        andi    a3, s4, 15
        addi    a3, a3, 65
        out     zero, a3
        halt    s4
piece:  addi    a0, a0, 1
        xor     s4, s4, a0
        slli    a1, s4, 3
        bltz    a1, .+8
        addi    s4, s4, 2
        xori    s4, s4, 77
        add     a0, a0, s4
        srli    a0, a0, 1
return: ret
#! guest
        li      s0, $5..7               # rounds
        .equ    copies, 220
#! include copies.inc
        andi    a3, s4, 15
        addi    a3, a3, 97
        out     zero, a3
        halt    s4
piece:  addi    a0, a0, 3
        add     s4, s4, a0
        slli    a1, s4, 3
        bltz    a1, .+8
        addi    s4, s4, 4
        xori    s4, s4, 77
        add     a0, a0, s4
        srli    a0, a0, 1
return: ret
