# touch.s: lesson 12's guest, complete. It stores to five pages of which none is there: each store traps, its handler makes the page's
# entry, and the store is tried again.
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
        .word   0, page_fault, 0, 0x10000    # the new PSW: supervisor, translation off
        .text

# ---- The handler. It runs with translation off: its addresses are real.
        .global page_fault
page_fault:
        sw      t0, 0x80(zero)
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
        .global first_touch
first_touch:
        sw      s0, 0(s0)               # each page gets its own address
        add     s0, s0, t3
        addi    s1, s1, -1
        bnez    s1, first_touch

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
