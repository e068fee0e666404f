local lesson = {}
lesson.checks = {one = function(m) return false end}
lesson.moves = {one = function(m) end}
return lesson
