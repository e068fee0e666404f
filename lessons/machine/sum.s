# sum.s: the sum of the numbers at `numbers`. There are eight of them, a word each.
#
# The program ends with the sum as its halt code. Write what is missing between the two lines.

_start: la      s0, numbers             # the address of the first number
        li      s1, 8                   # how many are still to be added
        li      a0, 0                   # the sum so far

# ---- yours begins here
# ---- and ends here

        halt    a0

        .data
numbers:
        .word   3, 1, 4, 1, 5, 9, 2, 6
