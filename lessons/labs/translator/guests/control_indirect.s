# Jumps through a table, into the middle of straight code, with the lowest bit set, and with one register for both.
        li      s0, $6..15
        li      s1, 0
        la      s2, table
again:
        andi    t0, s0, 3
        slli    t0, t0, 2
        add     t0, t0, s2
        lw      t1, 0(t0)
        jr      t1
first:  addi    s1, s1, 1
second: addi    s1, s1, 16
third:  addi    s1, s1, 64
        j       next
fourth: la      t2, odd + 1
        jalr    t2, 0(t2)
back:   sub     t2, t2, s2
        add     s1, s1, t2
        j       next
odd:    addi    s1, s1, 3
        jalr    zero, 0(t2)
next:   addi    s0, s0, -1
        bnez    s0, again
        la      t0, near
        jalr    zero, 8(t0)
near:   li      s1, 0
        li      s1, 0
        andi    a0, s1, 15
        addi    a0, a0, 65
        out     zero, a0
        halt    s1
        .balign 4
table:  .word   first, second, third, fourth
