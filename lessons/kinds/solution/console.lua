-- console.lua: the virtual consoles of a hosted monitor: whole lines, each with the number of its guest before it.
local function new()
  local lines = {}
  return function(guest, character)
    lines[guest] = (lines[guest] or "") .. character
    if character ~= "\n" then return "" end
    local line = guest .. ": " .. lines[guest]
    lines[guest] = ""
    return line
  end
end

return new
