-- lab.lua:4:12: error: a task needs a field 'check'
return {api = 1, title = "A lab", submit = {"a.lua"},
  tasks = {
    {id = "one", points = 1},
  }}
