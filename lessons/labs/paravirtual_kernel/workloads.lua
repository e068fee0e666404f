-- workloads.lua: what the kernel is given to do (struct workload of kernel.c), and what must come of it. lab.lua and
-- hidden.lua make their checks of it.
local PROGRAM = {compute = 0, talk = 1, touch = 2, regions = 3, storage = 4, rude = 5}
local KILLED, STOPPED, MOST, WORDS, SECTOR, SECTORS = 0xdead0000, 0xbad, 8, 128, 512, 64
local VERSION_1, VERSION_2, TABLES, RINGS = 0x50560001, 0x50560002, 1, 2
local READY = {lines = 0, salt = 0, tick = 0, rounds = 0, tasks = {}}

local function word(number) return number & 0xffffffff end
local function random(number) return word(number * 1664525 + 1013904223) end

-- ---- What a process does: the code that it exits with, its system calls, pages that it touches, transfers, lines ----

local does = {}

function does.compute(start, count)
  for _ = 1, count do start = random(start) end
  return {code = start, calls = 1}
end

function does.talk(letter, count)
  local lines = {}
  for i = 1, count do lines[i] = string.char(letter):rep(i) end
  return {code = letter, calls = 2 * count + 1, faults = 1, lines = lines}
end

function does.touch(start, count)
  local sum = 0
  for _ = 1, count do
    start = random(start)
    sum = sum + start
  end
  return {code = word(sum), calls = 1, faults = count}
end

function does.regions(start, both)
  local pages, rounds, sum = both & 255, both >> 8, 0
  for _ = 1, pages * rounds do
    start = random(start)
    sum = sum + start
  end
  return {code = word(sum), calls = 2 * rounds + 1}
end

-- What does not lie on the disk is refused, once when it is written, and once when it is read.
function does.storage(start, both)
  local first, count, bytes = both & 0xffff, both >> 16, {}
  local there = math.min(count, SECTORS - first)
  local sum = there < count and -2 or 0
  for i = 1, there * WORDS do
    start = random(start)
    sum = sum + start
    bytes[i] = ("<I4"):pack(start)
  end
  return {code = word(sum), calls = 3, faults = (count * SECTOR + 4095) // 4096, transfers = 2 * count,
          stored = table.concat(bytes), at = first * SECTOR}
end

function does.rude(what)
  local causes = lab.machine():causes()
  return {code = KILLED + ((what == 1 or what == 2) and causes.privileged or causes.memory), calls = 0}
end

-- ---- A workload as words, as a text, and what must come of it -------------------------------------------------------

local function words_of(load)
  local words = {load.lines, load.salt, load.tick, load.rounds, #load.tasks}
  for i = 1, MOST do
    local task = load.tasks[i] or {"compute", 0, 0}
    table.move({PROGRAM[task[1]], task[2], task[3] or 0}, 1, 3, #words + 1, words)
  end
  return words
end

-- As the initializer of `workload` in kernel.c: whoever puts it there sees the same.
local function shown(load)
  local tasks = {}
  for i, task in ipairs(load.tasks) do
    tasks[i] = ("{%d, {%d, 0x%x}} /* %s */"):format(PROGRAM[task[1]], task[2], task[3] or 0, task[1])
  end
  return ("workload = {%d, %d, %d, %d, %d, {%s}};"):format(load.lines, load.salt, load.tick, load.rounds, #load.tasks,
                                                           table.concat(tasks, ", "))
end

local function expected(load)
  local all = {codes = {}, calls = 0, faults = 0, transfers = 0, lines = {}, stored = {}}
  for i = 1, load.lines do all.lines[i] = ("kernel: line %08x"):format(word(load.salt * i)) end
  for i, task in ipairs(load.tasks) do
    local one = does[task[1]](task[2], task[3] or 0)
    all.codes[i] = one.code
    for _, name in ipairs {"calls", "faults", "transfers"} do all[name] = all[name] + (one[name] or 0) end
    for _, line in ipairs(one.lines or {}) do all.lines[#all.lines + 1] = line end
    if one.stored then all.stored[#all.stored + 1] = one end
  end
  return all
end

-- The report of kernel.c.
local REPORT = {"ticks", "transfers", "calls", "faults", "count", "sum"}
local function report_of(run, guest)
  local report, words = {codes = {}}, run:words("report", #REPORT + MOST, guest)
  for i, name in ipairs(REPORT) do report[name] = words[i] end
  table.move(words, #REPORT + 1, #words, 1, report.codes)
  return report
end

local function number(value) return ("0x%08x"):format(value) end

local function compare_codes(run, guest, load, wanted, report)
  for i, task in ipairs(load.tasks) do
    local code = report.codes[i]
    if code ~= wanted.codes[i] then
      local killed = code & 0xffffff00 == KILLED
      local what = killed and "is killed" or "exits with another code"
      run:fail({message = ("process %d, `%s`, %s"):format(i, task[1], what),
                expected = number(wanted.codes[i]),
                got = killed and ("killed by a trap of cause %d"):format(code & 255) or number(code)}, guest)
    end
  end
end

local function compare_console(run, guest, wanted)
  local said = {}
  for line in run:console(guest):gmatch "([^\n]*)\n" do
    if not line:find "^kernel: the end" then said[#said + 1] = line end
  end
  table.sort(said) -- processes print when it is their turn
  table.sort(wanted.lines)
  if table.concat(said, "\n") ~= table.concat(wanted.lines, "\n") then
    run:fail({message = "the console has other lines", expected = table.concat(wanted.lines, ", "),
              got = #said > 0 and table.concat(said, ", "):sub(1, 300) or "nothing"}, guest)
  end
end

local function compare_disk(run, guest, wanted)
  local disk = #wanted.stored > 0 and run.machine:disk(guest)
  for _, one in ipairs(wanted.stored) do
    for at = 1, #one.stored, SECTOR do
      if disk:sub(one.at + at, one.at + at + SECTOR - 1) ~= one.stored:sub(at, at + SECTOR - 1) then
        run:fail({message = ("sector %d of the disk is another"):format((one.at + at - 1) // SECTOR)}, guest)
      end
    end
  end
end

-- All that a kernel must have done, wherever it runs: fails where it has not.
local function compare(run, guest, load)
  local wanted, report, code = expected(load), report_of(run, guest), 0
  if run.machine:guest_halt_code(guest) == STOPPED then
    run:fail({message = "the kernel stops: " .. run:console(guest):match "([^\n]*)\n?$"}, guest)
  end
  compare_codes(run, guest, load, wanted, report)
  local count, sum = load.rounds + report.ticks, load.rounds * (load.rounds + 1) // 2 + 1000 * report.ticks
  if report.count ~= count or report.sum ~= word(sum) then
    run:fail({message = "the journal of the thread and the ticks is wrong: an interrupt came while it was masked",
              expected = ("%d entries, sum %d"):format(count, word(sum)),
              got = ("%d entries, sum %d"):format(report.count, report.sum)}, guest)
  end
  for _, name in ipairs {"calls", "faults", "transfers"} do
    if report[name] ~= wanted[name] then
      run:fail({message = ("the kernel has counted other %s"):format(name), expected = tostring(wanted[name]),
                got = tostring(report[name])}, guest)
    end
  end
  for i = 1, MOST do code = code + report.codes[i] end
  if run.machine:guest_halt_code(guest) ~= word(code + report.sum) then
    run:fail({message = "the kernel halts with another code", expected = number(word(code + report.sum)),
              got = number(run.machine:guest_halt_code(guest))}, guest)
  end
  compare_console(run, guest, wanted)
  compare_disk(run, guest, wanted)
  return report
end

-- ---- How it must have been done -------------------------------------------------------------------------------------

-- While it is graded, calls have numbers by the seed: hypercall.h says so, and the monitor is told (paravirtual_offer
-- in vmm/paravirtual/hypercall.c). Who calls by names does not notice. CALLS: names by number.
local NUMBERS, NONE, CALLS, FUNCTIONS = 32, 0xff, {}, {}

local function renumbered(text)
  local numbers = {}
  for i = 1, NUMBERS do
    numbers[i], FUNCTIONS[i] = i - 1, NONE
    local j = lab.draw("number " .. i, 1, i)
    numbers[i], numbers[j] = numbers[j], numbers[i]
  end
  return (text:gsub("HYPERCALL_([%u_]+) = (%d+),", function(name, function_number)
    local number = numbers[function_number + 1]
    CALLS[number], FUNCTIONS[number + 1] = name, tonumber(function_number)
    return ("HYPERCALL_%s = %d,"):format(name, number)
  end))
end

local HEADER = renumbered(lab.work.own "hypercall.h")

-- The words of struct paravirtual_offer.
local function offer_of(version, features)
  local words = {version, features}
  for i = 1, NUMBERS, 4 do
    words[#words + 1] = ("<I4"):unpack(string.char(table.unpack(FUNCTIONS, i, i + 3)))
  end
  return words
end

local function at_most(run, what, got, most)
  if got > most then run:fail {message = what, expected = "at most " .. most, got = tostring(got)} end
end

-- None of these instructions (or stores to page tables) of the kernel may have trapped.
local function without(run, what, ...)
  for _, name in ipairs {...} do
    at_most(run, ("%s: `%s` has trapped"):format(what, name), run:count("traps", name), 0)
  end
end

-- Ticks: at least so many of ten for which there was time.
local function ticks(run, report, load, what, least)
  local passed = (run.options.vmm and run.machine:statistics(1) or run.machine:time()).instructions
  local most = passed // load.tick
  if report.ticks < most * least // 10 then
    run:fail {message = what, expected = ("about %d ticks"):format(most), got = tostring(report.ticks)}
  end
end

-- Every time the kernel is entered it may call twice; and a few times for each process, and at the start.
local function few_calls(run, report, load)
  local entered = run:count "processes" + report.ticks + report.transfers
  at_most(run, "too many hypercalls", run:count "calls", 2 * entered + 8 * #load.tasks + 2 * load.lines + 16)
end

-- ---- Checks ---------------------------------------------------------------------------------------------------------

local function complete(load) return setmetatable(load, {__index = READY}) end

-- A check: kernels with these workloads, a list, or one. `how(run, report, load)` judges the way in which it was done.
local function check(options)
  local loads, guests, texts = options.loads or {options.load}, {}, {}
  for i, load in ipairs(loads) do
    guests[i] = {set = {workload = words_of(complete(load))}, disk = ("\0"):rep(SECTORS * SECTOR)}
    texts[i] = shown(load)
  end
  return lab.kernel {
    files = {"platform.c", "entry.S"}, with = {"kernel.c", "programs.S", "platform.h"},
    made = {["hypercall.h"] = HEADER}, script = "kernel.ld", vmm = options.vmm, memory = 512 << 10,
    monitor = options.vmm == "paravirtual" and
      {paravirtual_offer = offer_of(options.version or VERSION_2, options.features or TABLES | RINGS)},
    slice = options.slice, user = 0x100000, calls = CALLS, started = "START", guests = guests,
    shown = table.concat(texts, "\n"),
    expect = function(run)
      local calls = 0
      for i, load in ipairs(loads) do
        local report = compare(run, i, load)
        calls = calls + report.calls
        if options.how then options.how(run, report, load) end
      end
      if options.vmm and run:count("processes", "supervisor_call") ~= calls then
        run:fail {message = "system calls are counted that no process has made", expected = tostring(calls),
                  got = tostring(run:count("processes", "supervisor_call"))}
      end
      return true
    end}
end

-- One after the other; the first that fails is the failure.
local function all(checks)
  return function(submission)
    for _, check in ipairs(checks) do
      local passed, failure = check(submission)
      if not passed then return passed, failure end
    end
    return true
  end
end

local draw, times = lab.draw, 0
-- A number from low to high, another one each time.
local function any(low, high)
  times = times + 1
  return draw("workload " .. times, low, high)
end

return {VERSION_1 = VERSION_1, TABLES = TABLES, RINGS = RINGS, check = check, all = all, any = any, without = without,
        at_most = at_most, ticks = ticks, few_calls = few_calls}
