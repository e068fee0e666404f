# A kernel with a program that computes. Every 10,000 instructions the timer interrupts, and the kernel notes how many
# instructions it has had; in the end it prints a number made of all these. ROUNDS is replaced.
        .rodata
        .org    0x50
        .word   0, handler, 0, 0x100000
        .data
        .org    0x4000
        .balign 16
psw:    .word   3, program, 0, 0x100000
        .text
        .global _start
_start: li      s0, ROUNDS
        li      s1, 0
        la      s2, psw
        li      t0, 10000
        settimer t0
        lpsw    0(s2)
program:
        mul     a0, a0, a1
        addi    a0, a0, 7
        xor     a1, a1, a0
        j       program
handler:
        li      t0, 0x32
        in      t1, t0
        li      t0, 31
        mul     s1, s1, t0
        add     s1, s1, t1
        add     s1, s1, a0
        addi    s0, s0, -1
        beqz    s0, done
        li      t0, 10000
        settimer t0
        lpsw    0x40(zero)
done:   li      t0, 28
1:      srl     t1, s1, t0
        andi    t1, t1, 15
        addi    t1, t1, 'a'
        out     zero, t1
        addi    t0, t0, -4
        bgez    t0, 1b
        li      t1, '\n'
        out     zero, t1
        halt    zero
