-- Coroutines within coroutines, without an end.
local function deeper() return coroutine.wrap(deeper)() end
return function(host)
  while true do pcall(deeper) end
end
