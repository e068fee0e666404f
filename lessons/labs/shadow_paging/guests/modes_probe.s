# The kernel asks what its user may do, and does otherwise itself.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .org    @save_area+64
        .word   4, on, 0x8000, 0x10000
        .data
        .org    0x8000
        .word   0x1f, 0x101f, 0x201f, 0x301f, 0x401f, 0x500f, 0x601f, 0x7011
        .word   0x801f, 0x901f, 0xa01f, 0xb01f, 0xc01f, 0xd01f, 0xe01f, 0xf01f
        .text
        lpsw    @save_area+64(zero)
on:
        li      s0, 0x5000
        probe   a0, s0
        loadreal a1, s0
        lw      a5, 0(s0)
        li      s0, 0x6000
        probe   a0, s0
        li      s0, 0x7000
        probe   a0, s0
        la      t1, user
        retu    t1
user:
        li      a0, $1..99
        probe   a1, s0
handler:
        lw      a2, @trap_cause(zero)
        lw      a3, @trap_value(zero)
        lw      a4, @trap_access(zero)
        halt    a2
