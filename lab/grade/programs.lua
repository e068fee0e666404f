-- programs.lua: programs of the machine: what students write in C is compiled, guests of the lab's get their numbers,
-- and programs in assembly are run.
local grade, pg74, lab, tools = ...
local work, of_student = lab.work, tools.of_student

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
  if result.ended ~= "ended" then tools.limit("the compiler: " .. result.text) end
  result.text = tools.plain(result.text)
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
function tools.image(options)
  if not compiled then compiled = {pcall(compile, options)} end
  if not compiled[1] then error(compiled[2], 0) end
  return compiled[2]
end

-- ---- Guests ---------------------------------------------------------------------------------------------------------

-- A number from low to high, the same for the same seed and name.
function lab.draw(name, low, high)
  local state = work.seed * 0x9e3779b97f4a7c15
  for i = 1, #name do state = (state ~ name:byte(i)) * 0x100000001b3 end
  state = (state ~ state >> 31) * 0x94d049bb133111eb
  return low + (state >> 33) % (high - low + 1)
end
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

-- The text of a file of the lab's, in which a line `#! include FILE` stands for another one in its folder, and
-- `#! include FILE 24` for as many copies of it.
local function whole(name)
  return (("\n" .. grade.lab_file(name)):gsub("\n#! include (%S+) *(%d*)%f[\n]", function(file, times)
    return "\n" .. whole((name:match "^.*/" or "") .. file):gsub("\n$", ""):rep(tonumber(times) or 1, "\n")
  end):sub(2))
end

-- A guest of the lab's. `$5..40` in it becomes a number between these, by the seed: so no monitor knows what comes.
function lab.guest(name)
  local count = 0
  local text = whole(name):gsub("%$(%w+)%.%.(%w+)", function(low, high)
    count = count + 1
    return tostring(lab.draw(name .. count, tonumber(low), tonumber(high)))
  end)
  return named(text, name)
end

-- ---- Programs in assembly -------------------------------------------------------------------------------------------

-- A check: a program in assembly, run on the bare machine; `expect` is called with the machine when it has ended, and
-- the numbers. Or `halt`, `console`: what it must have left. `with` names a file of the lab's that is put behind the
-- student's, `numbers` what `$name` becomes in it: {name = {low, high}}, by the seed. `halt` may be a function of them.
function lab.program(options)
  return function()
    local numbers, more = {}, ""
    for name, range in pairs(options.numbers or {}) do
      numbers[name] = lab.draw((options.with or options.file) .. name, range[1], range[2])
    end
    if options.with then
      more = lab.guest(options.with):gsub("%$([%a_]+)", function(name) return numbers[name] and tostring(numbers[name]) end)
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
