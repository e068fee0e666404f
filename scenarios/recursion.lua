-- Recursion: a monitor under a monitor under a monitor (Popek and Goldberg's Theorem 2).
--
-- trap_and_emulate runs under itself, deeper and deeper, and at the bottom always the same guest. What to see: the
-- guest does the same at every depth and cannot tell how deep it is; what it computes itself goes at full speed at
-- every depth; and what traps costs, with each level, several times as much, because each privileged instruction of
-- the monitor inside is a trap to the one outside.
local pg74 = require "pg74"
local folder = arg[0]:match "^(.*/)" or "./"
local experiment = dofile(folder .. "lib/experiment.lua")
local short = experiment.start "trap_and_emulate under itself"

local guest = dofile(folder .. "lib/computing.lua")(short and 4 or 16, 2000)
local rows, names = {}, {}
for depth = 1, short and 2 or 3 do names[depth] = ("trap_and_emulate/"):rep(depth):sub(1, -2) end
local result = pg74.compare {guest = guest, vmm = names, memory = 0x10000}

for i, run in ipairs(result.runs) do
  local before = result.runs[i - 1]
  rows[i] = {i - 1, run.guest_instructions, run.traps, i > 2 and run.traps / before.traps or "", run.cycles,
             run.equivalent and "yes" or "NO"}
end
experiment.table({"depth", "guest instructions", "real traps", "times", "cycles", "equivalent"}, rows)

local bars = {}
for i, row in ipairs(rows) do bars[i] = {"depth " .. row[1], row[3]} end
print "Traps of the real machine:"
experiment.bars(bars, 50, true)

for i = 2, #rows do
  experiment.expect(rows[i][6] == "yes" and rows[i][2] == rows[1][2],
                    ("at depth %d the guest does what it does on the bare machine"):format(i - 1))
end
for i = 3, #rows do
  experiment.expect(rows[i][4] > 3, ("depth %d traps more than three times as often as depth %d"):format(i - 1, i - 2))
end
experiment.finish()
