# Traps in the middle of straight code: the handler writes down where they were, and what was in a register then.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .text
        lui     s0, 0x4
        lui     s1, 0x10
        li      a0, $1..50
        addi    a0, a0, 1
        lw      a1, 0(s1)
        addi    a0, a0, 1
        auipc   a2, 0
        sw      a0, 4(s1)
        addi    a0, a0, 1
        ecall
        auipc   a2, 0x7f
        addi    a0, a0, 1
        lh      a1, 1(s0)
        addi    a0, a0, 1
        sw      a0, 2(s0)
        addi    a0, a0, 1
        ebreak
        addi    a0, a0, 1
        .word   0xffffffff
        addi    a0, a0, 1
        lb      zero, -1(zero)
        addi    a0, a0, 1
        .word   0
        halt    a0
handler:
        lw      t0, @old_psw+4(zero)
        sw      t0, 0(s0)
        lw      t1, @trap_cause(zero)
        sw      t1, 4(s0)
        lw      t1, @trap_value(zero)
        sw      t1, 8(s0)
        lw      t1, @trap_access(zero)
        sw      t1, 12(s0)
        sw      a0, 16(s0)
        addi    s0, s0, 32
        addi    t0, t0, 4
        sw      t0, @old_psw+4(zero)
        lpsw    @old_psw(zero)
