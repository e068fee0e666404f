-- lab.lua:3:9: error: this program knows labs of api 1, and this one has api 2
-- what follows is a lab of a later program
return {api = 2, title = "A lab", submit = {"a.lua"},
  tasks = {{id = "one", points = 1, check = function() return true end}}}
