-- Failover: a machine dies, and another goes on from its last checkpoint.
--
-- Again and again the changes since the last checkpoint go to a machine that stands by. When the first one dies, the other
-- has what was true at the last checkpoint: all work since is done again. What has left the machine since cannot be
-- taken back, though: if a line was seen and is then written again, the world sees it twice. So output is held back until
-- the checkpoint after it (as Remus did, 2008). What to see: with that, no line is lost and none comes twice, whenever the
-- machine dies; and checkpoints that are further apart copy less, lose more work, and hold output longer.
local pg74 = require "pg74"
local experiment = dofile((arg[0]:match "^(.*/)" or "./") .. "lib/experiment.lua")
local short = experiment.start "Failover to a checkpoint"

local PAGE = 4096

-- A checkpoint: the pages that differ from what the other has, and the state. Returns how many pages went over.
local function checkpoint(from, backup)
  local sent = 0
  for address = 0, from.memory_size - 1, PAGE do
    local page = from:read(address, PAGE)
    if backup.pages[address] ~= page then
      backup.pages[address] = page
      sent = sent + 1
    end
  end
  backup.state = experiment.state(from)
  return sent
end

local function take_over(backup)
  local m = pg74.machine {guest = "nucleus"}
  for address, page in pairs(backup.pages) do m:write(address, page) end
  experiment.set_state(m, backup.state)
  return m
end

-- Runs until the machine dies, with a checkpoint after each `interval`, then goes on elsewhere. What the world has seen,
-- with output held back until the checkpoint after it, and without.
local function run(interval, death)
  local m, backup = pg74.machine {guest = "nucleus"}, {pages = {}}
  local sent, released, ran, checkpoints = checkpoint(m, backup), 0, 0, 0
  local copied = 0
  while ran < death do
    local slice = math.min(interval, death - ran)
    m:run(slice)
    ran = ran + slice
    if ran % interval == 0 then
      copied = copied + checkpoint(m, backup)
      released, checkpoints = #m:console(), checkpoints + 1
    end
  end
  local seen, held = m:console(), m:console():sub(1, released)
  m = take_over(backup)
  m:run()
  return {held = held .. m:console(), seen = seen .. m:console(), lost = death % interval, copied = copied / math.max(checkpoints, 1)}
end

local whole = pg74.machine {guest = "nucleus"}
whole:run()
local right, total = whole:console(), whole:time().instructions
local rows = {}
local deaths = short and {900000} or {300000, 900000, 1234567, 2200000}
for _, interval in ipairs(short and {100000, 400000} or {25000, 100000, 400000}) do
  local doubled, copied, lost = 0, 0, 0
  for _, death in ipairs(deaths) do
    local result = run(interval, death)
    experiment.expect(result.held == right, ("dies at %s, checkpoints every %s: no line is lost, none comes twice"):format(
      experiment.number(death), experiment.number(interval)))
    doubled = doubled + #result.seen - #right
    copied, lost = copied + result.copied, lost + result.lost
  end
  rows[#rows + 1] = {interval, copied / #deaths, lost // #deaths, 100.0 * lost / #deaths / total, doubled}
end
experiment.table({"between checkpoints", "pages copied at each", "work done again", "% of the whole", "bytes seen twice, not held back"}, rows)
for i = 2, #rows do
  experiment.expect(rows[i][2] > rows[i - 1][2], "a checkpoint after a longer time has more pages to copy")
  experiment.expect(rows[i][2] / rows[i][1] < rows[i - 1][2] / rows[i - 1][1], "but fewer in all, for pages written again are copied once")
end
experiment.finish()
