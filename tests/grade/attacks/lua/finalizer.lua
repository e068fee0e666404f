-- Goes on when it is collected.
return function()
  setmetatable({}, {__gc = function() while true do end end})
end
