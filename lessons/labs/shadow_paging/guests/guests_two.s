# Two guests take turns: their tables stand at the same place, and lead elsewhere.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .org    @save_area+64
        .word   4, on, 0x8000, 0x10000
        .data
        .org    0x8000
        .word   0x1f, 0x101f, 0x201f, 0x301f, 0x401f, 0x501f, 0x601f, 0x701f
        .word   0x801f, 0x901f, 0xa01f, 0xb01f, 0xc01f, 0xd01f, 0xe01f, 0xf01f
        .text
        lpsw    @save_area+64(zero)
on:
        li      s0, 0x5000
        li      s1, 0x8000
        li      s2, $3..6
1:
        lw      a1, 0x300(s0)
        addi    a1, a1, $1..99
        sw      a1, 0x300(s0)
        li      t0, 200
        settimer t0
        idle
        li      t1, 0x7000
        lw      a2, 0(t1)
        addi    s2, s2, -1
        bnez    s2, 1b
        sw      zero, 20(s1)
        lw      a1, 0x300(s0)
        halt    zero
handler:
        lw      a2, @trap_cause(zero)
        lw      a3, @trap_value(zero)
        lw      a4, @trap_access(zero)
        halt    a2
#! guest
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .org    @save_area+64
        .word   4, on, 0x8000, 0x10000
        .data
        .org    0x8000
        .word   0x1f, 0x101f, 0x201f, 0x301f, 0x401f, 0x601f, 0x601f, 0x0
        .word   0x801f, 0x901f, 0xa01f, 0xb01f, 0xc01f, 0xd01f, 0xe01f, 0xf01f
        .text
        lpsw    @save_area+64(zero)
on:
        li      s0, 0x5000
        li      s1, 0x8000
        li      s2, $3..6
1:
        lw      a1, 0x300(s0)
        addi    a1, a1, $1..99
        sw      a1, 0x300(s0)
        li      t0, 200
        settimer t0
        idle
        li      t1, 0x7000
        lw      a2, 0(t1)
        addi    s2, s2, -1
        bnez    s2, 1b
        sw      zero, 20(s1)
        lw      a1, 0x300(s0)
        halt    zero
handler:
        lw      a2, @trap_cause(zero)
        lw      a3, @trap_value(zero)
        lw      a4, @trap_access(zero)
        halt    a2
