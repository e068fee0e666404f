-- Devices: a disk that writes to memory by itself, its end, and a network between two guests.
local pg74 = require "pg74"
local folder = ...
local lesson = {}

local MEMORY, LIMIT, SECTOR, BUFFER = 0x10000, 1000000, 512, 0x9000
local OUTSIDE = 0x20000
local STATUS = {[0] = "idle", "busy", "done", "failed"}

local function sector(text) return text .. ("\0"):rep(SECTOR - #text) end
local DISK = sector "sector 0\n" .. sector "sector 1\n"
local PRINTED = "sector 0\nsector 1\n"

lesson.machines = {
  bare = {guest = "read.s", memory = MEMORY, disk = DISK},
  disk = {guest = "read.s", vmm = "trap_and_emulate", memory = MEMORY, disk = DISK},
  network = {guests = {"send.s", "receive.s"}, vmm = "trap_and_emulate", memory = MEMORY},
}

local function hexadecimal(number) return ("0x%x"):format(number) end

local function at_guest(m, symbol)
  local address = assert(m:address(symbol))
  while not (m.mode == "user" and m.pc == address) do
    if m:step() == "halted" then break end
  end
  return m
end

-- One step of the guest: its instruction, and the monitor's work if it traps.
local function guest_step(m)
  repeat
    local why = m:step()
  until m.mode == "user" or why == "halted"
  return m
end

-- Runs a machine to its end and counts: reads of disk_status by whoever executes the guest's instructions, traps, interrupts, cycles, idle time.
local function counted(m)
  local count = {polls = 0, traps = 0, interrupts = 0}
  local under = (m:partition()) ~= 0
  m:on("port", function(event)
    if not under and event.name == "disk_status" and not event.write then count.polls = count.polls + 1 end
  end)
  m:on("trap", function(event)
    count.traps = count.traps + 1
    if event.instruction == "in" then count.polls = count.polls + 1 end
  end)
  m:on("interrupt", function(event)
    if event.cause == "disk" then count.interrupts = count.interrupts + 1 end
  end)
  count.why = m:run(LIMIT)
  local time = m:time()
  count.cycles, count.idle, count.instructions = time.cycles, time.idle, time.instructions
  return count
end

-- The address that reaches the real disk.
local function real_address(open)
  local m, found = open "disk"
  m:on("port", function(event)
    if event.name == "disk_address" then found = event.value end
  end)
  m:run(LIMIT)
  return found
end

local function assembled(name, change)
  local file = assert(io.open(folder .. "/" .. name))
  local text = file:read "a"
  file:close()
  return pg74.assemble(change and change(text) or text, {name = name})
end

local function outside()
  return assembled("read.s", function(text) return (text:gsub("buffer, 0x%x+", "buffer, " .. hexadecimal(OUTSIDE))) end)
end

lesson.values = {
  memory = MEMORY,
  buffer = hexadecimal(BUFFER),
  outside = hexadecimal(OUTSIDE),
  partition = function(open) return hexadecimal((open "disk":partition())) end,
  real_buffer = function(open) return hexadecimal(real_address(open)) end,
  transfer = function(open) -- instructions from the command to the interrupt, on the bare machine
    local m = open {guest = "solution/read.s", memory = MEMORY, disk = DISK}
    local started, ended
    m:on("port", function(event)
      if event.name == "disk_command" then
        local time = m:time()
        started = time.instructions + time.idle
      end
    end)
    m:on("interrupt", function()
      local time = m:time()
      ended = ended or time.instructions + time.idle
    end)
    m:run(LIMIT)
    return (ended - started) // 100 * 100 -- the interrupt is taken an instruction or two after its request
  end,
  setting_up = function(open) -- traps until the command is given
    local m = at_guest(open "disk", "give_command")
    guest_step(m)
    return m:time().traps
  end,
  bare_polls = function(open) return counted(open "bare").polls end,
  cheaper = function(open) -- times, on the bare machine
    local waits = open {guest = "solution/read.s", memory = MEMORY, disk = DISK}
    return counted(open "bare").cycles // counted(waits).cycles
  end,
  guest_polls = function(open) return counted(open "disk").polls end,
}

lesson.shows = {
  at_address = function(m) at_guest(m, "give_address") end,
  address_given = function(m) guest_step(m) end,
  sent = function(m)
    at_guest(m, "send")
    guest_step(m)
  end,
  received = function(m) m:run(LIMIT) end,
}

lesson.figures = {
  addresses = function(open)
    return table.concat({
      ("the guest writes to its port disk_address     0x%08x"):format(BUFFER),
      ("the partition begins at                       0x%08x"):format((open "disk":partition())),
      ("the monitor writes to the real disk_address   0x%08x"):format(real_address(open)),
    }, "\n")
  end,
  outside = function()
    local lines = {}
    for _, vmm in ipairs {"none", "trap_and_emulate"} do
      local m = pg74.machine {guest = outside(), memory = MEMORY, disk = DISK, vmm = vmm ~= "none" and vmm or nil}
      m:run(LIMIT)
      local code = m:guest_halt_code()
      lines[#lines + 1] = ("%-18s the disk's status: %d, %s"):format(vmm == "none" and "(bare machine)" or vmm, code, STATUS[code])
    end
    return table.concat(lines, "\n")
  end,
  two_ways = function(open)
    local lines = {"                              asked   traps   interrupts   waits   cycles"}
    local function row(what, image, vmm)
      local m = pg74.machine {guest = image, memory = MEMORY, disk = DISK, vmm = vmm}
      local c = counted(m)
      lines[#lines + 1] = ("%-28s %6d  %6d  %11d  %6d  %7d"):format(what, c.polls, c.traps, c.interrupts, c.idle, c.cycles)
    end
    local polling, interrupt = assembled "read.s", assembled "solution/read.s"
    row("bare, asking", polling)
    row("bare, by interrupt", interrupt)
    row("under monitor, asking", polling, "trap_and_emulate")
    row("under monitor, by interrupt", interrupt, "trap_and_emulate")
    return table.concat(lines, "\n")
  end,
  frames = function(open)
    local m = open "network"
    local lines = {}
    m:on("frame", function(event)
      lines[#lines + 1] = ("%-9s by station %d: %d bytes, at the real address %s"):format(
        event.sent and "sent" or "received", event.unit - 1, event.bytes, hexadecimal(event.physical))
    end)
    m:run(LIMIT)
    return table.concat(lines, "\n")
  end,
}

lesson.checks = {
  both_sectors = function(m)
    if m:console() == PRINTED then return true end
    return false, ("the console shows %q"):format(m:console())
  end,
}
lesson.moves = {both_sectors = function(m) m:run(LIMIT) end}

lesson.tasks = {
  read = {
    files = {"read.s"},
    check = function(_, open)
      for _, where in ipairs {{"on the bare machine"}, {"under the monitor", "trap_and_emulate"}} do
        local m = open {guest = "read.s", memory = MEMORY, disk = DISK, vmm = where[2]}
        local count = counted(m)
        local name = where[1]
        if count.why == "deadlock" then return false, name .. " it waits, and nothing will wake it: the request was lost, or has been taken already" end
        if count.why ~= "halted" then return false, name .. " it does not come to its end" end
        if m:console() ~= PRINTED then return false, ("%s it prints %q and halts with %d"):format(name, m:console(), m:guest_halt_code()) end
        if count.polls > 1 then return false, ("%s it asks for the status %d times, and should at most once"):format(name, count.polls) end
        if count.interrupts == 0 then return false, name .. " the disk's interrupt is never taken" end
        if not where[2] and count.idle == 0 then return false, name .. " it never waits by `idle`" end
      end
      return true
    end,
    solution = "solution/read.s",
  },
}

return lesson
