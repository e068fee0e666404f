# The last page of memory is there, and the next one is not, whatever the table says; nor is a page whose
# entry would stand behind the end.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .org    @save_area+64
        .word   4, on, 0x8000, 0x10000
        .data
        .org    0x8000
        .word   0x1f, 0x101f, 0x201f, 0x301f, 0x401f, 0xf01f, 0x1001f, 0x701f
        .word   0x801f, 0x901f, 0xa01f, 0xb01f, 0xc01f, 0xd01f, 0xe01f, 0xf01f
        .text
        lpsw    @save_area+64(zero)
on:
        li      s0, 0x5000
        sw      s0, 0x3c(s0)
        probe   a0, s0
        li      s0, 0x6000
        probe   a0, s0
        lw      a1, 64(s0)
        halt    zero
handler:
        lw      a2, @trap_cause(zero)
        lw      a3, @trap_value(zero)
        addi    s3, s3, 1
        li      t0, 2
        beq     s3, t0, 1f
        lpsw    again(zero)
1:
        halt    a2
        .rodata
        .balign 16
again:
        .word   4, more, 0xffe0, 0x10000
        .text
more:
        li      s0, 0x8000
        lw      a0, 0(s0)
        halt    zero
        .data
        .org    0xffe0
        .word   0x1f, 0x101f, 0x201f, 0x301f, 0x401f, 0x501f, 0x601f, 0x701f
