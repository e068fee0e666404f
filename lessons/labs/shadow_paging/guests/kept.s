# Two programs, and a kernel that translates, too, take turns. What was once made for each need not be made again.
        .rodata
        .org    @new_psw
        .word   4, handler, 0x8000, 0x10000
        .org    @save_area+64
        .word   4, on, 0x8000, 0x10000
        .data
        .org    0x8000
        .word   0x1f, 0x101f, 0x201f, 0x301f, 0x401f, 0x501f, 0x0, 0x701f
        .word   0x801f, 0x901f, 0xa01f, 0xb01f, 0xc01f, 0xd01f, 0xe01f, 0xf01f
        .org    0x9000
        .word   0x1f, 0x101f, 0x201f, 0x301f, 0x401f, 0x701f, 0x601f, 0x701f
        .word   0x801f, 0x901f, 0xa01f, 0xb01f, 0xc01f, 0xd01f, 0xe01f, 0xf01f
        .text
        lpsw    @save_area+64(zero)
on:
        li      s0, 0x5000
        li      s4, 100
turn:
        lw      a1, 0x300(s0)
        addi    a1, a1, $1..99
        sw      a1, 0x300(s0)
        li      t0, 0x9000
        lw      a3, 0x100(t0)
        li      t0, 0xa000
        lw      a3, 0(t0)
        li      t0, 0xb000
        sw      a1, 0(t0)
        li      t0, 0xc000
        sw      a1, 0(t0)
        andi    t0, s4, 1
        addi    s4, s4, -1
        beqz    s4, done
        bnez    t0, odd
        lpsw    even_psw(zero)
odd:
        lpsw    odd_psw(zero)
done:
        halt    a1
user:
        lw      a2, 0x304(s0)
        addi    a2, a2, 3
        sw      a2, 0x304(s0)
        li      t0, 0xd000
        lw      a3, 0(t0)
        li      t0, 0xe000
        sw      a2, 0(t0)
        ecall
        .rodata
        .org    @save_area+80
even_psw:
        .word   5, user, 0x8000, 0x10000
odd_psw:
        .word   5, user, 0x9000, 0x10000
        .text
handler:
        j       turn
