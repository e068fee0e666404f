local lesson = {}
lesson machines = {}
return lesson
