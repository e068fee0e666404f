-- The theorem and its classes: the pocket machine's instructions, one that leaks, and variants of the reader's own.
local pg74 = require "pg74"
local folder = ...
local lesson = {}

local START, SIZE = 32, 48 -- the guest's part of the machine, as in lesson 5

-- The machine as a monitor prepares it for the guest of lesson 5: in user mode, with R composed.
local function entered(open, isa)
  local m = open {isa = isa, guest = "where.s"}
  m:write(START, m:read(0, SIZE))
  m.state.mode = 1
  m.state.base = START
  m.state.bound = SIZE
  return m
end

lesson.machines = {
  traps = function(open) return entered(open, "pocket") end,
  leaks = function(open) return entered(open, "leak.isa") end,
}

local function count(name, property)
  local sum = 0
  for _, classes in ipairs(pg74.classify(name).instructions) do sum = sum + (classes[property] and 1 or 0) end
  return sum
end

lesson.values = {
  start = START,
  leaked = function(open)
    local m = open "leaks"
    m:step()
    return m.x[0]
  end,
  privileged = function() return count("pocket", "privileged") end,
  innocuous = function() return count("pocket", "innocuous") end,
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
  leak = function() return reason(folder .. "/leak.isa", "getr") end,
  sets = function()
    local lines = {}
    for _, property in ipairs {"privileged", "control_sensitive", "location_sensitive", "mode_sensitive", "innocuous"} do
      local names = {}
      for _, classes in ipairs(pg74.classify("pocket").instructions) do
        if classes[property] then names[#names + 1] = classes.name end
      end
      lines[#lines + 1] = ("%-20s %s"):format(property:gsub("_", " "), #names > 0 and table.concat(names, " ") or "(none)")
    end
    return table.concat(lines, "\n")
  end,
}

lesson.shows = {
  trapped = function(m) m:run {until_event = "trap"} end,
  leaked = function(m) m:step() end,
}

-- What is the same in both: the reader's variant, classified, if it can be.
local function classified(work, file)
  local good, isa = pcall(pg74.isa, work:path(file))
  if not good then return nil, isa end
  if isa.parent ~= "pocket" then return nil, "it must be a variant of pocket" end
  return pg74.classify(isa)
end

local function in_words(report)
  local violations = report.violations.theorem1
  return #violations == 0 and "Theorem 1 is guaranteed" or "Theorem 1 is not guaranteed, for " .. table.concat(violations, ", ")
end

lesson.tasks = {
  mine = {
    files = {"mine.isa"},
    check = function(work)
      local report, message = classified(work, "mine.isa")
      if not report then return false, message end
      if report.theorem1 ~= false then return false, in_words(report) end
      return true
    end,
    solution = "solution/mine.isa",
  },
  five = {
    files = {"five.isa"},
    check = function(work)
      local report, message = classified(work, "five.isa")
      if not report then return false, message end
      local before = pg74.classify(folder .. "/five.isa")
      local is_now = {}
      for _, classes in ipairs(report.instructions) do is_now[classes.name] = classes end
      for _, classes in ipairs(before.instructions) do
        if not is_now[classes.name] then return false, ("the instruction %s is gone"):format(classes.name) end
      end
      if report.theorem1 ~= true then return false, in_words(report) end
      for _, classes in ipairs(before.instructions) do
        if classes.innocuous and not is_now[classes.name].innocuous then
          return false, ("Theorem 1 is guaranteed, but %s was innocuous, and need not trap"):format(classes.name)
        end
      end
      return true
    end,
    solution = "solution/five.isa",
  },
}

return lesson
