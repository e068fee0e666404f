-- lab.lua:5:30: error: a task has no field 'pionts'
-- did you mean 'points'?
return {api = 1, title = "A lab", submit = {"a.lua"},
  tasks = {
    {id = "one", points = 1, pionts = 3, check = function() return true end},
  }}
