# ask.s: reads what was typed, and answers with the next letter of the alphabet.
        .equ    console_output, 0
        .equ    console_input, 1
_start: li      s0, console_input
        li      s1, console_output
        in      a0, s0
        addi    a0, a0, 1
        out     s1, a0
        halt    zero
