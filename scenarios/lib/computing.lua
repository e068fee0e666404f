-- computing.lua: a guest that mostly computes: a process in user mode, and a kernel that does a little for each of its system
-- calls: nucleus in small. So many rounds, each with so many turns of a loop and one system call.
local pg74 = require "pg74"

return function(rounds, turns, isa)
  return pg74.assemble(([[
        .rodata
        .org    0x50
        .word   0, handler, 0, 0x10000
        .text
_start: la      t0, process
        retu    t0
process:
        li      s0, %d
round:  li      t0, %d
again:  mul     a0, a0, t0
        addi    a0, a0, 7
        addi    t0, t0, -1
        bnez    t0, again
        ecall
        addi    s0, s0, -1
        bnez    s0, round
        li      a7, 1
        ecall
handler:
        bnez    a7, done
        li      t1, 200
work:   addi    a1, a1, 3
        addi    t1, t1, -1
        bnez    t1, work
        lw      t1, 0x44(zero)
        addi    t1, t1, 4
        sw      t1, 0x44(zero)
        lpsw    0x40(zero)
done:   halt    zero
]]):format(rounds, turns), {isa = isa, name = "computing.s"})
end
