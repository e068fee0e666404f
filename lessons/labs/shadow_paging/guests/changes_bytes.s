# A table is changed byte by byte, and half by half; numbers beside it on the page are only numbers.
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
        li      t0, 0x6000
        li      t1, $1..2000
        sw      t1, 0x200(t0)
        li      t0, 0x7000
        li      t1, $1..2000
        sw      t1, 0x200(t0)
        lpsw    @save_area+64(zero)
on:
        li      t0, 0x8000
        li      s0, 0x5000
        lw      a0, 0x200(s0)
        li      a3, $1..2000
        sw      a3, 0x100(t0)
        lb      a4, 0x100(t0)
        lhu     a5, 0x100(t0)
        sh      a3, 0x106(t0)
        lh      a5, 0x106(t0)
        li      t1, 0x6f
        sb      t1, 21(t0)
        lw      a1, 0x200(s0)
        li      t1, 0x701f
        sh      t1, 20(t0)
        lw      a1, 0x200(s0)
        sb      zero, 20(t0)
        lw      a1, 0x200(s0)
        halt    zero
handler:
        lw      a2, @trap_cause(zero)
        lw      a3, @trap_value(zero)
        lw      a4, @trap_access(zero)
        halt    a2
