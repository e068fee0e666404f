-- Side by side: the same guest under each technique, and the same again on a machine with the flaw of the x86.
--
-- What to see, on a machine that can be virtualized: every monitor is equivalent, and they differ in the price. Where
-- the hardware executes nearly all of the guest's instructions, the guest is nearly as fast as on the bare machine;
-- where its kernel is interpreted, or all of it, each instruction costs hundreds. On the machine with the flaw: a
-- guest that changes and reads its interrupt flag finds out about trap and emulate, because the x86's popf and pushf
-- do not trap in user mode. The interpreter and the binary translator execute no such instruction, and the hybrid
-- monitor none in supervisor mode: nothing is to be seen under them.
local pg74 = require "pg74"
local folder = arg[0]:match "^(.*/)" or "./"
local experiment = dofile(folder .. "lib/experiment.lua")
local short = experiment.start "Techniques side by side"

local TECHNIQUES = {"interpreter", "hybrid", "trap_and_emulate", "binary_translation", "hardware_assisted"}

-- ---- One guest, every technique: on pg74h, which all of them can use ------------------------------------------------

local small = dofile(folder .. "lib/computing.lua")(10, 1000, "pg74h")
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
