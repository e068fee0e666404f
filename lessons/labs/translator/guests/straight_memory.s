# Loads and stores of every size, at the guest's own addresses; and beyond its memory, where the cache stands: a trap.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .text
        lui     s0, 0x4
        li      a0, $0x1000..0x7000
        sw      a0, 0(s0)
        sb      a0, 5(s0)
        sh      a0, 10(s0)
        lw      a1, 0(s0)
        lb      a2, 1(s0)
        lbu     a3, 1(s0)
        lh      a4, 10(s0)
        lhu     a5, 10(s0)
        add     a6, a2, a4
        sw      a6, 0x100(s0)
        lui     s1, 0x400
        lw      a7, 0(s1)
        halt    a6
handler:
        lw      t0, @trap_cause(zero)
        addi    t0, t0, 64
        out     zero, t0
        halt    a6
