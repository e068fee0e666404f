# An old user program: it takes the flags for a number, and has always found 1 in the lowest bit. It must go on to run.
        .rodata
        .org    0x50
        .word   0, handler, 0, 0x10000
        .text
        la      t0, user
        retu    t0
user:
        li      a1, $5..900
        getflags a0
        andi    a0, a0, 1
        add     a0, a0, a1
        ecall
handler:
        lw      t0, 0x60(zero)
        li      t1, 4
        bne     t0, t1, lost
        halt    a0
lost:
        li      a0, 9999
        halt    a0
