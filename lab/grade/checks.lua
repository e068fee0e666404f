-- checks.lua: what the check of a task can be made of. The grader runs it before a lab.lua, which finds it as `lab`.
-- docs/lab-author.md is its manual.
--
-- A check is a function of the student's work. It returns true, or false and a failure: a table with any of `message`,
-- `expected`, `got`, `at`, `guest` (a program that shows it), `detail`. Whoever finds the student at fault somewhere deep
-- calls lab.fail. Any other error is the lab's, and so the grader's: the student loses nothing by it.
local grade, pg74 = ...
local lab = {}

-- ---- Failures -------------------------------------------------------------------------------------------------------

function lab.fail(failure)
  if type(failure) == "string" then failure = {message = failure} end
  error({failure = failure}, 0)
end

-- What is nobody's fault: the verdict becomes a grader error.
local function limit(what) error({limit = what}, 0) end
local function broken(what) error({limit = nil, broken = what}, 0) end

-- Calls a function; what goes wrong in it is the student's fault, for it reads the student's text.
local function of_student(call, ...)
  local result = table.pack(pcall(call, ...))
  if result[1] then return table.unpack(result, 2, result.n) end
  if type(result[2]) == "table" then error(result[2], 0) end
  lab.fail {message = tostring(result[2]):gsub("^%[string[^\n]-%]:%d+: ", ""):gsub("^checks%.lua:%d+: ", "")}
end

-- ---- Texts from outside ---------------------------------------------------------------------------------------------
-- They are searched in the grader's own process. So no pattern here may need more time than the text is long, whatever is
-- in it: nothing stands behind a `.-` that could match at many places.

-- A text without blanks around it.
local function trimmed(text) return text:match "^%s*(.*%S)" or "" end

-- A text of the same length in which what comments say, and texts in quotes, are blanks: of an instruction set.
local function code_of(text)
  local parts, at = {}, 1
  while true do
    local first = text:find('[-"]', at)
    if not first then break end
    local last = first
    if text:byte(first) == 34 then last = text:find('["\n]', first + 1) or #text
    elseif text:byte(first + 1) == 45 then last = (text:find("\n", first, true) or #text + 1) - 1
    end
    parts[#parts + 1] = text:sub(at, first - 1)
    parts[#parts + 1] = last > first and (" "):rep(last - first + 1) or text:sub(first, first)
    at = last + 1
  end
  parts[#parts + 1] = text:sub(at)
  return table.concat(parts)
end

-- What a child says in words, without what is otherwise each time: names of scratch files, and sizes of memory.
local function plain(text)
  return text and trimmed(text:gsub("/[^%s:]*pg74%-grade%-[^%s:]*/", "")
    :gsub("%.?/?pg74%-lesson%-%w%w%w%w%w%w[./]?", "")
    :gsub("cc%w%w%w%w%w%w%.", "temporary."):gsub("allocating %d+ bytes after a total of %d+ bytes", ""))
end

-- ---- The student's work ---------------------------------------------------------------------------------------------

local work = {seed = grade.seed}

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
  return of_student(pg74.assemble, text, {isa = isa or lab.machine(), name = file})
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
  return of_student(pg74.isa, {name = file, text = text, over = over})
end

-- Answers: lines `name = value`; a # begins a comment. Values are texts without blanks around them, in small letters.
function work.answers(file)
  local answers, number = {}, 0
  for line in (work.read(file) .. "\n"):gmatch "(.-)\r?\n" do
    number = number + 1
    line = line:gsub("#.*", "")
    local name, value = line:match "^%s*([%w_]+)%s*[=:](.*)$"
    if name then answers[name] = trimmed(value):lower()
    elseif line:find "%S" then
      lab.fail {message = ("%s:%d: a line is NAME = VALUE"):format(file, number), got = line}
    end
  end
  return answers
end

-- ---- Course variants ------------------------------------------------------------------------------------------------

-- The same things in another order, in which none (of several) stays where it was.
local function moved(list, random)
  local order, result = {}, {}
  for i = 1, #list do order[i] = i end
  for i = #order, 2, -1 do
    local j = random(i)
    order[i], order[j] = order[j], order[i]
  end
  for i = 1, #order do result[order[i]] = list[order[i % #order + 1]] end
  return result
end

local derivations = {}

local system_opcode = "0001011" -- custom-0
local function system_instructions(isa)
  local found = {}
  for _, name in ipairs(isa:instructions()) do
    local it = isa:instruction(name)
    if it.layout:sub(-7) == system_opcode then found[#found + 1] = it end
  end
  return found
end

-- In a text of the lab's own the instruction may stand itself: then its layout becomes another one there.
local function replace_instruction(say, it, layout)
  local _, head_end = say.text:find("instruction " .. it.name .. "%f[^%w_]")
  local first, last = say.text:find("%f[%w]layout%s+[^\n]*", head_end or #say.text)
  if head_end and first then
    say.text = say.text:sub(1, first - 1) .. "layout  " .. layout .. say.text:sub(last + 1)
    return
  end
  say(("replace instruction %s %s\n  doc     %q\n  layout  %s\n  execute {\n    %s\n  }\n"):format(
    it.name, it.syntax or "", it.doc, layout, it.execute))
end

-- System instructions of the same form exchange their words.
function derivations.encodings(isa, random, say)
  local groups, shapes = {}, {}
  for _, it in ipairs(system_instructions(isa)) do
    local shape = it.layout:gsub("%f[%w][01]+%f[%W]", "C")
    if not groups[shape] then
      groups[shape] = {}
      shapes[#shapes + 1] = shape
    end
    table.insert(groups[shape], it)
  end
  for _, shape in ipairs(shapes) do
    local layouts = {}
    for i, it in ipairs(groups[shape]) do layouts[i] = it.layout end
    layouts = moved(layouts, random)
    for i, it in ipairs(groups[shape]) do replace_instruction(say, it, layouts[i]) end
  end
end

-- All of them have another opcode, one of custom-1 to custom-3.
function derivations.opcode(isa, random, say)
  local opcode = ({"0101011", "1011011", "1111011"})[random(3)]
  for _, it in ipairs(system_instructions(isa)) do replace_instruction(say, it, it.layout:sub(1, -8) .. opcode) end
end

-- Traps have other numbers.
function derivations.causes(isa, random, say)
  local names = {"memory", "privileged", "illegal", "supervisor_call", "breakpoint", "misaligned"}
  local storage, numbers = {memory = true, misaligned = true}, {}
  for i, name in ipairs(names) do numbers[i] = isa:causes()[name] end
  numbers = moved(numbers, random)
  for i, name in ipairs(names) do
    say(("replace cause %s = %d %s \"as on %s, under another number\""):format(
      name, numbers[i], storage[name] and "storage" or "", isa.name))
  end
end

-- The trap area has another order.
function derivations.layout(isa, random, say)
  for _, names in ipairs {{"old_psw", "new_psw"}, {"trap_cause", "trap_value", "trap_access"}} do
    local places = {}
    for i, name in ipairs(names) do places[i] = isa:constants()[name] end
    places = moved(places, random)
    for i, name in ipairs(names) do say(("replace const %s = 0x%x"):format(name, places[i])) end
  end
end

-- A course's own variant of an instruction set, as a text: made from a secret, which is the instructor's. `what` lists
-- what becomes different: "encodings" or "opcode", "causes", "layout". `text`: the instruction set's, if it is none that
-- is built in; then that is what becomes different.
function lab.derive(parent, secret, what, text)
  local isa, random = text and pg74.isa {name = parent, text = text} or pg74.isa(parent), grade.generator(secret)
  local say = setmetatable({text = text and text .. "\n" or ""},
                           {__call = function(self, line) self.text = self.text .. line .. "\n" end})
  if not text then
    say(("variant \"course\" of %q\n  title \"The machine of this course: %s, with other numbers\"\n"):format(
      parent, parent))
  end
  for _, name in ipairs(what) do
    if not derivations[name] then error("there is nothing to derive called '" .. tostring(name) .. "'", 0) end
    derivations[name](isa, random, say)
  end
  return say.text
end

-- ---- The lab's machine ----------------------------------------------------------------------------------------------

-- Its name, and its text where it is none that is built in: a file of the lab's; or, of a lab that says `derive`,
-- machine.isa (in what has been exported), or what the secret makes.
function lab.machine_text()
  local definition = lab.definition or {}
  local name = definition.machine or "pg74"
  local text = name:find "%.isa$" and grade.lab_file(name) or nil
  if not definition.derive then return name, text end
  if grade.has_file "machine.isa" then return "machine.isa", grade.lab_file "machine.isa" end
  if grade.secret then return "machine.isa", lab.derive(name, grade.secret, definition.derive, text) end
  return name, text
end

function lab.machine()
  if not lab.loaded_machine then
    local name, text = lab.machine_text()
    lab.loaded_machine = text and pg74.isa {name = name, text = text} or pg74.isa(name)
  end
  return lab.loaded_machine
end

-- pg74.h for the lab's machine; nil where that is one that is built in.
function lab.header()
  local _, text = lab.machine_text()
  if not text then return nil end
  return grade.header(lab.machine())
end

-- ---- Monitors -------------------------------------------------------------------------------------------------------

local function plural(count, what) return count == 1 and "1 " .. what or ("%d %ss"):format(count, what) end

-- What a check by pg74.check says, as a failure.
local function failure_of(report, shown, name)
  local equivalence, control = report.equivalence, report.resource_control
  local found = equivalence.counterexample or control.counterexample
  if not found then
    if not report.efficiency.passed then
      return {message = "the guest's instructions are not executed directly",
              expected = "at least 90 % of a program that computes in user mode",
              got = ("%.1f %%"):format(100 * report.efficiency.direct_share)}
    end
    return {message = "a guest of the lab comes to no end on the bare machine"}
  end
  local at = type(found.at) == "table" and found.at or {}
  local place = at.instruction and (at.symbol and "%s, in %s" or "%s"):format(at.instruction, at.symbol)
  local what = equivalence.counterexample and (found.differs or "the guest's run") .. " differs from the bare machine's"
               or "a guest got out of the monitor's control"
  return {message = name and ("%s: %s"):format(name, what) or what, expected = found.expected, got = found.got,
          at = place,
          detail = table.concat(found.before or {}, "\n"), guest = shown and shown:gsub("^# From [^\n]*\n", "")}
end

-- What a monitor in Lua is held against, in a closed child.
local function check_lua(file, checks, options)
  local machine, text = lab.machine_text()
  local answer = grade.closed {
    isa = machine, isa_text = text, file = file,
    source = work.read(file), fuel = options.fuel or 100000000, memory = options.memory or (64 << 20),
    without = options.without, checks = checks}
  return answer
end

local function judge_lua(file, checks, options)
  local answer = check_lua(file, checks, options)
  local done = 0
  for _, line in ipairs(answer) do
    if line.error and not line.check then lab.fail {message = line.error} end
    if line.broken then broken(line.broken) end
    if line.exhausted then
      lab.fail {message = ("the monitor has used up its fuel, at %s"):format(line.exhausted),
                expected = "an end", got = "none, within the instructions of Lua that the lab allows",
                guest = checks[done + 1] and checks[done + 1].case}
    end
    if line.check then
      done = done + 1
      if not line.passed then
        local failure = failure_of(line.report, line.case, checks[done].name)
        if line.error then failure.message = line.error:gsub("^%[string[^\n]-%]", "") end
        return false, failure
      end
    end
  end
  if done == #checks then return true end
  if answer.ended ~= "ended" then limit(answer.ended) end
  broken "the child that ran the monitor ended without an answer"
end

-- A failure if a program, however long, ends otherwise under a monitor, or takes more than so many times the bare
-- machine's cycles there.
local function too_slow(image, check)
  local program = pg74.assemble(check.case, {isa = lab.machine(), name = check.name})
  local run = pg74.compare {vmm = image, isa = lab.machine(), guest = program, memory = 65536, method = "final",
                            limit = 100000000}.runs[2]
  if run.failure then
    return failure_of({equivalence = {counterexample = run.failure}, resource_control = {}}, check.case, check.name)
  end
  if run.overhead <= check.overhead then return nil end
  return {message = ("%s: it takes too many cycles under the monitor"):format(check.name), guest = check.case,
          expected = ("at most %.2f times those of the bare machine"):format(check.overhead),
          got = ("%.2f times"):format(run.overhead)}
end

-- What an image of a monitor is held against.
local function judge_image(image, checks)
  for number, check in ipairs(checks) do
    if check.overhead then
      local failure = too_slow(image, check)
      if failure then return false, failure end
    else
      local result = pg74.check {vmm = image, isa = lab.machine(), case = check.case, guests = check.guests,
                                 seed = check.seed, jobs = 1}
      if not result.passed then return false, failure_of(result, result.case, check.name) end
    end
  end
  return true
end

-- ---- The compiler ---------------------------------------------------------------------------------------------------

-- Adds files of the lab's to those that the compiler gets, which are all in one folder.
local function add_own(files, names)
  for _, name in ipairs(names or {}) do files[name:match "[^/]*$"] = grade.lab_file(name) end
  return files
end

-- Compiles files for the lab's machine, with arguments; see grade.compile.
local function run_compiler(job)
  local sources = {}
  job.files["pg74.h"] = lab.header()
  for name in pairs(job.files) do
    if name:find "%.[cSo]$" then sources[#sources + 1] = name end
  end
  table.sort(sources)
  table.move(sources, 1, #sources, #job.arguments + 1, job.arguments)
  local result = grade.compile(job)
  if result.ended ~= "ended" then limit("the compiler: " .. result.text) end
  result.text = plain(result.text)
  return result
end

-- The object that a lab gives its students, or nil: what its `supplied` names, in one piece. Only what these have made
-- visible can be called from outside. An exported lab has it ready, without the sources.
function lab.supplied()
  local names = (lab.definition or {}).supplied
  if not names then return nil end
  if not grade.has_file "supplied" then
    if lab.definition.derive and grade.secret and not grade.has_file "machine.isa" then
      error("supplied.o was made for another machine than that of the secret: grade with the lab's own folder", 0)
    end
    return grade.lab_file "supplied.o"
  end
  local result = run_compiler {files = add_own({}, names), object = "supplied.o",
                               arguments = {"-O2", "-g0", "-r", "-fvisibility=hidden"}}
  if not result.object then error("what is supplied does not compile: " .. result.text, 0) end
  return result.object
end

-- The image of a program in C: the student's files, with the lab's own and what it supplies.
local function compile(options)
  if grade.image then return pg74.load(grade.image, "monitor") end -- lab check tries those of vmm/
  local files, arguments = {}, {"-T", "link.ld"}
  for _, name in ipairs(options.files) do files[name] = work.read(name) end
  add_own(files, options.with)
  for name, text in pairs(options.made or {}) do files[name] = text end
  files["link.ld"] = grade.lab_file(options.script)
  files["supplied.o"] = lab.supplied()
  table.move(options.flags or {"-O2"}, 1, #(options.flags or {"-O2"}), #arguments + 1, arguments)
  local result = run_compiler {files = files, arguments = arguments}
  if not result.image then lab.fail {message = "it does not compile", detail = result.text} end
  return of_student(pg74.load, result.image, "monitor")
end

local compiled -- once: all tasks of a lab are about the same files; what pcall gave
local function image_of(options)
  if not compiled then compiled = {pcall(compile, options)} end
  if not compiled[1] then error(compiled[2], 0) end
  return compiled[2]
end

-- A number from low to high, the same for the same seed and name.
local function draw(name, low, high)
  local state = grade.seed * 0x9e3779b97f4a7c15
  for i = 1, #name do state = (state ~ name:byte(i)) * 0x100000001b3 end
  state = (state ~ state >> 31) * 0x94d049bb133111eb
  return low + (state >> 33) % (high - low + 1)
end
lab.draw = draw

-- In assembly of this lab's `@new_psw` and `@old_psw+4` stand for what its machine calls so: a constant, a cause or a port.
local function named(text, file)
  local isa = lab.machine()
  return (text:gsub("@([%a_]+)%+?(%d*)", function(constant, more)
    local value = isa:constants()[constant] or isa:causes()[constant] or isa:ports()[constant]
    if not value then lab.fail {message = ("%s: the machine has no '%s'"):format(file, constant)} end
    local distance = more == "" and 0 or math.tointeger(tonumber(more))
    if not distance or distance > 0xffffffff then lab.fail {message = ("%s: +%s is too far"):format(file, more)} end
    return ("0x%x"):format(value + distance)
  end))
end

-- A guest of the lab's. `$5..40` in it becomes a number between these, by the seed: so no monitor knows what comes.
local function guest(name)
  local count = 0
  local text = grade.lab_file(name):gsub("%$(%w+)%.%.(%w+)", function(low, high)
    count = count + 1
    return tostring(draw(name .. count, tonumber(low), tonumber(high)))
  end)
  return named(text, name)
end

lab.guest = guest

-- A check: a monitor held against guests. `cases` names guests of the lab's, in the form that pg74 check --case reads;
-- `guests`: all directed ones, and so many generated ones, with `seed` (the grader's, unless it is said). With
-- `overhead` each case is one program, which may be long, and may take so many times the bare machine's cycles; of
-- monitors in C.
--   file = "monitor.lua"                                  a hosted monitor, in Lua; `without`: what a processor has not
--   files = {"monitor.c"}, with = {"start.S"}, script = "link.ld"   a program of the machine, in C
function lab.monitor(options)
  return function()
    local checks = {}
    for _, name in ipairs(options.cases or {}) do
      checks[#checks + 1] = {name = name:match "[^/]*$", case = guest(name), overhead = options.overhead}
    end
    if options.guests then checks[#checks + 1] = {guests = options.guests, seed = options.seed or grade.seed} end
    if options.file then return judge_lua(options.file, checks, options) end
    return judge_image(image_of(options), checks)
  end
end

-- ---- Programs of the machine ----------------------------------------------------------------------------------------

-- A check: a program in assembly, run on the bare machine; `expect` is called with the machine when it has ended, and
-- the numbers. Or `halt`, `console`: what it must have left. `with` names a file of the lab's that is put behind the
-- student's, `numbers` what `$name` becomes in it: {name = {low, high}}, by the seed. `halt` may be a function of them.
function lab.program(options)
  return function()
    local numbers, more = {}, ""
    for name, range in pairs(options.numbers or {}) do
      numbers[name] = draw((options.with or options.file) .. name, range[1], range[2])
    end
    if options.with then
      more = guest(options.with):gsub("%$([%a_]+)", function(name) return numbers[name] and tostring(numbers[name]) end)
    end
    local isa = options.isa or lab.machine()
    local image = of_student(pg74.assemble, named(work.read(options.file), options.file) .. "\n" .. more,
                             {isa = isa, name = options.file})
    local machine = pg74.machine {guest = image, isa = isa, input = options.input, memory = options.memory}
    local why = machine:run(options.fuel or 1000000)
    local shown = options.with and more or nil
    if why ~= "halted" then
      return false, {message = "the program does not halt: " .. (why == "limit" and "it has used up its fuel" or why),
                     expected = "it halts", guest = shown,
                     got = ("pc 0x%08x after %d instructions"):format(machine.pc, machine:time().instructions)}
    end
    local halt = type(options.halt) == "function" and options.halt(numbers) or options.halt
    if halt and machine.halt_code ~= halt then
      return false, {message = "the program halts with another code", expected = tostring(halt),
                     got = tostring(machine.halt_code), guest = shown}
    end
    if options.console and machine:console() ~= options.console then
      return false, {message = "the console shows something else", expected = options.console, got = machine:console(),
                     guest = shown}
    end
    if options.expect then return options.expect(machine, numbers, image) end
    return true
  end
end

-- ---- Instruction sets -----------------------------------------------------------------------------------------------

-- A check: what the theorems say of an instruction set that was submitted. `expect` maps theorem1, theorem2, theorem3 to
-- what they must be; `violations` maps a theorem to the names, in order, that must violate it.
function lab.verdict(options)
  return function()
    local report = pg74.classify(work.isa(options.file, options.over), {repair = false})
    for _, theorem in ipairs {"theorem1", "theorem2", "theorem3"} do
      local wanted = (options.expect or {})[theorem]
      if wanted ~= nil and report[theorem] == nil then limit "the solver has not decided it" end
      if wanted ~= nil and report[theorem] ~= wanted then
        return false, {message = ("%s is %s"):format(theorem, report[theorem] and "guaranteed" or "not guaranteed"),
                       expected = wanted and "guaranteed" or "not guaranteed",
                       got = table.concat(report.violations[theorem] or {}, ", ")}
      end
      local names = (options.violations or {})[theorem]
      local got = table.concat(report.violations[theorem] or {}, ", ")
      if names and got ~= table.concat(names, ", ") then
        return false, {message = ("%s is violated by other instructions"):format(theorem),
                       expected = table.concat(names, ", "), got = got}
      end
    end
    if options.then_check then return options.then_check(report) end
    return true
  end
end

-- Two meanings of an instruction in one: which of them it has, a state of its own decides. It is sensitive to that state
-- if and only if the meanings differ, which the classifier proves, or shows by two states. Traps about addresses are
-- traps like others here.
local function both(text, name, student, reference)
  local isa = lab.machine()
  local code = code_of(text)
  local first = code:find("%f[%w_]instruction%s+" .. name .. "%f[^%w_]")
  local body = first and code:find("%f[%w_]execute%f[^%w_]", first)
  local _, last = code:find("%b{}", body or #code + 1)
  if not last then
    lab.fail {message = ("the paragraph of %s is not to be found: instruction %s ... execute { ... }"):format(name, name)}
  end
  return ([[
%s
state which : bit  role time
  doc "0: the meaning that was submitted, 1: the reference."
replace cause memory     = %d "an access outside"
replace cause misaligned = %d "an address that is no multiple"
instruction %s %s
  doc     "Both."
  layout  %s
  execute {
    if which == 0 {
      %s
    } else {
      %s
    }
  }
%s]]):format(text:sub(1, first - 1), isa:causes().memory, isa:causes().misaligned, name, student.syntax or "",
             reference.layout, student.execute, reference.execute, text:sub(last + 1))
end

-- A check: an instruction that was submitted does what a reference does, for all words and all states, by proof. Compared
-- are general registers, pc, memory, resources, and whether it traps. `reference` is a file of the lab's with a variant in
-- which it stands; its meaning calls only functions that the lab's machine has.
function lab.instruction(options)
  return function()
    local name, machine = options.instruction, lab.machine()
    local isa = work.isa(options.file)
    -- What else the reference needs must be what it was: its functions, the traps, the instruction itself, once.
    local code = code_of(work.read(options.file))
    for _, word in ipairs {"replace", "remove", "on%s+fetch", "on%s+illegal"} do
      if code:find("%f[%w_]" .. word .. "%f[^%w_]") then
        word = word:gsub("%%s%+", " ")
        lab.fail {message = ("%s: only %s is to be added, and nothing else changed: `%s`"):format(options.file, name, word)}
      end
    end
    local reference = pg74.isa {name = options.reference, text = grade.lab_file(options.reference)}:instruction(name)
    local has = false
    for _, known in ipairs(isa:instructions()) do has = has or known == name end
    if not has then lab.fail {message = ("%s has no instruction %s"):format(options.file, name)} end
    for _, known in ipairs(machine:instructions()) do
      local old, new = machine:instruction(known), nil
      for _, kept in ipairs(isa:instructions()) do if kept == known then new = isa:instruction(known) end end
      if not new or new.execute ~= old.execute or new.mask ~= old.mask or new.match ~= old.match then
        lab.fail {message = ("%s is not what it was: only %s is to be added"):format(known, name)}
      end
    end
    local student = isa:instruction(name)
    if student.mask ~= reference.mask or student.match ~= reference.match then
      return false, {message = name .. " has another word", expected = reference.layout, got = student.layout}
    end
    local text = both(work.read(options.file), name, student, reference)
    local together = of_student(pg74.isa, {name = options.file, text = text})
    local report = pg74.classify(together, {instruction = name, repair = false})
    local found = report.instructions[1]
    if found.time_sensitive == false then return true end
    if found.time_sensitive == nil then limit "the solver has not decided it" end
    local sentence = found.witnesses.time_sensitive.sentence
      :gsub("that differ in which alone", "that are equal"):gsub("in the one and", "by what was submitted, and")
      :gsub("in the other%.$", "by the reference.")
      :gsub("traps in the first and not in the second", "traps as submitted, and not by the reference")
      :gsub("traps in the second and not in the first", "does not trap as submitted, and does by the reference")
    return false, {message = sentence, at = found.witnesses.time_sensitive.assembly}
  end
end

-- ---- Answers --------------------------------------------------------------------------------------------------------

-- A check: an answer. `is` is the right one, or a function that makes it (by a machine, so that no answer is typed).
function lab.answer(options)
  return function()
    local given = work.answers(options.file)[options.name]
    local right = options.is
    if type(right) == "function" then right = right(grade.seed) end
    right = tostring(right):lower()
    if given == nil then
      return false, {message = ("%s: there is no answer `%s`"):format(options.file, options.name)}
    end
    if given == right then return true end
    if tonumber(given) and tonumber(right) and tonumber(given) == tonumber(right) then return true end
    return false, {message = ("`%s` is another"):format(options.name), got = given}
  end
end

-- ---- Records of lessons ---------------------------------------------------------------------------------------------

-- What there is of a lesson in a record, judged again: {asked = {names}, kind = {name = kind}, found = {name =
-- finding}}. All that is wrong with the record as a whole is a failure of each check that looks at it.
local function judge_record(options)
  local answer = grade.record {lesson = options.lesson, lessons = options.lessons, text = work.text(options.file)}
  local result, version = {asked = {}, kind = {}, found = {}}, nil
  local ended = false
  for _, line in ipairs(answer) do
    if line.broken then broken(("the lesson %s: %s"):format(options.lesson, line.broken)) end
    if line.wrong then lab.fail {message = ("%s:%d: %s"):format(options.file, line.line, plain(line.wrong))} end
    if line.asked then
      result.asked[#result.asked + 1] = line.asked
      result.kind[line.asked] = line.kind
    elseif line.found == "-" then version = line
    elseif line.found then
      if not result.kind[line.found] or result.found[line.found] then
        lab.fail {message = ("%s: what the record says of %s cannot be"):format(options.file, line.found),
                  got = plain(line.why)}
      end
      result.found[line.found] = line
    end
    ended = ended or line["end"]
  end
  if answer.ended ~= "ended" then limit("judging the record: " .. answer.ended) end
  if not ended then broken "the child that judged the record ended without an answer" end
  if not version then
    lab.fail {message = ("%s: the record has nothing of the lesson %s"):format(options.file, options.lesson)}
  end
  if not version.confirmed then lab.fail {message = ("%s: %s"):format(options.file, version.why)} end
  return result
end

local judged = {} -- once: all tasks of a lab are about the same record; what pcall gave

-- Why something that the lesson asks for does not count; nil when it does.
local function why_not(record, name, shown)
  local found = record.found[name]
  if not found then return "the record does not have it" end
  if not found.confirmed then
    return "judged again, it is not as the record says: " .. (plain(found.why) or "it is not so")
  end
  if not found.right and found.kind ~= "prediction" then return plain(found.why) or "it is not done" end
  if found.shown and not shown then return "its solution was shown" end
end

-- A check: what a lesson's record shows that was done. `done` lists names that the lesson asks for; without it, and
-- without `questions`, all that is to be done on machines. `questions`: so many are answered right.
function lab.lesson(options)
  return function()
    local key = options.file .. "\0" .. options.lesson
    if not judged[key] then judged[key] = {pcall(judge_record, options)} end
    if not judged[key][1] then error(judged[key][2], 0) end
    local record, wanted, right = judged[key][2], options.done, 0
    if not wanted then
      wanted = {}
      for _, name in ipairs(record.asked) do
        local kind = record.kind[name]
        if not options.questions and (kind == "do" or kind == "task") then wanted[#wanted + 1] = name end
      end
    end
    for _, name in ipairs(wanted) do
      if not record.kind[name] then broken(("the lesson %s does not ask for '%s'"):format(options.lesson, name)) end
      local why = why_not(record, name, options.shown)
      if why then
        return false, {message = ("%s, %s: %s"):format(options.lesson, name, why:match "^[^\n]*"),
                       detail = why:find("\n", 1, true) and why or nil}
      end
    end
    for _, name in ipairs(record.asked) do
      if record.kind[name] == "question" and not why_not(record, name, options.shown) then right = right + 1 end
    end
    if options.questions and right < options.questions then
      return false, {message = ("%s: too few questions are answered right"):format(options.lesson),
                     expected = ("%d or more"):format(options.questions), got = tostring(right)}
    end
    return true
  end
end

lab.work = work
return lab, {of_student = of_student, image = image_of} -- what the files behind this one need
