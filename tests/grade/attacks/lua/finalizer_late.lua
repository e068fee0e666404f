-- Gives a finalizer afterwards, when nobody looks.
local meta = {}
setmetatable({}, meta)
meta.__gc = function() while true do end end
return function() local t = {} for i = 1, 1e9 do t = {i} end end
