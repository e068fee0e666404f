#! input 6869
# Devices, R, the PSW in memory, addresses, diagnose: all of them trap, and the monitor does them.
        lui     s0, 0x4
        li      a0, 1
        in      a1, a0
        in      a2, a0
        li      a0, 0x15
        in      a3, a0
        diag    a4, zero, zero
        addi    a1, a1, -$1..30
        out     zero, a1
        spsw    16(s0)
        getbase a5
        getbound a6
        sub     a6, a6, a5
        loadreal a7, s0
        lui     s1, 0xfff
        probe   s2, s1
        probe   s3, s0
        la      t0, 1f
        sw      zero, 32(s0)
        sw      t0, 36(s0)
        sw      zero, 40(s0)
        sw      a6, 44(s0)
        lpsw    32(s0)
        li      a3, 0
1:      add     a0, a2, a7
        halt    a0
