-- A hosted monitor (type 2): trap and emulate, as a program of the host's in Lua.
--
-- The hardware executes a guest in user mode; whatever it may not do comes back from cpu:run, in the manner of KVM's
-- run loop, and cpu:emulate does it to the virtual machine, by the meaning of the instruction. What is left to the
-- monitor is what a monitor is about: R composed, devices that reach the guest's memory and no other, interrupts,
-- whose turn it is.
--
--     pg74 shell scenarios/hosted_monitor.lua [check [GUESTS]]      runs nucleus, or has itself checked
--
-- Expected: nucleus prints what it prints on the bare machine; check finds nothing wrong.
local pg74 = require "pg74"

local SLICE, NOWHERE = 4000, 0xfffffe00 -- instructions; an address at which no machine has memory
local IDLE, BUSY = 0, 1                 -- what disk_status says
local name_of = {}
for name, number in pairs(pg74.isa "pg74":ports()) do name_of[number] = name end

-- The guest's R inside its partition: moved to where that begins, and cut off at its end.
local function compose(cpu)
  local virtual = cpu.virtual
  cpu.state.base = cpu.start + virtual.base & 0xffffffff
  cpu.state.bound = virtual.base < cpu.size and math.min(virtual.bound, cpu.size - virtual.base) & ~15 or 0
end

-- The devices of a guest: those of its own unit. Disk and network take addresses of the real machine; a transfer that
-- is not inside the guest's memory goes nowhere.
local function new_devices(cpu)
  local written, status, told = {}, IDLE, {}
  local function inside(address, length)
    return length <= cpu.size and address <= cpu.size - length and cpu.start + address or NOWHERE
  end
  local function send(...) for _, name in ipairs {...} do cpu:port_out(name, written[name] or 0) end end

  local out = {
    console_control = function(value)
      told.console = value & 1 == 0
      cpu:port_out("console_control", value)
    end,
    disk_command = function(value)
      if status == BUSY then return end
      send("disk_sector", "disk_count")
      cpu:port_out("disk_address", inside(written.disk_address or 0, (written.disk_count or 0) * 512))
      cpu:port_out("disk_command", value)
      status = BUSY
    end,
    network_command = function(value)
      send "network_length"
      cpu:port_out("network_address", inside(written.network_address or 0, written.network_length or 0))
      cpu:port_out("network_command", value)
    end,
    network_control = function(value)
      told.frames = value & 1 == 1 and (told.frames or cpu:port_in "network_frames" & 0xffff) or nil
      cpu:port_out("network_control", value)
    end,
    report_code = function() end, -- a guest's code is what it halts with
  }
  local devices = {}
  function devices.port_out(port, value)
    local name = name_of[port]
    if name then written[name] = value end
    if out[name] then out[name](value)
    elseif name and not name:find "^disk" and not name:find "^network" then cpu:port_out(name, value) end
  end
  function devices.port_in(port)
    local name = name_of[port]
    if name == "console_input" then told.console = false end
    if name ~= "disk_status" then return name and cpu:port_in(name) or 0 end
    local answer = status
    if status ~= BUSY then status = IDLE end
    return answer
  end
  -- Interrupts of the real machine name no unit: has this guest's device anything to tell?
  function devices.poll()
    if status == BUSY then
      status = cpu:port_in "disk_status"
      if status ~= BUSY then cpu:request "disk" end
    end
    if told.console == false and cpu:port_in "console_status" & 1 == 1 then
      told.console = (written.console_control or 0) & 1 == 1
      if told.console then cpu:request "console" end
    end
    local frames = told.frames and cpu:port_in "network_frames" & 0xffff
    if frames ~= told.frames then cpu:request "network" end
    told.frames = frames
  end
  return devices
end

local function run_slice(cpu, devices, compose)
  cpu:interrupt()
  compose(cpu)
  local exit = cpu:run(SLICE)
  if exit.kind == "trap" then cpu:emulate(devices) end
end

-- `make_devices`, `compose_other`: others than these, for who wants a guest to have them, or a machine with another R.
local function monitor(host, make_devices, compose_other)
  local devices = {}
  for i, cpu in ipairs(host.cpus) do devices[i] = (make_devices or new_devices)(cpu) end
  while true do
    local alive, ran
    for i, cpu in ipairs(host.cpus) do
      devices[i].poll()
      if not cpu.halted then
        alive = cpu
        if cpu.virtual.waiting == 0 then
          run_slice(cpu, devices[i], compose_other or compose)
          ran = true
        end
      end
    end
    if not alive then return "halted" end
    if not ran and alive:wait().reason == "deadlock" then return "deadlock" end
  end
end

if ... == "module" then return monitor end -- loadfile(...) "module": somebody else wants to use it
dofile((arg[0]:match "^(.*/)" or "./") .. "lib/hosted.lua")(monitor, "pg74", ...)
