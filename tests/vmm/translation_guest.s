# A guest for the binary translator, on the machine x86: sensitive instructions that do not trap, code that changes itself
# in and before the middle of a block, in its own page and through another, jumps into the middle of a block, data among code.
# It halts with the sum of what it has seen, 231.
        .text
        .globl  _start
_start: li      s0, 0
        li      a0, 2
        popf    a0                  # in the supervisor it sets the flags; in user mode it would do nothing
        getflags a1
        add     s0, s0, a1          # 2
        la      t0, popf
        lw      t1, 0(t0)           # data: the guest's own word, not the translation's
        andi    t1, t1, 0x7f
        add     s0, s0, t1          # 0x2b
        popf    zero
        li      s2, 0
loop:   la      t0, first           # the block has been executed when it is changed
        jalr    ra, 0(t0)
        la      t0, first+8         # into its middle
        jalr    ra, 0(t0)
        la      t0, first
        lw      t1, 4(t0)
        srli    t1, t1, 20
        add     s0, s0, t1
        li      t2, 0x02040413      # addi s0, s0, 0x20
        sw      t2, 4(t0)
popf:   popf    a0                  # on a page on which there have been data
        getflags a1
        add     s0, s0, a1          # 2
        popf    zero
        addi    s2, s2, 1
        li      t3, 3
        blt     s2, t3, loop
        la      t0, first
        li      t2, 0x00000073      # ecall, in the place of an addi: a trap at first+4, to the handler
        sw      t2, 4(t0)
        la      t1, handler
        sw      t1, 0x54(zero)
        lw      t2, 0x100+8(zero)
        sw      t2, 0x5c(zero)
        jalr    ra, 0(t0)
        halt    zero                # not reached
first:  addi    s0, s0, 1
        addi    s0, s0, 0x10
        addi    s0, s0, 2
        jalr    zero, 0(ra)
handler:
        lw      t1, 0x44(zero)      # where the trap was
        la      t0, first
        sub     t1, t1, t0
        add     s0, s0, t1          # 4
        halt    s0
