# A word that belongs to two blocks, for two ways lead to it. When it has changed, both lead to what it is now.
        li      s1, 2
again:  call    first
        call    second
        lw      t1, other
        la      t0, word
        sw      t1, 0(t0)
        addi    s1, s1, -1
        bnez    s1, again
        andi    a1, a0, 15
        addi    a1, a1, 65
        out     zero, a1
        halt    a0
first:  addi    a0, a0, 1
second: addi    a0, a0, 2
word:   addi    a0, a0, $3..9
        ret
other:  addi    a0, a0, $10..20
