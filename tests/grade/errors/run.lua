-- lab.lua:3:1: error: attempt to index a nil value (global 'labs')
local x = 1
labs.define {}
