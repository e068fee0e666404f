# Says two lines in the one order where nobody answers, and in the other where somebody does. No interrupt excuses that.
        .global _start
_start: li      a1, 0x50560002
        diag    s1, zero, a1
        li      a1, 'a'
        beqz    s1, 1f
        li      a1, 'b'
1:      li      a2, '\n'
        out     zero, a1
        out     zero, a2
        xori    a1, a1, 3       # a and b
        out     zero, a1
        out     zero, a2
        halt    zero
