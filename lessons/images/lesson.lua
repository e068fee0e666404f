-- A computer in a file: images, overlays, the same guest on different hosts, licences, clones.
local pg74 = require "pg74"
local folder = ...
local lesson = {}

local SECTOR, SECTORS = 512, 256
local EMPTY = ("\0"):rep(SECTOR * SECTORS)

-- The disk that a first run leaves behind.
local function used_disk(open)
  local m = open {guest = "counter.s", disk = EMPTY}
  m:run(100000)
  return m:disk()
end

lesson.machines = {
  fresh = {guest = "counter.s", disk = EMPTY},
  second = function(open) return open {guest = "counter.s", disk = used_disk(open), history = true} end,
}

lesson.shows = {finished = function(m) m:run(100000) end}

local function changed_sectors(open)
  local after, count = used_disk(open), 0
  for at = 1, #EMPTY, SECTOR do
    if after:sub(at, at + SECTOR - 1) ~= EMPTY:sub(at, at + SECTOR - 1) then count = count + 1 end
  end
  return count
end

lesson.values = {
  disk_sectors = SECTORS,
  disk_kilobytes = SECTOR * SECTORS // 1024,
  changed_sectors = changed_sectors,
}

-- The finished program of the task. It must not be in a file that the reader sees: it is assembled here.
local function licensed()
  local file = assert(io.open(folder .. "/solution/licensed.s"))
  local text = file:read "a"
  file:close()
  return pg74.assemble(text, {name = "licensed.s"})
end

-- What it prints on a machine with a number, bare or under a monitor.
local function says(number, vmm)
  local m = pg74.machine {guest = licensed(), identification = number, vmm = vmm}
  m:run(1000000)
  return m:console()
end

-- The same on a host with the number 99, under a hosted monitor that shows its guest another number.
local function says_when_shown(number)
  local host = pg74.hosted {guest = licensed(), identification = 99, on_trap = function(cpu)
    cpu.virtual.identification = number
    cpu:emulate {port_out = function(port, value) cpu:port_out(port, value) end}
  end}
  host:run()
  return host.machine:console()
end

lesson.figures = {
  storage = function(open)
    local disk, changed = SECTOR * SECTORS, changed_sectors(open) * SECTOR
    local function row(what, bytes) return ("%-44s %8d KiB"):format(what, (bytes + 1023) // 1024) end
    return table.concat({
      row("a hundred raw images", 100 * disk),
      row("one image and a hundred overlays", disk + 100 * changed),
    }, "\n")
  end,
  hosts = function(open)
    local lines = {"host                             prints  halt code     cycles"}
    for _, host in ipairs {
      {"bare machine", {}},
      {"bare machine, other engine", {engine = "reference"}},
      {"under trap_and_emulate", {vmm = "trap_and_emulate"}},
      {"under hybrid", {vmm = "hybrid"}},
      {"under two monitors", {vmm = "trap_and_emulate/trap_and_emulate"}},
      {"on x86's flaws, under hybrid", {isa = "x86:pg74", vmm = "hybrid"}},
      {"cycles counted otherwise", {cost = "modern"}},
    } do
      host[2].guest, host[2].disk = "counter.s", EMPTY
      local m = open(host[2])
      m:run(100000000)
      lines[#lines + 1] = ("%-32s %6s  %9d  %9d"):format(host[1], m:console(), m:guest_halt_code(), m:time().cycles)
    end
    return table.concat(lines, "\n")
  end,
  verdicts = function()
    local lines = {"where                                             it prints"}
    for _, place in ipairs {
      {"machine 74, for which it is licensed", says(74)},
      {"a copy on machine 75", says(75)},
      {"under trap_and_emulate on machine 74", says(74, "trap_and_emulate")},
      {"under trap_and_emulate on machine 75", says(75, "trap_and_emulate")},
      {"under a monitor on machine 99 that shows it 74", says_when_shown(74)},
    } do lines[#lines + 1] = ("%-48s  %s"):format(place[1], place[2]) end
    return table.concat(lines, "\n")
  end,
}

lesson.tasks = {
  licensed = {
    files = {"licensed.s"},
    check = function(_, open)
      -- The licence is changed, so that no number can be written into the program.
      for _, try in ipairs {{74, 74, "W"}, {75, 74, "R"}, {1234567, 1234567, "W"}, {74, 1234567, "R"}} do
        local m = open {guest = "licensed.s", identification = try[1]}
        local licence = m:address "licence"
        if not licence then return false, "the program has no label `licence` any more" end
        m:word(licence, try[2])
        local why = m:run(10000)
        if why ~= "halted" then return false, ("it does not halt (%s)"):format(why) end
        if m:console() ~= try[3] then
          return false, ("on machine %d, with a licence for %d, it prints %q, and should print %s"):format(
            try[1], try[2], m:console(), try[3])
        end
      end
      return true
    end,
    solution = "solution/licensed.s",
  },
}

return lesson
