# The kernel writes a port, one that moves nothing.
        .equ    COUNT, 1000
        .equ    disk_sector, 0x10
        .global _start
_start: li      s0, COUNT
        li      s1, disk_sector
loop:   out     s1, s0
        addi    s0, s0, -1
        bnez    s0, loop
        halt    zero
