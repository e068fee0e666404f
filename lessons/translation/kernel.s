# kernel.s: for the machine x86. A kernel's loop, with instructions that the hardware cannot be trusted with.
_start: li      s0, 3                   # rounds
        li      s1, 0                   # the console's port
round:  popf    s1                      # interrupts off
        mov     a0                      # the code segment: 0 for a kernel
        addi    a0, a0, '0'
        out     s1, a0
        addi    s0, s0, -1
        bnez    s0, round
        halt    zero

        .org    0x1100
never:  pushf   a0                      # nobody comes here
        j       never
