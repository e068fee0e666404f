_start: li      a0, 5
        nop
        halt    a0
