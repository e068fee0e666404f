# Jumps that cannot be: to addresses that are no multiple of four (the trap is at the jump, and no link is written) and
# to where there is no memory (the trap is there).
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .text
        lui     s0, 0x4
        li      a0, $1..50
        la      s2, 1f
        la      t0, 1f + 2
        jalr    a0, 0(t0)
1:      la      s2, 1f
        .word   0x0060056f              # jal a0, .+6
1:      la      s2, 1f
        .word   0x00000363              # beq zero, zero, .+6
1:      .word   0x00001363              # bne zero, zero, .+6
        la      s2, 1f
        lui     t0, 0x20
        jalr    a1, 16(t0)
1:      la      s2, 1f
        lui     t0, 0x400
        jr      t0
1:      halt    a0
handler:
        lw      t0, @old_psw+4(zero)
        sw      t0, 0(s0)
        lw      t1, @trap_cause(zero)
        sw      t1, 4(s0)
        lw      t1, @trap_value(zero)
        sw      t1, 8(s0)
        lw      t1, @trap_access(zero)
        sw      t1, 12(s0)
        sw      a0, 16(s0)
        addi    s0, s0, 32
        sw      s2, @old_psw+4(zero)
        lpsw    @old_psw(zero)
