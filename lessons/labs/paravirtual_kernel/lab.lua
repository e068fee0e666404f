-- Paravirtualizing a kernel: what it asks of the machine becomes calls of a monitor. Seven steps, each judged by what
-- the kernel has done, and by what has trapped.
local work = load(lab.work.own "workloads.lua", "@workloads.lua")()
lab.workloads = work -- for hidden.lua
local any, all, without, at_most = work.any, work.all, work.without, work.at_most

local function under_monitor(options)
  options.vmm = "paravirtual"
  return work.check(options)
end

local function disk(tasks)
  return under_monitor {
    load = {tick = any(4000, 8000), tasks = tasks},
    how = function(run, report)
      without(run, "the disk", "out", "in")
      without(run, "waiting for it", "lpsw", "idle")
      at_most(run, "too many calls of NOTIFY", run:count("calls", "NOTIFY"), report.transfers * 3 // 4)
    end}
end

-- Something of everything.
local function mixed(more)
  local load = {lines = any(1, 3), salt = any(1, 1 << 24), tick = any(2000, 4000), rounds = any(100, 300), tasks = {
    {"storage", any(1, 1 << 20), any(0, 15) + (any(5, 12) << 16)},
    {"regions", any(1, 1 << 20), any(9, 24) + (any(2, 4) << 8)},
    {"talk", any(0x61, 0x7a), any(3, 8)}, {"compute", any(1, 1 << 20), any(2000, 5000)},
    {"storage", any(1, 1 << 20), any(32, 40) + (any(9, 24) << 16)}, {"rude", any(0, 3)},
    {"touch", any(1, 1 << 20), any(4, 12)}}}
  for name, value in pairs(more or {}) do load[name] = value end
  return load
end

return {
  api = 1,
  title = "Paravirtualize a kernel",
  machine = "pg74p",
  hours = 6,
  compiler = "riscv64-unknown-elf-gcc",
  submit = {"platform.c", "entry.S"},
  tasks = {
    {id = "boot", title = "It finds the monitor, and prints by calls", points = 10,
     hint = "IDENTIFY, FEATURES, START, in this order; then a line is one WRITE, and not an `out` for each byte",
     check = under_monitor {
       load = {lines = any(3, 6), salt = any(1, 1 << 24)},
       how = function(run, _, load)
         without(run, "the console", "out")
         for _, name in ipairs {"IDENTIFY", "FEATURES", "START"} do
           if run:count("calls", name) == 0 then run:fail {message = "the monitor is never asked: " .. name} end
         end
         at_most(run, "too many hypercalls", run:count "calls", 2 * load.lines + 12)
       end}},
    {id = "events", title = "Ticks are events, and masking is a store", points = 15, after = {"boot"},
     hint = "to mask is to store 0 to `enabled`. To unmask is to store 1, and to look whether something is pending",
     check = under_monitor {
       load = {tick = any(1500, 2500), rounds = any(2000, 2500)}, slice = 2000000,
       how = function(run, report, load)
         without(run, "masking", "setflags", "getflags")
         without(run, "going on with the thread", "lpsw")
         without(run, "the timer", "settimer")
         work.ticks(run, report, load, "ticks that come while interrupts are masked are told late, or not at all", 7)
         at_most(run, "too many hypercalls", run:count "calls", 3 * report.ticks + 20)
       end}},
    {id = "processes", title = "Processes run, and their traps arrive", points = 15, after = {"boot"},
     hint = "RUN wants a page table that is pinned. In its entries stand real addresses: yours, and machine_start",
     check = under_monitor {
       load = {tick = any(3000, 5000), tasks = {
         {"compute", any(1, 1 << 20), any(15000, 20000)}, {"talk", any(0x61, 0x7a), any(3, 8)}, {"rude", 0},
         {"rude", 1},
         {"compute", any(1, 1 << 20), any(15000, 20000)}, {"rude", 2}, {"rude", 3}}},
       how = function(run, report, load)
         without(run, "going on with a process", "lpsw")
         work.ticks(run, report, load, "processes are not interrupted by ticks", 7)
         without(run, "the console", "out")
       end}},
    {id = "tables", title = "Page tables change by few calls", points = 15, after = {"processes"},
     hint = "collect changes, and ask for them together: before a process runs, and before a frame becomes another",
     check = under_monitor {
       load = {tick = any(6000, 9000), tasks = {
         {"touch", any(1, 1 << 20), any(5, 12)}, {"regions", any(1, 1 << 20), any(16, 24) + (any(4, 7) << 8)},
         {"compute", any(1, 1 << 20), any(1000, 2000)},
         {"regions", any(1, 1 << 20), any(16, 24) + (any(4, 7) << 8)}, {"touch", any(1, 1 << 20), any(5, 12)}}},
       how = function(run, report, load)
         without(run, "page tables", "store")
         work.few_calls(run, report, load)
       end}},
    {id = "disk", title = "The disk, by a ring", points = 15, after = {"processes"},
     hint = "as many requests as there is room for; and an event may stand for several answers",
     check = all {
       disk {{"storage", any(1, 1 << 20), any(0, 5) + (any(17, 24) << 16)}}, -- which the kernel must wait for
       disk {{"storage", any(1, 1 << 20), any(0, 5) + (any(17, 24) << 16)},
             {"storage", any(1, 1 << 20), 30 + (any(3, 7) << 16)},
             {"storage", any(1, 1 << 20), 40 + (any(10, 15) << 16)},
             {"storage", any(1, 1 << 20), any(58, 61) + (8 << 16)}}}},
    {id = "quiet", title = "Nothing else traps", points = 5, after = {"events", "tables", "disk"},
     hint = "the kernel's own system instructions are shown with their number; only `halt` is left at the end",
     check = under_monitor {
       load = mixed(),
       how = function(run, report, load)
         at_most(run, "the kernel traps by other things than calls", run:count "traps", 2)
         work.few_calls(run, report, load)
       end}},
    {id = "bare", title = "It still runs on the bare machine", points = 5, after = {"boot"},
     hint = "a bare machine answers 0 to every call: then everything is done as in the starter",
     check = work.check {
       load = mixed {tick = any(1500, 2500), rounds = any(2000, 2500)},
       how = function(run, report, load) work.ticks(run, report, load, "there are too few ticks", 4) end}},
  },
}
