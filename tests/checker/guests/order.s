# Asks who its monitor is, and computes a while where nobody is. The timer prints a line when it comes: alone before the
# program prints its own, under a monitor that answers after it. Neither order is wrong.
        .global _start
_start: la      t0, tick
        sw      t0, 0x54(zero)
        li      t0, 0x10000
        sw      t0, 0x5c(zero)
        li      a1, 0x50560002
        diag    s1, zero, a1
        li      t0, 200
        settimer t0
        li      t0, 2
        setflags t0
        bnez    s1, 2f
        li      t1, 400
1:      addi    t1, t1, -1
        bnez    t1, 1b
2:      setflags zero           # a line is printed whole
        li      a1, 'p'
        out     s0, a1
        li      a1, '\n'
        out     s0, a1
        li      t0, 2
        setflags t0
3:      beqz    s2, 3b          # the timer will come
        halt    zero

tick:   li      s2, 1
        li      a2, 't'
        out     s0, a2
        li      a2, '\n'
        out     s0, a2
        lpsw    0x40(zero)
