-- walk.lua: what a reader types who goes through a lesson in the dialogue, follows its text, and knows all answers.
-- Prints how many things are asked on standard error, and what is typed on standard output.
--
--     pg74 shell tests/lessons/walk.lua lessons/NAME WORK       solutions are put into the folder WORK
local pg74 = require "pg74"
local folder, work = ...
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

local MOST_PAGES = 6 -- between two things that are asked, there are fewer
local asked = 0
local function go_on() for _ = 1, MOST_PAGES do print "" end end

local function ask(kind, what, body)
  asked = asked + 1
  go_on()
  if kind == "predict" or kind == "question" then
    print(answer(body))
    return
  end
  local has_files = kind == "task" and put_solutions(lesson.tasks[what])
  for _, line in ipairs((moves[name] or {})[what] or {has_files and "" or "solve"}) do print(line) end
end

local is_asked = {predict = true, question = true, ["do"] = true, task = true}
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
  end
end
go_on()
print ""
io.stderr:write(asked, "\n")
