-- checks.lua: what the check of a task can be made of: the first of the files in Lua that the grader runs before a
-- lab.lua, which finds what they make as `lab`. docs/lab-author.md is its manual.
--
--     checks.lua             failures; the student's work, which comes from outside; answers
--     course.lua             the lab's machine, and those of courses
--     programs.lua           the compiler; guests, in which numbers differ; programs in assembly
--     monitors.lua           monitors, in Lua and in C
--     instruction_sets.lua   what the classifier proves
--     records.lua            records of lessons
--     kernels.lua            kernels in C
--
-- Each gets the same four: what there is in C, the module pg74, `lab`, and `tools`, which they have for each other.
--
-- A check is a function of the student's work. It returns true, or false and a failure: a table with any of `message`,
-- `expected`, `got`, `at`, `guest` (a program that shows it), `detail`. Whoever finds the student at fault somewhere deep
-- calls lab.fail. Any other error is the lab's, and so the grader's: the student loses nothing by it.
local grade, pg74, lab, tools = ...

-- ---- Failures -------------------------------------------------------------------------------------------------------

function lab.fail(failure)
  if type(failure) == "string" then failure = {message = failure} end
  error({failure = failure}, 0)
end

-- What is nobody's fault: the verdict becomes a grader error.
function tools.limit(what) error({limit = what}, 0) end
function tools.broken(what) error({broken = what}, 0) end

-- Calls a function; what goes wrong in it is the student's fault, for it reads the student's text.
function tools.of_student(call, ...)
  local result = table.pack(pcall(call, ...))
  if result[1] then return table.unpack(result, 2, result.n) end
  if type(result[2]) == "table" then error(result[2], 0) end
  lab.fail {message = tostring(result[2]):gsub("^%[string[^\n]-%]:%d+: ", ""):gsub("^[%l_]+%.lua:%d+: ", "")}
end

-- ---- Texts from outside ---------------------------------------------------------------------------------------------
-- They are searched in the grader's own process. So no pattern here may need more time than the text is long, whatever is
-- in it: nothing stands behind a `.-` that could match at many places.

-- A text without blanks around it.
function tools.trimmed(text) return text:match "^%s*(.*%S)" or "" end

-- What a child says in words, without what is otherwise each time: names of scratch files, and sizes of memory.
function tools.plain(text)
  return text and tools.trimmed(text:gsub("/[^%s:]*pg74%-grade%-[^%s:]*/", "")
    :gsub("%.?/?pg74%-lesson%-%w%w%w%w%w%w[./]?", "")
    :gsub("cc%w%w%w%w%w%w%.", "temporary."):gsub("allocating %d+ bytes after a total of %d+ bytes", ""))
end

-- ---- The student's work ---------------------------------------------------------------------------------------------

local work = {}

-- What is drawn from now on is for tasks that are hidden, or for others. Students are told the seed, so that they can see
-- again what failed: nobody may conclude from it what the guests of hidden tasks are. These come from what students do
-- not have, too.
function lab.begin(hidden)
  work.seed = grade.seed
  if hidden and grade.has_file "hidden.lua" then
    local text = ("%d\0%s\0%s"):format(grade.seed, grade.secret or "", grade.lab_file "hidden.lua")
    work.seed = grade.generator(text)(1 << 62)
  end
end
lab.begin(false)

-- The text of a file that was submitted.
function work.read(file)
  local text, why = grade.submitted(file)
  if not text then lab.fail {message = ("%s: %s"):format(file, why)} end
  return text
end

-- The same, of a file that is handed on as JSON.
function work.text(file)
  local text = work.read(file)
  if text:find("\0", 1, true) or not utf8.len(text) then
    lab.fail {message = file .. ": this is not a text in UTF-8"}
  end
  return text
end

-- A file of the lab's own.
function work.own(file) return grade.lab_file(file) end

-- An image, from assembly.
function work.assemble(file, isa)
  local text = work.read(file)
  return tools.of_student(pg74.assemble, text, {isa = isa or lab.machine(), name = file})
end

-- An instruction set. The grader reads it where the lab lies, so it must not read other files.
function work.isa(file, over)
  local text = work.read(file)
  if text:find "%f[%w_]include%f[^%w_]" then
    lab.fail {message = file .. ": an instruction set that is submitted cannot include files"}
  end
  for quoted in text:gmatch '"([^"\n]*)"' do
    if quoted:find("/", 1, true) or quoted:find(".isa", 1, true) then
      lab.fail {message = ("%s: \"%s\" looks like the name of a file, and there are none here"):format(file, quoted)}
    end
  end
  return tools.of_student(pg74.isa, {name = file, text = text, over = over})
end

-- Answers: lines `name = value`; a # begins a comment. Values are texts without blanks around them, in small letters.
function work.answers(file)
  local answers, number = {}, 0
  for line in (work.read(file) .. "\n"):gmatch "(.-)\r?\n" do
    number = number + 1
    line = line:gsub("#.*", "")
    local name, value = line:match "^%s*([%w_]+)%s*[=:](.*)$"
    if name then answers[name] = tools.trimmed(value):lower()
    elseif line:find "%S" then
      lab.fail {message = ("%s:%d: a line is NAME = VALUE"):format(file, number), got = line}
    end
  end
  return answers
end

lab.work = work

-- ---- Answers --------------------------------------------------------------------------------------------------------

-- A check: an answer. `is` is the right one, or a function that makes it (by a machine, so that no answer is typed).
function lab.answer(options)
  return function()
    local given = work.answers(options.file)[options.name]
    local right = options.is
    if type(right) == "function" then right = right(work.seed) end
    right = tostring(right):lower()
    if given == nil then
      return false, {message = ("%s: there is no answer `%s`"):format(options.file, options.name)}
    end
    if given == right then return true end
    if tonumber(given) and tonumber(right) and tonumber(given) == tonumber(right) then return true end
    return false, {message = ("`%s` is another"):format(options.name), got = given}
  end
end
