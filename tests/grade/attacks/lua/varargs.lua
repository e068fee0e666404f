-- One instruction that moves a hundred thousand values.
local list = {}
for i = 1, 100000 do list[i] = i end
local function count(...) return select("#", ...) end
local function again(...) while true do count(...) local a, b = (...), {...} end end
return function(host) again(table.unpack(list)) end
