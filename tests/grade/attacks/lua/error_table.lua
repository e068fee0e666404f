-- An error whose text is made when it is asked for.
error(setmetatable({}, {__tostring = function() while true do end end}))
