-- Snapshots: a whole machine kept, gone back to, cloned, saved to a file and restored from it.
--
-- What to see: a machine that goes back to a snapshot does the same again, bit for bit; a clone made from a file does what
-- its original does, until somebody gives it something else to do; and a snapshot costs what changes afterwards, no more.
local pg74 = require "pg74"
local experiment = dofile((arg[0]:match "^(.*/)" or "./") .. "lib/experiment.lua")
local short = experiment.start "Snapshots and clones"

local function start() return pg74.machine {guest = "nucleus", vmm = "trap_and_emulate"} end
local half = short and 1000000 or 2000000

-- ---- Back to a snapshot ---------------------------------------------------------------------------------------------------

local m = start()
m:run(half)
local there, said = m:snapshot(), #m:console()
m:run()
local first, whole = m:digest(), m:console()
m:restore(there)
experiment.expect(#m:console() == said, "after going back, what was written since is not written yet")
m:run()
experiment.expect(m:digest() == first, "the second time, everything comes out the same")

-- ---- A clone, from a file -------------------------------------------------------------------------------------------------

m:restore(there)
local path = os.tmpname()
m:save(path)
local file = assert(io.open(path, "rb"))
local size = file:seek "end"
file:close()
local clone = pg74.restore(path)
os.remove(path)
experiment.table({"", "bytes"}, {{"memory of the machine", m.memory_size}, {"the file, with all else", size}})
experiment.expect(clone:digest() == m:digest(), "a clone is what its original is")
m:run()
clone:run()
experiment.expect(clone:digest() == first and m:digest() == first, "both end as one that was never interrupted")
experiment.expect(clone:console() == whole, "and have written the same")

-- ---- Clones that part -----------------------------------------------------------------------------------------------------

-- Adds up numbers, to its end; where it begins is in memory, and anybody who reaches it there can change it.
local sum = pg74.assemble([[
_start: la      t0, from
        lw      a0, 0(t0)
        li      t1, 1000
again:  add     a0, a0, t1
        addi    t1, t1, -1
        bnez    t1, again
        halt    a0
        .data
from:   .word   0
]], {name = "sum.s"})
local original = pg74.machine {guest = sum}
local fresh, rows = original:snapshot(), {}
for begin = 0, 3 do
  original:restore(fresh)
  original:word(sum:address "from", begin * 1000000)
  original:run()
  rows[#rows + 1] = {begin * 1000000, original.halt_code}
  experiment.expect(original.halt_code == begin * 1000000 + 500500, ("begun at %d, it ends %d further"):format(begin * 1000000, 500500))
end
experiment.table({"begins at", "ends at"}, rows)
experiment.finish()
