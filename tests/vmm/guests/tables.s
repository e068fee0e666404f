# Fills its own page table with entries that lead outside of its memory, and accesses memory through them; for ever. Each such
# access traps, and the handler begins anew.
        .rodata
        .org    0x50
        .word   0, handler, 0, 0x100000
        .data
        .org    0x10000
table:  .word   0x001f, 0x101f      # what runs here, and the table: where they are
        .space  56
        .word   0x1001f
        .org    0x10400
        .balign 16
psw:    .word   4, again, 0x10000, 0x100000
        .text
        .global _start
_start: li      s0, 12345
        la      s1, psw
handler:
        lpsw    0(s1)
again:  li      t0, 1103515245
        mul     s0, s0, t0
        addi    s0, s0, 1013
        srli    t0, s0, 8
        andi    t1, t0, 0x1f        # an entry with any flags, of a page above the first 256
        slli    t2, t0, 12
        or      t1, t1, t2
        li      t2, 0x100000
        or      t1, t1, t2
        srli    t2, s0, 24          # for any page of the upper half
        ori     t2, t2, 0x80
        slli    t3, t2, 2
        li      t4, 0x10000
        add     t3, t3, t4
        sw      t1, 0(t3)
        slli    t2, t2, 12
        sw      s0, 0(t2)
        lw      t0, 0(t2)
        jalr    t2
        j       again
