# Waiting: for the timer; with a request that is there already; enabled and not.
#include "pg74.h"
    .include "guest.inc"
guest:
    li    s1, 2
    li    t0, 5000
    pg74_settimer t0
    pg74_idle                        # disabled: goes on after the idle, the request stays
    li    t0, 'a'
    pg74_out zero, t0
    pg74_idle                        # a request is there: no waiting
    li    t0, 'b'
    pg74_out zero, t0
    pg74_setflags s1                 # now it is taken
    li    t0, 'c'
    pg74_out zero, t0
    li    t0, 300000            # longer than a slice
    pg74_settimer t0
    pg74_idle                        # enabled: the interrupt comes, then the next instruction
    li    t0, 'd'
    pg74_out zero, t0
    show  s10
    pg74_halt s10
