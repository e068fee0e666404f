# counter.s: a small computer with something to lose. It counts, on its disk, how often it has been started, and says so.
        .equ    console_output, 0x00
        .equ    disk_sector, 0x10
        .equ    disk_address, 0x11
        .equ    disk_count, 0x12
        .equ    disk_command, 0x13
        .equ    disk_status, 0x14

        .global _start
_start: la      s0, sector
        li      a1, 1                   # from the disk to memory
        jal     transfer
        lw      s1, 0(s0)
        addi    s1, s1, 1               # one start more
        sw      s1, 0(s0)
        li      a1, 2                   # from memory to the disk
        jal     transfer
        li      t0, console_output
        addi    a0, s1, '0'
        out     t0, a0
        halt    zero

# Moves sector 7 between the disk and memory, in the direction of a1, and waits until it has been moved.
transfer:
        li      t0, disk_sector
        li      t1, 7
        out     t0, t1
        loadreal t1, s0                 # the device knows only real addresses
        li      t0, disk_address
        out     t0, t1
        li      t0, disk_count
        li      t1, 1
        out     t0, t1
        li      t0, disk_command
        out     t0, a1
        li      t0, disk_status
        li      t2, 2                   # done
wait:   in      t1, t0
        bne     t1, t2, wait
        ret

        .data
        .balign 16
sector:
        .zero   512
