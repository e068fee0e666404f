# The second guest's number on the network is its own, on the bare machine and under a monitor.
        .text
        halt    zero
#! guest
        .text
        li      t0, 0x24
        in      a0, t0
        halt    a0
