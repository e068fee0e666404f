# Interrupted twice at the virtual address at which the handler stands, but with another base: the second time the
# trap area holds already what the monitor stores there, and the pc is the handler's before and after.
        .rodata
        .org    0x50
        .word   0, handler, 0, 0x10000
        .data
        .org    0x4000
psw0:
        .word   0, next0 - 0x10, 0x10, 0x4010
        .text
        la      t0, psw0
        lpsw    0(t0)
next0:
        li      t0, 0x3
        setflags t0
end:
        halt    a0
handler:
        addi    t0, t0, 1
        li      t1, 40
        bgtu    t0, t1, end
        li      t1, 1
        settimer t1
        lw      t1, 0x44(zero)
        addi    t1, t1, 4
        sw      t1, 0x44(zero)
        lpsw    0x40(zero)
