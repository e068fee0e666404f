-- kernels.lua: checks of kernels: programs in C that run on the bare machine or under a monitor, and are judged by what
-- they did there. docs/lab-author.md is its manual.
--
-- What is known of a run comes from the machine: memory, disks, halt codes, and what trapped. In a monitor's user
-- mode a kernel and its processes are told apart by their addresses.
local _, pg74, lab, tools = ...

local run = {}
run.__index = run

-- So many words of a guest's memory, from what a symbol of the kernel stands for.
function run:words(symbol, count, guest)
  local start = self.machine:partition(guest or 1) + self.image:address(symbol)
  local words = {}
  for i = 1, count do words[i] = self.machine:word(start + 4 * (i - 1)) end
  return words
end

-- What a guest has printed; a ? for what nobody can read.
function run:console(guest)
  return (self.machine:console(guest or 1):gsub("[^%g%s]", "?"))
end

local function total(tally)
  local sum = 0
  for _, times in pairs(tally) do sum = sum + times end
  return sum
end

-- How often it was one of the names that something happened; without names, how often in all.
function run:count(tally, ...)
  if select("#", ...) == 0 then return total(self[tally]) end
  local sum = 0
  for _, name in ipairs {...} do sum = sum + (self[tally][name] or 0) end
  return sum
end

local function listed(title, tally)
  local parts = {}
  for name, times in pairs(tally) do parts[#parts + 1] = ("%s %d"):format(name, times) end
  table.sort(parts)
  return #parts > 0 and ("%s: %s\n"):format(title, table.concat(parts, ", ")) or ""
end

-- A failure, with what helps to understand it: what was to be done, what the kernel said last, what trapped.
function run:fail(failure, guest)
  local said = self:console(guest):sub(-200):gsub("%s+$", "")
  failure.guest = failure.guest or self.options.shown
  failure.detail = listed("calls", self.calls) .. listed("other traps of the kernel", self.traps) ..
    listed("traps of processes", self.processes) .. "console:\n" .. said
  lab.fail(failure)
end

-- Writes words where symbols stand: {symbol = {word, ...}}. `from` is where address 0 of the program lies.
local function set_words(machine, address_of, from, values)
  for symbol, words in pairs(values or {}) do
    local at = from + (address_of(symbol) or error(("there is no symbol '%s' to set words at"):format(symbol), 0))
    for i, word in ipairs(words) do machine:word(at + 4 * (i - 1), word & 0xffffffff) end
  end
end

-- Counts what brings the monitor back. `calls`: diag of the kernel, by the names in options.calls; `traps`: whatever
-- else of its; `processes`: what processes trap by. Until the kernel has made a call of the name options.started, a
-- monitor may have reasons of its own for memory traps (it fills shadows), and they are not counted.
local function watch(run)
  local options, machine, started = run.options, run.machine, run.options.started == nil
  local function add(tally, name) tally[name] = (tally[name] or 0) + 1 end
  machine:on("trap", function(event)
    if not event.user then return end
    if event.pc >= options.user then return add(run.processes, event.cause) end
    if event.instruction == "diag" then
      local name = options.calls[machine.x[event.operands.rs1]] or "unknown"
      started = started or name == options.started
      return add(run.calls, name)
    end
    if event.cause ~= "memory" then return add(run.traps, event.instruction or event.cause) end
    if started then add(run.traps, event.access) end
  end)
end

local function make(options, image)
  local guests, disks, inputs = {}, {}, {}
  for i, guest in ipairs(options.guests) do
    guests[i], disks[i], inputs[i] = image, guest.disk or "", guest.input or ""
  end
  local machine = tools.of_student(pg74.machine, {
    isa = lab.machine(), guests = guests, vmm = options.vmm, memory = options.memory, disks = disks, inputs = inputs,
    slice = options.slice})
  for i, guest in ipairs(options.guests) do
    set_words(machine, function(symbol) return image:address(symbol) end, (machine:partition(i)), guest.set)
  end
  if options.vmm then set_words(machine, function(symbol) return machine:address(symbol) end, 0, options.monitor) end
  return machine
end

-- A check: a kernel, from `files`, `with`, `script` and `flags` as of lab.monitor; on the bare machine, or under
-- `vmm`, a monitor that comes with PG-74.
function lab.kernel(options)
  return function()
    local image = tools.image(options)
    local it = setmetatable({options = options, image = image, machine = make(options, image), calls = {}, traps = {},
                             processes = {}}, run)
    if options.vmm and options.user then watch(it) end
    local why = it.machine:run(options.fuel or 20000000)
    for i = 1, #options.guests do
      if not it.machine:guest_halt_code(i) then
        it:fail({message = "the kernel does not halt", expected = "it halts",
                 got = why == "limit" and "it has used up its fuel" or why == "deadlock" and
                   "it waits for what does not come" or "the monitor has halted"}, i)
      end
    end
    return options.expect(it)
  end
end
