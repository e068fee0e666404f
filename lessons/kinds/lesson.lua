-- Kinds of hypervisors: type 1 beside a hosted monitor, and a window that a hosted monitor's guests share.
local pg74 = require "pg74"
local folder = ...
local lesson = {}

local GUESTS = 3

lesson.machines = {
  bare = {guest = "greet.s", memory = 0x10000},
  first = {guest = "greet.s", memory = 0x10000, vmm = "trap_and_emulate"},
}

local function read(name)
  local file = assert(io.open(folder .. "/" .. name))
  local text = file:read "a"
  file:close()
  return text
end

local function finished(open, name)
  local m = open(name)
  m:run(1000000)
  return m
end

-- The hosted monitor of the text, as it stands there: it is shown, and it is run.
local MONITOR = [[
local host = pg74.hosted {guests = guests, on_trap = function(cpu, exit)
  cpu:emulate {
    port_out = function(port, value)
      window(cpu.guest, string.char(value))
    end,
  }
end}
host:run()
return host]]

local function hosted(count, window)
  local guests = {}
  for i = 1, count do guests[i] = pg74.assemble(read "greet.s", {name = "greet.s"}) end
  return assert(load(MONITOR, "monitor", "t", {pg74 = pg74, guests = guests, window = window, string = string}))()
end

-- What the window shows in the end, with a function as console.lua's new makes.
local function window_of(count, console)
  local shown = {}
  hosted(count, function(guest, character) shown[#shown + 1] = console(guest, character) end)
  return table.concat(shown)
end

lesson.shows = {printed = function(m) m:run(1000000) end}

lesson.values = {
  guest_instructions = function(open) return finished(open, "bare"):time().instructions end,
  type1_instructions = function(open) return finished(open, "first"):time().instructions end,
}

lesson.values.emulated = function(open)
  return lesson.values.guest_instructions(open) - hosted(1, function() end).machine:time().instructions
end

lesson.figures = {
  monitor = function() return MONITOR end,
  side_by_side = function(open)
    local first, second = finished(open, "first"):time(), hosted(1, function() end).machine:time()
    return ("instructions that the machine executed\nunder trap_and_emulate    %8d\nunder the hosted monitor  %8d"):format(
      first.instructions, second.instructions)
  end,
  window = function() return window_of(GUESTS, function(_, character) return character end) end,
}

lesson.tasks = {
  console = {
    files = {"console.lua"},
    check = function(work)
      local new, why = work:load "console.lua"
      if type(new) ~= "function" then return false, why or "console.lua does not return a function" end
      local console = new()
      if type(console) ~= "function" then return false, "`new` does not return a function" end
      -- Guests in turn, by characters; and one whose second line follows its first.
      local function expect(sequence, expected)
        local shown, c = {}, new()
        for guest, text in sequence:gmatch "(%d)([^%d]+)" do
          for character in text:gmatch "." do
            local now = c(tonumber(guest), character)
            if type(now) ~= "string" then return "it returned no text for a character" end
            shown[#shown + 1] = now
          end
        end
        local got = table.concat(shown)
        if got ~= expected then return ("for %q the window shows %q, and should show %q"):format(sequence, got, expected) end
      end
      local wrong = expect("1a\n", "1: a\n") or expect("1ab2cd1e\n2f\n", "1: abe\n2: cdf\n") or
                    expect("2x\ny\n", "2: x\n2: y\n") or expect("1unfinished", "") or expect("3\n", "3: \n")
      if wrong then return false, wrong end
      local shown = window_of(GUESTS, console)
      local lines = {}
      for i = 1, GUESTS do lines[i] = i .. ": hello\n" end
      if shown ~= table.concat(lines) then return false, ("with the three guests the window shows %q"):format(shown) end
      return true
    end,
    solution = "solution/console.lua",
  },
}

return lesson
