-- lab.lua:4:18: error: 'points' is a string, and must be a number
return {api = 1, title = "A lab", submit = {"a.lua"},
  tasks = {
    {id = "one", points = "many", check = function() return true end},
  }}
