# SPDX-License-Identifier: MIT-0
install:
        sw      zero, @new_psw(zero)
        la      t0, handler
        sw      t0, @new_psw+4(zero)
        sw      zero, @new_psw+8(zero)
        getbound t0
        sw      t0, @new_psw+12(zero)
        ret

handler:
        sw      t0, 0x80(zero)
        sw      t1, 0x84(zero)
        lw      t0, @trap_cause(zero)
        li      t1, @supervisor_call
        bne     t0, t1, other
        add     a0, a0, a0
        lw      t0, @old_psw+4(zero)
        addi    t0, t0, 4
        sw      t0, @old_psw+4(zero)
        lw      t0, 0x80(zero)
        lw      t1, 0x84(zero)
        lpsw    @old_psw(zero)
other:
        halt    t0
