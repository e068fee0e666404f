local folder = ...
local lesson = {}

lesson.machines = {
  compiled = {guest = {"start.S", "answer.c"}, memory = 65536},
  two = {guest = {"start.S", "part.c"}, memory = 65536},
}

local function halts_with(name, code)
  return function(work, open)
    local m = open(name)
    m:run(1000)
    if m.halt_code == code then return true end
    return false, ("it halts with code %d"):format(m.halt_code)
  end
end

lesson.tasks = {
  compiled = {files = {"answer.c"}, check = halts_with("compiled", 42), solution = "solution/answer.c"},
  two = {files = {"part.c"}, check = halts_with("two", 7), solution = {["part.c"] = "solution/part.c"}},
  specified = {
    files = {"mine.isa"},
    check = function(work, open)
      local m = open {isa = "mine.isa", guest = folder .. "/nothing.s", memory = 65536}
      for _, name in ipairs(m.isa:instructions()) do
        if name == "answer" then return true end
      end
      return false, "it has no such instruction"
    end,
    solution = "solution/mine.isa",
  },
  written = {
    files = {"twice.lua"},
    check = function(work)
      local twice, message = work:load "twice.lua"
      if type(twice) ~= "function" then return false, message or "it returns no function" end
      if twice(21) == 42 then return true end
      return false, "twice 21 is " .. tostring(twice(21))
    end,
    solution = "solution/twice.lua",
  },
}

return lesson
