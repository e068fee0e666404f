# read.s: reads two sectors from the disk, and prints how each begins. It asks again and again whether the disk is done.
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

        .global wait
wait:   li      t0, disk_status         # is it done?
        li      t2, BUSY
again:  in      t1, t0
        beq     t1, t2, again

        .global ended
ended:  li      t2, DONE
        bne     t1, t2, failed
        li      s0, buffer
        call    print
        li      s0, buffer + 512
        call    print
        halt    zero
failed: halt    t1

# print: the bytes at s0, up to a zero
print:  li      t0, console_output
next:   lbu     t1, 0(s0)
        beqz    t1, end
        out     t0, t1
        addi    s0, s0, 1
        j       next
end:    ret
