# A guest that says A, and halts with 7: what traps is `out` and `halt`.
        li      a0, 0
        li      a1, $65..90
        out     a0, a1
        li      a2, $1..99
        halt    a2
