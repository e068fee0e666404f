# clobber.s: sets R to much more memory than there is, and stores a letter at address 72.
_start: set     r0, 0
        set     r1, 15
        add     r1, r1
        add     r1, r1
        add     r1, r1                  # 120
        setr    r0, r1                  # base 0, bound 120
        set     r2, 9
        add     r2, r2
        add     r2, r2
        add     r2, r2                  # 72
        set     r3, 11
        add     r3, r3
        add     r3, r3
        add     r3, r3                  # 88, the number of 'X'
        store   r3, r2
        halt    r0
