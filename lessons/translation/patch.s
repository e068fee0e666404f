# patch.s: for the machine x86. It is to print ABCDE, and has one instruction that makes a letter.
_start: li      s1, 0                   # the console's port
        li      s0, 5                   # rounds
        la      s2, letter
letter: li      a0, 'A'
        out     s1, a0

# ---- yours begins here
# ---- and ends here

        addi    s0, s0, -1
        bnez    s0, letter
        halt    zero
