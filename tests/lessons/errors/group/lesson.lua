local lesson = {}
lesson.machine = {}
return lesson
