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
}
actions[action]()
