-- Calls the functions of the module pg74 in an order, and with arguments, that bytes decide: for fuzz_lua.c, which
-- calls the function that this returns. Whatever it does must be an error at worst. Callbacks and coroutines do the same, so
-- that objects are used while they run, after they are closed, and one within the other.
-- saved: the name of a file that has a machine, and cannot be changed; scratch: of one that can. No other file may be named here
-- that could be overwritten: /dev/null can.
local pg74, registry, saved, scratch = require "pg74", ...

local LOOP = "_start: li a0, 50\n1: addi a0, a0, -1\n bnez a0, 1b\n ecall\n out zero, a0\n halt a0"
local STRINGS = {"", "hello", "trap", "interrupt psw", "retire fetch", "store port", "stop", "pg74", "pg74p",
                 "x86:pg74", "pocket", "trap_and_emulate", "interpreter", "a0", "pc", "base", "timer", "disk",
                 "load", "reference", "addi a0, a0, 1", "_start", "disk_command", "console_output", LOOP,
                 ("x"):rep(100), "fetch retire store psw port frame", "trap_and_emulate/interpreter", "hybrid",
                 "binary_translation", "pg74h", "pdp10", "final", "uniform", "monitor", "guest", saved, scratch,
                 "li a0, 1\nhalt a0\n", 'variant "v" of "pg74"\nremove instruction idle\n', "set", "halt",
                 ("\xff"):rep(60), "x0", "sp", "X", "mode", "supervisor_call", "privileged", "psw"}
local NUMBERS = {0, 1, 2, 3, 7, 16, 17, 64, 512, 1000, 4096, 65536, 1 << 20, -1, -4096, 0x7fffffff, 0xffffffff, 1 << 32,
                 math.mininteger, math.maxinteger, 0.5, 1e300, 0 / 0}
local CLASSES = {"pg74.isa", "pg74.image", "pg74.machine", "pg74.snapshot", "pg74.host", "pg74.cpu"}
local OPTIONS = {"guest", "guests", "vmm", "inner", "memory", "input", "inputs", "disk", "disks", "isa", "engine", "history",
                 "manual_events", "limit", "slice", "until_event", "when", "text", "name", "over", "identification",
                 "cost", "on_trap", "port_in", "port_out", "method", "breakdown", "monitor", "seed", "jobs", "instruction",
                 "demonstrate", "markdown", "html", "repair", "port", "keys", "export", "columns", "lines"}

-- Arguments that a function can do something with; it gets others, too.
local TAKES = {
  isa = "isa", assemble = "text named", load = "program kind", machine = "options", hosted = "options",
  check = "options", compare = "options", classify = "isa options", difference = "isa isa",
  instruction = "mnemonic", show = "mnemonic", encode = "text", decode = "number", disassemble = "number number",
  address = "name", symbol = "address", line = "address", disassembly = "small address", save = "saved",
  run = "run", step = "small", back = "small", back_to = "kinds function", on = "kinds function", off = "handle",
  restore = "kept", read = "address small", write = "address text", word = "address number", half = "address number",
  byte = "address number", translate = "address access small", console = "guest", disk = "guest",
  guest_halt_code = "guest", partition = "guest", deliver = "guest text", request = "cause", complete_disk = "guest",
  trace = "saved", emulate = "devices", wait = "small", port_in = "port", port_out = "port number", halt = "number",
  gdb = "object options", tui = "object options", grade = "grading", ["lab.new"] = "saved", ["lab.check"] = "saved",
  ["lab.export"] = "saved saved grading", ["lab.package"] = "saved saved platform", ["lab.questions"] = "name saved saved",
  ["lesson.list"] = "studying", ["lesson.show"] = "lesson studying", ["lesson.reset"] = "lesson studying",
  ["lesson.export"] = "lesson studying", ["lesson.verify"] = "saved studying", ["lesson.check"] = "lesson studying",
}
local KINDS = {
  isa = {"pg74", "pocket", "pg74p", "pg74h", "x86:pg74", "pdp10"}, text = {LOOP, "halt a0", "nop", ("x"):rep(60), ""},
  program = {"hello", "nucleus", "trap_and_emulate", "timer"}, kind = {"guest", "monitor"},
  mnemonic = {"setr", "addi", "halt", "nosuch"}, name = {"_start", "nosuch"}, address = {0, 0x1000, 0x1004, 0x50, 0x1ff0, -4},
  handle = {1, 2, 3}, small = {0, 1, 2, 5, 50, 1000, 4096}, number = NUMBERS, guest = {1, 1, 2, 3}, access = {"fetch", "load", "store"},
  kinds = {"trap", "fetch", "retire store", "port psw", "interrupt stop", "trap frame"}, saved = {saved, scratch, "nosuch"},
  cause = {"timer", "disk", "console", "network", 16, 31, 32, 2}, port = {"console_output", "disk_command", "disk_status", 0, 1, 2, 0x13, 255},
}
-- Which of the options take what; the others, anything.
local OPTION_TAKES = {
  guest = "image", vmm = "monitor", memory = "memory", input = "text", disk = "text", isa = "isa", engine = "engine",
  history = "yes", manual_events = "yes", limit = "small", slice = "small", until_event = "kinds", when = "function",
  on_trap = "function", monitor = "function", port_in = "function", port_out = "function", text = "text",
  identification = "number", cost = "cost", method = "method", breakdown = "yes", demonstrate = "yes", markdown = "yes",
  html = "yes", case = "text", guests = "images", inputs = "texts", disks = "texts", keys = "keys", seed = "small",
}
KINDS.monitor = {"trap_and_emulate", "interpreter", "hybrid", "trap_and_emulate/trap_and_emulate"}
KINDS.memory, KINDS.engine = {65536, 8192, 128, 1}, {"fast", "reference"}
KINDS.yes, KINDS.cost, KINDS.method = {true, false, 7}, {"classic", "uniform", "modern"}, {"automatic", "lockstep", "final", "none"}
KINDS.lesson, KINDS.platform = {"two_computers", "1", "nosuch", "./nosuch/"}, {"gradescope", "autolab"}
-- What a course's functions take: in a table of these alone, for any other would be refused first.
local COURSE = {
  grading = {"lab", "submission", "task", "seed", "secret", "seconds", "format", "output", "all", "any_compiler", "uncontained",
             "batch", "jobs", "compare"},
  studying = {"lessons", "language", "plain", "keys", "export", "columns", "output"},
}
KINDS.texts, KINDS.keys = {{"", "x"}, {"abc"}, {}}, {"ssss", "?q", "cb", "\t\tjjkk", "nr", "/a\n"}

-- What takes long by its nature gets arguments with which it does not, once in a run: the rest of them is still as it comes.
local SLOW = {
  check = function(options)
    if type(options) ~= "table" then return options end
    options.case, options.jobs = type(options.case) == "string" and options.case or "li a0, 1\nhalt a0\n", 1
    return options
  end,
  compare = function(options)
    if type(options) == "table" then options.limit, options.isa = 20000, nil end
    return options
  end,
  classify = function(isa, options)
    if type(isa) == "string" or type(isa) == "userdata" then isa = "pocket" end
    if options == nil then options = {} end
    if type(options) == "table" then options.instruction, options.repair, options.demonstrate = "halt", false, nil end
    return isa, options
  end,
  difference = function(before) return type(before) == "string" and "none" or before, {} end,
  host = function() return nil end,
}
local RARELY = {check = 4, compare = 4, classify = 32, difference = 4, host = 128}
local MODULE, FUNCTIONS = {}, {} -- those of its tables, too: "lab.new"
local function gather(table, before)
  for name, member in pairs(table) do
    if type(member) == "table" then
      gather(member, before .. name .. ".")
    else
      MODULE[#MODULE + 1], FUNCTIONS[before .. name] = before .. name, member
    end
  end
end
gather(pg74, "")
table.sort(MODULE)

-- The names of a class's methods and fields, in order.
local names = {}
for _, class in ipairs(CLASSES) do
  local list = {}
  for _, part in ipairs {"methods", "fields"} do
    for name in pairs(registry[class][part]) do list[#list + 1] = name end
  end
  table.sort(list)
  names[registry[class]] = list
end

return function(bytes)
  local at, depth, slow, kept, pool = 0, 0, false, nil, {}
  local isa = pg74.isa "pg74" -- loading one is most of what all the rest costs
  pool[1] = pg74.assemble(LOOP, {isa = isa})
  pool[2] = pg74.machine {guest = pool[1], history = 10, isa = isa}
  local function byte()
    at = at + 1
    return bytes:byte(at) or 0
  end
  local step, value, keep

  -- A value of a kind; now and then another.
  local function fitting(kind, deep)
    if kind == nil or byte() % 8 == 0 then return value(deep) end
    if kind == "isa" and byte() % 8 > 0 then return isa end
    local list = KINDS[kind]
    if list then return list[byte() % #list + 1] end
    if kind == "kept" then return at % 2 == 0 and kept or saved end
    if kind == "image" then return pool[1] end
    if kind == "named" then return {isa = isa} end
    if kind == "images" then return {pool[1], pool[1]} end
    if kind == "object" then return pool[byte() % #pool + 1] end
    if COURSE[kind] then
      local options = {}
      for _ = 1, byte() % 5 do options[COURSE[kind][byte() % #COURSE[kind] + 1]] = value(2) end
      return options
    end
    if kind == "run" then return byte() % 2 == 0 and byte() or value(deep, 5) end
    return value(deep, kind == "function" and 6 or 5) -- options, devices
  end

  -- The arguments of a function.
  local function arguments(name)
    local list = table.pack()
    for kind in (TAKES[name] or ""):gmatch "%S+" do
      if byte() % 8 == 0 then break end
      list.n = list.n + 1
      list[list.n] = fitting(kind, 0)
    end
    for i = list.n + 1, list.n + byte() % 4 // 3 do list[i], list.n = value(0), i end
    return table.unpack(list, 1, list.n)
  end

  function value(deep, kind)
    kind = kind or byte() % 9
    if kind < 2 then return NUMBERS[byte() % #NUMBERS + 1] end
    if kind < 4 then return STRINGS[byte() % #STRINGS + 1] end
    if kind == 4 then return byte() % 2 == 0 end
    if kind == 5 and deep < 2 then
      local result = {guest = pool[1], isa = isa}
      for _ = 1, byte() % 4 do
        local name = OPTIONS[byte() % #OPTIONS + 1]
        result[name] = fitting(OPTION_TAKES[name], deep + 1)
      end
      if math.type(result.memory) and result.memory > 1 << 20 then result.memory = 1 << 20 end -- only slow
      return result
    end
    if kind == 7 and deep < 2 then
      local list = {}
      for i = 1, byte() % 4 do list[i] = value(deep + 1) end
      return list
    end
    if kind == 6 then
      return function(...)
        if depth < 3 then
          depth = depth + 1
          if byte() % 16 == 0 then pcall(coroutine.yield, ...) end
          for i = 1, select("#", ...) do keep(true, (select(i, ...))) end
          for _ = 1, byte() % 3 do step() end
          depth = depth - 1
        end
        return value(1)
      end
    end
    return pool[byte() % #pool + 1]
  end

  function keep(good, ...)
    if not good then return end
    for i = 1, select("#", ...) do
      local result = select(i, ...)
      if debug.getmetatable(result) == registry["pg74.snapshot"] then kept = result end
      if type(result) == "userdata" or type(result) == "table" then pool[byte() % 40 % (#pool + 1) + 1] = result end
    end
  end

  -- A function of the module.
  local function call(name, ...)
    if SLOW[name] then
      if slow or byte() % RARELY[name] ~= 0 then return end
      slow = true
      keep(pcall(FUNCTIONS[name], SLOW[name](...)))
    else
      local good, result = pcall(FUNCTIONS[name], ...)
      keep(good, result)
      if good and name == "hosted" then keep(true, result.cpus[1], result.machine) end
    end
  end

  -- Something of the language itself.
  local function use(object)
    local how = byte() % 6
    if how == 0 then
      tostring(object)
    elseif how == 1 then
      return pcall(function() return #object end)
    elseif how == 2 then
      pcall(function()
        local count = 0
        for key, item in pairs(object) do
          count = count + 1
          if count == 3 then step() end
          if count > 40 then break end
          keep(true, key, item)
        end
      end)
    elseif how == 3 then
      pcall(function()
        local closed <close> = object
        step()
      end)
    elseif how == 4 then
      local routine = coroutine.create(function()
        for _ = 1, 3 do
          step()
          pcall(coroutine.yield)
        end
      end)
      coroutine.resume(routine)
      pool[#pool % 40 + 1] = routine
    elseif type(object) == "thread" then
      if byte() % 4 == 0 then coroutine.close(object) else coroutine.resume(object, value(0)) end
    end
  end

  function step()
    if at > #bytes then return end
    local object = pool[byte() % #pool + 1]
    local known = type(object) == "userdata" and names[debug.getmetatable(object)]
    local action = byte() % 9
    if action == 0 then
      local name = MODULE[byte() % #MODULE + 1]
      call(name, arguments(name))
    elseif action == 8 then
      pcall(use, object)
    elseif action == 1 then
      if byte() % 4 == 0 then collectgarbage() end
      keep(pcall(function() return object[value(0)] end))
    elseif action == 2 then
      local key = known and #known > 0 and known[byte() % #known + 1] or STRINGS[byte() % #STRINGS + 1]
      pcall(function() object[key] = value(0) end)
    elseif known and #known > 0 then
      local name = known[byte() % #known + 1]
      local given = table.pack(arguments(name))
      keep(pcall(function()
        local member = object[name]
        if type(member) == "function" then return member(object, table.unpack(given, 1, given.n)) end
        return member
      end))
    end
  end
  while at < #bytes do step() end
end
