# Calls in calls, and returns to many places: Fibonacci numbers, the slow way.
        lui     sp, 0x8
        li      a0, $9..12
        call    fibonacci
        mv      s0, a0
        li      a0, 5
        call    fibonacci
        add     s0, s0, a0
        andi    a1, s0, 7
        addi    a1, a1, 65
        out     zero, a1
        halt    s0
fibonacci:
        li      t0, 2
        bltu    a0, t0, 1f
        addi    sp, sp, -16
        sw      ra, 0(sp)
        sw      a0, 4(sp)
        addi    a0, a0, -1
        call    fibonacci
        sw      a0, 8(sp)
        lw      a0, 4(sp)
        addi    a0, a0, -2
        call    fibonacci
        lw      t0, 8(sp)
        add     a0, a0, t0
        lw      ra, 0(sp)
        addi    sp, sp, 16
1:      ret
