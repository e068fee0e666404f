# The timer may come before this guest waits for it, or while it does. Then idle ends at the handler, which goes on where
# the last interrupt came, for ever: by the interrupts that it was given, and by no fault of a monitor's.
        .rodata
        .org    0x50
        .word   0, handler, 0, 0x10000
        .text
        li      t0, 2
        settimer t0
        li      t0, 2
        setflags t0
        idle
handler:
        lpsw    0x40(zero)
