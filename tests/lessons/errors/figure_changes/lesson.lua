local lesson = {}
local count = 0
lesson.figures = {one = function() count = count + 1 return count end}
return lesson
