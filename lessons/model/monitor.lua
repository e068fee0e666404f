-- monitor.lua: a virtual machine monitor for the pocket machine, as a program of the host's: trap and emulate.
--
-- A guest is executed by the machine itself, in user mode, with R composed. What traps comes back here, and is done to the
-- guest's virtual state. With `fault` it makes one mistake, of which the lesson tells:
--   "getr"    gives the guest the real R            (not equivalent)
--   "bound"   does not cut off the guest's bound    (no resource control)
--   "slow"    executes nothing directly             (not efficient)
local MEMORY, TRAP_CAUSE = 1, 8 -- a cause; an address

local pg74 = require "pg74"
local monitor = {}

-- A guest in a partition: its virtual state. Its memory is that of the machine, from `start` on.
function monitor.guest(m, image, start, size)
  local whole = pg74.machine {isa = "pocket", guest = image}
  m:write(start, whole:read(0, size))
  return {m = m, start = start, size = size, r = {[0] = 0, 0, 0, 0}, mode = 0, pc = image.entry, base = 0, bound = size,
          console = "", direct = 0, emulated = 0, halted = false}
end

-- The guest's R, moved into its partition and cut off at its end.
function monitor.compose(g, fault)
  local room = math.max(g.size - g.base, 0)
  return g.start + g.base & 0xff, fault == "bound" and g.bound or math.min(g.bound, room)
end

local function enter(g, fault)
  local m = g.m
  for i = 0, 3 do m.x[i] = g.r[i] end
  m.state.mode = 1
  m.state.base, m.state.bound = monitor.compose(g, fault)
  m.pc = g.pc
end

-- The guest's own PSW swap, in its own memory.
local function reflect(g, cause, value, access)
  local at = g.start
  for i, word in ipairs {g.mode, g.pc, g.base, g.bound} do g.m:byte(at + i - 1, word) end
  for i, word in ipairs {cause, value, access} do g.m:byte(at + TRAP_CAUSE + i - 1, word) end
  local psw = {}
  for i = 0, 3 do psw[i] = g.m:byte(at + 4 + i) end
  g.mode, g.pc, g.base, g.bound = psw[0] & 1, psw[1], psw[2], psw[3]
end

local emulate = {}
function emulate.setr(g, o) g.base, g.bound = g.r[o.rs1], g.r[o.rs2] end
function emulate.getr(g, o, fault)
  local base, bound = g.base, g.bound
  if fault == "getr" then base, bound = monitor.compose(g) end
  g.r[o.rs1] = base
  g.r[o.rs2] = bound
end
function emulate.retu(g, o) g.mode, g.pc = 1, g.r[o.rs] return true end
function emulate.out(g, o) g.console = g.console .. string.char(g.r[o.rs]) end
function emulate.halt(g) g.halted = true return true end
function emulate.lpsw(g, o)
  local psw = {}
  for i = 0, 3 do
    local va = g.r[o.rs] + i & 0xff
    if va >= g.bound or g.base + va >= g.size then return "memory", va end
    psw[i] = g.m:byte(g.start + g.base + va)
  end
  g.mode, g.pc, g.base, g.bound = psw[0] & 1, psw[1], psw[2], psw[3]
  return true
end

-- Does what one instruction of the guest would have done; it has trapped.
local function handle(g, trap, fault)
  local number = {none = 0, fetch = 1, load = 2, store = 3}
  if trap.cause ~= "privileged" or g.mode == 1 then
    return reflect(g, trap.number, trap.value, number[trap.access])
  end
  g.emulated = g.emulated + 1
  local went, va = emulate[trap.instruction](g, trap.operands, fault)
  if went == "memory" then return reflect(g, MEMORY, va, number.load) end
  if not went then g.pc = g.pc + 1 & 0xff end
end

-- What the processor does by itself, when a monitor does not let it.
local ordinary = {}
function ordinary.set(g, o) g.r[o.rd] = o.imm end
function ordinary.add(g, o) g.r[o.rd] = g.r[o.rd] + g.r[o.rs] & 0xff end
function ordinary.sub(g, o) g.r[o.rd] = g.r[o.rd] - g.r[o.rs] & 0xff end
function ordinary.jump_zero(g, o) if g.r[o.rd] == 0 then g.pc = g.r[o.rs] end end

-- Executes the guest's next instruction in software, if it is one of these and not the last of its memory.
local function interpret(g)
  local word = g.pc < g.bound and g.base + g.pc < g.size and g.m:byte(g.start + g.base + g.pc)
  local decoded = word and g.m.isa:decode(word)
  if not decoded or not ordinary[decoded.instruction] then return false end
  g.pc = g.pc + 1 & 0xff
  ordinary[decoded.instruction](g, decoded.operands)
  g.emulated = g.emulated + 1
  return true
end

-- Lets the machine execute the guest until it traps.
local function execute(g, fault, most)
  local m = g.m
  enter(g, fault)
  local before = m:time().instructions
  local why, trap = m:run {limit = most, until_event = "trap"}
  g.direct = g.direct + m:time().instructions - before
  for i = 0, 3 do g.r[i] = m.x[i] end
  g.pc = why == "event" and m:byte(1) or m.pc -- at 1 is the old PSW's
  if why == "event" then handle(g, trap, fault) end
  return why
end

-- Runs a guest until it halts, for so many traps at most, of so many instructions each.
function monitor.run(g, fault)
  local most = 1000
  for _ = 1, most do
    if g.halted then return "halted" end
    if not (fault == "slow" and interpret(g)) and execute(g, fault, most) == "limit" then return "limit" end
  end
  return "limit"
end

return monitor
