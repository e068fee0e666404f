-- Binary translation: what the translator makes of a guest's words, read from its cache.
local pg74 = require "pg74"
local folder = ...
local lesson = {}

lesson.machines = {
  translated = {isa = "x86", guest = "kernel.s", vmm = "binary_translation"},
  data = {isa = "x86", guest = "data.s"},
  changing = {isa = "x86", guest = "change.s", vmm = "binary_translation"},
  bare_change = {isa = "x86", guest = "change.s"},
}

local LIMIT = 10000000

local function step_until(m, reached)
  repeat
    local why = m:step()
  until reached(m) or why == "halted"
  return m
end

local function finished(open, name)
  local m = open(name)
  m:run(LIMIT)
  return m
end

-- ---- The translator's cache, as vmm/binary_translation/cache_map.h has it ------------------------------------------

local FREE, WHYS, PAGE, ASSUMED = 0, 8, 4096, 0x80
local became = {[0] = "not translated", "copied", "copied: it traps", "call-out", "constant", "move", "nothing", "jump"}

local function read_words(m, at, names)
  local structure = {}
  for i, name in ipairs(names) do structure[name] = m:word(at + 4 * (i - 1)) end
  return structure
end

local function cache_of(m)
  local cache = read_words(m, m:address "translation_cache",
    {"magic", "version", "page_count", "page_size", "pages", "words", "block_capacity", "block_size", "blocks",
     "block_count", "call_out", "statistics"})
  assert(cache.magic == 0x4e415254 and cache.version == 1, "this is not the cache that the lesson knows")
  cache.blocks_translated = m:word(cache.statistics + 4)
  cache.stored = m:word(cache.statistics + 8 + 4 * WHYS)
  return cache
end

-- The words of the first page of the cache: guest's text, translation's text, what became of it.
local function translation(m, first, last)
  local cache = cache_of(m)
  local page = cache.pages
  assert(m:word(page) ~= FREE, "nothing has been translated")
  local source = m:word(page + 56)
  local lines = {}
  for word = first, last do
    local why = m:byte(page + 80 + word)
    local translated = m:word(cache.words + 4 * word)
    local address = PAGE + 4 * word
    lines[#lines + 1] = ("0x%x  %-26s %-26s %s"):format(address, m.isa:disassemble(m:word(source + 4 * word), address),
      why == 0 and "(a call-out)" or why & ~ASSUMED == 3 and "(a call-out)" or m.isa:disassemble(translated, address),
      became[why & ~ASSUMED])
  end
  return table.concat(lines, "\n")
end

local HEAD = "address the guest's word           what the hardware executes  what became of it\n"

-- ---- Costs ---------------------------------------------------------------------------------------------------------

local runs
local function compared()
  if not runs then
    local file = assert(io.open(folder .. "/work.s"))
    local image = pg74.assemble(file:read "a", {name = "work.s", isa = "x86"})
    file:close()
    runs = pg74.compare {isa = "x86", guest = image, method = "final",
                         vmm = {"trap_and_emulate", "interpreter", "hybrid", "binary_translation"}}.runs
  end
  return runs
end

local function overhead(name)
  for _, run in ipairs(compared()) do
    if run.vmm == name then return run.overhead end
  end
end

lesson.values = {
  printed = function(open) return finished(open, "translated"):console() end,
  wrong = function(open)
    local m = open("translated", {vmm = "trap_and_emulate"})
    m:run(LIMIT)
    return m:console()
  end,
  blocks = function(open) return cache_of(finished(open, "translated")).blocks_translated end,
  traps = function(open) return finished(open, "translated"):time().traps end,
  number_word = function(open)
    local m = open "data"
    return ("0x%08x"):format(m:word(m:address "number"))
  end,
  data_printed = function(open) return finished(open, "data"):console() end,
  changed_printed = function(open) return finished(open, "changing"):console() end,
  bare_changed = function(open) return finished(open, "bare_change"):console() end,
  stored = function(open) return cache_of(finished(open, "changing")).stored end,
  interpreter_overhead = function() return ("%.0f"):format(overhead "interpreter") end,
  translation_overhead = function() return ("%.1f"):format(overhead "binary_translation") end,
}

lesson.figures = {
  block = function(open) return HEAD .. translation(finished(open, "translated"), 0, 8) end,
  unreached = function(open) return HEAD .. translation(finished(open, "translated"), 64, 65) end,
  looks_like_code = function(open)
    local m = open "data"
    local lines = {}
    for _, line in ipairs(m:disassembly(10)) do lines[#lines + 1] = line end
    return table.concat(lines, "\n", 1, 9)
  end,
  costs = function()
    local lines = {"                     directly   translated   in software   cycles against bare   right"}
    for _, run in ipairs(compared()) do
      lines[#lines + 1] = ("%-18s %10d  %11d  %12d  %20.1f   %s")
        :format(run.vmm == "none" and "(bare machine)" or run.vmm, run.direct, run.translated, run.emulated, run.overhead,
                run.equivalent and "yes" or "NO")
    end
    return table.concat(lines, "\n")
  end,
}

lesson.shows = {
  done = function(m) m:run(LIMIT) end,
}

lesson.checks = {
  one_letter = function(m)
    if #m:console() == 1 then return true end
    return false, ("the console shows %q"):format(m:console())
  end,
}
lesson.moves = {one_letter = function(m) step_until(m, function() return #m:console() == 1 end) end}

lesson.tasks = {
  patch = {
    files = {"patch.s"},
    check = function(_, open)
      local bare = open {isa = "x86", guest = "patch.s"}
      local why = bare:run(100000)
      if why ~= "halted" then return false, ("on the bare machine it does not halt (%s)"):format(why) end
      if bare:console() ~= "ABCDE" then return false, ("on the bare machine it prints %q"):format(bare:console()) end
      local m = open {isa = "x86", guest = "patch.s", vmm = "binary_translation"}
      m:run(LIMIT)
      if m:console() ~= "ABCDE" then return false, ("under the translator it prints %q"):format(m:console()) end
      local stored = cache_of(m).stored
      if stored < 4 then
        return false, ("it prints ABCDE, but has changed instructions that were translated %d times only"):format(stored)
      end
      return true
    end,
    solution = "solution/patch.s",
  },
}

return lesson
