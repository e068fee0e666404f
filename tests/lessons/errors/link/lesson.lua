local lesson = {}
return lesson
