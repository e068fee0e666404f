# licensed.s: works (prints W) on the machine whose number is in its licence, and should refuse (print R) elsewhere.
        .equ    console_output, 0

        .global _start
_start: la      t0, licence
        lw      t0, 0(t0)               # t0 = the number of the machine that was paid for
        li      a1, 'W'

        machineid t1
        beq     t0, t1, print
        li      a1, 'R'

print:  li      a0, console_output
        out     a0, a1
        halt    zero

        .data
        .global licence
licence:
        .word  74
