local lesson = {}
lesson.values = {many = 3}
return lesson
