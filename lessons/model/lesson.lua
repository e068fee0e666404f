-- The model and the three properties, on the pocket machine: a right monitor and three wrong ones, as programs in Lua.
local pg74 = require "pg74"
local folder = ...
local monitor = assert(loadfile(folder .. "/monitor.lua"))()
local lesson = {}

local START, NEIGHBOUR, SIZE = 32, 80, 48 -- the two partitions of the real machine

local function read(path)
  local file = assert(io.open(path))
  local text = file:read "a"
  file:close()
  return text
end

local function assemble(name)
  return pg74.assemble(read(folder .. "/" .. name), {isa = "pocket", name = name})
end

-- The machine as a monitor prepares it for a guest: in user mode, with R composed.
local function entered(open, name)
  local m = open {isa = "pocket", guest = name}
  m:write(START, m:read(0, SIZE))
  m.state.mode = 1
  m.state.base = START
  m.state.bound = SIZE
  return m
end

lesson.machines = {
  bare = {isa = "pocket", guest = "where.s"},
  entered = function(open) return entered(open, "where.s") end,
}

local function real_machine() return pg74.machine {isa = "pocket", guest = assemble "where.s"} end

-- A guest under the monitor, with one of its faults or none.
local function monitored(name, fault)
  local m = real_machine()
  local guest = monitor.guest(m, type(name) == "string" and assemble(name) or name, START, SIZE)
  guest.why = monitor.run(guest, fault)
  return guest
end

local function bare(name)
  local m = pg74.machine {isa = "pocket", guest = type(name) == "string" and assemble(name) or name}
  m:run(1000)
  return m
end

-- Two guests, one after the other, on the same machine: what the second prints.
local function beside(image, neighbour, fault, secret)
  local m = real_machine()
  local first = monitor.guest(m, image, START, SIZE)
  local second = monitor.guest(m, neighbour, NEIGHBOUR, SIZE)
  if secret then m:byte(NEIGHBOUR + 24, secret) end
  first.why = monitor.run(first, fault)
  second.why = monitor.run(second, fault)
  return first.console, second.console, first.why
end

-- What a word does in a mode: the cause of its trap, or nothing. Registers and R are such that addresses are good.
local function outcome(m, start, word, mode)
  m:restore(start)
  m:byte(40, word)
  for i = 0, 3 do m.x[i] = 64 end
  m.state.mode = mode
  m.pc = 40
  local why, trap = m:run {limit = 1, until_event = "trap"}
  return why == "event" and trap.cause or "done"
end

local SAME, PRIVILEGED, TRAPS, NONE = ".", "P", "T", " "

local function map_of_words()
  local m = real_machine()
  local start = m:snapshot()
  local map, count = {}, {[SAME] = 0, [PRIVILEGED] = 0, [TRAPS] = 0, [NONE] = 0}
  for word = 0, 255 do
    local supervisor, user = outcome(m, start, word, 0), outcome(m, start, word, 1)
    local mark = supervisor == "illegal" and NONE or supervisor ~= "done" and TRAPS or user ~= "done" and PRIVILEGED or SAME
    map[word] = mark
    count[mark] = count[mark] + 1
  end
  return map, count
end

local function bits(roles)
  local sum = 0
  for _, state in ipairs(pg74.isa "pocket":states()) do
    if roles[state.role] then sum = sum + state.width * (state.count or 1) end
  end
  return sum
end

lesson.values = {
  processor_bits = function() return bits {general = true, program_counter = true, mode = true, relocation = true} end,
  words = function(open) return open "bare".memory_size end,
  privileged_words = function() return select(2, map_of_words())[PRIVILEGED] end,
  same_words = function() return select(2, map_of_words())[SAME] end,
  start = START,
  composed = START + 4,
  bare_answer = function() return bare "where.s":console() end,
  wrong_answer = function() return monitored("where.s", "getr").console end,
  direct_share = function()
    local g = monitored(pg74.load "pocket_sum")
    return ("%.0f %%"):format(100 * g.direct / (g.direct + g.emulated))
  end,
}

local function state_line(name, mode, pc, base, bound)
  return ("%-20s  %-10s  %3d  %4d  %5d"):format(name, mode == 0 and "supervisor" or "user", pc, base, bound)
end

lesson.figures = {
  words = function()
    local map = map_of_words()
    local lines = {"      0 1 2 3 4 5 6 7 8 9 a b c d e f"}
    for row = 0, 15 do
      local marks = {}
      for column = 0, 15 do marks[#marks + 1] = map[16 * row + column] end
      lines[#lines + 1] = ("%x.    %s"):format(row, table.concat(marks, " "))
    end
    lines[#lines + 1] = "P: traps in user mode alone   T: traps in either mode"
    lines[#lines + 1] = ".: does not trap              blank: no instruction"
    return table.concat(lines, "\n")
  end,
  map = function()
    local m = real_machine()
    local g = monitor.guest(m, assemble "where.s", START, SIZE)
    local base, bound = monitor.compose(g)
    return table.concat({
      "state                 mode         pc  base  bound",
      state_line("the guest's, V", g.mode, g.pc, g.base, g.bound),
      state_line("the machine's, f(V)", 1, g.pc, base, bound),
      "",
      ("the guest's memory, words 0 to %d: the machine's words %d to %d"):format(SIZE - 1, START, START + SIZE - 1),
    }, "\n")
  end,
  equivalence = function()
    return table.concat({
      "where.s runs                         it prints",
      ("on the bare machine                  %s"):format(bare "where.s":console()),
      ("under the right monitor              %s"):format(monitored "where.s".console),
      ("under the monitor with the mistake   %s"):format(monitored("where.s", "getr").console),
    }, "\n")
  end,
  control = function()
    local clobber, neighbour = assemble "clobber.s", assemble "neighbour.s"
    local _, right = beside(clobber, neighbour)
    local _, wrong = beside(clobber, neighbour, "bound")
    return table.concat({
      "clobber.s runs, and then its neighbour    the neighbour prints",
      ("under the right monitor                   %s"):format(right),
      ("under the monitor with the mistake        %s"):format(wrong),
    }, "\n")
  end,
  efficiency = function()
    local lines = {"the sum of lesson 4           prints   directly   by the monitor"}
    for _, fault in ipairs {"none", "slow"} do
      local g = monitored(pg74.load "pocket_sum", fault)
      lines[#lines + 1] = ("%-28s  %6s  %9d  %15d")
        :format(fault == "slow" and "under a careful monitor" or "under the right monitor", g.console:sub(1, 1), g.direct, g.emulated)
    end
    return table.concat(lines, "\n")
  end,
}

lesson.shows = {
  trapped = function(m) m:run {until_event = "trap"} end,
}

lesson.checks = {
  looked = function(m)
    if m:time().instructions >= 1 then return true end
    return false, "no instruction has been executed"
  end,
}

lesson.moves = {looked = function(m) m:step() end}

lesson.tasks = {
  spy = {
    files = {"spy.s"},
    check = function(work)
      local good, image = pcall(pg74.assemble, read(work:path "spy.s"), {isa = "pocket", name = "spy.s"})
      if not good then return false, image end
      local neighbour = assemble "neighbour.s"
      for _, secret in ipairs {"B", "Q", "7"} do
        local seen, _, why = beside(image, neighbour, "bound", secret:byte())
        if seen ~= secret then
          return false, ("under the careless monitor it prints %q (%s); the neighbour keeps %q"):format(seen, why, secret)
        end
        if beside(image, neighbour, nil, secret:byte()):find(secret, 1, true) then
          return false, "it prints the same under the right monitor, so it cannot have it from the neighbour"
        end
      end
      return true
    end,
    solution = "solution/spy.s",
  },
}

return lesson
