-- Consolidation: four guests, each on a machine that is mostly idle, together on one.
--
-- Each works for a while and then waits for its timer, again and again: its load is the share of time that it works. What
-- to see: on their own machines the processors are used for 10 to 20 % of the time. On one, under a monitor, the work of
-- all four fits side by side into the same time: its processor is used for the sum, and a little more, which is what the
-- monitor costs.
local pg74 = require "pg74"
local experiment = dofile((arg[0]:match "^(.*/)" or "./") .. "lib/experiment.lua")
local short = experiment.start "Four guests at 10 to 20 % load, on one machine"

local PERIOD = 100000 -- instructions
local ROUNDS = short and 12 or 20

-- Works for so many of the instructions of each period, and sleeps for the rest.
local function guest(load)
  local work = PERIOD * load // 100
  return pg74.assemble(([[
        .rodata
        .org    0x50
        .word   0, handler, 0, 0x10000
        .text
_start: li      s0, %d
        li      s1, 2
round:  li      t0, %d
work:   addi    t0, t0, -1
        bnez    t0, work
        li      t1, %d
        settimer t1
        setflags s1
        idle
        setflags zero
        addi    s0, s0, -1
        bnez    s0, round
        halt    zero
handler: lpsw   0x40(zero)
]]):format(ROUNDS, work // 2, PERIOD - work), {name = "load.s"})
end

local function used(m)
  local time = m:time()
  return 100.0 * time.instructions / (time.instructions + time.idle), time.instructions + time.idle
end

local LOADS = {10, 12, 15, 20}
local guests, rows, sum, longest = {}, {}, 0, 0
for i, load in ipairs(LOADS) do
  guests[i] = guest(load)
  local m = pg74.machine {guest = guests[i], memory = 0x10000}
  experiment.expect(m:run() == "halted", ("the guest with %d %% does its work alone"):format(load))
  local utilization, time = used(m)
  rows[i] = {("machine %d"):format(i), utilization, time}
  sum, longest = sum + utilization, math.max(longest, time)
end
for _, vmm in ipairs {"trap_and_emulate", "paravirtual"} do
  local m = pg74.machine {guests = guests, vmm = vmm, memory = 0x10000}
  experiment.expect(m:run() == "halted", "all four do their work on one machine, under " .. vmm)
  local utilization, time = used(m)
  rows[#rows + 1] = {"all, " .. vmm, utilization, time}
end
experiment.table({"", "processor used %", "time (instructions)"}, rows)
local bars = {}
for i, row in ipairs(rows) do bars[i] = {row[1], row[2]} end
experiment.bars(bars, 50)
local one = rows[5]
experiment.expect(one[2] > 0.9 * sum, ("one processor is used for the sum of the four, %.1f %%, or more"):format(sum))
experiment.expect(one[2] < sum + 20, "... and for the monitor, less than another fifth of the time")
experiment.expect(one[3] < 1.4 * longest, "all is done in hardly more time than each took on a machine of its own")
experiment.finish()
