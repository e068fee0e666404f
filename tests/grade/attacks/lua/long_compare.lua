-- One instruction that compares, or joins, megabytes.
local one = ("x"):rep(1 << 20)
local a, b = one, one
for i = 1, 3 do a, b = a .. a, b .. b end
return function(host)
  local t = {}
  while true do
    if a == b then t[a] = b end
    if a < b then t[b] = a end
  end
end
