-- walk.lua: what a reader types who goes through a lesson, follows its text, and knows all answers.
-- Prints how many things are asked on standard error, and what is typed in the dialogue on standard output; or, for the
-- screen, a line for each page: the keys that answer what it asks, or do it.
--
--     pg74 shell tests/lessons/walk.lua lessons/NAME WORK [screen]       solutions are put into the folder WORK
local pg74 = require "pg74"
local folder, work, is_screen = ...
local name = folder:match "[^/]+$"

-- What is to be done on the live machine, as the hints say it. Where nothing stands here it is `solve`.
local moves = {
  two_computers = {
    stepped = {"step", "step", "step"}, whole_run = {"run"}, went_back = {"run back", "step out"},
    hello = {"step out", "step over 30"},
  },
  machine = {at_setr = {"step", "step", "step"}},
  traps = {before_lpsw = {"step 2"}, printed = {"step 9"}},
  model = {looked = {"step"}},
  trap_and_emulate = {first_out = {"step 4"}},
  flaws = {after_pushf = {"step"}},
  hybrid = {innermost = {"step out", "step", "step", "step", "step out"}},
  translation = {one_letter = {"run trap", "run trap", "run trap", "run trap", "run trap"}},
}

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "a"
  file:close()
  return text
end

local lesson = assert(loadfile(folder .. "/lesson.lua"))(folder)

local function open(what, more)
  local description = type(what) == "table" and what or lesson.machines[what]
  if type(description) == "function" then return description(open) end
  local options = {}
  for _, from in ipairs {description, more or {}} do
    for key, value in pairs(from) do options[key] = value end
  end
  if options.isa and options.isa:match "%.isa$" then options.isa = pg74.isa(folder .. "/" .. options.isa) end
  if options.guest:match "%.s$" then
    options.guest = pg74.assemble(read(folder .. "/" .. options.guest), {isa = options.isa, name = options.guest})
  end
  return pg74.machine(options)
end

-- The number of the right choice, or the number that is asked for.
local function answer(body)
  local number = 0
  for line in body:gmatch "[^\n]+" do
    local mark = line:match "^([-*]) "
    if mark then number = number + 1 end
    if mark == "*" then return number end
  end
  local value = body:match "\n= {([%w_]+)}" or error(name .. ": a question without an answer")
  value = lesson.values[value]
  return type(value) == "function" and value(open) or value
end

local function put_solutions(task)
  local solution = task.solution
  if type(solution) == "string" then solution = {[task.files[1]] = solution} end
  if type(solution) ~= "table" then return false end
  for file, path in pairs(solution) do
    local to = assert(io.open(work .. "/" .. file, "wb"))
    to:write(read(folder .. "/" .. path))
    to:close()
  end
  return true
end

-- The keys of the screen for words of the dialogue.
local keys = {step = "s", run = "r", ["run back"] = "R", ["run trap"] = "trt", ["step out"] = "o", ["step over"] = "n", solve = "V"}

local function keys_of(words)
  local word, times = words:match "^(.-) ?(%d*)$"
  return (keys[word] or error(name .. ": no key for " .. words)):rep(tonumber(times) or 1)
end

-- Before it is answered, the page is read: by Enter, or to its end at once by the key for a hint.
local function press(kind, what, body)
  if kind == "predict" or kind == "question" then
    local is_number = body:match "\n= "
    print((is_number and "H\r%s\r" or "\r\r\r%s"):format(answer(body)))
  elseif kind == "task" and put_solutions(lesson.tasks[what]) then
    print "Hc"
  else
    local all = {}
    for _, words in ipairs((moves[name] or {})[what] or {"solve"}) do all[#all + 1] = keys_of(words) end
    print("H" .. table.concat(all))
  end
end

local MOST_PAGES = 6 -- between two things that are asked, there are fewer
local asked = 0
local function go_on() for _ = 1, MOST_PAGES do print "" end end

local function ask(kind, what, body)
  asked = asked + 1
  if is_screen then return press(kind, what, body) end
  go_on()
  if kind == "predict" or kind == "question" then
    print(answer(body))
    return
  end
  local has_files = kind == "task" and put_solutions(lesson.tasks[what])
  for _, line in ipairs((moves[name] or {})[what] or {has_files and "" or "solve"}) do print(line) end
end

local is_asked = {predict = true, question = true, ["do"] = true, task = true}

-- Pages, as docs/lesson-author.md tells where they end. A page that asks for nothing is read to its end, and that is all.
local page = {}
local function end_page()
  if is_screen and page.is_begun and not page.is_asked then print "H" end
  page = {}
end

local function item(kind)
  local moves = kind == "machine" or kind == "show"
  if page.is_asked or (moves and page.is_told) then end_page() end
  page.is_begun = true
  page.is_asked = is_asked[kind]
  page.has_moved = page.has_moved or moves
  if not moves then page.is_told = page.has_moved end
end

local kind, what, body -- of the block that is being read
for line in io.lines(folder .. "/en.md") do
  if body and line == "```" then
    if is_asked[kind] then ask(kind, what, body) end
    body = nil
  elseif body then
    body = body .. line .. "\n"
  elseif line:match "^```" then
    kind, what = line:match "^```(%l*) ?([%w_]*)"
    body = "\n"
    item(kind)
  elseif line:match "^## " then
    end_page()
    page.is_begun = true
  elseif page.is_begun and line:match "%S" then
    item "text"
  end
end
end_page()
if not is_screen then
  go_on()
  print ""
end
io.stderr:write(asked, "\n")
