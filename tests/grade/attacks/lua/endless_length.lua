-- A length that somebody has made up: C would go through all of it.
local t = setmetatable({}, {__len = function() return 1 << 60 end})
return function() table.insert(t, 1, 1) end
