-- experiment.lua: what the experiments in scenarios/ share: tables, bars, and saying what is expected.
--
-- An experiment is a script:
--
--     local experiment = dofile((arg[0]:match "^(.*/)" or "./") .. "lib/experiment.lua")
--     local short = experiment.start "What it is about"          -- true: the short form, for `make check`
--     ...
--     experiment.table({"monitor", "cycles"}, {{"interpreter", 1000}, ...})
--     experiment.expect(a < b, "emulation costs more than direct execution")
--     experiment.finish()
--
-- An expectation that does not come about is printed, and the script exits with 1. All numbers are the machine's own:
-- instructions, cycles, bytes. So they are the same in every run.
local experiment = {}
local failed = 0

-- 1234567 as "1,234,567"; a fraction with two digits; a string as it is.
function experiment.number(value)
  if math.type(value) == "float" then return ("%.2f"):format(value) end
  if math.type(value) ~= "integer" then return tostring(value) end
  local text = tostring(value)
  repeat
    local count
    text, count = text:gsub("^(-?%d+)(%d%d%d)", "%1,%2")
  until count == 0
  return text
end

-- Prints the title; true when the script was started with the argument "short".
function experiment.start(title)
  print(title)
  print(("-"):rep(#title))
  return arg[1] == "short"
end

-- Columns as wide as they need to be: the first to the left, numbers to the right.
function experiment.table(heads, rows)
  local widths = {}
  local function text_of(row, i) return experiment.number(row[i] == nil and "" or row[i]) end
  local function measure(row)
    for i = 1, #heads do widths[i] = math.max(widths[i] or 0, utf8.len(text_of(row, i))) end
  end
  measure(heads)
  for _, row in ipairs(rows) do measure(row) end
  local function line(row)
    local cells = {}
    for i, width in ipairs(widths) do
      local text = text_of(row, i)
      local space = (" "):rep(width - utf8.len(text))
      local number = type(row[i]) == "number" or (row == heads and type((rows[1] or {})[i]) == "number")
      cells[i] = number and space .. text or text .. space
    end
    print((table.concat(cells, "  "):gsub(" +$", "")))
  end
  print()
  line(heads)
  for _, row in ipairs(rows) do line(row) end
  print()
end

-- A bar for each {name, value}; `width` characters for the greatest. With `logarithmic` each further character is a
-- factor.
function experiment.bars(rows, width, logarithmic)
  local most, longest = 0, 0
  for _, row in ipairs(rows) do most, longest = math.max(most, row[2]), math.max(longest, utf8.len(row[1])) end
  for _, row in ipairs(rows) do
    local share = logarithmic and math.log(row[2] + 1) / math.log(most + 1) or row[2] / most
    local bar = ("#"):rep(math.floor(share * width + 0.5))
    print(row[1] .. (" "):rep(longest - utf8.len(row[1])) .. "  " .. bar .. " " .. experiment.number(row[2]))
  end
  print()
end

-- What must come about.
function experiment.expect(came, what)
  print((came and "as expected: " or "NOT AS EXPECTED: ") .. what)
  if not came then failed = failed + 1 end
end

-- What is not memory: every register and every other state of a machine; and another machine put into it.
function experiment.state(m)
  local kept = {x = {}}
  for name, value in pairs(m.state) do
    if math.type(value) then kept[name] = value end
  end
  for i = 1, #m.x - 1 do kept.x[i] = m.x[i] end
  return kept
end

function experiment.set_state(m, kept)
  for name, value in pairs(kept) do
    if name ~= "x" then m.state[name] = value end
  end
  for i, value in ipairs(kept.x) do m.x[i] = value end
end

function experiment.finish()
  os.exit(failed == 0 and 0 or 1)
end

return experiment
