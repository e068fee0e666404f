local lesson = {}
lesson.machines = {hello = {guest = "hello.s", memory = 65536}}
lesson.tasks = {one = {files = {"hello.s"}, solution = "solution.s", check = function(work, open)
  local m = open "hello"
  m:run(1000)
  return m.halt_code == 7, "wrong code"
end}}
return lesson
