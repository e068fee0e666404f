# greet.s: prints one line. Several of these are guests side by side.
        .equ    console_output, 0

        .global _start
_start: la      s0, text
        li      s1, console_output
next:   lbu     a0, 0(s0)
        beqz    a0, done
        out     s1, a0
        addi    s0, s0, 1
        j       next
done:   halt    zero

        .data
text:   .asciz  "hello\n"
