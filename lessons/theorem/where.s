# where.s: prints its base, as the character so many after '0'.
_start: getr    r0, r1                  # r0: base, r1: bound
        set     r2, 12
        add     r2, r2
        add     r2, r2                  # 48, the number of '0'
        add     r0, r2
        out     r0
        halt    r3
