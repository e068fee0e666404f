-- Has each of many coroutines execute less than the fuel is looked at for.
return function()
  while true do
    local c = coroutine.create(function() for _ = 1, 200 do end end)
    coroutine.resume(c)
  end
end
