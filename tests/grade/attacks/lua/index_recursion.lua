-- Metamethods within metamethods, until the stack of C is at its end; and again.
local t = setmetatable({}, {__index = function(self, key) return self[key .. "x"] end})
local u = setmetatable({}, {__lt = function(a, b) return a < b end, __concat = function(a, b) return a .. b end})
return function(host)
  while true do
    pcall(function() return t.x end)
    pcall(function() return u < u end)
    pcall(function() return u .. u end)
  end
end
