-- Modes, traps and the PSW: a kernel of ten instructions, an endless program, and a kernel of the reader's own.
local pg74 = require "pg74"
local lesson = {}

lesson.machines = {
  calls = {guest = "calls.s"},
  forgetful = {guest = "forgetful.s"},
  endless = {guest = "endless.s"},
}

local OLD_PSW_PC, CAUSE = 0x44, 0x60

local function hexadecimal(number) return ("0x%x"):format(number) end
local function in_user(m) return m.mode == "user" end

local function step_until(m, reached)
  repeat
    local why = m:step()
  until reached(m) or why == "halted"
  return m
end

local function next_is(name)
  return function(m) return (m:disassembly(1)[1] or ""):match "^%S+" == name end
end

local function at_first_call(open) return step_until(open "calls", next_is "ecall") end

local function after_first_call(open)
  local m = at_first_call(open)
  m:step()
  return m
end

local function interrupted(open)
  local m = open "endless"
  m:run {until_event = "interrupt"}
  return m
end

lesson.values = {
  user_address = function(open) return hexadecimal(open "calls":address "user") end,
  call_pc = function(open) return hexadecimal(at_first_call(open).pc) end,
  saved_pc = function(open) return hexadecimal(after_first_call(open):word(OLD_PSW_PC)) end,
  call_cause = function(open) return after_first_call(open):word(CAUSE) end,
  kernel = function(open) return hexadecimal(open "calls":address "kernel") end,
  halt_code = function(open)
    local m = open "calls"
    m:run()
    return m.halt_code
  end,
  letters = function(open)
    local m = open "forgetful"
    m:run(1000)
    return #m:console()
  end,
  user_instructions = function(open)
    local m = open "endless"
    local count = 0
    m:on("retire", function(event) if event.user then count = count + 1 end end)
    m:run {until_event = "interrupt"}
    return count
  end,
  rounds = function(open) return interrupted(open).x.a0 end,
  interrupt_cause = function(open) return interrupted(open):word(CAUSE) end,
}

lesson.shows = {
  user_started = function(m) step_until(m, in_user) end,
  at_call = function(m) step_until(m, next_is "ecall") end,
  call = function(m) m:step() end,
  forgotten = function(m) m:run(1000) end,
  refused = function(m) m:run {until_event = "trap", when = function(trap) return trap.cause == "privileged" end} end,
  interrupted = function(m) m:run {until_event = "interrupt"} end,
}

lesson.checks = {
  before_lpsw = function(m)
    if next_is "lpsw"(m) and m:time().traps == 0 then return true end
    return false, translated "the next instruction is %s":format(m:disassembly(1)[1] or "-")
  end,
  printed = function(m)
    if m:console() ~= "U" then return false, translated "the console shows %q":format(m:console()) end
    if not in_user(m) then return false, translated "the letter is printed, and the kernel still runs" end
    return true
  end,
}

lesson.moves = {
  before_lpsw = function(m) step_until(m, next_is "lpsw") end,
  printed = function(m) step_until(m, function() return m:console() == "U" and in_user(m) end) end,
}

-- The reader's kernel with two letters put into the user program, and what it prints.
local function try(open, first, second)
  local m = open {guest = "handler.s"}
  local user = m:address "user"
  if not user or not m:address "kernel" then return false, translated "the labels `user` and `kernel` must stay" end
  m:word(user, (pg74.isa "pg74":encode("addi a0, zero, " .. first:byte())))
  m:word(user + 20, (pg74.isa "pg74":encode("addi a0, zero, " .. second:byte())))
  local forbidden
  m:on("port", function(event) forbidden = forbidden or event.user end)
  local why = m:run(2000)
  local expected = first .. "!" .. second
  if forbidden then return false, translated "the user program reached a port by itself" end
  if m:console() ~= expected then
    return false, translated "the console shows %q, and should show %q":format(m:console(), expected)
  end
  if why ~= "halted" then return false, translated "the machine did not halt: pc is 0x%x (%s)":format(m.pc, why) end
  if m.halt_code ~= 0 then return false, translated "the halt code is %d, and should be 0":format(m.halt_code) end
  return true
end

lesson.tasks = {
  handler = {
    files = {"handler.s"},
    check = function(_, open)
      local right, reason = try(open, "w", "?")
      if not right then return false, reason end
      return try(open, "o", "k")
    end,
    solution = "solution/handler.s",
  },
}

return lesson
