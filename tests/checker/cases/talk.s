# Two guests that talk: a frame from the first to everybody, and an answer to it.
        .data
        .org    0x5000
frame:
        .word   0xffffffff, 0x0002ffff, 0, 0x74370000, 0x11223344
        .text
_start:
        li      t0, 0x23                # network_control: listen
        li      t1, 1
        out     t0, t1
        li      t0, 6000                # until the other one listens, too
        settimer t0
        idle
        la      s0, frame
        call    send
        call    receive
        halt    a0

send:
        li      t0, 0x20                # address
        out     t0, s0
        li      t0, 0x21                # length
        li      t1, 20
        out     t0, t1
        li      t0, 0x22                # command: send
        li      t1, 1
        out     t0, t1
        ret
receive:
        li      t0, 0x21
1:
        in      t1, t0
        bnez    t1, 2f
        idle
        j       1b
2:
        li      t1, 0x6000
        li      t2, 0x20
        out     t2, t1
        li      t1, 64
        out     t0, t1
        li      t0, 0x22
        li      t1, 2
        out     t0, t1
        li      t0, 0x6000
        lw      a0, 16(t0)
        ret
#! guest
        .data
        .org    0x5000
frame:
        .word   2, 0x00020000, 0, 0x74370001, 0
        .text
_start:
        li      t0, 0x23
        li      t1, 1
        out     t0, t1
        call    receive
        la      s0, frame
        addi    a0, a0, 1
        sw      a0, 16(s0)
        call    send
        halt    a0

send:
        li      t0, 0x20
        out     t0, s0
        li      t0, 0x21
        li      t1, 20
        out     t0, t1
        li      t0, 0x22
        li      t1, 1
        out     t0, t1
        ret
receive:
        li      t0, 0x21
1:
        in      t1, t0
        bnez    t1, 2f
        idle
        j       1b
2:
        li      t1, 0x6000
        li      t2, 0x20
        out     t2, t1
        li      t1, 64
        out     t0, t1
        li      t0, 0x22
        li      t1, 2
        out     t0, t1
        li      t0, 0x6000
        lw      a0, 16(t0)
        ret
