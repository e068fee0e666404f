local lesson = {}
lesson.tasks = {one = {files = {}}}
return lesson
