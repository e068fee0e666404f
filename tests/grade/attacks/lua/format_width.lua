-- Formats that would make long texts, packs that would make longer ones.
return function(host)
  for _, format in ipairs {"%99999s", "%99.99999f", "%099d%%%", "%.99q", "%s%s%s", "%c", "%-99999999d"} do
    pcall(string.format, format, "x", 1, 2)
  end
  for _, format in ipairs {"!16 i16 Xi16", "s8", "z", "i17", "<!99", "c99999999999", "c2147483647"} do
    pcall(string.pack, format, 1, "x")
    pcall(string.packsize, format)
    pcall(string.unpack, format, ("\xff"):rep(64), 1)
  end
  pcall(string.rep, "x", math.maxinteger, "y")
  pcall(string.rep, "", math.maxinteger)
  pcall(string.char, 256, -1)
  pcall(table.concat, setmetatable({}, {__index = function() return "x" end}), "", 1, math.maxinteger)
  return "halted"
end
