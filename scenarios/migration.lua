-- Live migration: a guest moves to another machine while it works (pre-copy).
--
-- All its memory is copied while it goes on; then what it has changed meanwhile, and again, until little is left. Only
-- then it stops, and the rest is copied with the registers: that is the downtime. What to see: a guest that changes little
-- is hardly stopped at all; one that changes its memory as fast as the network copies it is stopped about as long as if
-- it had been copied in one piece, after all the rounds have been for nothing. And wherever it goes, it ends as if it
-- had stayed.
local pg74 = require "pg74"
local experiment = dofile((arg[0]:match "^(.*/)" or "./") .. "lib/experiment.lua")
local short = experiment.start "Live migration by pre-copy"

local PAGE, MEMORY = 4096, 0x80000
local PAGES = MEMORY // PAGE
local COPY = 200       -- the network copies a page in the time of so many instructions
local ENOUGH, ROUNDS = 4, 8 -- so few pages are left, or so many rounds were made: now it stops

-- Writes to so many pages of its memory, one after the other, once in each so many instructions; and counts.
local function writer(pages, pause)
  return pg74.assemble(([[
_start: li      s0, %d
round:  li      t0, 0x10000
        li      t1, %d
write:  lw      t2, 0(t0)
        addi    t2, t2, 1
        sw      t2, 0(t0)
        li      t3, 4096
        add     t0, t0, t3
        li      t4, %d
pause:  addi    t4, t4, -1
        bnez    t4, pause
        addi    t1, t1, -1
        bnez    t1, write
        addi    s0, s0, -1
        bnez    s0, round
        li      t0, 0x10000
        lw      a0, 0(t0)
        halt    a0
]]):format(200000 // (pages * (pause * 2 + 9)), pages, pause), {name = "writer.s"})
end

local function pages_of(m)
  local pages = {}
  for i = 0, PAGES - 1 do pages[i] = m:read(i * PAGE, PAGE) end
  return pages
end

-- Copies the pages in the list; the source works meanwhile, unless it has stopped.
local function copy(from, to, list, works)
  for _, i in ipairs(list) do to:write(i * PAGE, from:read(i * PAGE, PAGE)) end
  if works then from:run(#list * COPY) end
  return #list * COPY
end

local function changed(before, m)
  local list = {}
  for i = 0, PAGES - 1 do
    if m:read(i * PAGE, PAGE) ~= before[i] then list[#list + 1] = i end
  end
  return list
end

local function migrate(guest, begin)
  local from, to = pg74.machine {guest = guest, memory = MEMORY}, pg74.machine {guest = guest, memory = MEMORY}
  from:run(begin)
  local list, sent, rounds = {}, 0, 0
  for i = 0, PAGES - 1 do list[#list + 1] = i end
  local dirty
  repeat
    local before = pages_of(from)
    copy(from, to, list, true)
    sent, rounds = sent + #list, rounds + 1
    dirty = dirty or 0
    list = changed(before, from)
  until #list <= ENOUGH or rounds == ROUNDS
  local downtime = copy(from, to, list, false)
  experiment.set_state(to, experiment.state(from))
  to:run()
  return {rounds = rounds, sent = sent + #list, left = #list, downtime = downtime, code = to.halt_code}
end

-- ---- The faster it writes -------------------------------------------------------------------------------------------------

local rows, bars, times = {}, {}, {}
for _, kind in ipairs {{1, 400}, {8, 400}, {32, 100}, {64, 40}, {96, 4}} do
  local pages, pause = kind[1], kind[2]
  local guest = writer(pages, pause)
  local stays = pg74.machine {guest = guest, memory = MEMORY}
  stays:run()
  local result = migrate(guest, 20000)
  local rate = 1000 / (pause * 2 + 9)
  rows[#rows + 1] = {pages, rate, result.rounds, result.sent, result.left, result.downtime}
  bars[#bars + 1] = {("%2d pages, %5.1f writes"):format(pages, rate), result.downtime}
  times[#times + 1] = result.downtime
  experiment.expect(result.code == stays.halt_code, ("the guest that writes %d pages ends as if it had stayed"):format(pages))
end
experiment.table({"pages written", "writes/1000 instr.", "rounds", "pages sent", "left at the stop", "downtime (instr.)"}, rows)
print "Downtime:"
experiment.bars(bars, 50)
print(("To stop it for the whole copy would take %s instructions."):format(experiment.number(PAGES * COPY)))
experiment.expect(times[1] < PAGES * COPY / 20, "a guest that changes little is stopped for a twentieth of the whole copy, or less")
for i = 2, #times do
  experiment.expect(times[i] >= times[i - 1], "the more it writes, the longer it is stopped: " .. rows[i][1] .. " pages")
end
experiment.expect(times[#times] > 10 * times[1], "and the one that writes most, ten times as long as the one that writes least")

-- ---- A kernel with its processes ------------------------------------------------------------------------------------------

local alone = pg74.machine {guest = "nucleus"}
alone:run()
local from, to = pg74.machine {guest = "nucleus"}, pg74.machine {guest = "nucleus"}
from:run(short and 400000 or 1500000)
local size = from.memory_size
to:write(0, from:read(0, size))
experiment.set_state(to, experiment.state(from))
to:run()
experiment.expect(from:console() .. to:console() == alone:console(),
                  "nucleus, moved in the middle of its work, writes one half here and the other there")
experiment.finish()
