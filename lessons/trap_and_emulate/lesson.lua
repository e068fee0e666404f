-- Trap and emulate: lesson 3's kernel and user program as a guest, and a monitor that the reader completes.
local pg74 = require "pg74"
local folder = ...
local support = assert(loadfile(folder .. "/support.lua"))()
local lesson = {}

lesson.machines = {
  bare = {guest = "kernel.s"},
  guest = {guest = "kernel.s", vmm = "trap_and_emulate"},
}

local OLD_PSW_PC, CAUSE = 0x44, 0x60

local function hexadecimal(number) return ("0x%x"):format(number) end
local function in_guest(m) return m.mode == "user" end

local function step_until(m, reached)
  repeat
    local why = m:step()
  until reached(m) or why == "halted"
  return m
end

local function next_is(name)
  return function(m) return in_guest(m) and (m:disassembly(1)[1] or ""):match "^%S+" == name end
end

local function at_lpsw(m) return step_until(m, next_is "lpsw") end
local function to_monitor(m) m:step() return m end
local function to_guest(m) return step_until(m, in_guest) end
local function at_call(m) return step_until(m, next_is "ecall") end

local function after_lpsw(open) return to_guest(to_monitor(at_lpsw(open "guest"))) end

local function in_guest_kernel(open)
  local m = at_call(after_lpsw(open))
  return to_guest(to_monitor(m))
end

-- kernel.s under a monitor of a few lines: what comes back from each cpu:run.
local function exits()
  local file = assert(io.open(folder .. "/kernel.s"))
  local host = pg74.hosted {guest = pg74.assemble(file:read "a", {name = "kernel.s"})}
  file:close()
  local cpu, seen = host.cpus[1], {}
  while not cpu.halted and #seen < 100 do
    cpu.state.base = cpu.start + cpu.virtual.base
    cpu.state.bound = cpu.virtual.bound
    local exit = cpu:run()
    seen[#seen + 1] = {trap = exit, mode = cpu.virtual.mode}
    cpu:emulate()
  end
  return seen
end

local nucleus
local function compared()
  nucleus = nucleus or pg74.compare {guest = "nucleus", vmm = "trap_and_emulate", method = "none"}.runs
  return nucleus
end

lesson.values = {
  partition = function(open) return hexadecimal((open "guest":partition())) end,
  user_address = function(open) return hexadecimal(open "bare":address "user") end,
  composed = function(open) return hexadecimal(after_lpsw(open).state.base) end,
  saved_pc = function(open)
    local m = in_guest_kernel(open)
    return hexadecimal(m:word(m:partition() + OLD_PSW_PC))
  end,
  saved_cause = function(open)
    local m = in_guest_kernel(open)
    return m:word(m:partition() + CAUSE)
  end,
  bare_traps = function(open)
    local m = open "bare"
    m:run()
    return m:time().traps
  end,
  traps = function(open)
    local m = open "guest"
    m:run()
    return m:time().traps
  end,
  nucleus_instructions = function() return compared()[1].guest_instructions end,
  nucleus_traps = function() return compared()[2].traps end,
  nucleus_overhead = function() return ("%.2f"):format(compared()[2].overhead) end,
  nucleus_each = function() return compared()[1].guest_instructions // compared()[2].traps end,
}

local function psw_line(name, state, pc)
  return ("%-33s %-8s 0x%-6x  0x%-7x 0x%x"):format(name, state.mode == 1 and "user" or "supervisor", pc, state.base, state.bound)
end

lesson.figures = {
  two_psws = function(open)
    local bare, real = to_guest(open "bare"), after_lpsw(open)
    return table.concat({
      "                                  mode     pc        base      bound",
      psw_line("virtual: what the guest expects", bare.state, bare.pc),
      psw_line("real: what the machine has", real.state, real.pc),
    }, "\n")
  end,
  exits = function()
    local lines = {"came back because of                      virtual mode   the monitor"}
    for _, exit in ipairs(exits()) do
      local reflected = exit.trap.cause ~= "privileged" or exit.mode == 1
      lines[#lines + 1] = ("%-16s %-24s %-13s  %s")
        :format(exit.trap.cause, exit.trap.text or "", exit.mode == 1 and "user" or "supervisor",
                reflected and "reflects it" or "emulates it")
    end
    return table.concat(lines, "\n")
  end,
  nucleus = function()
    local lines = {"                    guest's instructions   directly    traps   cycles against bare"}
    for _, run in ipairs(compared()) do
      lines[#lines + 1] = ("%-18s  %20d  %8.1f %%  %6d  %20.2f")
        :format(run.vmm == "none" and "(bare machine)" or run.vmm, run.guest_instructions,
                100 * run.direct / run.guest_instructions, run.traps, run.overhead)
    end
    return table.concat(lines, "\n")
  end,
}

lesson.shows = {
  before_lpsw = function(m) at_lpsw(m) end,
  trapped = function(m) to_monitor(m) end,
  user_entered = function(m) to_guest(m) end,
  before_call = function(m) at_call(m) end,
  called = function(m) to_monitor(m) end,
  reflected = function(m) to_guest(m) end,
}

lesson.checks = {
  first_out = function(m)
    if next_is "out"(m) and m:console() == "" then return true end
    return false, in_guest(m) and "the guest's next instruction is " .. m:disassembly(1)[1] or "the processor is in the monitor"
  end,
}
lesson.moves = {first_out = function(m) step_until(m, next_is "out") end}

-- Small guests for the reader's monitor, and the codes with which they halt. The checker's own guests come after them.
local small = {
  {"compose", "_start: li a0, 7\n        halt a0", 7},
  {"getbound", "_start: getbound a0\n        halt a0", 0x10000},
  {"setr", "_start: li a0, 16\n        li a1, 0x8000\n        setr a0, a1\n" ..
           "        nop\n        nop\n        nop\n        nop\n        getbase a3\n        getbound a4\n        add a3, a3, a4\n" ..
           "        halt a3", 0x8010},
  {"reflect", ".rodata\n.org 0x50\n.word 0, kernel, 0, 0x10000\n.text\n_start: ecall\n        halt zero\n" ..
              "kernel: lw a0, 0x44(zero)\n        lw a1, 0x60(zero)\n        add a0, a0, a1\n        halt a0", 0x1004},
}

local function try_small(run_slice)
  for _, case in ipairs(small) do
    local name, program, expected = table.unpack(case)
    local host = pg74.hosted {guest = pg74.assemble(program, {name = name .. ".s"}), memory = 0x10000}
    local cpu = host.cpus[1]
    local good, message = pcall(function()
      local steps = 0
      support.monitor(function(...)
        steps = steps + 1
        if steps > 100 then error("the guest does not come to its end", 0) end
        run_slice(...)
      end)(host)
    end)
    local shown = program:gsub("%s*\n%s*", "; "):gsub("%s%s+", " ")
    if not good then return false, ("%s: %s (the guest is: %s)"):format(name, message, shown) end
    local code = host.machine:guest_halt_code()
    if code ~= expected then
      return false, ("%s: the guest halts with 0x%x, and should halt with 0x%x (it is: %s)"):format(name, code, expected, shown)
    end
    if not cpu.halted then return false, name .. ": the guest does not come to its end" end
  end
  return true
end

lesson.tasks = {
  monitor = {
    files = {"monitor.lua"},
    check = function(work)
      local run_slice, message = work:load "monitor.lua"
      if message then return false, message end
      if type(run_slice) ~= "function" then return false, "the file must end with `return run_slice`" end
      local right, reason = try_small(run_slice)
      if not right then return false, reason end
      local result = pg74.check {monitor = support.monitor(run_slice), guests = 20}
      if result.passed then return true end
      if result.error then return false, tostring(result.error) end
      local found = result.equivalence.counterexample
      if type(found) ~= "table" then return false, result.text end
      return false, ("the checker found a guest that differs (%s): %s; expected %s, got %s (the guest is: %s)")
        :format(found.from, found.differs, found.expected, found.got, found.program:gsub("%s*\n%s*", "; "))
    end,
    solution = "solution/monitor.lua",
  },
}

return lesson
