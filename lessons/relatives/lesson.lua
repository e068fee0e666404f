-- Relatives of the virtual machine: a machine with a stack, the pocket machine under an emulator, observers.
local pg74 = require "pg74"
local lesson = {}

local MEMORY = 128          -- words of the pocket machine
local HEAD = 16             -- bytes of the emulator's `struct pocket` before its memory
local LONG = 100000         -- steps of the long program

-- Makes the emulator start with this memory of the pocket machine, at a word of it, for so many steps.
local function prepare(m, memory, start, steps)
  local at = pg74.load "emulator":address "pocket" + m:partition(1)
  m:write(at, string.char(0, 0, 0, 0, start, 0, 0, MEMORY, 0, 0, 0, 0) .. string.pack("<I4", steps) .. memory)
  return m
end

local function sum()
  local program = pg74.load "pocket_sum"
  return pg74.machine {isa = "pocket", guest = program, memory = MEMORY}, program.entry
end

local function emulator(open, options)
  local m, start = sum()
  options.guest, options.memory = "emulator", 0x20000
  return prepare(open(options), m:read(0, MEMORY), start, 10000)
end

lesson.machines = {
  emulator = function(open) return emulator(open, {history = true}) end,
}

lesson.shows = {emulated = function(m) m:run(10000000) end}

-- Nearly all of memory is `add r0, r0`, with a jump back at the end: how many instructions it takes on PG-74.
local function long(open, vmm)
  local program = ("\0"):rep(16) .. ("\x40"):rep(MEMORY - 20) .. "\x28\x4a\x10\x86"
  local m = prepare(open {guest = "emulator", memory = 0x20000, vmm = vmm}, program, 16, LONG)
  m:run(100000000)
  return m:time().instructions
end

-- Watches every instruction of a run; returns how many of each kind there were, and the machine.
local function watch(open)
  local m, count = open {guest = "hello"}, {loads = 0, branches = 0, others = 0}
  m:on("retire", function(event)
    local name = event.instruction
    local kind = name:match "^l[bhw]u?$" and "loads" or (name:match "^b" or name:match "^jal") and "branches" or "others"
    count[kind] = count[kind] + 1
  end)
  m:run(10000)
  return count, m
end

lesson.values = {
  watched = function(open)
    local alone = open {guest = "hello"}
    alone:run(10000)
    local _, m = watch(open)
    return m:time().cycles - alone:time().cycles
  end,
  long_steps = LONG,
  per_instruction = function(open) return long(open) // LONG end,
}

lesson.figures = {
  emulation = function(open)
    local real = sum()
    real:run(10000)
    local m = emulator(open, {})
    m:run(10000000)
    return ("the program's own instructions, on a pocket machine   %8d\nPG-74's instructions, in the emulator                 %8d"):format(
      real:time().instructions, m:time().instructions)
  end,
  both = function(open)
    return ("%d instructions of the emulated machine take PG-74\nunder the emulator                           %10d instructions\nunder the emulator, under trap_and_emulate   %10d"):format(
      LONG, long(open), long(open, "trap_and_emulate"))
  end,
  observed = function(open)
    local count = watch(open)
    return ("loads               %4d\nbranches and jumps  %4d\nothers              %4d"):format(count.loads, count.branches, count.others)
  end,
}

-- Programs of the stack machine, and what they print.
local PROGRAMS = {
  {"6 times 7", {{"push", 6}, {"push", 7}, {"multiply"}, {"print"}}, {42}},
  {"a number twice", {{"push", 5}, {"copy"}, {"print"}, {"print"}}, {5, 5}},
  {"a square", {{"push", 9}, {"copy"}, {"multiply"}, {"print"}}, {81}},
  {"a jump that is not taken", {{"push", 0}, {"jump_not_zero", 1}, {"push", 3}, {"print"}}, {3}},
  {"a loop", {{"push", 3}, {"copy"}, {"print"}, {"push", -1}, {"add"}, {"copy"}, {"jump_not_zero", 2}}, {3, 2, 1}},
  {"what was there", {{"push", 2}, {"push", 3}, {"add"}, {"print"}}, {5}},
}

lesson.tasks = {
  pcode = {
    files = {"pcode.lua"},
    check = function(work)
      local run, why = work:load "pcode.lua"
      if type(run) ~= "function" then return false, why or "pcode.lua does not return a function" end
      for _, program in ipairs(PROGRAMS) do
        local good, printed = pcall(run, program[2])
        if not good then return false, ("%s: %s"):format(program[1], tostring(printed):gsub("^.-:%d+: ", "")) end
        if type(printed) ~= "table" then return false, program[1] .. ": run returns no list" end
        local got, expected = table.concat(printed, " "), table.concat(program[3], " ")
        if got ~= expected then return false, ("%s: it prints %s, and should print %s"):format(program[1], got, expected) end
      end
      return true
    end,
    solution = "solution/pcode.lua",
  },
}

return lesson
