# data.s: for the machine x86. A number that happens to be the word of an instruction.
_start: lw      a0, number
        srli    a0, a0, 12
        andi    a0, a0, 15
        addi    a0, a0, '0'
        li      s1, 0                   # the console's port
        out     s1, a0
        halt    zero
number: popf    a1                      # written as an instruction; used as a number
