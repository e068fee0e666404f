# A user program loads from a page that is not there; its kernel makes it, goes back, and takes it away at the next call.
        .equ    COUNT, 1000
        .global _start
_start: la      t0, handler
        sw      t0, 0x54(zero)
        lw      t0, 0x108(zero)
        sw      t0, 0x5c(zero)
        la      s1, table
        li      s2, 0x901f              # page 9, with all rights
        li      s3, 0x9000
        la      t0, psw
        lpsw    0(t0)
user:   li      s0, COUNT
loop:   lw      a0, 0(s3)               # faults
        ecall                           # takes the page away
        addi    s0, s0, -1
        bnez    s0, loop
        ebreak
handler:
        lw      t0, 0x60(zero)
        addi    t0, t0, -1              # memory?
        bnez    t0, call
        sw      s2, 36(s1)
        lpsw    0x40(zero)
call:   addi    t0, t0, -3              # supervisor_call?
        bnez    t0, done
        sw      zero, 36(s1)
        lw      t0, 0x44(zero)
        addi    t0, t0, 4
        sw      t0, 0x44(zero)
        lpsw    0x40(zero)
done:   halt    zero

        .data
        .org    0x4000
table:  .word   0x001f, 0x101f, 0x201f, 0x301f, 0x400f, 0x501f, 0x601f, 0x701f, 0x801f, 0, 0xa01f, 0
psw:    .word   5, user, table, 0xb000
