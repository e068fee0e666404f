# The console: input by interrupt, then by polling, echoed until it ends.
    .include "guest.inc"
guest:
    li    s1, 1
    li    s2, 2
    li    s3, 3
    li    s4, -1
    out   s3, s1                # interrupts for input
    li    t0, 2
    setflags t0
    nop
    setflags zero
    in    t1, s1
    show  t1
    setflags t0                 # is there another, while input is left?
    nop
    setflags zero
    out   s3, zero              # no more of them
1:  in    t1, s1
    beq   t1, s4, 2f
    out   zero, t1
    j     1b
2:  in    t1, s2
    show  t1
    halt  zero
