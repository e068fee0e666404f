_start: li      a0, 5
        add     a0, a0, a0
        halt    a0
