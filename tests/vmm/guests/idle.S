# Waiting: for the timer; with a request that is there already; enabled and not.
    .include "guest.inc"
guest:
    li    s1, 2
    li    t0, 5000
    settimer t0
    idle                        # disabled: goes on after the idle, the request stays
    li    t0, 'a'
    out   zero, t0
    idle                        # a request is there: no waiting
    li    t0, 'b'
    out   zero, t0
    setflags s1                 # now it is taken
    li    t0, 'c'
    out   zero, t0
    li    t0, 300000            # longer than a slice
    settimer t0
    idle                        # enabled: the interrupt comes, then the next instruction
    li    t0, 'd'
    out   zero, t0
    show  s10
    halt  s10
