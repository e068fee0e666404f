# Timer interrupts between jumps with links: at the interrupt the link is there if the jump has been made, and not before.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .text
        li      s1, $40..60             # interrupts
        li      s2, $5..30              # instructions until the next: each time one more
        settimer s2
        li      a0, 2
        setflags a0
loop:   nop
        jal     s0, .+4
        jal     s0, .+4
        jal     s0, .+4
        jal     s0, .+4
        jal     s0, .+4
        jal     s0, .+4
        jal     s0, .+4
        jal     s0, .+4
        jal     s0, .+4
        jal     s0, .+4
        jal     s0, .+4
        jal     s0, .+4
        jal     s0, .+4
        jal     s0, .+4
        jal     s0, .+4
        jal     s0, .+4
        jal     s0, .+4
        jal     s0, .+4
        jal     s0, .+4
        jal     s0, .+4
        jal     s0, .+4
        jal     s0, .+4
        jal     s0, .+4
        jal     s0, .+4
        jal     s0, .+4
        jal     s0, .+4
        jal     s0, .+4
        jal     s0, .+4
        jal     s0, .+4
        jal     s0, .+4
        jal     s0, .+4
        jal     s0, .+4
        j       loop
handler:
        lw      t0, @old_psw+4(zero)
        la      t1, loop + 8
        bltu    t0, t1, good
        bne     t0, s0, bad
good:   addi    s1, s1, -1
        beqz    s1, end
        addi    s2, s2, 1
        settimer s2
        lpsw    @old_psw(zero)
bad:    halt    s1
end:    li      a0, 65
        out     zero, a0
        halt    zero
