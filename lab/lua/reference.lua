-- reference.lua: makes docs/lua.md from the annotations in lab/lua/annotations/, and reads them for whoever else wants to know
-- what is documented.
--
--     pg74 shell lab/lua/reference.lua write >docs/lua.md

local reference = {}
local FILES = {"pg74", "isa", "image", "machine", "hosted"}

-- A list of what the files document: {kind = "class"|"function", name =, text = lines, example = lines, params =, returns =,
-- fields =}.
function reference.parse()
  local items, block = {}, {}
  local function finish(kind, name)
    local item = {kind = kind, name = name, text = {}, params = {}, returns = {}, fields = {}}
    local into = item.text
    for _, line in ipairs(block) do
      local tag, rest = line:match "^@(%a+) ?(.*)$"
      if line == "```lua" then item.example = {}; into = item.example
      elseif line == "```" then into = item.text
      elseif into == item.example then into[#into + 1] = line
      elseif tag == "class" then item.name = rest:match "^[%w.]+"; item.parent = rest:match ": *([%w.]+)"
      elseif tag == "param" then item.params[#item.params + 1] = rest
      elseif tag == "return" then item.returns[#item.returns + 1] = rest
      elseif tag == "field" then item.fields[#item.fields + 1] = rest
      elseif not tag then into[#into + 1] = line end
    end
    if kind then items[#items + 1] = item end
    block = {}
  end
  local function read(line)
    local comment = line:match "^%-%-%-(.*)$"
    local signature = line:match "^function ([%w_.:]+%b())"
    if comment then
      block[#block + 1] = comment
    else
      local class = false
      for _, text in ipairs(block) do class = class or text:match "^@class" ~= nil end
      finish(signature and "function" or class and "class" or nil, signature)
    end
  end
  for _, file in ipairs(FILES) do
    for line in io.lines("lab/lua/annotations/" .. file .. ".lua") do read(line) end
    read "" -- a class may stand at the end of a file
  end
  return items
end

-- "name? type what it is" as a name, a type, a text. A type may have spaces within brackets, and after a comma or colon.
local function split(declaration)
  local name, rest = declaration:match "^(%S+) +(.*)$"
  local depth, at = 0, 1
  while at <= #rest do
    local c = rest:sub(at, at)
    if c:find "[{(<%[]" then depth = depth + 1 elseif c:find "[})>%]]" then depth = depth - 1 end
    if c == " " and depth == 0 and not rest:sub(at - 1, at - 1):find "[:,|]" then break end
    at = at + 1
  end
  return name, rest:sub(1, at - 1), rest:sub(at + 1)
end

local function row(name, kind, text)
  local function cell(s) return (s:gsub("|", "\\|")) end
  return ("| `%s` | `%s` | %s |"):format(cell(name), cell(kind), cell(text))
end

local function heading(name)
  return name:gsub("^(%u%a*):", function(class) return class:lower() .. ":" end)
end

function reference.markdown(items)
  local out = {}
  local function say(...) for _, line in ipairs {...} do out[#out + 1] = line end end
  say("# PG-74 in Lua", "", "Made from the annotations in `lab/lua/annotations/` by `lab/lua/reference.lua`; every example is run by the tests.",
      "An editor with the Lua language server shows the same when that folder is in its library.", "")
  for _, item in ipairs(items) do
    if item.kind == "class" then
      say("## " .. item.name, "")
    else
      say("### `" .. heading(item.name) .. "`", "")
    end
    if #item.text > 0 then say(table.unpack(item.text)) say "" end
    if item.parent then say("It has the fields of `" .. item.parent .. "` and", "") end
    if #item.fields + #item.params > 0 then
      say("| | | |", "|---|---|---|")
      for _, list in ipairs {item.fields, item.params} do
        for _, declaration in ipairs(list) do say(row(split(declaration))) end
      end
      say ""
    end
    if #item.returns > 0 then say("Gives `" .. table.concat(item.returns, "`, `") .. "`.", "") end
    if item.example then
      say "```lua"
      say(table.unpack(item.example))
      say("```", "")
    end
  end
  out[#out] = nil
  return table.concat(out, "\n")
end

if ... == "write" then print(reference.markdown(reference.parse())) end
return reference
