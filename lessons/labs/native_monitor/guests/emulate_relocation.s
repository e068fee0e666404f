# R: what the guest sets it reads again, and it holds for its loads.
        .text
        getbase s0
        getbound s1
        li      a0, 0
        li      a1, $0x8000..0x8fff
        setr    a0, a1
        getbound s2
        getbase s3
        li      t0, 0x4000
        sw      s1, 0(t0)
        lw      s4, 0(t0)
        halt    s2
