-- lab.lua:4:12: error: a hidden task needs a concern
return {api = 1, title = "A lab", submit = {"a.lua"},
  tasks = {
    {id = "one", points = 1, visibility = "hidden", check = function() return true end},
  }}
