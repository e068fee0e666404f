-- Two computers in one: `hello` on the bare machine, and under trap_and_emulate.
local lesson = {}

lesson.machines = {
  bare = {guest = "hello"},
  guarded = {guest = "hello", vmm = "trap_and_emulate"},
}

-- Steps until a function says true of the machine, or the run has ended.
local function step_until(m, reached)
  repeat
    local why = m:step()
  until reached(m) or why == "halted"
end

local function in_guest(m) return m.mode == "user" end
local function in_monitor(m) return m.mode == "supervisor" end

local function at_out(m) return in_guest(m) and m:disassembly(1)[1]:match "^out" ~= nil end

local function finished(open, name)
  local m = open(name)
  m:run()
  return m
end

lesson.values = {
  letters = function(open) return #finished(open, "bare"):console() end,
  bare_instructions = function(open) return finished(open, "bare"):time().instructions end,
  traps = function(open) return finished(open, "guarded"):time().traps end,
  all_instructions = function(open) return finished(open, "guarded"):time().instructions end,
  start_up = function(open)
    local m = open "guarded"
    step_until(m, in_guest)
    return m:time().instructions
  end,
  first_address = function(open)
    local m = open "guarded"
    step_until(m, in_guest)
    return ("0x%x"):format(m.pc)
  end,
  real_address = function(open)
    local m = open "guarded"
    step_until(m, in_guest)
    return ("0x%x"):format(m:translate(m.pc, "fetch", 4))
  end,
  one_trap = function(open)
    local m = open "guarded"
    step_until(m, at_out)
    m:step()
    local before = m:time().instructions
    step_until(m, in_guest)
    return m:time().instructions - before
  end,
}

lesson.shows = {
  first_instruction = function(m) step_until(m, in_guest) end,
  before_out = function(m) step_until(m, at_out) end,
  trap = function(m) m:step() end,
  return_to_guest = function(m) step_until(m, in_guest) end,
}

lesson.checks = {
  stepped = function(m)
    if m:time().instructions >= 3 then return true end
    return false, translated "%d of 3 instructions have been executed":format(m:time().instructions)
  end,
  whole_run = function(m)
    if m.state.halted == 1 then return true end
    return false, translated "the program has not halted yet"
  end,
  went_back = function(m)
    if m:console() ~= "" then return false, translated "the first letter is still on the console: go further back" end
    if not in_guest(m) then return false, translated "the letter is gone, and the processor is in the monitor" end
    return true
  end,
}

lesson.moves = {
  stepped = function(m) m:step(3) end,
  whole_run = function(m) m:run() end,
  went_back = function(m)
    repeat local more = m:back() until m:console() == "" and in_guest(m) or not more
  end,
}

lesson.tasks = {
  hello = {
    check = function(work)
      local m = work.machine
      local console = m:console()
      if console ~= "Hello" then
        return false, translated "the console shows %q, and should show %q":format(console, "Hello")
      end
      if in_monitor(m) then return false, translated "the console is right, but the processor is in the monitor" end
      if not at_out(m) then return false, translated "the processor is in the guest, but its next instruction is not out" end
      return true
    end,
    solution = function(m)
      step_until(m, function() return m:console() == "Hello" and at_out(m) end)
    end,
  },
}

return lesson
