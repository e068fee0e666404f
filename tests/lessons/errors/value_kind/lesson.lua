local lesson = {}
lesson.values = {many = {}}
return lesson
