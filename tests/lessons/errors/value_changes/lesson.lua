local lesson = {}
local count = 0
lesson.values = {many = function() count = count + 1 return count end}
return lesson
