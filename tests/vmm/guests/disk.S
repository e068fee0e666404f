# The disk: out and back, an interrupt for each transfer; transfers that do not fit in memory, or on the disk.
#include "pg74.h"
    .include "guest.inc"
    .equ DISK, 0x10

    # A transfer, and waiting for its end.
    .macro transfer command, sector, address, count
    li    t0, DISK
    li    t1, \sector
    pg74_out t0, t1
    li    t0, DISK + 1
    mv    t1, \address
    pg74_out t0, t1
    li    t0, DISK + 2
    li    t1, \count
    pg74_out t0, t1
    li    t0, DISK + 3
    li    t1, \command
    pg74_out t0, t1
    call  finish
    .endm

guest:
    lw    s0, 0x108(zero)
    li    t0, DISK + 5
    pg74_in t1, t0
    show  t1                    # how many sectors
    li    t0, DISK + 4
    pg74_in t1, t0
    show  t1                    # idle

    li    s2, 0x8000
    li    s3, 0x9000
    li    t0, 0x1234567
    sw    t0, 0(s2)
    sw    t0, 508(s2)
    transfer 2, 1, s2, 1
    transfer 1, 0, s3, 2
    lw    t0, 0(s3)
    show  t0
    lw    t0, 512(s3)
    show  t0
    lw    t0, 1020(s3)
    show  t0

    addi  s4, s0, -512          # the last of memory, and past it
    transfer 1, 1, s4, 1
    lw    t0, 0(s4)
    show  t0
    transfer 1, 0, s4, 2
    transfer 1, 0, s0, 1
    li    s4, -512
    transfer 1, 0, s4, 1
    transfer 1, 0, s4, 2
    li    s4, 0x7ffffe00
    transfer 2, 0, s4, 1
    transfer 2, 0, s3, 0x7fffffff
    transfer 2, 0, s3, 0
    transfer 1, 0x7fffffff, s3, 1
    pg74_halt s10

# Polls until the transfer is over, with interrupts disabled; then lets its interrupt come.
finish:
    mv    s5, ra
    li    t0, DISK + 4
    li    t2, 1
1:  pg74_in t1, t0
    beq   t1, t2, 1b
    show  t1
    pg74_in t1, t0
    show  t1                    # reading made it idle
    li    t0, 2
    pg74_setflags t0
    nop
    pg74_setflags zero
    show  s10
    jr    s5
