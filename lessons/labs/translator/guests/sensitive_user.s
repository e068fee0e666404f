# A user program tries what is its kernel's: what traps goes to the kernel, what does not does what it does there.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .text
        li      s1, 0
        li      s2, $1..9
        la      a0, user
        retu    a0
user:   getbase a1
        out     zero, s2
        li      a2, 2
        setflags a2
        getflags a3
        add     s2, s2, a3
        la      a4, 1f
        retu    a4
        li      s2, 0
1:      settimer s2
        idle
        ecall
handler:
        addi    s1, s1, 1
        lw      t0, @old_psw(zero)
        add     s2, s2, t0
        lw      t0, @trap_cause(zero)
        add     s2, s2, t0
        addi    t1, t0, 64
        out     zero, t1
        addi    t0, t0, -@supervisor_call
        beqz    t0, 1f
        lw      t0, @old_psw+4(zero)
        addi    t0, t0, 4
        sw      t0, @old_psw+4(zero)
        lpsw    @old_psw(zero)
1:      halt    s2
