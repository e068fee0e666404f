# The kernel changes an entry of the page table that it runs on.
        .equ    COUNT, 1000
        .global _start
_start: la      t0, psw
        lpsw    0(t0)
mapped: li      s0, COUNT
        la      s1, table
        li      s2, 0x901f
loop:   sw      s2, 36(s1)
        addi    s0, s0, -1
        bnez    s0, loop
        halt    zero

        .data
        .org    0x4000
table:  .word   0x001f, 0x101f, 0x201f, 0x301f, 0x400f, 0x501f, 0x601f, 0x701f, 0x801f, 0, 0xa01f, 0
psw:    .word   4, mapped, table, 0xb000
