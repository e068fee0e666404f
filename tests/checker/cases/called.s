# Happens to call its monitor: a paravirtual one takes this for START, and writes where the guest stands in real memory
# to a word of the guest's, which is its next instruction.
        li      a0, 2
        li      a1, 0x1000
        j       1f
        .org    0x102c
1:
        diag    a0, a0, a1
        halt    zero
