# moved.s: sets R, and goes on somewhere else with the same pc. What stands at fixed places is there for that.
        .rodata
        .org    0x50
        .word   0, caught, 0, 0x100000  # what a trap loads: lesson 3 explains it

        .text
_start: li      s0, 0x2000
        li      s1, 0x1040
        setr    s0, s1                  # base 0x2000, bound 0x1040
        halt    zero                    # never executed: the next instruction is fetched by the new R

        .org    0x2100
        .word   1234

        .org    0x3010                  # 0x2000 further than what stands behind setr
there:  lw      a0, 0x100(zero)
        li      t0, 0x103c
        lw      a1, 0(t0)               # the last word below the bound
        lw      a2, 4(t0)               # the first above it
        .org    0x303c
        .word   99

caught: halt    a0                      # the trap leads here
