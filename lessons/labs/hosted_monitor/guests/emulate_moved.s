# A program that moves R under itself: the same words stand 0x2000 higher.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .text
        la      t0, here
        li      t1, 0x2000
        la      t2, over
copy:
        lw      t3, 0(t0)
        add     t4, t0, t1
        sw      t3, 0(t4)
        addi    t0, t0, 4
        bltu    t0, t2, copy
        li      a1, $0x8000..0x8fff
        setr    t1, a1
here:
        getbase a2
        loadreal a3, zero
        li      t0, 0x7000
        probe   a4, t0
        li      t0, 0x9000
        probe   a5, t0
        lw      a6, 0(t0)
over:
        halt    zero
handler:
        lw      a7, @old_psw+8(zero)
        halt    a7
