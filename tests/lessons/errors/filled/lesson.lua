local lesson = {}
lesson.machines = {hello = {guest = "hello.s", memory = 65536}}
return lesson
