# The console: input by interrupt, then by polling, echoed until it ends.
#include "pg74.h"
    .include "guest.inc"
guest:
    li    s1, 1
    li    s2, 2
    li    s3, 3
    li    s4, -1
    pg74_out s3, s1                # interrupts for input
    li    t0, 2
    pg74_setflags t0
    nop
    pg74_setflags zero
    pg74_in t1, s1
    show  t1
    pg74_setflags t0                 # is there another, while input is left?
    nop
    pg74_setflags zero
    pg74_out s3, zero              # no more of them
1:  pg74_in t1, s1
    beq   t1, s4, 2f
    pg74_out zero, t1
    j     1b
2:  pg74_in t1, s2
    show  t1
    pg74_halt zero
