-- What the module pg74 does, beyond the examples of its documentation: run by tests/lab/module.sh, in the shell and
-- in a stock Lua interpreter.
local pg74 = require "pg74"

-- An error, with a message that has the pattern.
local function fails(pattern, f, ...)
  local good, message = pcall(f, ...)
  assert(not good, "no error, where '" .. pattern .. "' was expected")
  assert(tostring(message):find(pattern, 1, true), "'" .. pattern .. "' was expected, not: " .. tostring(message))
end

local COUNT = [[
_start: li      a0, 5
again:  addi    a0, a0, -1
        bnez    a0, again
        ecall
        halt    a0
]]

-- Instruction sets.
local isa = pg74.isa "pg74"
assert(isa.name == "pg74" and isa.word_bits == 32)
assert(isa:instruction "setr".doc:find "base from rs1")
local word = isa:encode "addi a0, a1, -7"
assert(isa:disassemble(word) == "addi a0, a1, -7")
local decoded = isa:decode(word)
assert(decoded.instruction == "addi" and decoded.operands.rd == 10 and decoded.operands.imm == -7)
fails("did you mean 'setr'?", isa.instruction, isa, "setrr")
fails("mine:2:", pg74.isa, {name = "mine", text = 'variant "mine" of "pg74"\n  titel "x"'})

-- A machine, forwards and back.
local image = pg74.assemble(COUNT, {name = "count.s"})
assert(image:address "again" == image.entry + 4)
local m = pg74.machine {guest = image, history = true}
local reason, event = m:run {until_event = "retire", when = function(e) return e.instruction == "bne" end}
assert(reason == "event" and event.pc == image.entry + 8 and m.x.a0 == 4)
m:step(2)
assert(m.x.a0 == 3)
assert(m:back(2) and m.x.a0 == 4)
assert(m:back_to "retire" and m.pc == image.entry + 8)
local digest = m:digest()
local snapshot = m:snapshot()
m.x.a0 = 77
m.pc = image.entry
assert(m:digest() ~= digest)
m:restore(snapshot)
assert(m:digest() == digest)

-- Observers.
local traps = 0
local handle = m:on("trap", function(e)
  traps = traps + 1
  assert(e.cause == "supervisor_call" and e.instruction == "ecall")
  fails("is running", m.run, m)
  fails("is running", m.close, m)
  fails("is running", function() m.pc = 0 end)
  fails("is running", m.write, m, 0x2000, "x")
  assert(m.pc == e.pc)
  return "stop"
end)
assert(m:run() == "stopped" and traps == 1)
m:off(handle)
fails("no observer", m.off, m, handle)
m = pg74.machine {guest = image}
m:on("fetch", function() error("boom", 0) end)
fails("boom", m.run, m)
fails("boom", m.step, m)

-- What is read: by an instruction, and by the entry of a trap, which loads the new PSW.
local reads = {}
local reading = pg74.machine {guest = pg74.assemble "_start: li t0, 0x2000\n lw a0, 4(t0)\n sw a0, 0(t0)\n ecall"}
reading:word(0x2004, 77)
reading:on("load", function(e) reads[#reads + 1] = ("%x=%d"):format(e.address, e.value) end)
reading:run(4)
assert(table.concat(reads, " ") == "2004=77 50=0 54=0 58=0 5c=0", table.concat(reads, " "))

-- Counting: by what a function says, or not at all; the most frequent first, and those as frequent by name.
local counted = pg74.machine {guest = image}
local tally, handle = counted:tally("retire", function(e) if e.instruction ~= "addi" then return e.pc end end)
local names = counted:tally "retire trap"
counted:run(12)
counted:off(handle)
counted:run(3)
local order = {}
for what, times in pairs(names) do order[#order + 1] = what .. " " .. times end
assert(table.concat(order, ", ", 1, 2) == "addi 6, bne 5" and names.ecall == 1, table.concat(order, ", "))
assert(tally[tostring(image.entry + 8)] == 5)
fails("function expected", counted.tally, counted, "trap", 7)

-- After the end.
m:close()
assert(m.closed and tostring(m):find "closed")
fails("has been closed", m.run, m)
fails("has been closed", function() return m.pc end)
fails("has been closed", function() return m.x end)
m:close()

-- Two machines at once, one in the callback of the other.
local outer, inner = pg74.machine {guest = image}, pg74.machine {guest = image}
outer:on("trap", function() assert(inner:run {until_event = "trap"} == "event") return false end)
assert(outer:run() == "stopped" and inner.x.a0 == 0)

-- Coroutines: one can run a machine; its callbacks cannot leave it.
local co = coroutine.wrap(function() return pg74.machine {guest = image}:run(3) end)
assert(co() == "limit")
local m = pg74.machine {guest = image}
m:on("fetch", function() coroutine.yield() end)
fails("yield across", coroutine.wrap(function() m:run() end))

-- Objects that outlive what they came from.
do
  local s, x = m:snapshot(), m.x
  m:close()
  fails("has been closed", function() return x.a0 end)
  fails("has been closed", m.restore, m, s)
  local cpu = pg74.hosted {guest = "hello"}.cpus[1]
  collectgarbage()
  assert(cpu:run().instruction == "out")
  local host = pg74.hosted {guest = "hello"}
  host.machine:close()
  fails("has been closed", host.cpus[1].run, host.cpus[1])
  fails("has been closed", function() return host.cpus[1].x.a0 end)
end

-- Memory.
fails("no memory", outer.read, outer, 0xfffffff0, 32)
fails("no memory", outer.word, outer, 0xffffffff)
outer:write(0x2000, "abcd")
assert(outer:read(0x2000, 4) == "abcd" and outer:word(0x2000) == 0x64636261 and outer:byte(0x2001) == 0x62)
outer:word(0x2000, -1)
assert(outer:half(0x2002) == 0xffff)

-- Options.
fails("did you mean 'guest'?", pg74.machine, {gest = "hello"})
fails("there is no file 'nosuch'", pg74.machine, {guest = "nosuch"})
fails("name a monitor", pg74.machine, {guests = {"hello", "hello"}})
fails("needs a guest", pg74.machine, {})
fails("must be a string with the bytes", pg74.machine, {guest = "hello", input = 7})
fails("did you mean 'console'?", function() return outer.consol end)
fails("did you mean 'limit'?", outer.run, outer, {limt = 1})
fails("there is no event 'tarp'; did you mean 'trap'?", outer.on, outer, "tarp", print)
fails("wanted: an image, or a name", pg74.machine, {guest = {}})

-- Saved, and restored in another machine; another machine's snapshot.
local path = os.tmpname()
local a = pg74.machine {guest = image}
a:step(3)
a:save(path)
local b = pg74.restore(path)
os.remove(path)
assert(a:digest() == b:digest())
assert(a:run(10) == b:run(10) and a:digest() == b:digest())
fails("another machine", a.restore, a, b:snapshot())

-- Screens and debuggers take a machine that is there, still, whole, and once.
for _, show in ipairs {pg74.tui, pg74.gdb} do
  local shown = pg74.machine {guest = image}
  shown:on("fetch", function() fails("is running", show, shown, show == pg74.tui and {keys = ""} or {}) end)
  shown:run(1)
  shown:close()
  fails("has been closed", show, shown, show == pg74.tui and {keys = ""} or {})
  fails("is not known", show, b, show == pg74.tui and {keys = ""} or {})
  fails("has no option 'nosuch'", show, a, {nosuch = 1})
end
fails("stands twice", pg74.tui, {a, a}, {keys = ""})
fails("from 1 to 6", pg74.tui, {}, {keys = ""})
fails("must be from 0 to 65535", pg74.gdb, a, {port = 65536})
-- An observer's error comes out of the session; the machine can be used again.
local watched = pg74.machine {guest = image}
local observer = watched:on("trap", function() error("while it is shown", 0) end)
fails("while it is shown", pg74.tui, watched, {keys = "r"})
assert(not watched.running)
watched:off(observer)
assert(watched:run(1) == "limit")
for _ = 1, 20 do pg74.tui(watched, {keys = ""}) end -- nothing of a screen stays with the machine
watched:off(watched:on("trap", print))

-- Every method and field, of whatever was there when its machine was closed: an error and nothing worse. And every one called
-- from a callback, with nothing and with what it would take: an error, or an answer, and the run goes on as it would have.
local registry = debug.getregistry()
local arguments = {
  run = {10}, step = {1}, back = {1}, back_to = {"trap"}, on = {"trap", print}, off = {1}, tally = {"trap"}, read = {0x1000, 4},
  write = {0x1000, "x"}, word = {0x1000, 1}, half = {0x1000, 1}, byte = {0x1000, 1}, translate = {0x1000}, address = {"_start"},
  deliver = {1, ("x"):rep(60)}, request = {"timer"}, trace = {"/nosuch/folder/trace"}, save = {"/nosuch/folder/saved"},
  emulate = {{}}, wait = {10}, port_in = {"disk_size"}, port_out = {"console_output", 65}, halt = {1},
}
local function each_member(class, visit)
  for name, method in pairs(registry[class].methods) do visit(name, method, table.unpack(arguments[name] or {})) end
  for name, field in pairs(registry[class].fields) do visit(name, field) end
end
local function is_left(name) return name == "close" or name == "closed" end
local gone = pg74.hosted {guest = image}
local closed, snapshot, state, registers = gone.machine, gone.machine:snapshot(), gone.machine.state, gone.machine.x
local tallied, cpu = closed:tally "trap", gone.cpus[1]
local cpu_state, virtual = cpu.state, cpu.virtual
closed:close()
closed:close()
assert(closed.closed and tostring(closed):find "closed")
each_member("pg74.machine", function(name, f, ...) if not is_left(name) then fails("has been closed", f, closed, ...) end end)
for _, states in ipairs {state, registers, cpu_state, virtual} do
  fails("has been closed", function() return states.pc end)
  fails("has been closed", function() states.pc = 1 end)
  fails("has been closed", tostring, states)
  fails("has been closed", function() for _ in pairs(states) do end end)
end
for name, method in pairs(registry["pg74.cpu"].methods) do fails("has been closed", method, cpu, table.unpack(arguments[name] or {})) end
each_member("pg74.cpu", function(_, f, ...) pcall(f, cpu, ...) end)
fails("needs on_trap", gone.run, gone)
fails("another machine", a.restore, a, snapshot)
fails("has been closed", closed.restore, closed, snapshot)
assert(next(tallied) == nil)
local function count_all(watched, visit)
  local steps = 0
  watched:on("retire", function(e)
    steps = steps + 1
    if steps == 2 then visit(e) end
  end)
  assert(watched:run() == "halted" and not watched.running)
  return watched:digest()
end
local halting = pg74.assemble "_start: li a0, 5\n1: addi a0, a0, -1\n bnez a0, 1b\n halt a0"
local plain = count_all(pg74.machine {guest = halting, history = true}, function() end)
local looked = pg74.machine {guest = halting, history = true}
local held = looked:snapshot()
assert(count_all(looked, function()
  fails("is running", looked.restore, looked, held)
  for _, name in ipairs {"run", "step", "back", "back_to", "write", "save", "close", "restore"} do
    fails("is running", looked[name], looked, table.unpack(arguments[name] or {held}))
  end
  each_member("pg74.machine", function(name, f, ...)
    pcall(f, looked)
    if not ("on tally request deliver"):find(name, 1, true) then pcall(f, looked, ...) end
  end)
  for _, f in ipairs {pg74.tui, pg74.gdb} do fails("is running", f, looked, {keys = ""}) end
end) == plain)

-- Labs and lessons: what is wrong is an error, with what the command says.
local lab = os.tmpname()
os.remove(lab)
fails("there is no lab", pg74.lab.check, lab)
fails("no lab: " .. lab, pg74.grade, {lab = lab, submission = lab})
pg74.lab.new(lab)
fails("cannot make the folder", pg74.lab.new, lab)
fails("lies in the lab's own folder", pg74.lab.export, lab, lab .. "/students")
fails("invalid option 'moodle'", pg74.lab.package, lab, lab .. "-package", "moodle")
fails("no submission nosuch", pg74.grade, {lab = lab, submission = "nosuch"})
fails("needs a lab", pg74.grade, {submission = lab})
fails("either submission = FOLDER or batch", pg74.grade, {lab = lab})
fails("either submission = FOLDER or batch", pg74.grade, {lab = lab, submission = lab, batch = lab})
fails("output = FOLDER says", pg74.grade, {lab = lab, batch = lab})
fails("compare is for batch", pg74.grade, {lab = lab, submission = lab, compare = "old.csv"})
fails("not 'xml'", pg74.grade, {lab = lab, submission = lab, format = "xml"})
fails("did you mean 'submission'?", pg74.grade, {lab = lab, submision = lab})
local report = pg74.grade {lab = lab, submission = lab .. "/solution", output = lab .. "/result"}
assert(report.score == 6 and report.messages == nil and tostring(report):find "6 of 6 points")
assert(io.open(lab .. "/result"):read "a" == tostring(report) .. "\n")
local file <close> = io.open(lab .. "/lab.lua", "w")
file:write "return {api = 1,\n title = 7}"
file:flush()
fails("lab.lua:2", pg74.grade, {lab = lab, submission = lab .. "/solution"})
os.execute("rm -r " .. lab)
fails("there is no lesson 'nosuch'", pg74.lesson.check, "nosuch")
fails("there is no lesson 'nosuch'", pg74.lesson.show, "nosuch")
fails("has no option 'nosuch'", pg74.lesson.list, {nosuch = 1})
fails("there are no lessons", pg74.lesson.list, {lessons = lab})
fails("nosuch", pg74.lesson.verify, "nosuch")
assert(#pg74.lesson.list() > 10 and not pg74.lesson.list()[2].nosuch)
print "good"
