# A kernel reads and sets its flags, in a loop, and enters user mode with retu: the user program's call must come back.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .text
        lui     s0, 0x4
        getflags a0
        addi    a1, a0, 65
        out     zero, a1
        li      s1, $2..6
        li      s2, 0
1:      li      a2, 2
        setflags a2
        getflags a3
        add     s2, s2, a3
        setflags zero
        getflags a3
        add     s2, s2, a3
        andi    a2, s1, 1           # the same instruction reads other flags each time
        slli    a2, a2, 1
        setflags a2
        getflags a3
        add     s2, s2, a3
        setflags zero
        addi    s1, s1, -1
        bnez    s1, 1b
        sw      s2, 0(s0)
        la      a4, user
        retu    a4
user:   addi    s2, s2, 1
        getflags a5
        ecall
        halt    zero
handler:
        lw      a6, @old_psw(zero)
        lw      a7, @trap_cause(zero)
        getflags t0
        slli    a6, a6, 4
        add     a6, a6, a7
        add     a6, a6, t0
        addi    t1, a5, 65
        out     zero, t1
        add     a6, a6, s2
        halt    a6
