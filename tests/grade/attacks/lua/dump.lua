-- What would make code of bytes, or bytes of code.
local found = {}
for _, name in ipairs {"load", "loadstring", "loadfile", "dofile", "collectgarbage", "io", "os", "package", "debug", "utf8", "next"} do
  if _ENV[name] ~= nil then found[#found + 1] = name end
end
for _, name in ipairs {"dump", "gsub", "gmatch", "match"} do
  if string[name] ~= nil or (""):sub(1)[name] ~= nil then found[#found + 1] = name end
end
if #found > 0 then error("PASSED: " .. table.concat(found, " ")) end
return function(host) return "halted" end
