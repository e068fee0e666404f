# Code as data: a program adds up its own words, before and after they have been executed, and reads a number that looks
# like an instruction.
        lui     s0, 0x4
        li      s1, 2
again:  la      a0, _begin
        la      a1, _end
        li      a2, 0
1:      lw      a3, 0(a0)
        add     a2, a2, a3
        addi    a0, a0, 4
        bltu    a0, a1, 1b
        sw      a2, 0(s0)
        addi    s0, s0, 4
_begin: addi    s2, s2, $1..40
        getflags a4
        jal     a5, 1f
number: setflags a0
1:      lw      a6, number
        bnez    s2, 1f
        auipc   a7, 0
1:      addi    s1, s1, -1
        bnez    s1, again
_end:   andi    a0, a2, 15
        addi    a0, a0, 65
        out     zero, a0
        halt    s2
