local lesson = {}
lesson.machines = {one = {guest = 'nothing.elf'}}
return lesson
