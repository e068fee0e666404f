local lesson = {}
lesson.machines = {hello = {guest = "hello.s", memory = 65536}}
local count = 0
lesson.shows = {one = function(m) count = count + 1 m:step(count) end}
return lesson
