# flags.s: for the machine x86. Switches interrupts off and on, and asks each time whether they are.
_start: li      s0, 0                   # the console's port
        popf    zero                    # flags 0: interrupts are not taken
        pushf   a0                      # which flags are there now?
        srli    a0, a0, 1               # bit 1 is the interrupt enable
        addi    a0, a0, '0'
        out     s0, a0
        li      a1, 2
        popf    a1                      # flags 2: interrupts are taken
        pushf   a0
        srli    a0, a0, 1
        addi    a0, a0, '0'
        out     s0, a0
        halt    zero
