# The timer interrupts the kernel; the handler sets it again and goes back. Most of the time between is a loop's.
        .equ    COUNT, 1000
        .global _start
_start: la      t0, handler
        sw      t0, 0x54(zero)
        lw      t0, 0x108(zero)
        sw      t0, 0x5c(zero)
        li      s0, COUNT
        li      s1, 20
        li      t0, 2
        settimer s1
        setflags t0
wait:   j       wait
handler:
        addi    s0, s0, -1
        beqz    s0, done
        settimer s1
        lpsw    0x40(zero)
done:   halt    zero
