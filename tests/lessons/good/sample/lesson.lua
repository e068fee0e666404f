local lesson = {}

lesson.machines = {
  hello = {guest = "hello.s", memory = 65536},
  double = {guest = "double.s", memory = 65536},
}

lesson.values = {
  instructions = function(open)
    local m = open "hello"
    m:run()
    return m:time().instructions
  end,
}

lesson.figures = {
  table = function(open)
    return "instruction  word\n" .. open("hello"):disassembly(1)[1]
  end,
}

lesson.shows = {first = function(m) m:step() end}

lesson.checks = {
  step = function(m)
    if m.x.a0 == 5 then return true end
    return false, translated "a0 holds %d":format(m.x.a0)
  end,
}
lesson.moves = {step = function(m) m:step() end}

lesson.tasks = {
  double = {
    files = {"double.s"},
    check = function(work, open)
      local m = open "double"
      m:run(1000)
      if m.halt_code == 10 then return true end
      return false, ("it halts with code %d"):format(m.halt_code)
    end,
    solution = "solution/double.s",
  },
}

return lesson
