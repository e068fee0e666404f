# store.s: for the pocket machine: stores and loads, goes below zero, and jumps once and once not.
_start: set     r1, 14
        add     r1, r1
        add     r1, r1
        add     r1, r1                  # 112
        set     r0, 9
        store   r0, r1
        set     r2, 1
        add     r1, r2
        store   r2, r1
        sub     r1, r2
        load    r3, r1                  # 9
        sub     r2, r3                  # 1 - 9: it goes round to 248
        set     r0, 15
        add     r0, r0
        jump_zero r2, r0                # not taken
        sub     r2, r2
        set     r0, last / 4
        add     r0, r0
        add     r0, r0
        jump_zero r2, r0                # taken
        halt    r1
        halt    r1
        halt    r1
        halt    r1
last:   out     r3
        halt    r2
