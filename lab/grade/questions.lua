-- questions.lua: questions for a paper, about a machine that nobody has seen before, made for one student; and the key, which
-- the classifier computes. Run with pg74, the student's name or number, and lab_grade_generator; gives both as texts, in
-- Markdown.
local pg74, student, generator = ...
local random = generator("questions for " .. student)

-- What can be otherwise, each with its paragraph. Which of them violate which theorem is for the classifier to say.
local changes = {
  {"getbase rd", "0000001 00000 00000 011 rd:5 0001011", "X[rd] = base", "Get the base of R, in either mode."},
  {"getbound rd", "0000010 00000 00000 011 rd:5 0001011", "X[rd] = bound", "Get the bound of R, in either mode."},
  {"getflags rd", "0000001 00000 00000 010 rd:5 0001011", "X[rd] = flags()", "Get the flags of the PSW, in either mode."},
  {"getflags rd", "0000001 00000 00000 010 rd:5 0001011", "X[rd] = zext(mode, 32)", "Get the mode, in either mode."},
  {"retu rs1", "0000010 00000 rs1:5 010 00000 0001011", "mode = user\n    pc   = X[rs1]", "Return to user mode, in either mode."},
  {"setflags rs1", "0000000 00000 rs1:5 010 00000 0001011", "if mode == supervisor { set_flags(X[rs1]) }",
   "Set the flags of the PSW; in user mode nothing happens."},
  {"setflags rs1", "0000000 00000 rs1:5 010 00000 0001011", "require supervisor\n    enable = X[rs1][1]", "Set interrupt enable."},
  {"gettimer rd", "0000001 00000 00000 101 rd:5 0001011", "X[rd] = timer", "Get what is left of the timer, in either mode."},
  {"machineid rd", "0000001 00000 00000 111 rd:5 0001011", "X[rd] = identification", "Get the number of the machine, in either mode."},
  {"probe rd, rs1", "0000001 00000 rs1:5 100 rd:5 0001011", "X[rd] = zext(user_may(X[rs1], loading), 32)",
   "1 if a user program may access the byte at rs1, in either mode."},
  {"loadreal rd, rs1", "0000000 00000 rs1:5 100 rd:5 0001011", "X[rd] = translate(X[rs1], 1, loading)",
   "Load the physical address of rs1, in either mode."},
  {"idle", "0000011 00000 00000 111 00000 0001011", "if mode == supervisor { waiting = 1 }", "Wait; in user mode nothing happens."},
}

-- Three of them, of different instructions.
local chosen, taken = {}, {}
while #chosen < 3 do
  local change = changes[random(#changes)]
  local name = change[1]:match "^%w+"
  if not taken[name] then
    taken[name] = true
    chosen[#chosen + 1] = change
  end
end
table.sort(chosen, function(a, b) return a[1] < b[1] end)

local text, names = "variant \"unfamiliar\" of \"pg74\"\n  title \"An unfamiliar machine\"\n", {}
for i, change in ipairs(chosen) do
  names[i] = change[1]:match "^%w+"
  text = text .. ("\nreplace instruction %s\n  doc     %q\n  layout  %s\n  execute {\n    %s\n  }\n"):format(
    change[1], change[4], change[2], change[3])
end
local report = pg74.classify({name = "unfamiliar", text = text}, {repair = true})

local paper = ([[
# An unfamiliar machine

For: %s

This machine is `pg74`, but for three instructions:

```
%s```

1. For each of %s: is it privileged? Control, mode, location, resource, time, user sensitive? One state, or a pair of states,
   for each yes.
2. Does Theorem 1 guarantee that a virtual machine monitor can be built? If not, which instructions are at fault?
3. Does Theorem 3 guarantee that a hybrid virtual machine monitor can be built? If not, which instructions are at fault?
4. For one of the instructions at fault in 2: what does a guest see under a trap-and-emulate monitor that it does not see on
   the bare machine? Which would you make privileged, to repair the machine?
]]):format(student, text, table.concat(names, ", "))

local key = {("# Key\n\nFor: %s\n"):format(student)}
local function say(...) key[#key + 1] = (string.format(...)) end
local properties = {"privileged", "control_sensitive", "mode_sensitive", "location_sensitive", "resource_sensitive",
                    "time_sensitive", "user_sensitive"}
for _, instruction in ipairs(report.instructions) do
  if taken[instruction.name] then
    local has = {}
    for _, property in ipairs(properties) do
      if instruction[property] then has[#has + 1] = property:gsub("_", " ") end
    end
    say("1. %s: %s.", instruction.name, #has > 0 and table.concat(has, ", ") or "innocuous")
    for _, property in ipairs(properties) do
      local witness = (instruction.witnesses or {})[property]
      if witness and witness.sentence then say("   - %s", witness.sentence) end
    end
  end
end
for number, theorem in ipairs {"theorem1", "theorem3"} do
  say("%d. %s: %s%s.", number + 1, theorem == "theorem1" and "Theorem 1" or "Theorem 3",
      report[theorem] and "guaranteed" or "not guaranteed",
      report[theorem] and "" or ", for " .. table.concat(report.violations[theorem], ", "))
end
say("4. The cheapest repair makes privileged: %s.", #report.violations.theorem1 > 0 and table.concat(report.violations.theorem1, ", ")
    or "nothing")
return paper, table.concat(key, "\n") .. "\n"
