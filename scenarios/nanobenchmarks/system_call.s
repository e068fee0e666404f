# A user program calls its kernel, which goes back at once.
        .equ    COUNT, 1000
        .global _start
_start: la      t0, handler
        sw      t0, 0x54(zero)
        lw      t0, 0x108(zero)         # the memory size, in the boot block
        sw      t0, 0x5c(zero)
        la      t0, user
        retu    t0
user:   li      s0, COUNT
loop:   ecall
        addi    s0, s0, -1
        bnez    s0, loop
        ebreak
handler:
        lw      t0, 0x60(zero)
        addi    t0, t0, -4              # supervisor_call?
        bnez    t0, done
        lw      t0, 0x44(zero)
        addi    t0, t0, 4
        sw      t0, 0x44(zero)
        lpsw    0x40(zero)
done:   halt    zero
