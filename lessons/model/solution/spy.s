# spy.s: a guest for the pocket machine. Its memory has 48 words. It prints what its neighbour keeps at 72.
_start: set     r0, 0
        set     r1, 15
        add     r1, r1
        add     r1, r1
        add     r1, r1                  # 120
        setr    r0, r1
        set     r2, 9
        add     r2, r2
        add     r2, r2
        add     r2, r2                  # 72
        load    r3, r2
        out     r3
        halt    r0
