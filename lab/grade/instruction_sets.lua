-- instruction_sets.lua: checks that ask the classifier about an instruction set that was submitted.
local grade, pg74, lab, tools = ...
local work = lab.work

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

-- A check: what the theorems say of an instruction set that was submitted. `expect` maps theorem1, theorem2, theorem3 to
-- what they must be; `violations` maps a theorem to the names, in order, that must violate it.
function lab.verdict(options)
  return function()
    local report = pg74.classify(work.isa(options.file, options.over), {repair = false})
    for _, theorem in ipairs {"theorem1", "theorem2", "theorem3"} do
      local wanted = (options.expect or {})[theorem]
      if wanted ~= nil and report[theorem] == nil then tools.limit "the solver has not decided it" end
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
    local together = tools.of_student(pg74.isa, {name = options.file, text = text})
    local report = pg74.classify(together, {instruction = name, repair = false})
    local found = report.instructions[1]
    if found.time_sensitive == false then return true end
    if found.time_sensitive == nil then tools.limit "the solver has not decided it" end
    local sentence = found.witnesses.time_sensitive.sentence
      :gsub("that differ in which alone", "that are equal"):gsub("in the one and", "by what was submitted, and")
      :gsub("in the other%.$", "by the reference.")
      :gsub("traps in the first and not in the second", "traps as submitted, and not by the reference")
      :gsub("traps in the second and not in the first", "does not trap as submitted, and does by the reference")
    return false, {message = sentence, at = found.witnesses.time_sensitive.assembly}
  end
end
