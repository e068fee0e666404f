-- Emulation: another computer, with other words and instructions, as a program of this one.
--
-- The guest `emulator` is a pocket machine written in C: words of 8 bits, four registers, 128 words of memory. It is held
-- against the pocket machine itself, the one that the specification makes: with the same memory, programs and nonsense
-- alike, after the same number of steps, every word and register agree. What to see, besides: each instruction of
-- the other computer costs dozens of this one, for there is no direct execution; a monitor under the emulator adds
-- next to nothing to that, because the guest that it virtualizes is of its own kind. That is the difference between emulation and virtualization.
local pg74 = require "pg74"
local experiment = dofile((arg[0]:match "^(.*/)" or "./") .. "lib/experiment.lua")
local short = experiment.start "A pocket machine, emulated on PG-74"

local MEMORY = 128
local emulator, pocket_isa = pg74.load "emulator", pg74.isa "pocket"
local HEAD = 16 -- bytes of struct pocket before its memory: r, pc, mode, base, bound, halted, halt_code, two unused, steps

-- The pocket machine with this memory, after so many steps: as the specification has it.
local template = pg74.assemble("_start: halt r0", {isa = pocket_isa, name = "nothing.s"})
local function really(memory, start, steps)
  local m <close> = pg74.machine {isa = pocket_isa, guest = template, memory = MEMORY}
  m:write(0, memory)
  m.pc = start
  m:run(steps)
  local s = m.state
  local registers = string.char(m.x[0], m.x[1], m.x[2], m.x[3], m.pc, s.mode, s.base, s.bound, s.halted, s.halt_code)
  return registers .. m:read(0, MEMORY), m:console(), m:time()
end

-- The same, as the emulator has it.
local function emulated(memory, start, steps, vmm)
  local m <close> = pg74.machine {guest = emulator, memory = 0x20000, vmm = vmm}
  local at = emulator:address "pocket" + m:partition(1)
  m:write(at, string.char(0, 0, 0, 0, start, 0, 0, MEMORY, 0, 0, 0, 0) .. string.pack("<I4", steps) .. memory)
  m:run()
  return m:read(at, 10) .. m:read(at + HEAD, MEMORY), m:console(), m:time()
end

local seed = 74
local function random(below)
  seed = (seed * 1103515245 + 12345) & 0x7fffffff
  return (seed >> 12) % below
end

-- ---- The same, whatever it executes ---------------------------------------------------------------------------------------

local tried, differ, steps_done = 0, 0, 0
for _ = 1, short and 60 or 1000 do
  local bytes = {}
  for i = 1, MEMORY do bytes[i] = string.char(random(256)) end
  local memory, steps = table.concat(bytes), 1 + random(200)
  local state, said = really(memory, 16, steps)
  local other, repeated = emulated(memory, 16, steps)
  tried, steps_done = tried + 1, steps_done + steps
  if state ~= other or said ~= repeated then differ = differ + 1 end
end
print(("%d random memories, %d steps in all: %d differ\n"):format(tried, steps_done, differ))
experiment.expect(differ == 0, "the emulator does what the specification says, instruction by instruction and trap by trap")

-- ---- What it costs --------------------------------------------------------------------------------------------------------

-- Adds the numbers from 10 down to 1, and prints the sum, 55, which is the letter 7: again and again, a newline between.
local program = pg74.load "pocket_sum"
local source = pg74.machine {isa = pocket_isa, guest = program, memory = MEMORY}
local memory = source:read(0, MEMORY)
local _, said, time = really(memory, program.entry, 100000)
local _, repeated, work = emulated(memory, program.entry, 100000)
local _, third, under = emulated(memory, program.entry, 100000, "trap_and_emulate")
experiment.expect(said == "7\n" and repeated == said and third == said, "the pocket machine's program prints the same in all of them")
local per = work.instructions / time.instructions
experiment.table({"the program runs on", "its instructions", "instructions of the hardware"}, {
  {"a pocket machine", time.instructions, time.instructions},
  {"PG-74, under the emulator", time.instructions, work.instructions},
  {"the same, under trap_and_emulate, too", time.instructions, under.instructions},
})
experiment.expect(per > 10, ("an emulated instruction costs more than ten: %.0f here"):format(per))

-- A long one, so that what the monitor does once at its start does not count: nearly all of memory is `add r0, r0`, with a jump at the end.
local long = ("\0"):rep(16) .. ("\x40"):rep(MEMORY - 20) .. "\x28\x4a\x10\x86" -- and: set r2, 8; add r2, r2; set r1, 0; jump_zero r1, r2
local steps = short and 100000 or 1000000
local _, _, alone = emulated(long, 16, steps)
local _, _, above = emulated(long, 16, steps, "trap_and_emulate")
print(("%s steps of the pocket machine: %s instructions, and %s under a monitor.\n"):format(
  experiment.number(steps), experiment.number(alone.instructions), experiment.number(above.instructions)))
experiment.expect(alone.instructions > 10 * steps, "emulation costs many times the instructions")
experiment.expect(above.instructions < 1.2 * alone.instructions, "virtualization adds a few percent to it")
experiment.finish()
