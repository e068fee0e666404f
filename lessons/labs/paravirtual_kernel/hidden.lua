-- What students are told no more of than its concern. This file is not exported.
local work = lab.workloads -- those of lab.lua: the calls have the numbers with which the kernel is compiled
local any, all, without, at_most = work.any, work.all, work.without, work.at_most

local function mixed(tick)
  return {lines = any(1, 3), salt = any(1, 1 << 24), tick = tick or any(1500, 6000), rounds = any(50, 400), tasks = {
    {"regions", any(1, 1 << 20), any(9, 20) + (any(2, 4) << 8)},
    {"storage", any(1, 1 << 20), any(0, 15) + (any(5, 12) << 16)},
    {"rude", any(0, 3)}, {"touch", any(1, 1 << 20), any(4, 12)}, {"talk", any(0x61, 0x7a), any(3, 8)},
    {"storage", any(1, 1 << 20), any(32, 40) + (any(9, 20) << 16)}, {"compute", any(1, 1 << 20), any(1000, 3000)}}}
end

return {
  {id = "older", title = "An older monitor", points = 6, after = {"quiet"},
   concern = "a monitor that speaks version 1 only",
   check = work.check {
     vmm = "paravirtual", version = work.VERSION_1, load = mixed(),
     how = function(run, report, load)
       at_most(run, "the kernel traps by other things than calls", run:count "traps", 2)
       work.few_calls(run, report, load)
     end}},
  {id = "poorer", title = "A monitor that lacks features", points = 6, after = {"quiet", "bare"},
   concern = "monitors without rings, without page tables, and one that takes no calls",
   check = all {
     work.check {vmm = "paravirtual", features = work.TABLES, load = mixed(),
                 how = function(run)
                   without(run, "masking", "setflags", "getflags")
                   without(run, "going on", "lpsw")
                   without(run, "page tables", "store")
                 end},
     work.check {vmm = "paravirtual", features = work.RINGS, load = mixed()},
     work.check {vmm = "trap_and_emulate", load = mixed(20000)}}},
  {id = "two", title = "Two kernels", points = 4, after = {"quiet"},
   concern = "two kernels side by side", check = work.check {vmm = "paravirtual", loads = {mixed(), mixed()}}},
  {id = "orders", title = "Events in other orders", points = 4, after = {"quiet"},
   concern = "the same things, in other orders: ticks and slices of other lengths",
   check = all {
     work.check {vmm = "paravirtual", load = mixed(any(900, 1200))},
     work.check {vmm = "paravirtual", load = mixed(any(500, 60000)), slice = any(2000, 4000)},
     work.check {vmm = "paravirtual", load = mixed(0), slice = 500}}},
}
