-- A trap-and-emulate monitor: your work. SPDX-License-Identifier: MIT-0
--
-- The guest runs in user mode, in its own partition. Whatever it may not do comes back from cpu:run. What the guest
-- believes of its mode, its R, its interrupts and its timer is yours to keep. docs/lua.md tells what cpu has; here it has
-- neither emulate nor interrupt nor request, nor the virtual state: doing that by hand is the exercise.
local pg74 = require "pg74"

local isa = pg74.isa()                   -- the machine of this lab: isa:decode(word), isa:causes(), isa:ports(), ...
local USER, ENABLED = 1, 2               -- flags of the PSW

local function new_guest(cpu)
  return {cpu = cpu, flags = 0, base = 0, bound = cpu.size}
end

local emulate = {}                       -- by the name of the instruction: function(guest, operands)

function emulate.halt(guest, o)
  guest.cpu:halt(0)                      -- is that the right code?
end

local function handle(guest, exit)
  local decoded = isa:decode(exit.value)
  emulate[decoded.instruction](guest, decoded.operands)
  guest.cpu.pc = guest.cpu.pc + 4
end

local function monitor(host)
  local guest = new_guest(host.cpus[1])
  while not guest.cpu.halted do
    local exit = guest.cpu:run()
    if exit.kind == "trap" then handle(guest, exit) end
  end
  return "halted"
end

return monitor
