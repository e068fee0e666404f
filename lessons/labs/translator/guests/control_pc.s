# What reads the pc gets the guest's: auipc, and the links of jal and jalr.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .text
        lui     s0, 0x4
        auipc   a0, 0
        auipc   a1, 0x12345
        auipc   zero, 1
        la      a2, number
        lw      a3, 0(a2)
        jal     a4, 1f
        li      a3, 0
1:      jal     ra, 1f
        li      a3, 0
1:      mv      a5, ra
        la      t0, 1f
        jalr    a6, 0(t0)
        li      a3, 0
1:      sw      a0, 0(s0)
        sw      a1, 4(s0)
        sw      a2, 8(s0)
        sw      a4, 12(s0)
        sw      a5, 16(s0)
        sw      a6, 20(s0)
        j       far
number: .word   $65..90
        .space  0x3000
far:    auipc   a7, 0xfffff
        sw      a7, 24(s0)
        out     zero, a3
        halt    a3
handler:
        halt    a2
