local lesson = {}
lesson.values = {many = function(open)
  return open('hello') + 1
end}
lesson.machines = {hello = {guest = "hello.s", memory = 65536}}
return lesson
