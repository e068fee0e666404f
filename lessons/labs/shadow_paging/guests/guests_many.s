# Two guests take turns, each with half a dozen tables: more than there is room for.
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
        li      s1, 0x8400               # 6 tables of 64 bytes each
        li      s2, 6
        li      s4, 0xd01f
1:
        li      t0, 0x1f
        mv      t1, s1
        li      t2, 0x10000
        li      t3, 0x1000
2:
        sw      t0, 0(t1)
        add     t0, t0, t3
        addi    t1, t1, 4
        bltu    t0, t2, 2b
        sw      s4, 48(s1)              # page 12 is page 13, 14 or 15
        add     s4, s4, t3
        bltu    s4, t2, 3f
        li      s4, 0xd01f
3:
        addi    s1, s1, 64
        addi    s2, s2, -1
        bnez    s2, 1b
        lpsw    @save_area+64(zero)
on:
        li      s0, 0xc000
        li      s3, 0x10000
        li      s5, 3
again:
        li      s1, 0x8400
        li      s2, 6
1:
        setr    s1, s3
        lw      a1, 0x300(s0)
        addi    a1, a1, $1..99
        sw      a1, 0x300(s0)
        li      t0, 100
        settimer t0
        idle
        addi    s1, s1, 64
        addi    s2, s2, -1
        bnez    s2, 1b
        addi    s5, s5, -1
        bnez    s5, again
        halt    a1
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
        .word   0x1f, 0x101f, 0x201f, 0x301f, 0x401f, 0x501f, 0x601f, 0x701f
        .word   0x801f, 0x901f, 0xa01f, 0xb01f, 0xc01f, 0xd01f, 0xe01f, 0xf01f
        .text
        li      s1, 0x8400               # 6 tables of 64 bytes each
        li      s2, 6
        li      s4, 0xd01f
1:
        li      t0, 0x1f
        mv      t1, s1
        li      t2, 0x10000
        li      t3, 0x1000
2:
        sw      t0, 0(t1)
        add     t0, t0, t3
        addi    t1, t1, 4
        bltu    t0, t2, 2b
        sw      s4, 48(s1)              # page 12 is page 13, 14 or 15
        add     s4, s4, t3
        bltu    s4, t2, 3f
        li      s4, 0xd01f
3:
        addi    s1, s1, 64
        addi    s2, s2, -1
        bnez    s2, 1b
        lpsw    @save_area+64(zero)
on:
        li      s0, 0xc000
        li      s3, 0x10000
        li      s5, 2
again:
        li      s1, 0x8400
        li      s2, 6
1:
        setr    s1, s3
        lw      a1, 0x300(s0)
        addi    a1, a1, $1..99
        sw      a1, 0x300(s0)
        li      t0, 100
        settimer t0
        idle
        addi    s1, s1, 64
        addi    s2, s2, -1
        bnez    s2, 1b
        addi    s5, s5, -1
        bnez    s5, again
        halt    a1
handler:
        lw      a2, @trap_cause(zero)
        lw      a3, @trap_value(zero)
        lw      a4, @trap_access(zero)
        halt    a2
