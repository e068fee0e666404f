# SPDX-License-Identifier: MIT-0
        .rodata
        .org    0x50
        .word   0, handler, 0, 0x10000
        .text
        .globl  _start
_start: la      t0, user
        retu    t0
user:   li      a0, 77
        halt    a0
handler:
        li      a0, 5
        halt    a0
