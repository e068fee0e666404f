# faults.s: one page, which is touched and taken away again, many times: each round is a page fault.
        .equ    rounds, 500
        .equ    console_output, 0
        .equ    page, 4096
        .equ    table, 0x8000
        .equ    entries, 32
        .equ    VALID, 1
        .equ    READ, 2
        .equ    WRITE, 4
        .equ    EXECUTE, 8

        .rodata
        .org    0x50
        .word   0, fault, 0, 0x10000    # the new PSW: supervisor, translation off
        .text

# ---- The handler. It runs with translation off: its addresses are real.
        .global fault
fault:  sw      t0, 0x80(zero)
        sw      t1, 0x84(zero)
        sw      t2, 0x88(zero)
        lw      t0, 0x60(zero)          # the cause: only memory is expected
        addi    t0, t0, -1
        bnez    t0, wrong
        lw      t0, 0x64(zero)          # the address that was touched
        srli    t0, t0, 12              # t0 = the number of its page
        li      t1, entries
        bgeu    t0, t1, wrong           # outside of the address space
        li      t2, 0xa000              # always the same frame
        j       give
wrong:  halt    t0
give:   lw      t0, 0x64(zero)
        srli    t0, t0, 12              # t0 = the number of the page, t2 = its frame

        slli    t0, t0, 2
        li      t1, table
        add     t0, t0, t1              # t0 = where its entry is
        ori     t2, t2, VALID | READ | WRITE
        sw      t2, 0(t0)

        lw      t2, 0x88(zero)
        lw      t1, 0x84(zero)
        lw      t0, 0x80(zero)
        .global back
back:   lpsw    0x40(zero)

# ---- The program.
        .global _start
_start: li      t0, table               # the first nine pages, with this program and the table, stay where they are
        li      t1, VALID | READ | WRITE | EXECUTE
        li      t2, 9
        li      t3, page
same:   sw      t1, 0(t0)
        add     t1, t1, t3
        addi    t0, t0, 4
        addi    t2, t2, -1
        bnez    t2, same
        la      t4, on
        lpsw    0(t4)
work:   li      s0, 0x10000
        li      s1, rounds
        li      s2, table + 4 * 16
store:  sw      s1, 0(s0)               # there is no such page: the handler makes its entry
        sw      zero, 0(s2)             # and there is none again
        addi    s1, s1, -1
        bnez    s1, store
        halt    zero

        .data
        .balign 16
on:     .word   4, work, table, entries * page
