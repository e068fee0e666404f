-- What each command of pg74 does, done in Lua: prints what the command prints. Run by commands.sh, with the name of what to do.
local action, file, other = ...
local pg74 = require "pg74"

local function read(path)
  local stream <close> = assert(io.open(path, "rb"))
  return stream:read "a"
end

local actions = {
  list = function() print(table.concat(pg74.isas(), "\n")) end,
  show = function() io.write(pg74.isa "pg74":show "setr", "\n") end,
  card = function() io.write(pg74.isa "pdp10":card(), "\n") end,
  isa_check = function() print(pcall(pg74.isa, file)) end,
  asm = function() pg74.assemble(read(file), {name = file}):save(other) end,
  dis = function()
    for _, line in ipairs(pg74.load(file):disassembly()) do print(("%08x %s"):format(line.word, line.text)) end
    print(pg74.isa "pg74":disassemble(0x00150513))
  end,
  run = function()
    local m = pg74.machine {guests = {"hello", "hello"}, vmm = "trap_and_emulate", memory = 65536}
    m:trace(file)
    print(m:run(), m:time().instructions, m:time().cycles, m:guest_halt_code(2), m:statistics(2).emulated)
    print(m:console(1))
  end,
  compare = function() print(pg74.compare {guest = "hello", vmm = {"trap_and_emulate", "interpreter"}, breakdown = true}) end,
  check = function()
    local result = pg74.check {vmm = "trap_and_emulate", guests = 3, seed = 7, part = 1, parts = 20}
    print((tostring(result):gsub("^.-\n\n", "")))
  end,
  classify = function() print(pg74.classify("pdp10", {instruction = "retu"})) end,
  difference = function() print(pg74.difference("pocket", "pocket")) end,
  host = function() print(#pg74.host()) end,
  tui = function() pg74.tui(pg74.machine {guest = "hello"}, {keys = "sss", export = file}) end,
  screens = function()
    pg74.tui({pg74.machine {guest = "hello"}, pg74.machine {guest = "hello", vmm = "trap_and_emulate"}}, {keys = "ss", export = file})
  end,
  gdb = function()
    local m = pg74.machine {guest = "hello", vmm = "trap_and_emulate", history = true}
    m:run(100)
    pg74.gdb(m, {port = 0})
    print(m:time().instructions, m:back(3), m.running)
  end,
  grade = function() print(pg74.grade {lab = file, submission = other}) end,
  grade_junit = function() print(pg74.grade {lab = file, submission = other, format = "junit", task = "sum", seed = 3}) end,
  grade_json = function()
    local report = pg74.grade {lab = file, submission = other, format = "json"}
    print(report)
    assert(report.score == 0 and report.points == 6 and report.tasks[2].waits_for == "halts" and report.complete)
  end,
  batch = function() print(pg74.grade {lab = file, batch = other, output = other .. ".lua", jobs = 2, compare = other .. "/../old.csv"}) end,
  lab_check = function() print(pg74.lab.check(file)) end,
  lab_new = function() pg74.lab.new(file) end,
  lab_export = function() pg74.lab.export(file, other, {secret = "of the course"}) end,
  lab_package = function() print(pg74.lab.package(file, other, "autolab")) end,
  lab_questions = function() pg74.lab.questions("anna", file, other) end,
  lesson_list = function() print(pg74.lesson.list()) end,
  lesson_show = function() pg74.lesson.show("two_computers", {keys = "ss", export = file}) end,
  lesson_plain = function() pg74.lesson.show("two_computers", {plain = true}) end,
  lesson_export = function() print((pg74.lesson.export "two_computers":gsub('"written":"[^"]*"', ""))) end,
  lesson_verify = function()
    local verdict = pg74.lesson.verify(file)
    print(verdict)
    assert(verdict.passed == (verdict.messages == nil and not tostring(verdict):find "1 not"))
  end,
  lesson_check = function() print(pg74.lesson.check "two_computers") end,
  lesson_reset = function() pg74.lesson.reset "two_computers" end,
}
actions[action]()
