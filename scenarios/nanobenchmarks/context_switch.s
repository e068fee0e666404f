# The kernel goes from one address space to another and back, by loading the PSW.
        .equ    COUNT, 1000
        .global _start
_start: li      s0, COUNT
        la      s1, psw1
        la      s2, psw2
        lpsw    0(s2)
loop:   lpsw    0(s1)
first:  lpsw    0(s2)
second: addi    s0, s0, -1
        bnez    s0, loop
        halt    zero

        .data
        .org    0x4000
table1: .word   0x001f, 0x101f, 0x201f, 0x301f, 0x400f, 0, 0, 0
table2: .word   0x001f, 0x101f, 0x201f, 0x301f, 0x400f, 0, 0, 0
psw1:   .word   4, first, table1, 0x5000
psw2:   .word   4, second, table2, 0x5000
