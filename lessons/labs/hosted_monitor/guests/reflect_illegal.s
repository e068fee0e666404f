# A word that is no instruction, then a breakpoint: the handler goes on behind each of them.
        .rodata
        .org    0x50
        .word   0, handler, 0, 0x10000
        .text
        addi    s0, s0, $1..99
        .word   0xffffffff
        ebreak
        halt    s0
handler:
        lw      t0, 0x60(zero)
        add     s0, s0, t0
        lw      t0, 0x44(zero)
        addi    t0, t0, 4
        sw      t0, 0x44(zero)
        lpsw    0x40(zero)
