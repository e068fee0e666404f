-- console.lua: the virtual consoles of a hosted monitor, which has one window for all of its guests.
--
-- `new` makes a fresh set of consoles. It returns a function, which gets the number of a guest and one character that
-- this guest has just printed, and returns the text that is to appear in the window now (perhaps none: "").
local function new()
  return function(guest, character)
    return character
  end
end

return new
