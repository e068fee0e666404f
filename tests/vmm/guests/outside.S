# R that reaches outside memory: what is inside can be used, what is outside traps, as on a machine that ends there.
#include "pg74.h"
    .include "guest.inc"
    .equ psw, 0xe0

    # A user program (it stands at a multiple of 16, and its virtual address is `at`) with R = (s2, s3).
    .macro user_with at
    li    t1, psw
    li    t0, 1
    sw    t0, 0(t1)
    li    t0, \at
    sw    t0, 4(t1)
    sw    s2, 8(t1)
    sw    s3, 12(t1)
    recover 9f
    pg74_lpsw psw, zero
9:
    .endm

guest:
    lw    s0, 0x108(zero)       # memory size
    la    s1, user

    mv    s2, s1                # bound beyond the end of memory
    li    s3, 0x40000000
    sub   s4, s0, s1            # virtual address of the end of memory
    user_with 0
    li    s3, -16               # as far as a bound can reach
    user_with 0
    mv    s3, s4                # exactly to the end
    user_with 0
    addi  s3, s4, -16
    user_with 0
    addi  s3, s4, 16
    user_with 0
    li    s3, 16                # four instructions
    user_with 0
    li    s3, 0                 # nothing
    user_with 0

    mv    s2, s0                # base at, before and beyond the end
    li    s3, 0x1000
    user_with 0
    addi  s2, s0, -16
    user_with 0
    addi  s2, s0, 16
    user_with 0
    li    s2, 0x7ffffff0
    user_with 0
    li    s2, -16               # base + address wraps around into low memory
    li    s3, -16
    user_with 0x2000
    li    s2, -4096
    user_with 0x2000

    # The same for the supervisor itself: by setr, then a fetch.
    recover 1f
    pg74_setr s0, s0
1:  recover 1f
    li    t0, -16
    pg74_setr t0, t0
1:  addi  t0, s0, 0x700         # too large a bound, from here on: nothing changes for what is inside
    pg74_setr zero, t0
    pg74_getbound t1
    show  t1
    lw    t1, -4(s0)
    lw    t1, 0(s0)
    sw    t1, 0(s0)
    pg74_loadreal t1, s0
    pg74_probe t1, s0
    show  t1
    pg74_setr zero, s0
    pg74_halt zero

    .balign 16
user:
    lw    t0, -4(s4)            # the last word of memory
    lw    t0, 0(s4)             # beyond
    ecall
