-- A hosted monitor (type 2) for PG-74 that emulates each privileged instruction by hand: what hosted_monitor.lua
-- leaves to cpu:emulate is written out here.
--
-- The hardware executes the guest in user mode; whatever it may not do comes back from cpu:run, in the manner of
-- KVM's run loop. What the guest believes of its mode, its R, its timer and its devices is kept in a table for each
-- guest, and each privileged instruction is executed on that. For several guests, each gets the processor in turn.
--
--     pg74 shell scenarios/hosted_by_hand.lua [check [GUESTS]]      runs nucleus, or has itself checked
local pg74 = require "pg74"

local isa = pg74.isa "pg74"
local cause, port = isa:causes(), isa:ports()
local OLD_PSW, NEW_PSW, SLICE, WORD = 0x40, 0x50, 4000, 0xffffffff
local FETCH, LOAD, STORE = 1, 2, 3
local NUMBER = {none = 0, fetch = FETCH, load = LOAD, store = STORE}

local function new_guest(cpu)
  return {cpu = cpu, x = cpu.x, mode = 0, enable = 0, base = 0, bound = cpu.size, timer = 0, pending = 0,
          disk = {sector = 0, address = 0, count = 0, status = 0}, net = {address = 0, length = 0, told = 0}}
end

local function request(g, name) g.pending = g.pending | 1 << (cause[name] - 16) end
local function flags(g) return g.mode | g.enable << 1 end
local function set_flags(g, value) g.mode, g.enable = value & 1, value >> 1 & 1 end

local function load_psw(g, at)
  local cpu = g.cpu
  local psw = {}
  for i = 0, 3 do psw[i] = cpu:word(at + 4 * i) or 0 end
  set_flags(g, psw[0])
  cpu.pc, g.base, g.bound = psw[1], psw[2] & ~15, psw[3] & ~15
end

local function store_psw(g, at, pc)
  for i, value in ipairs {flags(g), pc, g.base, g.bound} do g.cpu:word(at + 4 * (i - 1), value) end
end

-- Gives the guest a trap or an interrupt: what `on trap` says, on the virtual state.
local function reflect(g, number, value, access)
  store_psw(g, OLD_PSW, g.cpu.pc)
  g.cpu:word(0x60, number); g.cpu:word(0x64, value); g.cpu:word(0x68, access)
  load_psw(g, NEW_PSW)
end

-- The guest's own relocation; a trap of the guest's is an error with a table.
local function translate(g, va, size, access)
  local pa = g.base + va & WORD
  local inside = size <= g.bound and va <= g.bound - size and pa >= g.base and pa <= g.cpu.size - size
  if not inside then error {cause.memory, va, access} end
  return pa
end

local function psw_operand(g, o, access)
  local va = g.x[o.rs1] + o.imm & WORD
  if va & 15 ~= 0 then error {cause.misaligned, va, access} end
  return translate(g, va, 16, access)
end

-- The devices. Disk and network take addresses of the real machine: those of a transfer that is not inside the guest's
-- memory become one at which there is none.
local function real(g, address, length)
  return length <= g.cpu.size and address <= g.cpu.size - length and g.cpu.start + address or 0xfffffe00
end

local function poll(g)
  if g.disk.status == 1 then
    g.disk.status = g.cpu:port_in("disk_status")
    if g.disk.status ~= 1 then request(g, "disk") end
  end
  if g.console and not g.console_told and g.cpu:port_in("console_status") & 1 == 1 then
    g.console_told = true
    request(g, "console")
  end
  local arrived = g.net.listens and g.cpu:port_in("network_frames") & 0xffff or g.net.told
  if arrived ~= g.net.told then request(g, "network") end
  g.net.told = arrived
end

local inputs = {
  [port.disk_status] = function(g)
    local status = g.disk.status
    if status ~= 1 then g.disk.status = 0 end
    return status
  end,
  [port.console_input] = function(g)
    local byte = g.cpu:port_in("console_input")
    g.console_told = false
    return byte
  end,
}
local outputs = {
  [port.console_control] = function(g, value)
    g.console, g.console_told = value & 1 == 1, false
    g.cpu:port_out("console_control", value)
  end,
  [port.disk_sector] = function(g, value) g.disk.sector = value end,
  [port.disk_address] = function(g, value) g.disk.address = value end,
  [port.disk_count] = function(g, value) g.disk.count = value end,
  [port.disk_command] = function(g, value)
    local disk = g.disk
    if disk.status == 1 then return end
    g.cpu:port_out("disk_sector", disk.sector)
    g.cpu:port_out("disk_address", real(g, disk.address, disk.count * 512))
    g.cpu:port_out("disk_count", disk.count)
    g.cpu:port_out("disk_command", value)
    disk.status = 1
  end,
  [port.network_address] = function(g, value) g.net.address = value end,
  [port.network_length] = function(g, value) g.net.length = value end,
  [port.network_command] = function(g, value)
    g.cpu:port_out("network_address", real(g, g.net.address, g.net.length))
    g.cpu:port_out("network_length", g.net.length)
    g.cpu:port_out("network_command", value)
  end,
  [port.network_control] = function(g, value)
    poll(g)
    g.net.listens = value & 1 == 1
    g.cpu:port_out("network_control", value)
  end,
  [port.report_code] = function() end,
}

-- What each privileged instruction does to the virtual machine. o: its operands, x: the guest's registers.
local emulate = {
  lpsw = function(g, o) load_psw(g, psw_operand(g, o, LOAD)) return true end,
  spsw = function(g, o) store_psw(g, psw_operand(g, o, STORE), g.cpu.pc + 4) end,
  setr = function(g, o, x) g.base, g.bound = x[o.rs1] & ~15, x[o.rs2] & ~15 end,
  getbase = function(g, o, x) x[o.rd] = g.base end,
  getbound = function(g, o, x) x[o.rd] = g.bound end,
  setflags = function(g, o, x) set_flags(g, x[o.rs1]) end,
  getflags = function(g, o, x) x[o.rd] = flags(g) end,
  retu = function(g, o, x) g.mode, g.cpu.pc = 1, x[o.rs1] return true end,
  loadreal = function(g, o, x) x[o.rd] = translate(g, x[o.rs1], 1, LOAD) end,
  probe = function(g, o, x) x[o.rd] = pcall(translate, g, x[o.rs1], 1, LOAD) and 1 or 0 end,
  settimer = function(g, o, x) g.timer, g.timer_set, g.pending = x[o.rs1], true, g.pending & ~1 end,
  gettimer = function(g, o, x) x[o.rd] = g.timer end,
  ["in"] = function(g, o, x)
    local number = x[o.rs1]
    x[o.rd] = inputs[number] and inputs[number](g) or number < 0x100 and g.cpu:port_in(number) or 0
  end,
  out = function(g, o, x)
    local number, value = x[o.rs1], x[o.rs2]
    if outputs[number] then outputs[number](g, value)
    elseif number < 0x100 then g.cpu:port_out(number, value) end
  end,
  machineid = function(g, o, x) x[o.rd] = g.cpu.state.identification end,
  diag = function(g, o, x) x[o.rd] = 0 end,
  idle = function(g) g.waiting = true end,
  halt = function(g, o, x) g.cpu:halt(x[o.rs1]) end,
}

local function count_down(g, instructions)
  if g.timer == 0 or instructions == 0 then return end
  g.timer = math.max(g.timer - instructions, 0)
  if g.timer == 0 then request(g, "timer") end
end

local function handle(g, trap)
  local access = NUMBER[trap.access]
  if trap.cause ~= "privileged" or g.mode == 1 then return reflect(g, trap.number, trap.value, access) end
  local pc = g.cpu.pc
  local done, jumped = pcall(emulate[trap.instruction], g, trap.operands, g.x)
  if not done then
    if type(jumped) ~= "table" then error(jumped, 0) end
    return reflect(g, table.unpack(jumped))
  end
  if not jumped then g.cpu.pc = pc + 4 & WORD end
  if not g.timer_set then count_down(g, 1) end
  g.timer_set = false
end

-- The guest's R inside its partition: moved to where that begins, and cut off at its end.
local function compose(g)
  local state, size = g.cpu.state, g.cpu.size
  state.base = g.cpu.start + g.base & WORD
  state.bound = g.base < size and math.min(g.bound, size - g.base) & ~15 or 0
end

local function interrupt(g)
  if g.enable == 0 or g.pending == 0 then return end
  local bit = 0
  while g.pending >> bit & 1 == 0 do bit = bit + 1 end
  g.pending = g.pending & ~(1 << bit)
  reflect(g, 16 + bit, 0, 0)
end

local function monitor(host)
  local guests = {}
  for i, cpu in ipairs(host.cpus) do guests[i] = new_guest(cpu) end
  while true do
    local alive, ran, soonest = nil, false, nil
    for _, g in ipairs(guests) do
      poll(g)
      if g.pending ~= 0 then g.waiting = false end
      if not g.cpu.halted then
        alive = g
        if g.waiting and g.timer > 0 then soonest = math.min(soonest or g.timer, g.timer) end
      end
      if not g.cpu.halted and not g.waiting then
        ran = true
        interrupt(g)
        compose(g)
        local exit = g.cpu:run(g.timer > 0 and math.min(g.timer, SLICE) or SLICE)
        for _, other in ipairs(guests) do
          if other == g or other.waiting then count_down(other, exit.instructions) end
        end
        if exit.kind == "trap" then handle(g, exit) end
      end
    end
    if not alive then return "halted" end
    if not ran then
      local exit = alive.cpu:wait(soonest)
      if exit.reason == "deadlock" then return "deadlock" end
      for _, g in ipairs(guests) do if not g.cpu.halted then count_down(g, exit.idle) end end
    end
  end
end

if ... == "module" then return monitor end -- loadfile(...) "module": somebody else wants to use it
dofile((arg[0]:match "^(.*/)" or "./") .. "lib/hosted.lua")(monitor, "pg74", ...)
