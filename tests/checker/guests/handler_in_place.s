# The handler of a trap stands at the address of an instruction that traps: for the checker, the same pc twice in a row.
        .rodata
        .org    0x50
        .word   0, handler, 0, 0x10000
        .data
        .org    0x4000
        .word   0x16fa
        .word   0x17
        .word   0x11d8
        .word   0x10004
        .word   0x10000000
        .word   0xffffffdf
        .word   0xb65147e8
        .word   0xff4dcd1b
        .word   0x140795eb
        .text
        li      t0, 0x402c
        sw      a4, 4(t0)
        .data
        .balign 16
table0:
        .word   0x1f
        .word   0x101f
        .word   0x201f
        .word   0x301f
        .word   0x401f
        .word   0x5012
        .word   0x601f
        .word   0xe00b
        .word   0x701f
        .word   0x10010
        .word   0xa01a
        .word   0xb01f
        .word   0xc01f
        .word   0xd01f
        .word   0xe01f
        .word   0xf001
psw0:
        .word   0x7, next0, table0, 0x10000
        .text
        la      t0, psw0
        lpsw    0(t0)
next0:
end:
        halt    a0
handler:
        lw      t0, 0x8c(zero)
        addi    t0, t0, 1
        sw      t0, 0x8c(zero)
        li      t1, 1
        bgtu    t0, t1, end
        lw      t1, 0x44(zero)
        addi    t1, t1, 4
        sw      t1, 0x44(zero)
        lpsw    0x40(zero)
