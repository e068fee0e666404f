-- When it fails: the PDP-10's JRST 1, the x86's popf and pushf, and a guest that finds its monitor.
local pg74 = require "pg74"
local lesson = {}

lesson.machines = {
  pdp10 = {isa = "pdp10", guest = "jrst.s", memory = 0x10000},
  pdp10_guest = {isa = "pdp10", guest = "jrst.s", memory = 0x10000, vmm = "trap_and_emulate"},
  x86 = {isa = "x86", guest = "flags.s"},
  x86_guest = {isa = "x86", guest = "flags.s", vmm = "trap_and_emulate"},
}

local function in_guest(m) return m.mode == "user" end

local function step_until(m, reached)
  repeat
    local why = m:step()
  until reached(m) or why == "halted"
  return m
end

local function guest_at(name)
  return function(m) return in_guest(m) and (m:disassembly(1)[1] or ""):match "^%S+" == name end
end

local function printed(open, name, options)
  local m = open(name, options)
  m:run(1000000)
  return m:console()
end

local x86
local function judged()
  x86 = x86 or pg74.classify "x86"
  return x86
end

lesson.values = {
  bare_pdp10 = function(open) return printed(open, "pdp10") end,
  monitored_pdp10 = function(open) return printed(open, "pdp10_guest") end,
  bare_x86 = function(open) return printed(open, "x86") end,
  monitored_x86 = function(open) return printed(open, "x86_guest") end,
  violations = function() return #judged().violations.theorem1 end,
}

-- The reason of a report, in lines of at most 72 columns: the sentence is folded, the table below it is narrow.
local function reason(isa, instruction)
  local report = pg74.classify(isa)
  local lines = {}
  for _, classes in ipairs(report.instructions) do
    if classes.name == instruction then
      local line = ""
      for word in classes.violation.sentence:gmatch "%S+" do
        if #line + #word > 70 then
          lines[#lines + 1] = line
          line = ""
        end
        line = line .. (line == "" and "" or " ") .. word
      end
      lines[#lines + 1] = line
    end
  end
  local text = tostring(report)
  for line in text:match("Why not:.-\n( *word 0x.-)\n *For all"):gmatch "[^\n]+" do lines[#lines + 1] = line:gsub("^    ", "") end
  return table.concat(lines, "\n")
end

lesson.figures = {
  x86 = function()
    local lines = {"instruction  what it does in user mode, where it should trap"}
    local isa = pg74.isa "x86"
    for _, name in ipairs(judged().violations.theorem1) do
      local doc = isa:instruction(name).doc
      if #doc > 62 then doc = doc:sub(1, 59):gsub("%s+%S*$", "") .. " ..." end
      lines[#lines + 1] = ("%-11s  %s"):format(name, doc)
    end
    return table.concat(lines, "\n")
  end,
  reason = function() return reason("pdp10", "retu") end,
  monitors = function(open)
    local lines = {"flags.s runs                it prints"}
    lines[#lines + 1] = ("%-26s  %s"):format("on the bare machine x86", printed(open, "x86"))
    for _, vmm in ipairs {"trap_and_emulate", "interpreter", "binary_translation"} do
      lines[#lines + 1] = ("%-26s  %s"):format("under " .. vmm, printed(open, "x86_guest", {vmm = vmm}))
    end
    return table.concat(lines, "\n")
  end,
}

lesson.shows = {
  bare_done = function(m) m:run() end,
  at_retu = function(m) step_until(m, guest_at "retu") end,
  after_retu = function(m) m:step() end,
  at_out = function(m) step_until(m, guest_at "out") end,
  after_out = function(m) m:step() step_until(m, in_guest) end,
  at_popf = function(m) step_until(m, guest_at "popf") end,
  after_popf = function(m) m:step() end,
  x86_done = function(m) m:run(1000000) end,
}

lesson.checks = {
  after_pushf = function(m)
    if not in_guest(m) then return false, "the processor is in the monitor" end
    if guest_at "srli"(m) then return true end
    return false, "the guest's next instruction is " .. (m:disassembly(1)[1] or "none")
  end,
}
lesson.moves = {after_pushf = function(m) step_until(m, guest_at "srli") end}

lesson.tasks = {
  detect = {
    files = {"detect.s"},
    check = function(_, open)
      local bare = open {isa = "x86", guest = "detect.s"}
      local why = bare:run(100000)
      if why ~= "halted" then return false, ("on the bare machine it does not halt (%s)"):format(why) end
      if bare:console() ~= "B" then return false, ("on the bare machine it prints %q, and should print B"):format(bare:console()) end
      local guest = open {isa = "x86", guest = "detect.s", vmm = "trap_and_emulate"}
      guest:run(1000000)
      if guest:console() ~= "V" then return false, ("under the monitor it prints %q, and should print V"):format(guest:console()) end
      return true
    end,
    solution = "solution/detect.s",
  },
}

return lesson
