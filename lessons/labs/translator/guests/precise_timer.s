# Timer interrupts at any place of a loop that counts its instructions: at the interrupt, pc and count must agree.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .text
        li      s1, $40..60             # interrupts
        li      s2, $5..30              # instructions until the next: each time one more
        settimer s2
        li      a0, 2
        setflags a0
loop:   li      s0, 0
        addi    s0, s0, 1
        addi    s0, s0, 1
        addi    s0, s0, 1
        addi    s0, s0, 1
        addi    s0, s0, 1
        addi    s0, s0, 1
        addi    s0, s0, 1
        addi    s0, s0, 1
        addi    s0, s0, 1
        addi    s0, s0, 1
        addi    s0, s0, 1
        addi    s0, s0, 1
        addi    s0, s0, 1
        addi    s0, s0, 1
        addi    s0, s0, 1
        addi    s0, s0, 1
        addi    s0, s0, 1
        addi    s0, s0, 1
        addi    s0, s0, 1
        addi    s0, s0, 1
        addi    s0, s0, 1
        addi    s0, s0, 1
        addi    s0, s0, 1
        addi    s0, s0, 1
        addi    s0, s0, 1
        addi    s0, s0, 1
        addi    s0, s0, 1
        addi    s0, s0, 1
        addi    s0, s0, 1
        addi    s0, s0, 1
        addi    s0, s0, 1
        addi    s0, s0, 1
        j       loop
handler:
        lw      t0, @old_psw+4(zero)
        la      t1, loop
        beq     t0, t1, good            # before the first, or after the last: there s0 says nothing
        sub     t0, t0, t1
        srli    t0, t0, 2
        addi    t0, t0, -1
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
