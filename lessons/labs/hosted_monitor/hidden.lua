-- What students are told no more of than its concern. This file is not exported.
local function monitor(options)
  options.file, options.without = "monitor.lua", {"emulate", "interrupt", "request"}
  return lab.monitor(options)
end

return {
  {id = "all", title = "Every instruction and every trap", points = 10, after = {"guests"},
   concern = "every system instruction and every trap, in both modes, with operands at the edges",
   check = monitor {guests = 0}},
  {id = "random", title = "Guests made at random", points = 10, after = {"guests"},
   concern = "guests that nobody has thought of: kernels, devices, timers and two guests, at random",
   check = monitor {guests = 60}},
}
