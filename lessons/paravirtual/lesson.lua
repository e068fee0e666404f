-- Paravirtualization: guests that know their monitor, and what each thing that they say costs.
local pg74 = require "pg74"
local lesson = {}

local MEMORY, LIMIT = 0x10000, 1000000
local BAD_ADDRESS = 0xfffffff2

lesson.machines = {
  line = {guest = "line.s", vmm = "paravirtual", memory = MEMORY},
  alone = {guest = "line.s", memory = MEMORY},
  flags = {guest = "flags.s", vmm = "paravirtual", memory = MEMORY},
  ring = {guest = "ring.s", vmm = "paravirtual", memory = MEMORY},
}

-- To the guest's instruction at a symbol.
local function go_to(m, symbol)
  local address = assert(m:address(symbol))
  while not (m.mode == "user" and m.pc == address) do
    if m:step() == "halted" then break end
  end
  return m
end

-- Traps and cycles from one symbol of a guest to another.
local function between(m, first, last)
  local before = go_to(m, first):time()
  local after = go_to(m, last):time()
  return after.traps - before.traps, after.cycles - before.cycles
end

local function ring_word(m, index) return m:word(m:partition() + m:address "requests" + 4 * index) end

local runs
local function compared()
  runs = runs or pg74.compare {guest = "nucleus-paravirtual", vmm = {"trap_and_emulate", "paravirtual"}, method = "none"}.runs
  return runs
end

lesson.values = {
  letters = function(open) return (between(open "line", "letters", "ask")) end,
  letters_cycles = function(open) return select(2, between(open "line", "letters", "ask")) end,
  whole = function(open) return (between(open "line", "whole", "done")) end,
  asked = function(open) return ("0x%x"):format(go_to(open "line", "answer").x.a0) end,
  asked_alone = function(open)
    local m = open "alone"
    repeat m:step() until m.pc == m:address "answer"
    return m.x.a0
  end,
  flags_traps = function(open) return (between(open "flags", "by_instruction", "by_word")) end,
  word_traps = function(open) return (between(open "flags", "by_word", "done")) end,
  ring_traps = function(open) return (between(open "ring", "produce", "done")) end,
  bare_traps = function() return compared()[1].traps end,
  honest_traps = function() return compared()[2].traps end,
  honest_overhead = function() return ("%.2f"):format(compared()[2].overhead) end,
  told_traps = function() return compared()[3].traps end,
  told_overhead = function() return ("%.2f"):format(compared()[3].overhead) end,
}

lesson.shows = {
  printed = function(m) go_to(m, "ask") end,
  at_whole = function(m) go_to(m, "whole") end,
  finished = function(m) m:run(LIMIT) end,
  at_notify = function(m) go_to(m, "notify") end,
}

lesson.figures = {
  two_ways = function(open)
    local lines = {"the line is printed      traps      cycles"}
    local traps, cycles = between(open "line", "letters", "ask")
    lines[#lines + 1] = ("by `out`, by letters   %7d  %10d"):format(traps, cycles)
    traps, cycles = between(open "line", "whole", "done")
    lines[#lines + 1] = ("by a hypercall, whole  %7d  %10d"):format(traps, cycles)
    return table.concat(lines, "\n")
  end,
  ring = function(open)
    local m = go_to(open "ring", "notify")
    local function row(what) return ("%-14s produced %d   answered %d   answers: %d, %d, %d"):format(
      what, ring_word(m, 0), ring_word(m, 1), ring_word(m, 6), ring_word(m, 11), ring_word(m, 16)) end
    local before = row "before NOTIFY"
    go_to(m, "done")
    return before .. "\n" .. row "after NOTIFY"
  end,
  wild = function()
    local guest = pg74.assemble([[
_start: li      a0, 0
        li      a1, 0x50560002
        diag    a0, a0, a1
        li      a0, 2
        la      a1, shared
        diag    a0, a0, a1
        li      a0, 7
        la      a1, wild
        diag    a0, a0, a1
        halt    a0
        .data
        .balign 4
wild:   .word   0x20000, 100
shared: .space  56
]], {name = "wild.s"})
    local m = pg74.machine {guest = guest, vmm = "paravirtual", memory = MEMORY}
    m:run(LIMIT)
    local code = m:guest_halt_code()
    return ("the answer is 0x%x: %s\nthe console shows %d bytes"):format(code,
      code == BAD_ADDRESS and "BAD_ADDRESS" or "not what the text says", #m:console())
  end,
}

lesson.checks = {
  asked = function(m)
    if m.mode ~= "user" then return false, "the processor is in the monitor" end
    if m.pc == m:address "answer" then return true end
    return false, "the guest's next instruction is " .. m:disassembly(1)[1]
  end,
}
lesson.moves = {asked = function(m) go_to(m, "answer") end}

-- ---- The task: the same program, with its monitor and without --------------------------------------------------------

local TEXT = "This is a long line.\nThis line is even longer\nDone.\n"
local MOST_CALLS = 8

local function runs_right(m, where)
  local why = m:run(LIMIT)
  if why ~= "halted" then return ("%s it does not come to its end"):format(where) end
  local printed, code = m:console(), m:guest_halt_code()
  if printed ~= TEXT then return ("%s it prints %q"):format(where, printed) end
  if code ~= 0 then return ("%s it halts with 0x%x"):format(where, code) end
end

lesson.tasks = {
  print = {
    files = {"print.s"},
    check = function(_, open)
      local wrong = runs_right(open {guest = "print.s", memory = MEMORY}, "on the bare machine") or
                    runs_right(open {guest = "print.s", memory = MEMORY, vmm = "trap_and_emulate"}, "under trap_and_emulate, which has no calls,")
      if wrong then return false, wrong end
      local m = open {guest = "print.s", memory = MEMORY, vmm = "paravirtual"}
      local traps = m:tally "trap"
      wrong = runs_right(m, "under paravirtual")
      if wrong then return false, wrong end
      local letters, calls = traps.out or 0, traps.diag or 0
      if letters > 0 then return false, ("it prints the right lines everywhere, but under paravirtual still by %d times `out`"):format(letters) end
      if calls > MOST_CALLS then return false, ("it makes %d hypercalls, and %d are plenty"):format(calls, MOST_CALLS) end
      return true
    end,
    solution = "solution/print.s",
  },
}

return lesson
