local lesson = {}
lesson.machines = {loop = {guest = "loop.s", memory = 65536}}
lesson.shows = {still = function(m) m:step() end}
lesson.checks = {done = function(m) return m.x.a0 == 12345 end}
lesson.moves = {done = function(m) m.x.a0 = 12345 end}
lesson.tasks = {mine = {files = {"mine.s"}, check = function(work, open)
  local m = open {guest = "mine.s", memory = 65536}
  m:run()
  return m.halt_code == 3, "no"
end, solution = "solution.s"},
lua = {files = {"mine.lua"}, check = function(work) local f = work:load "mine.lua" return f and f() == 3, "no" end, solution = "solution.lua"}}
return lesson
