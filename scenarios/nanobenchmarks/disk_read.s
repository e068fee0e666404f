# The kernel reads a sector of the disk and waits for the interrupt.
        .equ    COUNT, 1000
        .global _start
_start: la      t0, handler
        sw      t0, 0x54(zero)
        lw      t0, 0x108(zero)
        sw      t0, 0x5c(zero)
        li      s0, COUNT
        li      s1, 2
loop:   setflags zero
        li      t0, 0x10                # disk_sector
        out     t0, zero
        li      t0, 0x11                # disk_address
        li      t1, 0x8000
        out     t0, t1
        li      t0, 0x12                # disk_count
        li      t1, 1
        out     t0, t1
        li      t0, 0x13                # disk_command: from the disk
        out     t0, t1
        idle                            # disabled: an interrupt that comes before this is not slept through
        setflags s1
        nop
        addi    s0, s0, -1
        bnez    s0, loop
        halt    zero
handler:
        li      t0, 0x14                # disk_status
        in      t1, t0
        lpsw    0x40(zero)
