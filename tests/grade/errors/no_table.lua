-- lab.lua: error: lab.lua returns no table
local lab = {}
