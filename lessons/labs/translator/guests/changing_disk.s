#! disk 4 $1..200
# Code that comes from the disk over code that was executed: first written there, then changed, then read back.
        lui     s0, 0x2
        la      a0, original
        mv      a1, s0
        li      a2, 4
1:      lw      a3, 0(a0)
        sw      a3, 0(a1)
        addi    a0, a0, 4
        addi    a1, a1, 4
        addi    a2, a2, -1
        bnez    a2, 1b
        li      s1, 2
        call    transfer
        li      a0, 0
        jalr    0(s0)
        lw      a3, other
        sw      a3, 0(s0)
        jalr    0(s0)
        li      s1, 1
        call    transfer
        jalr    0(s0)
        addi    a1, a0, 65
        out     zero, a1
        halt    a0
transfer:
        li      t0, 0x10
        out     t0, zero
        li      t0, 0x11
        out     t0, s0
        li      t0, 0x12
        li      t1, 1
        out     t0, t1
        li      t0, 0x13
        out     t0, s1
        li      t0, 0x14
1:      in      t1, t0
        li      t2, 1
        beq     t1, t2, 1b
        ret
original:
        addi    a0, a0, 1
        addi    a0, a0, 1
        ret
        nop
other:  addi    a0, a0, 5
