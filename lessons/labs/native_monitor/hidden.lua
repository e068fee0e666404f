-- What students are told no more of than its concern. This file is not exported.
local function monitor(options)
  options.files, options.with, options.script = {"monitor.c"}, {"start.S"}, "link.ld"
  return lab.monitor(options)
end

return {
  {id = "all", title = "Every instruction and every trap", points = 10, after = {"boot", "reflect", "emulate", "timer"},
   concern = "every system instruction and every trap, in both modes, with operands at the edges",
   check = monitor {guests = 0}},
  {id = "random", title = "Guests made at random", points = 10, after = {"boot", "reflect", "emulate", "timer"},
   concern = "guests that nobody has thought of: kernels, devices, timers and two guests, at random",
   check = monitor {guests = 20}},
}
