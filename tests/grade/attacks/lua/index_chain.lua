-- One instruction, and a long way through tables: neither is counted as a step of Lua's.
local last = {}
local first = last
for i = 1, 1900 do first = setmetatable({}, {__index = first}) end
return function(host)
  while true do local x = first.nothing end
end
