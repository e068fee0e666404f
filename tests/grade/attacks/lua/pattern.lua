-- A pattern that takes time for ever.
return function()
  local s = ("a"):rep(1000)
  return s:find(("a*"):rep(50) .. "b")
end
