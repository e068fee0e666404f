# read.s: reads two sectors from the disk, and prints how each begins. The disk's interrupt says when it is done.
        .equ    console_output, 0       # ports
        .equ    disk_sector, 0x10
        .equ    disk_address, 0x11
        .equ    disk_count, 0x12
        .equ    disk_command, 0x13
        .equ    disk_status, 0x14
        .equ    READ, 1                 # a command
        .equ    BUSY, 1                 # what disk_status tells
        .equ    DONE, 2
        .equ    buffer, 0x9000
        .equ    disk_interrupt, 18      # a cause
        .equ    ALLOWED, 2              # the flag that allows interrupts

        .rodata
        .org    0x50
        .word   0, handler, 0, 0x10000  # the new PSW
        .text

        .global _start
_start: li      t0, disk_sector         # from sector 0 on,
        out     t0, zero
        li      t0, disk_address        # to here,
        li      t1, buffer
        .global give_address
give_address:
        out     t0, t1
        li      t0, disk_count          # two sectors:
        li      t1, 2
        out     t0, t1
        li      t0, disk_command
        li      t1, READ
        .global give_command
give_command:
        out     t0, t1                  # read

        li      s1, 0                   # not yet
        li      s2, ALLOWED
wait:   idle                            # until something is requested
        setflags s2                     # what is requested comes now
        setflags zero
        beqz    s1, wait
        li      t0, disk_status         # once, to learn how it went
        in      t1, t0

        .global ended
ended:  li      t2, DONE
        bne     t1, t2, failed
        li      s0, buffer
        call    print
        li      s0, buffer + 512
        call    print
        halt    zero
failed: halt    t1

handler:
        lw      t0, 0x60(zero)          # the cause
        li      t1, disk_interrupt
        bne     t0, t1, back
        li      s1, 1
back:   lpsw    0x40(zero)

# print: the bytes at s0, up to a zero
print:  li      t0, console_output
next:   lbu     t1, 0(s0)
        beqz    t1, end
        out     t0, t1
        addi    s0, s0, 1
        j       next
end:    ret
