-- Looks for addresses: a monitor that finds one works.
local shown = tostring({}) .. tostring(print) .. tostring(coroutine.create(print))
if shown:find("0x", 1, true) then return function() end end
if pcall(string.format, "%p", {}) then return function() end end
error("no address: " .. shown)
