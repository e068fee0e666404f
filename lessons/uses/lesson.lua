-- What virtual machines are for: guests together on one machine, a bad neighbour, snapshots, migration.
local pg74 = require "pg74"
local lesson = {}

local PAGE, MEMORY = 4096, 0x40000
local COPY = 200 -- a page is copied in the time of so many instructions

lesson.machines = {
  worker = {guest = "worker.s", memory = 0x10000},
  neighbours = {guests = {"worker.s", "crash.s"}, vmm = "trap_and_emulate", memory = 0x10000},
}

-- ---- Consolidation ----------------------------------------------------------------------------------------------------------

local LOADS, PERIOD, ROUNDS = {10, 12, 15, 20}, 200000, 10

-- Works for so many per cent of each period, and waits for its timer.
local function mostly_waiting(load)
  local work = PERIOD * load // 100
  return pg74.assemble(([[
        .rodata
        .org    0x50
        .word   0, handler, 0, 0x10000
        .text
_start: li      s0, %d
        li      s1, 2
round:  li      t0, %d
work:   addi    t0, t0, -1
        bnez    t0, work
        li      t1, %d
        settimer t1
        setflags s1
        idle
        setflags zero
        addi    s0, s0, -1
        bnez    s0, round
        halt    zero
handler: lpsw   0x40(zero)
]]):format(ROUNDS, work // 2, PERIOD - work), {name = "load.s"})
end

local function row(what, m)
  m:run(100000000)
  local time = m:time()
  local whole = time.instructions + time.idle
  return ("%-28s %12.1f %%  %12d"):format(what, 100 * time.instructions / whole, whole)
end

local HEAD = "                             processor used   time (instructions)"

-- ---- Snapshots and migration ------------------------------------------------------------------------------------------------

local function dots(m) return select(2, m:console():gsub("%.", "")) end

local function until_dots(m, count)
  repeat m:step() until dots(m) >= count
end

local function hand_over(from, to)
  for name, value in pairs(from.state) do
    if math.type(value) then to.state[name] = value end
  end
  for i = 1, #from.x - 1 do to.x[i] = from.x[i] end
end

-- A guest that has begun to work, to be moved: what migrate.lua is given, and a function that judges what it has done.
local function new_world(open, guest)
  local function machine() return open {guest = guest, memory = MEMORY} end
  local stays, from, to = machine(), machine(), machine()
  stays:run(10000000)
  from:run(20000)
  local stopped, sent, late = false, 0, 0
  local world = {}
  function world.pages()
    local list = {}
    for i = 0, MEMORY // PAGE - 1 do list[#list + 1] = i end
    return list
  end
  function world.changed()
    local list = {}
    for i = 0, MEMORY // PAGE - 1 do
      if from:read(i * PAGE, PAGE) ~= to:read(i * PAGE, PAGE) then list[#list + 1] = i end
    end
    return list
  end
  function world.copy(list)
    if type(list) ~= "table" then error("world.copy takes a list of pages", 2) end
    for _, i in ipairs(list) do
      if math.type(i) ~= "integer" or i < 0 or i >= MEMORY // PAGE then error("there is no such page", 2) end
      to:write(i * PAGE, from:read(i * PAGE, PAGE))
    end
    sent = sent + #list
    if sent > 100 * MEMORY // PAGE then error("the network has had enough: more than a hundred times all pages", 2) end
    if stopped then late = late + #list else from:run(#list * COPY) end
  end
  function world.stop() stopped = true end
  local function judge(most_late)
    if not stopped then return "the guest was never stopped: it goes on in both places" end
    hand_over(from, to)
    to:run(10000000)
    if to.halt_code ~= stays.halt_code then return "the guest does not end as if it had stayed: some pages are old" end
    if late > most_late then
      return ("the guest loses the time of %d pages, and should lose that of %d at most"):format(late, most_late)
    end
    if sent > 12 * MEMORY // PAGE then return ("%d pages are copied in all"):format(sent) end
  end
  return world, judge
end

lesson.values = {pages = MEMORY // PAGE}

lesson.shows = {
  halfway = function(m) until_dots(m, 4) end,
  worker_done = function(m)
    repeat local why = m:run(10000) until m:guest_halt_code(1) or why == "halted"
  end,
}

lesson.figures = {
  alone = function()
    local lines = {HEAD}
    for i, load in ipairs(LOADS) do
      lines[#lines + 1] = row("machine " .. i, pg74.machine {guest = mostly_waiting(load), memory = 0x10000})
    end
    return table.concat(lines, "\n")
  end,
  together = function()
    local guests = {}
    for i, load in ipairs(LOADS) do guests[i] = mostly_waiting(load) end
    return HEAD .. "\n" .. row("all four on one", pg74.machine {guests = guests, vmm = "trap_and_emulate", memory = 0x10000})
  end,
  snapshots = function(open)
    local m = open "worker"
    until_dots(m, 4)
    local there = m:snapshot()
    m:run()
    local first, digest = m:console(), m:digest()
    m:restore(there)
    local back = m:console()
    m:run()
    return ("at the end          %s\nput back            %s\nat the end again    %s\nthe same, to the last bit of the machine: %s"):format(
      first, back, m:console(), digest == m:digest() and "yes" or "no")
  end,
}

lesson.tasks = {
  migrate = {
    files = {"migrate.lua"},
    check = function(work, open)
      local migrate, why = work:load "migrate.lua"
      if type(migrate) ~= "function" then return false, why or "migrate.lua does not return a function" end
      for _, kind in ipairs {{"worker.s", 8, "with the guest that changes little"}, {"busy.s", 64, "with the guest that changes much"}} do
        local world, judge = new_world(open, kind[1])
        local good, message = pcall(migrate, world)
        if not good then return false, kind[3] .. ": " .. tostring(message):gsub("^.-:%d+: ", "") end
        local wrong = judge(kind[2])
        if wrong then return false, kind[3] .. ": " .. wrong end
      end
      return true
    end,
    solution = "solution/migrate.lua",
  },
}

return lesson
