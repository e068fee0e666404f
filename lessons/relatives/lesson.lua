-- Relatives of the virtual machine: a machine with a stack, interpreted in C; the pocket machine under an emulator, observers.
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

-- Programs of the stack machine, and what they print. The numbers of operations are those of `enum operation` in pcode.c.
local PUSH, ADD, PRINT, MULTIPLY, COPY, JUMP_NOT_ZERO = 1, 2, 3, 4, 5, 6
local PROGRAMS = {
  {"2 and 3", {{PUSH, 2}, {PUSH, 3}, {ADD}, {PRINT}}, "5\n"},
  {"6 times 7", {{PUSH, 6}, {PUSH, 7}, {MULTIPLY}, {PRINT}}, "42\n"},
  {"a number twice", {{PUSH, 5}, {COPY}, {PRINT}, {PRINT}}, "5\n5\n"},
  {"a square", {{PUSH, -9}, {COPY}, {MULTIPLY}, {PRINT}}, "81\n"},
  {"a jump that is not taken", {{PUSH, 0}, {JUMP_NOT_ZERO, 0}, {PUSH, 3}, {PRINT}}, "3\n"},
  {"a loop", {{PUSH, 3}, {COPY}, {PRINT}, {PUSH, -1}, {ADD}, {COPY}, {JUMP_NOT_ZERO, 1}}, "3\n2\n1\n"},
}

local function packed(program)
  local words = {}
  for _, instruction in ipairs(program) do
    words[#words + 1] = string.pack("<i4i4", instruction[1], instruction[2] or 0)
  end
  return table.concat(words) .. string.pack("<i4i4", 0, 0)
end

local function listed(text) return (text:gsub("\n$", ""):gsub("\n", ", ")) end

lesson.tasks = {
  pcode = {
    files = {"pcode.c"},
    check = function(_, open)
      local m = open {guest = {"start.S", "print.c", "pcode.c"}, memory = 0x10000}
      local at = m:address "program"
      if not at then return false, "pcode.c has no array `program` any more" end
      local start = m:snapshot()
      for _, program in ipairs(PROGRAMS) do
        m:restore(start)
        m:write(at, packed(program[2]))
        local why, printed = m:run(20000), m:console()
        if why ~= "halted" then return false, ("%s: it does not come to its end"):format(program[1]) end
        if printed ~= program[3] then
          return false, ("%s: it prints %s, and should print %s (main returns %d)"):format(program[1],
            printed == "" and "nothing" or listed(printed), listed(program[3]), m.halt_code)
        end
        if m.halt_code ~= 0 then return false, ("%s: main returns %d"):format(program[1], m.halt_code) end
      end
      return true
    end,
    solution = "solution/pcode.c",
  },
}

return lesson
