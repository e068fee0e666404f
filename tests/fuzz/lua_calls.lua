-- Calls the functions of the module pg74 in an order, and with arguments, that bytes decide: for fuzz_lua.c, which
-- calls the function that this returns. Whatever it does must be an error at worst. Callbacks do the same, so that
-- objects are used while they run, after they are closed, and one within the other.
local pg74, registry = require "pg74", ...

local LOOP = "_start: li a0, 50\n1: addi a0, a0, -1\n bnez a0, 1b\n ecall\n out zero, a0\n halt a0"
local STRINGS = {"", "hello", "trap", "interrupt psw", "retire fetch", "store port", "stop", "pg74", "pg74p",
                 "x86:pg74", "pocket", "trap_and_emulate", "interpreter", "a0", "pc", "base", "timer", "disk",
                 "load", "reference", "addi a0, a0, 1", "_start", "disk_command", "console_output", LOOP,
                 ("x"):rep(100)}
local NUMBERS = {0, 1, 2, 3, 7, 16, 17, 64, 512, 1000, 4096, 65536, 1 << 20, -1, -4096, 0x7fffffff, 0xffffffff, 1 << 32,
                 math.mininteger, math.maxinteger, 0.5, 1e300, 0 / 0}
local CLASSES = {"pg74.isa", "pg74.image", "pg74.machine", "pg74.snapshot", "pg74.host", "pg74.cpu"}
local MODULE = {"isa", "isas", "assemble", "load", "machine", "restore", "hosted"}
local OPTIONS = {"guest", "vmm", "memory", "input", "disk", "isa", "engine", "history", "manual_events", "limit",
                 "slice", "until_event", "when", "text", "name", "identification", "cost", "on_trap", "port_in",
                 "port_out"}

-- The names of a class's methods and fields, in order.
local names = {}
for _, class in ipairs(CLASSES) do
  local list = {}
  for _, part in ipairs {"methods", "fields"} do
    for name in pairs(registry[class][part]) do list[#list + 1] = name end
  end
  table.sort(list)
  names[registry[class]] = list
end

return function(bytes)
  local at, depth, pool = 0, 0, {pg74.assemble(LOOP)}
  pool[2] = pg74.machine {guest = pool[1], history = 10}
  local function byte()
    at = at + 1
    return bytes:byte(at) or 0
  end
  local step

  local function value(deep)
    local kind = byte() % 9
    if kind < 2 then return NUMBERS[byte() % #NUMBERS + 1] end
    if kind < 4 then return STRINGS[byte() % #STRINGS + 1] end
    if kind == 4 then return byte() % 2 == 0 end
    if kind == 5 and deep < 2 then
      local result = {guest = pool[1]}
      for _ = 1, byte() % 4 do result[OPTIONS[byte() % #OPTIONS + 1]] = value(deep + 1) end
      if math.type(result.memory) and result.memory > 1 << 20 then result.memory = 1 << 20 end -- only slow
      return result
    end
    if kind == 6 then
      return function(...)
        if depth < 3 then
          depth = depth + 1
          for i = 1, select("#", ...) do pool[#pool % 40 + 1] = (select(i, ...)) end
          for _ = 1, byte() % 3 do step() end
          depth = depth - 1
        end
        return value(1)
      end
    end
    return pool[byte() % #pool + 1]
  end

  local function keep(good, ...)
    if not good then return end
    for i = 1, select("#", ...) do
      local result = select(i, ...)
      if type(result) == "userdata" or type(result) == "table" then pool[byte() % 40 % (#pool + 1) + 1] = result end
    end
  end

  function step()
    if at > #bytes then return end
    local object = pool[byte() % #pool + 1]
    local known = type(object) == "userdata" and names[debug.getmetatable(object)]
    local action = byte() % 8
    if action == 0 then
      keep(pcall(pg74[MODULE[byte() % #MODULE + 1]], value(0), value(0)))
    elseif action == 1 then
      if byte() % 4 == 0 then collectgarbage() end
      keep(pcall(function() return object[value(0)] end))
    elseif action == 2 then
      local key = known and known[byte() % #known + 1] or STRINGS[byte() % #STRINGS + 1]
      pcall(function() object[key] = value(0) end)
    elseif known then
      local name, a, b, c = known[byte() % #known + 1], value(0), value(0), value(0)
      keep(pcall(function()
        local member = object[name]
        if type(member) == "function" then return member(object, a, b, c) end
        return member
      end))
    end
  end
  while at < #bytes do step() end
end
