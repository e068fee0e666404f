#! disk 3 $1..100
# Two guests, each with a disk of its own: each halts with what begins its second sector.
        li      s0, 0x2000
        li      t0, @disk_sector
        li      t1, 1
        out     t0, t1
        li      t0, @disk_address
        out     t0, s0
        li      t0, @disk_count
        out     t0, t1
        li      t0, @disk_command
        out     t0, t1
        li      t0, @disk_status
1:      in      t2, t0
        beq     t2, t1, 1b
        lbu     a0, 0(s0)
        halt    a0
#! guest
#! disk 2 $101..200
        li      s0, 0x3000
        li      t0, @disk_sector
        li      t1, 1
        out     t0, t1
        li      t0, @disk_address
        out     t0, s0
        li      t0, @disk_count
        out     t0, t1
        li      t0, @disk_command
        out     t0, t1
        li      t0, @disk_status
1:      in      t2, t0
        beq     t2, t1, 1b
        lbu     a0, 0(s0)
        halt    a0
