-- Shadow and nested page tables: a guest's page fault under a monitor, what nesting saves, pages that are alike, and a function that
-- makes shadows.
local pg74 = require "pg74"
local folder = ...
local support = assert(loadfile(folder .. "/support.lua"))()
local lesson = {}

local PAGE, MEMORY, LIMIT = 4096, 0x10000, 10000000
local WINDOW = 16 -- the first page that touch.s touches

lesson.machines = {
  bare = {isa = "pg74p", guest = "touch.s", memory = MEMORY},
  touch = {isa = "pg74p", guest = "touch.s", vmm = "trap_and_emulate", memory = MEMORY},
  twins = {guests = {"nucleus", "nucleus"}, vmm = "trap_and_emulate", memory = 0x40000, inputs = {"one", "two two"}},
}

local function hexadecimal(number) return ("0x%x"):format(number) end

local function in_guest(m, symbol) return m.mode == "user" and (not symbol or m.pc == m:address(symbol)) end

local function go_to(m, symbol)
  repeat
    local why = m:step()
  until in_guest(m, symbol) or why == "halted"
  return m
end

-- The next trap of the machine.
local function to_trap(m)
  local _, event = m:run {until_event = "trap", limit = LIMIT}
  return event
end

local function leave_monitor(m)
  while not in_guest(m) do m:step() end
  return m
end

-- Before the store that is done for the first time, or in another round of the loop.
local function at_store(m, round)
  go_to(m, "first_touch")
  for _ = 2, round or 1 do
    repeat go_to(m, "first_touch") until m.x.s1 == 6 - round
  end
  return m
end

-- The traps that one page of touch.s takes, from its store to the next instruction.
local function traps_of(open, round)
  local m = at_store(open "touch", round)
  local after, seen = m:address "first_touch" + 4, {}
  repeat
    if m:step() == "halted" then break end
    if not in_guest(m) then
      local start = m:partition()
      seen[#seen + 1] = {pc = m:word(0x44), cause = m:word(0x60), value = m:word(0x64), access = m:word(0x68), start = start}
      leave_monitor(m)
      seen[#seen].next = m.pc
    end
  until in_guest(m) and m.pc == after
  return seen, m
end

local function entries(open)
  local _, m = traps_of(open, 1)
  return m:word(m:partition() + 0x8000 + 4 * WINDOW), m:word(m.state.base + 4 * WINDOW), m:partition()
end

-- Cycles and traps of one page fault of faults.s, on the bare machine and under monitors: two runs subtracted.
local FEW, MANY = 100, 500
local costs
local function fault_costs()
  if costs then return costs end
  local file = assert(io.open(folder .. "/faults.s"))
  local text = file:read "a"
  file:close()
  local function runs(rounds)
    local program = text:gsub("rounds, %d+", "rounds, " .. rounds)
    return pg74.compare {isa = "pg74h", guest = pg74.assemble(program, {name = "faults.s", isa = "pg74h"}), memory = MEMORY, method = "none",
                         vmm = {"trap_and_emulate", "hardware_assisted_shadow", "hardware_assisted"}}.runs
  end
  local few, many = runs(FEW), runs(MANY)
  costs = {}
  for i = 1, #few do
    costs[i] = {name = few[i].vmm, traps = (many[i].traps - few[i].traps) // (MANY - FEW), cycles = (many[i].cycles - few[i].cycles) // (MANY - FEW)}
  end
  return costs
end

local function pages_of(m)
  local seen, all, different = {}, 0, 0
  for guest = 1, 2 do
    local start, size = m:partition(guest)
    for address = start, start + size - 1, PAGE do
      local page = m:read(address, PAGE)
      all = all + 1
      if not seen[page] then
        seen[page] = true
        different = different + 1
      end
    end
  end
  return all, different
end

lesson.values = {
  partition = function(open) return hexadecimal((open "touch":partition())) end,
  traps_before = function(open) return at_store(open "touch"):time().traps end,
  walk = 3, -- the host's entry for the table's place, the guest's entry, the host's for the frame
  guest_frame = function(open) return hexadecimal((entries(open)) & ~(PAGE - 1)) end,
  shadow_frame = function(open) return hexadecimal(select(2, entries(open)) & ~(PAGE - 1)) end,
  wrong_frame = function(open) return hexadecimal(select(3, entries(open)) + WINDOW * PAGE) end,
  first_traps = function(open) return #traps_of(open, 1) end,
  next_traps = function(open) return #traps_of(open, 2) end,
  bare_cycles = function() return fault_costs()[1].cycles end,
  shadow_cycles = function() return fault_costs()[2].cycles end,
  twin_pages = function(open) return (pages_of(open "twins")) end,
}

lesson.shows = {
  at_store = function(m) at_store(m) end,
  in_handler = function(m)
    to_trap(m)
    leave_monitor(m)
  end,
  filled = function(m)
    to_trap(m)
    leave_monitor(m)
  end,
  at_entry = function(m)
    while (m:disassembly(1)[1] or ""):match "^%S+ +t2, 0%(t0%)" == nil do m:step() end
  end,
  entry_stored = function(m)
    to_trap(m)
    leave_monitor(m)
  end,
}

local KIND = {[1] = "fetch", [2] = "load", [3] = "store"}

lesson.figures = {
  two_maps = function(open)
    local guest, shadow, start = entries(open)
    local function row(whose, entry)
      local rights = {}
      for bit, name in ipairs {"R", "W", "X", "U"} do
        if entry >> bit & 1 == 1 then rights[#rights + 1] = name end
      end
      return ("%-34s 0x%08x   frame %-9s %s"):format(whose, entry, hexadecimal(entry & ~(PAGE - 1)), table.concat(rights, " "))
    end
    return table.concat({
      row("the guest's entry of page 16", guest),
      ("%-34s 0x%08x"):format("the partition begins at", start),
      row("the shadow's entry of page 16", shadow),
    }, "\n")
  end,
  one_fault = function(open)
    local what = {
      "the guest's own: reflected", "shadow of the handler's space: filled", "a watched table: done for the guest",
      "privileged: emulated", "shadow of the program's space: filled",
    }
    local lines = {"    trap at    because of                what it is to the monitor"}
    for i, trap in ipairs(traps_of(open, 1)) do
      local because = trap.cause == 2 and "lpsw" or ("%s to 0x%x"):format(KIND[trap.access], trap.value)
      lines[#lines + 1] = ("%d   0x%-7x  %-24s  %s"):format(i, trap.pc, because, what[i])
    end
    return table.concat(lines, "\n")
  end,
  nested = function()
    local lines = {"one page fault on pg74h        traps and exits      cycles"}
    for _, run in ipairs(fault_costs()) do
      lines[#lines + 1] = ("%-28s  %16d  %10d"):format(run.name == "none" and "(bare machine)" or run.name, run.traps, run.cycles)
    end
    return table.concat(lines, "\n")
  end,
  twins = function(open)
    local m = open "twins"
    local lines = {"                              pages   different ones"}
    local function row(moment)
      local all, different = pages_of(m)
      lines[#lines + 1] = ("%-28s  %5d  %15d"):format(moment, all, different)
    end
    row "at the start"
    m:run(1000000)
    row "after 1,000,000 steps"
    m:run(1000000)
    row "after 2,000,000 steps"
    return table.concat(lines, "\n")
  end,
}

lesson.checks = {
  store_again = function(m)
    if not in_guest(m) then return false, "the processor is in the monitor" end
    if m.pc == m:address "first_touch" and m:time().traps > 0 and m:word(m:partition() + 0x8000 + 4 * WINDOW) ~= 0 then return true end
    return false, "the guest's next instruction is " .. m:disassembly(1)[1]
  end,
}
lesson.moves = {store_again = function(m) go_to(m, "first_touch") end}

-- ---- The task ----------------------------------------------------------------------------------------------------------------

-- What an entry of the shadow must mean, said in another way than the reader will: which of the rights the guest has.
local function expected(entry, context)
  local frame = entry & ~(PAGE - 1)
  local nothing = entry & 1 == 0 or context.mode == "user" and entry & 16 == 0 or frame >= context.size or entry & 6 == 4
  local rights = 0
  for _, right in ipairs {2, 4, 8} do
    if entry & right ~= 0 and not (right == 4 and context.holds_table(frame)) then rights = rights | right end
  end
  if nothing or rights == 0 then return 0, 0 end
  return rights, frame + context.start
end

local function say(rights)
  if rights == 0 then return "nothing" end
  return ((rights & 2 ~= 0 and "R" or "") .. (rights & 4 ~= 0 and "W" or "") .. (rights & 8 ~= 0 and "X" or ""))
end

local function try_entries(shadow_entry)
  local TABLE = 0x8000
  for _, where in ipairs {{0x10000, 0x10000}, {0x80000, 0x40000}} do
    for _, mode in ipairs {"supervisor", "user"} do
      local context = {start = where[1], size = where[2], mode = mode, holds_table = function(frame) return frame == TABLE end}
      for _, frame in ipairs {0, 0x1000, TABLE, 0x9000, 0xf000, 0x10000, 0x3f000, 0x40000, 0x7ffff000, 0xfffff000} do
        for flags = 0, 31 do
          if flags & 6 == 4 then goto next end -- W without R: the hardware refuses it anyhow
          local entry = frame | flags
          local got = shadow_entry(entry, context)
          local shown = ("entry 0x%08x, start 0x%x, size 0x%x, %s"):format(entry, where[1], where[2], mode)
          if math.type(got) ~= "integer" then return shown .. ": the function does not return a whole number" end
          local right, at = expected(entry, context)
          local rights, place = support.meaning(got)
          if rights ~= right then return ("%s: the shadow allows %s, and should allow %s"):format(shown, say(rights), say(right)) end
          if place ~= at then return ("%s: the shadow's frame is 0x%x, and should be 0x%x"):format(shown, place, at) end
          ::next::
        end
      end
    end
  end
end

lesson.tasks = {
  shadow = {
    files = {"shadow.lua"},
    check = function(work, open)
      local shadow_entry, why = work:load "shadow.lua"
      if type(shadow_entry) ~= "function" then return false, why or "shadow.lua does not return a function" end
      local good, wrong = pcall(try_entries, shadow_entry)
      if not good or wrong then return false, tostring(wrong) end
      local m = open {isa = "pg74p", guest = "switch.s", memory = support.memory}
      local ran, printed, reason = pcall(support.run, m, shadow_entry)
      if not ran then return false, tostring(printed) end
      if reason then return false, "with switch.s: " .. reason end
      if printed ~= "AB" then return false, ("switch.s prints %q, and should print \"AB\": a store to its table was not seen"):format(printed) end
      return true
    end,
    solution = "solution/shadow.lua",
  },
}

return lesson
