# A guest for the binary translator, on the machine x86 with one instruction more (variants/keys.isa): instructions that are constants, moves, jumps or nothing at all
# as long as the state they read keeps its value, which here it does not. It halts with a sum of what it has seen.
        .text
        .globl  _start
_start: li      s0, 0
        li      s1, 40              # rounds: more than the translator is patient with
        li      a5, 0x0801f301      # a segment that any mode may use
        lidt    s1
        la      t0, back            # the handler of traps
        sw      t0, 0x54(zero)
        lw      t0, 0x100+8(zero)
        sw      t0, 0x5c(zero)
loop:   andi    a0, s1, 3           # the interrupt enable: off, off, on, on
        popf    a0
        pushf   a1
        add     s0, s0, a1
        popf    zero                # nothing, if they were off
        pushf   a1
        add     s0, s0, a1
        mov     a2                  # the mode: a constant here
        add     s0, s0, a2
        sgdt    a3
        add     s0, s0, a3
        getbase a3
        getbound a4
        add     s0, s0, a3
        add     s0, s0, a4
        getflags a1
        add     s0, s0, a1
        sidt    a2                  # a register that changes now and then, to what is no constant of one instruction
        add     s0, s0, a2
        smsw    a2                  # and one that always does
        add     s0, s0, a2
        lmsw    s1
        smsw    a2
        add     s0, s0, a2
        lar     a4, a5
        add     s0, s0, a4
        lsl     a4, a5
        add     s0, s0, a4
        choose  a4, a5, s1          # a move
        add     s0, s0, a4
        jmp     zero                # a jump to 0, where there is no instruction: it traps, and goes on at
back:   lw      a1, 0x44(zero)
        add     s0, s0, a1
        la      t0, 2f
        call    ra, t0
2:      add     s0, s0, ra
        andi    t1, s1, 15
        bne     t1, zero, 1f
        lidt    s0
1:      addi    s1, s1, -1
        bne     s1, zero, loop
        halt    s0
