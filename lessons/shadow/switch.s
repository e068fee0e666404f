# switch.s: lesson 12's first guest. It makes a page table, switches translation on, and later changes an entry: the same address, another frame.
        .equ    console_output, 0
        .equ    page, 4096
        .equ    table, 0x8000           # where the table is
        .equ    entries, 32             # how many pages it maps
        .equ    window, 0x10000         # an address in page 16
        .equ    VALID, 1
        .equ    READ, 2
        .equ    WRITE, 4
        .equ    EXECUTE, 8

        .global _start
_start: li      t0, 0x9000              # a letter into the frame at 0x9000,
        li      t1, 'A'
        sw      t1, 0(t0)
        li      t0, 0xa000              # and another into the one at 0xa000
        li      t1, 'B'
        sw      t1, 0(t0)

        li      t0, table               # pages 0 to 15 stay where they are
        li      t1, VALID | READ | WRITE | EXECUTE
        li      t2, 16
        li      t3, page
same:   sw      t1, 0(t0)
        add     t1, t1, t3
        addi    t0, t0, 4
        addi    t2, t2, -1
        bnez    t2, same
        .global sixteen
sixteen:
        li      t1, 0x9000 | VALID | READ
        sw      t1, 0(t0)               # page 16 is the frame at 0x9000
        la      t4, on
        .global switch
switch: lpsw    0(t4)                   # flags 4: translation on
after:  li      s0, window
        .global look
look:   lw      a0, 0(s0)
        li      s1, console_output
        out     s1, a0
        li      t1, 0xa000 | VALID | READ
        li      t0, table + 4 * 16
        .global change
change: sw      t1, 0(t0)               # from now on, page 16 is the frame at 0xa000
        .global again
again:  lw      a0, 0(s0)
        out     s1, a0
        halt    zero

        .data
        .balign 16
on:     .word   4, after, table, entries * page
