-- The same by wrap, and by one that yields.
return function()
  local step = coroutine.wrap(function() while true do for _ = 1, 100 do end coroutine.yield() end end)
  while true do step() end
end
