# sum.s: 1 + 2 + ... + 10, for the pocket machine. An address is made by doubling its half: set has room for 15 only.
        .global _start
_start: set     r0, 0                   # the sum
        set     r1, 10                  # what is still to be added
loop:   add     r0, r1
        set     r2, 1
        sub     r1, r2
        set     r3, done / 2
        add     r3, r3
        jump_zero r1, r3
        set     r3, loop / 2
        add     r3, r3
        set     r2, 0
        jump_zero r2, r3                # always
done:   out     r0
        set     r1, 10                  # a newline
        out     r1
        set     r0, 0
        halt    r0
