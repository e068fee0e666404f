-- course.lua: the lab's machine, and how a course gets one of its own, made from a secret.
local grade, pg74, lab = ...

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
