# Gives itself memory that is not its own, anywhere; for ever. Each time the next instruction traps, and the handler begins anew.
        .rodata
        .org    0x50
        .word   0, handler, 0, 0x100000
        .data
        .org    0x4000
        .balign 16
psw:    .word   1, 0x1000, 0, 0x10000000
        .text
        .global _start
_start: li      s0, 12345
        la      s1, psw
handler:
        li      t0, 1103515245
        mul     s0, s0, t0
        addi    s0, s0, 1013
        srli    t0, s0, 8
        li      t1, 0x100000
        or      t0, t0, t1
        andi    t1, s0, 0x100       # a program's, or the kernel's own
        srli    t1, t1, 8
        sw      t1, 0(s1)
        sw      t0, 8(s1)
        lpsw    0(s1)
