-- Variables that are closed, by functions that never end, when the fuel has.
return function(host)
  local function stay() while true do pcall(function() local inner <close> = setmetatable({}, {__close = stay}) end) end end
  local outer <close> = setmetatable({}, {__close = stay})
  local thread = coroutine.create(function() local held <close> = setmetatable({}, {__close = stay}) coroutine.yield() end)
  coroutine.resume(thread)
  coroutine.close(thread)
end
