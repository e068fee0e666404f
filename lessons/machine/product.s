# product.s: two numbers multiplied, and the product stored and looked at byte by byte.
_start: li      a0, 15
        li      a1, 20
        mul     a2, a0, a1
        la      s0, product
        sw      a2, 0(s0)               # a word: four bytes
        lbu     a3, 0(s0)               # the first of them
        lbu     a4, 1(s0)               # the second
        halt    zero

        .data
product:
        .word   0
