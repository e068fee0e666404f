-- A trap-and-emulate monitor, by hand. SPDX-License-Identifier: MIT-0
local pg74 = require "pg74"

local isa = pg74.isa()
local USER, ENABLED = 1, 2
local FETCH, LOAD, STORE = 1, 2, 3
local SLICE = 4000
local IDLE, BUSY = 0, 1
local NOWHERE = 0xfffffe00
local cause_of, constant = isa:causes(), isa:constants()
local name_of = {}
for name, number in pairs(isa:ports()) do name_of[number] = name end

-- ---- What a guest believes -------------------------------------------------------------------------------------------

local function new_guest(cpu)
  return {cpu = cpu, flags = 0, base = 0, bound = cpu.size, timer = 0, pending = {}, waiting = false,
          written = {}, disk = IDLE}
end

local function load_psw(guest, address)
  local cpu = guest.cpu
  guest.flags = cpu:word(address) & (USER | ENABLED)
  cpu.pc = cpu:word(address + 4)
  guest.base = cpu:word(address + 8) & ~15
  guest.bound = cpu:word(address + 12) & ~15
end

local function store_psw(guest, address, pc)
  local cpu = guest.cpu
  cpu:word(address, guest.flags)
  cpu:word(address + 4, pc)
  cpu:word(address + 8, guest.base)
  cpu:word(address + 12, guest.bound)
end

-- The guest's own trap: its old PSW, the cause, and on to its handler.
local function trap(guest, cause, value, access)
  local cpu = guest.cpu
  store_psw(guest, constant.old_psw, cpu.pc)
  cpu:word(constant.trap_cause, cause)
  cpu:word(constant.trap_value, value)
  cpu:word(constant.trap_access, access)
  load_psw(guest, constant.new_psw)
end

-- The physical address of a virtual one in the guest, or nil.
local function translate(guest, address, length)
  if length > guest.bound or address > guest.bound - length then return nil end
  local physical = guest.base + address
  if physical > 0xffffffff or physical > guest.cpu.size - length then return nil end
  return physical
end

local function request(guest, cause)
  guest.pending[cause] = true
  guest.waiting = false
end

local function interrupt(guest)
  for cause = cause_of.timer, cause_of.network do
    if guest.flags & ENABLED ~= 0 and guest.pending[cause] then
      guest.pending[cause] = nil
      trap(guest, cause, 0, 0)
    end
  end
end

-- ---- Devices ---------------------------------------------------------------------------------------------------------

local function inside(guest, address, length)
  local cpu = guest.cpu
  return length <= cpu.size and address <= cpu.size - length and cpu.start + address or NOWHERE
end

local function send(guest, ...)
  for _, name in ipairs {...} do guest.cpu:port_out(name, guest.written[name] or 0) end
end

local out = {
  console_control = function(guest, value)
    guest.heard = value & 1 == 0
    guest.cpu:port_out("console_control", value)
  end,
  disk_command = function(guest, value)
    if guest.disk == BUSY then return end
    local written = guest.written
    send(guest, "disk_sector", "disk_count")
    guest.cpu:port_out("disk_address", inside(guest, written.disk_address or 0, (written.disk_count or 0) * 512))
    guest.cpu:port_out("disk_command", value)
    guest.disk = BUSY
  end,
  network_command = function(guest, value)
    local written = guest.written
    send(guest, "network_length")
    guest.cpu:port_out("network_address", inside(guest, written.network_address or 0, written.network_length or 0))
    guest.cpu:port_out("network_command", value)
  end,
  network_control = function(guest, value)
    guest.frames = value & 1 == 1 and (guest.frames or guest.cpu:port_in "network_frames" & 0xffff) or nil
    guest.cpu:port_out("network_control", value)
  end,
  report_code = function() end,
}

local function port_out(guest, port, value)
  local name = name_of[port]
  if not name then return end
  guest.written[name] = value
  if out[name] then out[name](guest, value)
  elseif name:sub(1, 4) ~= "disk" and name:sub(1, 7) ~= "network" then guest.cpu:port_out(name, value) end
end

local function port_in(guest, port)
  local name = name_of[port]
  if name == "console_input" then guest.heard = false end
  if name ~= "disk_status" then return name and guest.cpu:port_in(name) or 0 end
  local answer = guest.disk
  if guest.disk ~= BUSY then guest.disk = IDLE end
  return answer
end

-- Interrupts of the real machine name no unit: has this guest's device anything to tell?
local function poll(guest)
  local cpu = guest.cpu
  if guest.disk == BUSY then
    guest.disk = cpu:port_in "disk_status"
    if guest.disk ~= BUSY then request(guest, cause_of.disk) end
  end
  if guest.heard == false and cpu:port_in "console_status" & 1 == 1 then
    guest.heard = (guest.written.console_control or 0) & 1 == 1
    if guest.heard then request(guest, cause_of.console) end
  end
  local frames = guest.frames and cpu:port_in "network_frames" & 0xffff
  if frames ~= guest.frames then request(guest, cause_of.network) end
  guest.frames = frames
end

-- ---- Emulation: an entry for each system instruction. False: it has trapped, or set the pc itself. -------------------

local function set(guest, operand, value)
  if operand ~= 0 then guest.cpu.x[operand] = value & 0xffffffff end
end

local function psw_operand(guest, o, access)
  local imm = o.imm >= 0x800 and o.imm - 0x1000 or o.imm
  local address = guest.cpu.x[o.rs1] + imm & 0xffffffff
  if address & 15 ~= 0 then
    trap(guest, cause_of.misaligned, address, access)
    return nil
  end
  local physical = translate(guest, address, 16)
  if not physical then trap(guest, cause_of.memory, address, access) end
  return physical
end

local emulate = {}

function emulate.lpsw(guest, o)
  local physical = psw_operand(guest, o, LOAD)
  if physical then load_psw(guest, physical) end
  return false
end
function emulate.spsw(guest, o)
  local physical = psw_operand(guest, o, STORE)
  if not physical then return false end
  store_psw(guest, physical, guest.cpu.pc + 4 & 0xffffffff)
end
function emulate.setr(guest, o)
  guest.base, guest.bound = guest.cpu.x[o.rs1] & ~15, guest.cpu.x[o.rs2] & ~15
end
function emulate.getbase(guest, o) set(guest, o.rd, guest.base) end
function emulate.getbound(guest, o) set(guest, o.rd, guest.bound) end
function emulate.setflags(guest, o) guest.flags = guest.cpu.x[o.rs1] & (USER | ENABLED) end
function emulate.getflags(guest, o) set(guest, o.rd, guest.flags) end
function emulate.retu(guest, o)
  guest.flags = guest.flags | USER
  guest.cpu.pc = guest.cpu.x[o.rs1]
  return false
end
function emulate.loadreal(guest, o)
  local address = guest.cpu.x[o.rs1]
  local physical = translate(guest, address, 1)
  if not physical then
    trap(guest, cause_of.memory, address, LOAD)
    return false
  end
  set(guest, o.rd, physical)
end
function emulate.probe(guest, o) set(guest, o.rd, translate(guest, guest.cpu.x[o.rs1], 1) and 1 or 0) end
function emulate.settimer(guest, o)
  guest.timer = guest.cpu.x[o.rs1]
  guest.pending[cause_of.timer] = nil
  guest.timer_new = true
end
function emulate.gettimer(guest, o) set(guest, o.rd, guest.timer) end
emulate["in"] = function(guest, o) set(guest, o.rd, port_in(guest, guest.cpu.x[o.rs1])) end
function emulate.out(guest, o) port_out(guest, guest.cpu.x[o.rs1], guest.cpu.x[o.rs2]) end
function emulate.machineid(guest, o) set(guest, o.rd, 0) end
function emulate.diag(guest, o) set(guest, o.rd, 0) end
function emulate.idle(guest)
  guest.waiting = true
  for cause = cause_of.timer, cause_of.network do
    if guest.pending[cause] then guest.waiting = false end
  end
end
function emulate.halt(guest, o)
  guest.cpu:halt(guest.cpu.x[o.rs1])
  return false
end

-- ---- Time ------------------------------------------------------------------------------------------------------------

local function pass_time(guest, instructions)
  if guest.timer == 0 or instructions == 0 then return end
  guest.timer = guest.timer > instructions and guest.timer - instructions or 0
  if guest.timer == 0 then request(guest, cause_of.timer) end
end

-- While one guest runs, or none, time passes also for those that wait.
local function pass_time_for_all(guests, ran, instructions)
  for _, guest in ipairs(guests) do
    if guest == ran or (guest.waiting and not guest.cpu.halted) then pass_time(guest, instructions) end
  end
end

-- ---- The loop --------------------------------------------------------------------------------------------------------

local function handle(guest, exit)
  local cpu = guest.cpu
  if exit.reason == "privileged" and guest.flags & USER == 0 then
    local decoded = isa:decode(exit.value)
    local act = emulate[decoded.instruction]
    local pc = cpu.pc
    guest.timer_new = false
    if act(guest, decoded.operands) ~= false then cpu.pc = pc + 4 & 0xffffffff end
    return not guest.timer_new and 1 or 0
  end
  trap(guest, exit.number, exit.value or 0, ({none = 0, fetch = FETCH, load = LOAD, store = STORE})[exit.access or "none"])
  return 0
end

local function run(guests, guest)
  local cpu = guest.cpu
  interrupt(guest)
  local room = guest.base < cpu.size and cpu.size - guest.base or 0
  cpu.state.base = room > 0 and cpu.start + guest.base or 0
  cpu.state.bound = math.min(guest.bound, room) & ~15
  local fuel = guest.timer > 0 and math.min(guest.timer, SLICE) or SLICE
  local exit = cpu:run(fuel)
  pass_time_for_all(guests, guest, exit.instructions)
  if exit.kind == "trap" then
    local retired = handle(guest, exit)
    if not cpu.halted then pass_time_for_all(guests, guest, retired) end
  end
end

local function monitor(host)
  local guests = {}
  for i, cpu in ipairs(host.cpus) do guests[i] = new_guest(cpu) end
  while true do
    local alive, ran, soonest
    for _, guest in ipairs(guests) do
      poll(guest)
      if not guest.cpu.halted then
        alive = guest
        if not guest.waiting then
          run(guests, guest)
          ran = true
        elseif guest.timer > 0 then
          soonest = math.min(soonest or guest.timer, guest.timer)
        end
      end
    end
    if not alive then return "halted" end
    if not ran then
      local exit = alive.cpu:wait(soonest)
      if exit.reason == "deadlock" then return "deadlock" end
      pass_time_for_all(guests, nil, exit.idle)
    end
  end
end

return monitor
