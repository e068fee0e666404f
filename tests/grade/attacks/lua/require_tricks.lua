-- Other modules, by other names; and what stands behind the one that there is.
for _, name in ipairs {"os", "io", "debug", "package", "pg74.lua", "../pg74", "./pg74", "pg74\0os", "", "_G", 7} do
  local good, module = pcall(require, name)
  if good and module ~= require "pg74" then error "a module" end
end
local pg74 = require "pg74"
pg74.isa = nil
for name, value in pairs(pg74) do error("there is " .. name) end
getmetatable(""). __index = _ENV
return function(host) return "halted" end
