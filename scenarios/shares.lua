-- Shares: who gets how much of the processor, and changing it while the guests run.
--
-- A hosted monitor in Lua gives slices by stride scheduling: each guest has a pass, the one with the least runs next, and its
-- pass grows by the inverse of its share. What to see: each guest gets its share of every stretch of time, exactly but
-- for a slice; when the shares change, it gets the new one at once, and nobody stops for it.
local pg74 = require "pg74"
local experiment = dofile((arg[0]:match "^(.*/)" or "./") .. "lib/experiment.lua")
local short = experiment.start "Shares of the processor, changed while the guests run"

local SLICE, STRIDE = 1000, 1 << 20
local EPOCH = short and 100000 or 1000000 -- instructions
local guest = pg74.assemble("_start: addi a0, a0, 1\n        j _start\n", {name = "busy.s"})
local host = pg74.hosted {guests = {guest, guest, guest}, memory = 0x10000}

local ran, pass = {0, 0, 0}, {0, 0, 0}
for _, cpu in ipairs(host.cpus) do
  cpu.state.base, cpu.state.bound = cpu.start, cpu.size
end

-- Runs for an epoch by these shares; returns what each guest got of it.
local function epoch(shares)
  local before, done = {table.unpack(ran)}, 0
  while done < EPOCH do
    local next_one = 1
    for i = 2, #pass do
      if pass[i] < pass[next_one] then next_one = i end
    end
    local exit = host.cpus[next_one]:run(SLICE)
    ran[next_one], done = ran[next_one] + exit.instructions, done + exit.instructions
    pass[next_one] = pass[next_one] + STRIDE // shares[next_one]
  end
  return {ran[1] - before[1], ran[2] - before[2], ran[3] - before[3]}
end

-- Everybody begins a new agreement with the same pass: nobody is owed for the old one.
local function agree()
  local most = math.max(table.unpack(pass))
  for i = 1, #pass do pass[i] = most end
end

local agreements = {{1, 1, 1}, {1, 2, 4}, {1, 2, 4}, {4, 2, 1}, {1, 1, 8}}
local rows, bars = {}, {}
for number, shares in ipairs(agreements) do
  agree()
  local got, total, sum = epoch(shares), 0, 0
  for i = 1, 3 do total, sum = total + got[i], sum + shares[i] end
  rows[number] = {number, table.concat(shares, ":"), got[1], got[2], got[3]}
  for i = 1, 3 do
    bars[#bars + 1] = {("epoch %d, guest %d (%d)"):format(number, i, shares[i]), got[i]}
    local due = total * shares[i] / sum
    experiment.expect(math.abs(got[i] - due) <= 2 * SLICE, ("epoch %d: guest %d gets %d of %d parts, but for two slices"):format(number, i, shares[i], sum))
  end
end
experiment.table({"epoch", "shares", "guest 1", "guest 2", "guest 3"}, rows)
experiment.bars(bars, 40)
for i, cpu in ipairs(host.cpus) do
  experiment.expect(math.abs(2 * cpu.x.a0 - ran[i]) <= 2, ("guest %d has counted as far as it was let"):format(i))
end
experiment.finish()
