# pocket_sum.s: for the pocket machine: 1 + 2 + ... + 10 = 55, which is the letter 7.
#
#     pg74 asm --isa pocket pocket_sum.s -o pocket_sum.elf && pg74 run --isa pocket pocket_sum.elf
#
# `set` has room for numbers below 16 only, so an address is made by doubling its half.

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
