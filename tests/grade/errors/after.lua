-- lab.lua:4:40: error: there is no earlier task 'two'
return {api = 1, title = "A lab", submit = {"a.lua"},
  tasks = {
    {id = "one", points = 1, after = {"two"}, check = function() return true end},
    {id = "two", points = 1, check = function() return true end},
  }}
