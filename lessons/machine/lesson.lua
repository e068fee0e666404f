-- The machine: registers, memory and words; R; ports. And a loop of the reader's own.
local pg74 = require "pg74"
local lesson = {}

lesson.machines = {
  product = {guest = "product.s"},
  moved = {guest = "moved.s"},
  ask = {guest = "ask.s", input = "a"},
}

local function hexadecimal(number) return ("0x%x"):format(number) end

local function finished(open, name)
  local m = open(name)
  m:run()
  return m
end

-- A machine after so many steps.
local function after(open, name, steps)
  local m = open(name)
  m:step(steps)
  return m
end

local STORE, BYTES, SET_R = 6, 8, 4 -- steps until just after: the store, the two bytes, setr

lesson.values = {
  product = function(open) return finished(open, "product").x.a2 end,
  low_byte = function(open) return finished(open, "product").x.a3 end,
  high_byte = function(open) return finished(open, "product").x.a4 end,
  product_address = function(open)
    local m = open "product"
    return hexadecimal(m:address "product")
  end,
  add_word = function() return ("0x%08x"):format(pg74.isa "pg74":encode "add a0, a0, t0") end,
  pc_before = function(open) return hexadecimal(after(open, "moved", SET_R - 1).pc) end,
  pc_after = function(open) return hexadecimal(after(open, "moved", SET_R).pc) end,
  place_after = function(open)
    local m = after(open, "moved", SET_R)
    return hexadecimal(m:translate(m.pc, "fetch", 4))
  end,
  base = function(open) return hexadecimal(after(open, "moved", SET_R).state.base) end,
  bound = function(open) return hexadecimal(after(open, "moved", SET_R).state.bound) end,
  loaded = function(open) return finished(open, "moved").x.a0 end,
  loaded_from = function(open) return hexadecimal(after(open, "moved", SET_R):translate(0x100)) end,
  last_word = function(open) return finished(open, "moved").x.a1 end,
  answer = function(open) return finished(open, "ask"):console() end,
}

lesson.shows = {
  stored = function(m) m:step(STORE) end,
  bytes = function(m) m:step(BYTES - STORE) end,
  r_set = function(m) m:step(SET_R) end,
  loaded = function(m) m:step() end,
  last = function(m) m:step(3) end,
  trap = function(m) m:step() end,
  answered = function(m) m:run() end,
}

lesson.checks = {
  at_setr = function(m)
    if m:disassembly(1)[1]:match "^setr" then return true end
    return false, translated "the next instruction is %s":format(m:disassembly(1)[1] or "-")
  end,
}

lesson.moves = {at_setr = function(m) m:step(SET_R - 1) end}

-- The sum of these numbers, as the reader's program computes it.
local function sum_of(open, numbers)
  local m = open {guest = "sum.s"}
  local address = m:address "numbers"
  if not address then return nil, translated "there is no label `numbers` any more" end
  local expected = 0
  for i, number in ipairs(numbers) do
    m:word(address + 4 * (i - 1), number)
    expected = expected + number
  end
  local why = m:run(1000)
  if why ~= "halted" then
    return nil, translated "the program did not halt: after 1000 steps pc is 0x%x (%s)":format(m.pc, why)
  end
  if m.halt_code ~= expected then
    return nil, translated "for %s the halt code is %d, and should be %d":format(table.concat(numbers, ", "), m.halt_code, expected)
  end
  return true
end

lesson.tasks = {
  sum = {
    files = {"sum.s"},
    check = function(_, open)
      for _, numbers in ipairs {{3, 1, 4, 1, 5, 9, 2, 6}, {10, 20, 30, 40, 50, 60, 70, 80}, {0, 0, 0, 0, 0, 0, 0, 7}} do
        local right, reason = sum_of(open, numbers)
        if not right then return false, reason end
      end
      return true
    end,
    solution = "solution/sum.s",
  },
}

return lesson
