# A program that makes another one, with more code than the cache has room for, and executes it three times.
        li      s0, 3
        .equ    copies, 300
#! include copies.inc
        andi    a3, s4, 15
        addi    a3, a3, 65
        out     zero, a3
        halt    s4
piece:  addi    a0, a0, $1..9
        xor     a1, a1, a0
        bltz    a1, .+8
        add     s4, s4, a1
        slli    a1, a1, 1
        bgez    a1, .+8
        sub     s4, s4, a0
        xori    a1, a1, 77
return: ret
