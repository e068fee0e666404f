# demand.s: a program with a large address space, of which nothing is there before it is touched.
#
# The program stores to five pages and reads them again. None of them is valid at first: each store traps. The handler gives the
# page a frame, and lets the program continue.
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
        la      t1, free
        lw      t2, 0(t1)               # t2 = a free frame
        bnez    t2, give
wrong:  halt    t0
give:   li      t0, page
        add     t0, t0, t2
        sw      t0, 0(t1)               # the next free one is the next one
        lw      t0, 0x64(zero)
        srli    t0, t0, 12              # t0 = the number of the page, t2 = its frame

        # Here: make the entry of this page. It is valid, and may be read and written.

        lw      t2, 0x88(zero)
        lw      t1, 0x84(zero)
        lw      t0, 0x80(zero)
        .global back
back:   lpsw    0x40(zero)

# ---- The program.
        .global _start
_start: li      t0, table               # the first eight pages, with this program, stay where they are
        li      t1, VALID | READ | WRITE | EXECUTE
        li      t2, 8
        li      t3, page
same:   sw      t1, 0(t0)
        add     t1, t1, t3
        addi    t0, t0, 4
        addi    t2, t2, -1
        bnez    t2, same
        la      t4, on
        lpsw    0(t4)
work:   li      s0, 0x10000
        li      s1, 5
        .global store
store:  sw      s0, 0(s0)               # each page gets its own address
        add     s0, s0, t3
        addi    s1, s1, -1
        bnez    s1, store

        li      s0, 0x10000
        li      s1, 5
        li      s2, console_output
        li      a1, '+'
check:  lw      a0, 0(s0)
        bne     a0, s0, bad
        out     s2, a1                  # a plus for each page that still has it
        add     s0, s0, t3
        addi    s1, s1, -1
        bnez    s1, check
        halt    zero
bad:    li      a0, 99
        halt    a0

        .data
        .balign 16
on:     .word   4, work, table, entries * page
free:   .word   0xa000
