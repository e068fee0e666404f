local lesson = {}
lesson.machines = {one = function() return 3 end}
return lesson
