#! disk 1 1
# The table comes from the disk, where the guest has put it before.
        .rodata
        .org    @new_psw
        .word   0, handler, 0, 0x10000
        .org    @save_area+64
        .word   4, on, 0x8000, 0x10000
        .data
        .org    0x8000
        .word   0x1f, 0x101f, 0x201f, 0x301f, 0x401f, 0x501f, 0x601f, 0x701f
        .word   0x801f, 0x901f, 0xa01f, 0xb01f, 0xc01f, 0xd01f, 0xe01f, 0xf01f
        .text
        li      t0, 0x8000
        li      t1, 0x9000
        li      t2, 0x8040
1:
        lw      a0, 0(t0)
        sw      a0, 0(t1)
        addi    t0, t0, 4
        addi    t1, t1, 4
        bltu    t0, t2, 1b
        li      t0, 0x601f
        sw      t0, -44(t1)             # page 5
        li      t0, 0x6000
        li      t1, $1..2000
        sw      t1, 0x200(t0)
        li      a0, 2
        lpsw    @save_area+64(zero)
on:
        li      s0, 0x5000
        li      s1, 0x9000
        jal     ra, transfer            # 2: from memory to the disk
        lw      a0, 0x200(s0)
        li      s1, 0x8000
        li      a0, 1                   # from the disk into memory
        jal     ra, transfer
        lw      a1, 0x200(s0)
        halt    a1
transfer:
        li      t0, @disk_address
        out     t0, s1
        li      t0, @disk_count
        li      t1, 1
        out     t0, t1
        li      t0, @disk_command
        out     t0, a0
        idle
        li      t0, @disk_status
        li      t1, 1
busy:
        in      a3, t0
        beq     a3, t1, busy
        ret
handler:
        lw      a2, @trap_cause(zero)
        lw      a3, @trap_value(zero)
        lw      a4, @trap_access(zero)
        halt    a2
