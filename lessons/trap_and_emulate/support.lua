-- support.lua: what the reader's monitor is given: devices, and whose turn it is. After scenarios/hosted_monitor.lua.
local pg74 = require "pg74"
local support = {SLICE = 4000}

local NOWHERE, IDLE, BUSY = 0xfffffe00, 0, 1 -- an address without memory; what disk_status says
local name_of = {}
for name, number in pairs(pg74.isa "pg74":ports()) do name_of[number] = name end

function support.number_of(access) return ({none = 0, fetch = 1, load = 2, store = 3})[access] end

-- An instruction has been emulated that does not jump: pc moves on, and the virtual timer has counted it.
function support.retire(cpu)
  cpu.pc = cpu.pc + 4 & 0xffffffff
  local timer = cpu.virtual.timer
  if timer == 0 then return end
  cpu.virtual.timer = timer - 1
  if timer == 1 then cpu:request "timer" end
end

-- The devices of a guest: those of its own unit. Disk and network take addresses of the real machine.
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
    report_code = function() end,
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

local MOST_SLICES = 200000 -- an error in run_slice could make it go on for ever

-- A whole monitor of a function that runs a guest for a slice.
function support.monitor(run_slice)
  return function(host)
    local devices = {}
    for i, cpu in ipairs(host.cpus) do devices[i] = new_devices(cpu) end
    for _ = 1, MOST_SLICES do
      local alive, ran
      for i, cpu in ipairs(host.cpus) do
        devices[i].poll()
        if not cpu.halted then
          alive = cpu
          if cpu.virtual.waiting == 0 then
            run_slice(cpu, devices[i], support)
            ran = true
          end
        end
      end
      if not alive then return "halted" end
      if not ran and alive:wait().reason == "deadlock" then return "deadlock" end
    end
    return "stopped"
  end
end

return support
