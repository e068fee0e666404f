-- Side by side: the same guest under each technique, and the same again on a machine with the flaw of the x86.
--
-- What to see, on a machine that can be virtualized: every monitor is equivalent, and they differ in the price. Where
-- the hardware executes nearly all of the guest's instructions, the guest is nearly as fast as on the bare machine;
-- where its kernel is interpreted, or all of it, each instruction costs hundreds. On the machine with the flaw: a
-- guest that changes and reads its interrupt flag finds out about trap and emulate, because the x86's popf and pushf
-- do not trap in user mode. The interpreter and the binary translator execute no such instruction, and the hybrid
-- monitor none in supervisor mode: nothing is to be seen under them.
local pg74 = require "pg74"
local experiment = dofile((arg[0]:match "^(.*/)" or "./") .. "lib/experiment.lua")
local short = experiment.start "Techniques side by side"

local TECHNIQUES = {"interpreter", "hybrid", "trap_and_emulate", "binary_translation", "hardware_assisted"}

-- ---- One guest, every technique: on pg74h, which all of them can use ------------------------------------------------

-- A process that computes in user mode, and a kernel that does a little for each of its system calls: nucleus in small.
local small = pg74.assemble([[
        .rodata
        .org    0x50
        .word   0, handler, 0, 0x10000
        .text
_start: la      t0, process
        retu    t0
process:
        li      s0, 10
round:  li      t0, 1000
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
]], {isa = "pg74h", name = "small.s"})

local result = pg74.compare {isa = "pg74h", guest = short and small or "nucleus", vmm = TECHNIQUES, method = "final"}
local rows, bars, by_name = {}, {}, {}
for i, run in ipairs(result.runs) do
  by_name[run.vmm] = run
  rows[i] = {run.vmm, run.guest_instructions, 100.0 * run.direct / run.guest_instructions, run.traps, run.cycles,
             run.overhead, run.equivalent and "yes" or "NO"}
  if i > 1 then bars[i - 1] = {run.vmm, run.overhead} end
end
experiment.table({"monitor", "guest instructions", "direct %", "traps", "cycles", "overhead", "equivalent"}, rows)
print "Overhead, times the bare machine's cycles (each further # is a factor):"
experiment.bars(bars, 50, true)
for _, name in ipairs(TECHNIQUES) do experiment.expect(by_name[name].equivalent, name .. " is equivalent") end
experiment.expect(by_name.interpreter.direct == 0, "an interpreter executes nothing directly")
experiment.expect(by_name.interpreter.cycles > by_name.hybrid.cycles,
                  "interpreting all costs more than interpreting the kernel alone")
experiment.expect(by_name.hybrid.cycles > by_name.trap_and_emulate.cycles,
                  "... and that more than emulating what traps")
experiment.expect(by_name.hardware_assisted.traps < by_name.trap_and_emulate.traps, "guest mode saves traps")

-- ---- The flaw of the x86 --------------------------------------------------------------------------------------------

-- Prints Y when the interrupt flag is what was put there, else N.
local flag = pg74.assemble([[
_start: li      t0, 2
        popf    t0
        pushf   t1
        li      a1, 'Y'
        beq     t0, t1, say
        li      a1, 'N'
say:    li      a0, 0
        out     a0, a1
        popf    zero
        pushf   t1
        li      a1, 'Y'
        beqz    t1, done
        li      a1, 'N'
done:   out     a0, a1
        halt    zero
]], {isa = "x86", name = "flag.s"})

local says, flaw = {}, {{"none", "", "", ""}}
for _, name in ipairs {"none", "interpreter", "hybrid", "binary_translation", "trap_and_emulate"} do
  local m = pg74.machine {isa = "x86", guest = flag, vmm = name ~= "none" and name or nil}
  local why = m:run(100000000)
  says[name] = m:console()
  flaw[name == "none" and 1 or #flaw + 1] = {name, says[name], why, says[name] == says.none and "yes" or "NO"}
end
print "A guest that sets its interrupt flag, reads it, clears it, and reads it again, on a machine with the x86's flaw:"
experiment.table({"monitor", "prints", "end", "as on the bare machine"}, flaw)
experiment.expect(says.none == "YY", "on the bare machine the flag is what was put there")
for _, name in ipairs {"interpreter", "hybrid", "binary_translation"} do
  experiment.expect(says[name] == "YY", name .. " copes with the flaw")
end
experiment.expect(says.trap_and_emulate ~= "YY", "under trap_and_emulate the guest sees the real flag")
experiment.finish()
