-- Interpretation: a pocket machine made of a Lua table, and what an interpreter costs as a monitor.
local pg74 = require "pg74"
local folder = ...
local lesson = {}

lesson.machines = {
  pocket = {isa = "pocket", guest = "pocket_sum"},
  interpreted = {guest = "loop.s", vmm = "interpreter"},
}

local function read(path)
  local file = assert(io.open(path))
  local text = file:read "a"
  file:close()
  return text
end

local function finished(open, name)
  local m = open(name)
  m:run()
  return m
end

-- The loop on the bare machine, under the interpreter and under trap_and_emulate; run once.
local result
local function compared()
  if not result then
    local image = pg74.assemble(read(folder .. "/loop.s"), {name = "loop.s"})
    result = pg74.compare {guest = image, vmm = {"interpreter", "trap_and_emulate"}}
  end
  return result
end

local BARE, INTERPRETER, DIRECT = 1, 2, 3

lesson.values = {
  pocket_words = function(open) return open "pocket".memory_size end,
  pocket_instructions = function() return #pg74.isa "pocket":instructions() end,
  pocket_run = function(open) return finished(open, "pocket"):time().instructions end,
  printed = function(open) return finished(open, "pocket"):console():sub(1, 1) end,
  code = function(open) return finished(open, "pocket"):console():byte() end,
  loop_instructions = function() return compared().runs[BARE].guest_instructions end,
  work = function() return compared().runs[INTERPRETER].monitor_instructions end,
  work_each = function()
    local run = compared().runs[INTERPRETER]
    return run.monitor_instructions // run.guest_instructions
  end,
  direct_work = function() return compared().runs[DIRECT].monitor_instructions end,
  overhead = function() return math.floor(compared().runs[INTERPRETER].overhead + 0.5) end,
  user_instructions = function(open)
    local m = open "interpreted"
    local count = 0
    m:on("retire", function(event) if event.user then count = count + 1 end end)
    m:run()
    return count
  end,
}

lesson.figures = {
  first_steps = function(open)
    local m = open "pocket"
    local lines = {"step   pc   word   instruction          r0   r1   r2   r3"}
    for number = 1, 7 do
      local pc = m.pc
      local text = m:disassembly(1)[1]
      local word = m:byte(pc)
      m:step()
      lines[#lines + 1] = ("%4d  %3d   0x%02x   %-18s  %3d  %3d  %3d  %3d")
        :format(number, pc, word, text, m.x[0], m.x[1], m.x[2], m.x[3])
    end
    return table.concat(lines, "\n")
  end,
  costs = function()
    local lines = {"                    guest's instructions   monitor's own   for each of the guest's"}
    for _, run in ipairs(compared().runs) do
      local each = run.monitor_instructions / run.guest_instructions
      lines[#lines + 1] = ("%-18s  %20d  %14d  %20.1f")
        :format(run.vmm == "none" and "(bare machine)" or run.vmm, run.guest_instructions, run.monitor_instructions, each)
    end
    return table.concat(lines, "\n")
  end,
}

lesson.shows = {
  pocket_done = function(m) m:run() end,
  interpreting = function(m) m:step(20000) end,
}

-- Programs for the reader's interpreter. The second stores, loads, and jumps in both ways.
local programs = {
  sum = read(folder .. "/sum.s"),
  store = read(folder .. "/store.s"),
}

local MOST = 2000 -- steps

local function interpret(step, image)
  local real = pg74.machine {isa = "pocket", guest = image}
  local state = {r = {[0] = 0, 0, 0, 0}, pc = image.entry, memory = {}, console = ""}
  for address = 0, real.memory_size - 1 do state.memory[address] = real:byte(address) end
  local function decode(word)
    return real.isa:decode(word) or error(("the word 0x%02x at %d is no instruction"):format(word, state.pc))
  end
  for number = 1, MOST do
    if state.halted then return state, real end
    local at = real:disassembly(1)[1]
    local good, message = pcall(step, state, decode)
    if not good then return nil, ("step %d, `%s`: %s"):format(number, at, message) end
    real:step()
    for i = 0, 3 do
      if state.r[i] ~= real.x[i] then
        return nil, ("step %d, `%s`: r%d is %s, and should be %d")
          :format(number, at, i, tostring(state.r[i]), real.x[i])
      end
    end
    if not state.halted and state.pc ~= real.pc then
      return nil, ("step %d, `%s`: pc is %s, and should be %d"):format(number, at, tostring(state.pc), real.pc)
    end
  end
  return nil, ("the program has not halted after %d steps"):format(MOST)
end

lesson.tasks = {
  interpreter = {
    files = {"interpreter.lua"},
    check = function(work)
      local step, message = work:load "interpreter.lua"
      if message then return false, message end
      if type(step) ~= "function" then return false, "the file must end with `return step`" end
      for _, name in ipairs {"sum", "store"} do
        local image = pg74.assemble(programs[name], {isa = "pocket", name = name .. ".s"})
        local state, real = interpret(step, image)
        if not state then return false, name .. ".s: " .. real end
        if state.console ~= real:console() then
          return false, ("%s.s: the console shows %q, and should show %q"):format(name, state.console, real:console())
        end
        for address = 0, real.memory_size - 1 do
          if state.memory[address] ~= real:byte(address) then
            return false, ("%s.s: the word at %d is %s, and should be %d")
              :format(name, address, tostring(state.memory[address]), real:byte(address))
          end
        end
      end
      return true
    end,
    solution = "solution/interpreter.lua",
  },
}

return lesson
