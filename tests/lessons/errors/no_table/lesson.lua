local lesson = {}
