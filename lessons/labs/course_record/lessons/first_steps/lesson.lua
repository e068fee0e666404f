-- A loop of five instructions, to be stepped through and changed.
local lesson = {}

lesson.machines = {sum = {guest = "sum.s", memory = 65536}}

-- Steps until `add` has been executed so many times, or the program halts; gives how many times it was.
local function execute_adds(m, most)
  local count = 0
  while count < most do
    local name = (m:disassembly(1)[1] or ""):match "^%S+"
    if m:step() == "halted" then break end
    if name == "add" then count = count + 1 end
  end
  return count
end

lesson.values = {
  start = function(open)
    local m = open "sum"
    m:step()
    return m.x.a0
  end,
  rounds = function(open) return execute_adds(open "sum", 1000) end,
  partial = function(open)
    local m = open "sum"
    execute_adds(m, 3)
    return m.x.a1
  end,
}

lesson.checks = {
  third_round = function(m)
    if m.x.a1 == 12 then return true end
    return false, ("a1 holds %d"):format(m.x.a1)
  end,
}
lesson.moves = {third_round = function(m) execute_adds(m, 3) end}

lesson.tasks = {
  ten = {
    files = {"sum.s"},
    check = function(_, open)
      local m = open "sum"
      if m:run(10000) ~= "halted" then return false, "it does not come to its end" end
      if m.halt_code == 55 then return true end
      return false, ("it halts with the code %d"):format(m.halt_code)
    end,
    solution = "solution/sum.s",
  },
}

return lesson
