-- monitors.lua: a check that holds a monitor against guests.
local grade, pg74, lab, tools = ...
local limit, broken = tools.limit, tools.broken

-- What differs, as a failure; `what` says it in a sentence.
local function difference(found, what, shown, name)
  local at = type(found.at) == "table" and found.at or {}
  local place = at.instruction and (at.symbol and "%s, in %s" or "%s"):format(at.instruction, at.symbol)
  return {message = name and ("%s: %s"):format(name, what) or what, expected = found.expected, got = found.got,
          at = place, detail = table.concat(found.before or {}, "\n"),
          guest = shown and shown:gsub("^# From [^\n]*\n", "")}
end

-- A guest of the lab's that cannot tell a good monitor from a bad one is nobody's fault but the lab's.
local function says_nothing(name, why)
  broken(("%s says nothing of a monitor: %s"):format(name or "a guest of the lab", why))
end

-- What a check by pg74.check says, as a failure. Where a run is unknown it is the lab's own guest that decides: if it has
-- an end whenever its interrupts come, and here has none, the monitor has kept it from that.
local function failure_of(report, shown, name)
  local equivalence, control, unknown = report.equivalence, report.resource_control, report.unknown
  if unknown then
    if not unknown.failure or unknown.failure.excuse then says_nothing(name, unknown.why) end
    return difference(unknown.failure, "the guest comes to no end", shown, name)
  end
  local found = equivalence.counterexample
  if found then
    return difference(found, (found.differs or "the guest's run") .. " differs from the bare machine's", shown, name)
  end
  if control.counterexample then
    return difference(control.counterexample, "a guest got out of the monitor's control", shown, name)
  end
  return {message = "the guest's instructions are not executed directly",
          expected = "at least 90 % of a program that computes in user mode",
          got = ("%.1f %%"):format(100 * report.efficiency.direct_share)}
end

-- What a monitor in Lua is held against, in a closed child.
local function check_lua(file, checks, options)
  local machine, text = lab.machine_text()
  local answer = grade.closed {
    isa = machine, isa_text = text, file = file,
    source = lab.work.read(file), fuel = options.fuel or 100000000, memory = options.memory or (64 << 20),
    without = options.without, checks = checks}
  return answer
end

local function judge_lua(file, checks, options)
  local answer = check_lua(file, checks, options)
  local done = 0
  for _, line in ipairs(answer) do
    if line.error and not line.check then lab.fail {message = line.error} end
    if line.broken then broken(line.broken) end
    if line.exhausted then
      lab.fail {message = ("the monitor has used up its fuel, at %s"):format(line.exhausted),
                expected = "an end", got = "none, within the instructions of Lua that the lab allows",
                guest = checks[done + 1] and checks[done + 1].case}
    end
    if line.check then
      done = done + 1
      if not line.passed then
        local failure = failure_of(line.report, line.case, checks[done].name)
        if line.error then failure.message = line.error:gsub("^%[string[^\n]-%]", "") end
        return false, failure
      end
    end
  end
  if done == #checks then return true end
  if answer.ended ~= "ended" then limit(answer.ended) end
  broken "the child that ran the monitor ended without an answer"
end

-- A failure if a program, however long, ends otherwise under a monitor, or takes more than so many times the bare
-- machine's cycles there. An instruction takes a cycle or more, so none need be waited for beyond that.
local function too_slow(image, check)
  local isa = lab.machine()
  local program = pg74.assemble(check.case, {isa = isa, name = check.name})
  local alone = pg74.machine {guest = program, isa = isa, memory = 65536}
  if alone:run(10000000) == "limit" then says_nothing(check.name, "alone on the bare machine, it comes to no end") end
  local most = math.ceil(check.overhead * alone:time().cycles)
  local run = pg74.compare({vmm = image, isa = isa, guest = program, memory = 65536, method = "final",
                            limit = most}).runs[2]
  if run.stop ~= "limit" and run.failure then
    if run.failure.excuse then says_nothing(check.name, run.failure.excuse) end
    return failure_of({equivalence = {counterexample = run.failure}}, check.case, check.name)
  end
  if run.stop ~= "limit" and run.overhead <= check.overhead then return nil end
  return {message = ("%s: it takes too many cycles under the monitor"):format(check.name), guest = check.case,
          expected = ("at most %.2f times those of the bare machine"):format(check.overhead),
          got = (run.stop == "limit" and "more; the end was not waited for" or "%.2f times"):format(run.overhead)}
end

-- What an image of a monitor is held against.
local function judge_image(image, checks)
  for number, check in ipairs(checks) do
    if check.overhead then
      local failure = too_slow(image, check)
      if failure then return false, failure end
    else
      local result = pg74.check {vmm = image, isa = lab.machine(), case = check.case, guests = check.guests,
                                 seed = check.seed, jobs = 1}
      if not result.passed then return false, failure_of(result, result.case, check.name) end
    end
  end
  return true
end

-- A check: a monitor held against guests. `cases` names guests of the lab's, in the form that pg74 check --case reads;
-- `guests`: all directed ones, and so many generated ones, with `seed` (the task's, unless it is said). With
-- `overhead` each case is one program, which may be long, and may take so many times the bare machine's cycles; of
-- monitors in C.
--   file = "monitor.lua"                                  a hosted monitor, in Lua; `without`: what a processor has not
--   files = {"monitor.c"}, with = {"start.S"}, script = "link.ld"   a program of the machine, in C
function lab.monitor(options)
  return function()
    local checks = {}
    for _, name in ipairs(options.cases or {}) do
      checks[#checks + 1] = {name = name:match "[^/]*$", case = lab.guest(name), overhead = options.overhead}
    end
    if options.guests then checks[#checks + 1] = {guests = options.guests, seed = options.seed or lab.work.seed} end
    if options.file then return judge_lua(options.file, checks, options) end
    return judge_image(tools.image(options), checks)
  end
end
