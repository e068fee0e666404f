-- Paging from nothing: a guest that switches translation on, and one whose pages come when they are touched.
local lesson = {}

local PAGE, WINDOW, MEMORY = 4096, 0x10000, 0x10000

lesson.machines = {
  switch = {isa = "pg74p", guest = "switch.s", memory = MEMORY},
  demand = {isa = "pg74p", guest = "solution/demand.s", memory = MEMORY},
}

local function step_to(m, symbol)
  local address = assert(m:address(symbol))
  repeat
    local why = m:step()
  until m.pc == address or why == "halted"
  return m
end

lesson.shows = {
  at_switch = function(m) step_to(m, "switch") end,
  after_switch = function(m) m:step() end,
  at_look = function(m) step_to(m, "look") end,
  looked = function(m) m:step() end,
  finished = function(m) m:run(10000) end,
  at_store = function(m) step_to(m, "store") end,
  at_fault = function(m) m:step() end,
}

-- The traps of demand.s, and the instructions of its handler in the first of them.
local function demand(open)
  local m = step_to(open "demand", "fault")
  local before = m:time().instructions
  step_to(m, "back")
  local length = m:time().instructions - before
  m:run(10000)
  return m:time().traps, length
end

lesson.values = {
  page_size = PAGE,
  memory = MEMORY,
  window = ("0x%x"):format(WINDOW),
  first_letter = function(open)
    local m = step_to(open "switch", "look")
    m:step()
    return m.x.a0
  end,
  faults = function(open) return (demand(open)) end,
  handler_length = function(open) return select(2, demand(open)) end,
}

lesson.figures = {
  split = function()
    local address = WINDOW + 0x234
    return ("address 0x%08x  =  page 0x%05x, place 0x%03x"):format(address, address // PAGE, address % PAGE)
  end,
}

lesson.checks = {
  back_again = function(m)
    if m:time().traps < 1 then return false, "no trap has been taken: go on from the one that the text shows" end
    if m.pc == m:address "back" then return true end
    local line = m:disassembly(1)[1] or "none"
    return false, "the next instruction is " .. line
  end,
}
lesson.moves = {back_again = function(m) step_to(m, "back") end}

lesson.tasks = {
  demand = {
    files = {"demand.s"},
    check = function(_, open)
      local m = open {isa = "pg74p", guest = "demand.s", memory = MEMORY}
      local table_at, first = 0x8000, WINDOW // PAGE
      local why = m:run(5000)
      if why ~= "halted" then
        return false, ("it does not come to its end: %d traps so far, the last at address 0x%x"):format(m:time().traps, m:word(0x64))
      end
      if m:console() ~= "+++++" then return false, ("it prints %q and halts with %d"):format(m:console(), m.halt_code) end
      local seen = {}
      for number = first, first + 4 do
        local entry = m:word(table_at + 4 * number)
        if entry & 7 ~= 7 then return false, ("the entry of page %d is 0x%x: not valid, or without the right to load and store"):format(number, entry) end
        if entry & 0x18 ~= 0 then return false, ("the entry of page %d allows more than to load and to store: 0x%x"):format(number, entry) end
        if seen[entry // PAGE] then return false, "two pages have the same frame" end
        seen[entry // PAGE] = true
      end
      return true
    end,
    solution = "solution/demand.s",
  },
}

return lesson
