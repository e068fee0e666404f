# patch.s: for the machine x86. It is to print ABCDE, and has one instruction that makes a letter.
_start: li      s1, 0                   # the console's port
        li      s0, 5                   # rounds
        la      s2, letter
letter: li      a0, 'A'
        out     s1, a0

        lw      t1, 0(s2)               # the word of the instruction
        li      t2, 0x100000            # its number stands from bit 20 on
        add     t1, t1, t2
        sw      t1, 0(s2)

        addi    s0, s0, -1
        bnez    s0, letter
        halt    zero
