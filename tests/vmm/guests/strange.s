# For tests/machine/lockstep/strange.isa: uses all of its own instructions, its mirrored and moved addresses, its short
# registers, and the key that changes what is fetched; in the end prints what came of it.
        .global _start
_start: la      t0, handler
        sw      t0, 0x54(zero)
        lw      t0, 0x108(zero)
        sw      t0, 0x5c(zero)
        li      s0, 40              # the numbers that are printed go to 0x4000
        li      s1, 0x4000
1:      ecall                       # each trap adds to the mark
        mul     a0, s0, s0
        swap    a0, s0
        picked  a1, a0, s0
        swap    a0, s0
        shelve  a2, bank1, a1
        shelve  a3, bank1, s0
        sw      a1, 0(s1)
        sw      a2, 4(s1)
        sw      a3, 8(s1)
        li      t1, 0x80000010      # the upper half shows the lower
        add     t1, t1, s1
        pair    t1, a1
        addi    s1, s1, 24
        loopto  s0, 1b
        li      t0, 0x2010          # stores to this page go to the next
        li      t1, 0x12345678
        sw      t1, 0(t0)
        lw      a0, 0(t0)
        lui     t0, 0x3
        lw      a1, 0x10(t0)
        sw      a0, 0(s1)
        sw      a1, 4(s1)
        addi    s1, s1, 8

# With the key 1 what is fetched is another word: the next two are stored the wrong way round.
        la      t0, keyed
        lw      t1, 0(t0)
        xori    t1, t1, 1
        sw      t1, 0(t0)
        lw      t1, 4(t0)
        xori    t1, t1, 1
        sw      t1, 4(t0)
        li      t2, 1
        setkey  t2
keyed:  addi    a0, zero, 77
        setkey  zero
        sw      a0, 0(s1)
        addi    s1, s1, 4

        li      s2, 0x4000
2:      lw      a0, 0(s2)
        li      t1, 28
3:      srl     t0, a0, t1
        andi    t0, t0, 15
        addi    t0, t0, 65
        out     zero, t0
        addi    t1, t1, -4
        bgez    t1, 3b
        li      t0, 10
        out     zero, t0
        addi    s2, s2, 4
        bltu    s2, s1, 2b
        halt    zero
handler:
        lw      t0, 0x44(zero)
        addi    t0, t0, 4
        sw      t0, 0x44(zero)
        lpsw    0x40(zero)
