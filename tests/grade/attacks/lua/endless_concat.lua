-- A range that never ends, for concat.
local t = setmetatable({}, {__index = rawlen})
return function() table.concat(t, "", 1, 1 << 60) end
