-- Loops at the ends of the integers.
return function(host)
  local n = 0
  for i = math.maxinteger - 1, math.maxinteger do n = n + 1 end
  for i = math.mininteger, math.maxinteger, math.maxinteger do n = n + 1 end
  for i = math.mininteger, math.maxinteger do n = n + 1 end
  return "halted"
end
