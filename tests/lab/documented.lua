-- What is documented is there and what is there is documented; every example does what it says. Run by documented.sh.
local reference = dofile "lab/lua/reference.lua"
local items, failed = reference.parse(), 0

local function complain(...)
  print(...)
  failed = failed + 1
end

-- What an example prints, as its comments --> say.
local function try(item)
  local expected, printed = {}, {}
  for _, line in ipairs(item.example) do expected[#expected + 1] = line:match "%-%-> (.*)$" end
  local function note(text) for line in (text .. "\n"):gmatch "(.-)\n" do printed[#printed + 1] = line end end
  local world = setmetatable({
    print = function(...)
      local words = table.pack(...)
      for i = 1, words.n do words[i] = tostring(words[i]) end
      note(table.concat(words, "\t"))
    end,
    io = setmetatable({write = function(text) note((text:gsub("\n$", ""))) end}, {__index = io})}, {__index = _G})
  local chunk, message = load(table.concat(item.example, "\n"), "=example of " .. item.name, "t", world)
  local good = chunk ~= nil
  if chunk then good, message = pcall(chunk) end
  if not good then return complain(message) end
  local a, b = table.concat(printed, "\n"), table.concat(expected, "\n")
  if a ~= b then complain(item.name, "prints", a, "and not", b) end
end

local documented = {}
for _, item in ipairs(items) do
  if item.kind == "function" then
    documented[item.name:match "^[^(]+"] = true
    if not item.example then complain(item.name .. " has no example") else try(item) end
    if #item.text == 0 then complain(item.name .. " is not explained") end
  end
  for _, field in ipairs(item.fields) do documented[item.name .. "." .. field:match "^[%w_]+"] = true end
end

-- Both ways: the module, and the methods and fields of its classes.
local found = {}
local function look(name, member)
  found[name] = true
  if type(member) == "table" then
    for inner, value in pairs(member) do look(name .. "." .. inner, value) end
  elseif not documented[name] then
    complain(name .. " is not documented")
  end
end
look("pg74", pg74)
for _, class in ipairs {"Isa", "Image", "Machine", "Host", "Cpu"} do
  local metatable = debug.getregistry()["pg74." .. class:lower()]
  for name in pairs(metatable.methods) do
    found[class .. ":" .. name] = true
    if not documented[class .. ":" .. name] then complain(class .. ":" .. name .. " is not documented") end
  end
  for name in pairs(metatable.fields) do
    found["pg74." .. class .. "." .. name] = true
    if not documented["pg74." .. class .. "." .. name] then complain(class .. "." .. name .. " is not documented") end
  end
end
for name in pairs(documented) do
  local class = name:match "^(%u%a+):" or name:match "^pg74%.(%u%a+)%."
  local open = class == "Options" or class == "Event" or class == "Exit"
  if class and not open and not found[name] then complain(name .. " is documented, and is not there") end
  if not class and name:match "^pg74%.%l" and not found[name] then complain(name .. " is not there") end
end
os.exit(failed == 0 and 0 or 1)
