-- Hybrid monitors and monitors under monitors.
local pg74 = require "pg74"
local folder = ...
local lesson = {}

local MEMORY, LEVELS = 0x10000, 4

lesson.machines = {
  hybrid_guest = {isa = "pdp10", guest = "jrst.s", memory = MEMORY, vmm = "hybrid"},
  nested = {guest = "round.s", memory = MEMORY, vmm = "trap_and_emulate/trap_and_emulate"},
}

local function in_user(m) return m.mode == "user" end

local function step_until(m, reached)
  repeat
    local why = m:step()
  until reached(m) or why == "halted"
  return m
end

local function printed(open, name)
  local m = open(name)
  m:run(10000000)
  return m:console()
end

local function image()
  local file = assert(io.open(folder .. "/round.s"))
  local text = file:read "a"
  file:close()
  return pg74.assemble(text, {name = "round.s"})
end

local memory_of = {} -- what has been compared once
local function compared(names)
  local key = table.concat(names, " ")
  memory_of[key] = memory_of[key] or pg74.compare {guest = image(), memory = MEMORY, vmm = names, method = "none"}.runs
  return memory_of[key]
end

local function single() return compared {"trap_and_emulate", "hybrid", "interpreter"} end

local function nested()
  local names = {}
  for depth = 1, LEVELS do names[depth] = ("trap_and_emulate/"):rep(depth):sub(1, -2) end
  return compared(names)
end

-- The user program of the innermost guest is the only one whose bound is so small.
local USER_BOUND = 64
local function in_innermost_user(m) return in_user(m) and m.state.bound == USER_BOUND end

lesson.values = {
  printed = function(open) return printed(open, "hybrid_guest") end,
  supervisor_instructions = function() return single()[3].emulated end,
  hybrid_overhead = function() return ("%.1f"):format(single()[3].overhead) end,
  interpreter_overhead = function() return ("%.0f"):format(single()[4].overhead) end,
  bare_traps = function() return nested()[1].traps end,
  one_level = function() return nested()[2].traps end,
  two_levels = function() return nested()[3].traps end,
  ratio = function() return ("%.1f"):format(nested()[LEVELS + 1].traps / nested()[LEVELS].traps) end,
}

lesson.figures = {
  techniques = function()
    local lines = {"                     directly   by the monitor    traps   cycles against bare"}
    for _, run in ipairs(single()) do
      lines[#lines + 1] = ("%-18s  %9d  %15d  %7d  %20.1f")
        :format(run.vmm == "none" and "(bare machine)" or run.vmm, run.direct, run.emulated, run.traps, run.overhead)
    end
    return table.concat(lines, "\n")
  end,
  levels = function()
    local lines = {"levels   traps of the real machine   cycles against bare"}
    for level, run in ipairs(nested()) do
      lines[#lines + 1] = ("%6d  %26d  %20.1f"):format(level - 1, run.traps, run.overhead)
    end
    return table.concat(lines, "\n")
  end,
}

lesson.shows = {
  user_entered = function(m) step_until(m, in_user) end,
  finished = function(m) m:run(10000000) end,
  inner_started = function(m) step_until(m, in_user) end,
  inner_trapped = function(m) m:run {until_event = "trap"} end,
}

lesson.checks = {
  innermost = function(m)
    if in_innermost_user(m) then return true end
    return false, in_user(m) and "the processor is in the inner monitor, or in the guest's kernel" or "the processor is in the outer monitor"
  end,
}
lesson.moves = {
  innermost = function(m) m:run {until_event = "psw", when = function() return in_innermost_user(m) end} end,
}

lesson.tasks = {
  mine = {
    files = {"mine.isa"},
    check = function(work)
      local good, isa = pcall(pg74.isa, work:path "mine.isa")
      if not good then return false, isa end
      if isa.parent ~= "pocket" then return false, "it must be a variant of pocket" end
      local report = pg74.classify(isa)
      if report.theorem1 ~= false then return false, "Theorem 1 is guaranteed, and should not be" end
      if report.theorem3 ~= true then
        return false, "Theorem 3 is not guaranteed, for " .. table.concat(report.violations.theorem3, ", ")
      end
      return true
    end,
    solution = "solution/mine.isa",
  },
}

return lesson
