-- What students are told no more of than its concern. This file is not exported.
local function translator(options)
  options.files, options.script, options.with = {"translator.c"}, "link.ld", {"monitor.h"}
  return lab.monitor(options)
end

return {
  {id = "all", title = "Every instruction and every trap", points = 3, after = {"control", "sensitive", "changing", "precise"},
   concern = "every instruction and every trap, in both modes, with operands at the edges",
   check = translator {guests = 0}},
  {id = "random", title = "Guests made at random", points = 2, after = {"control", "sensitive", "changing", "precise"},
   concern = "guests that nobody has thought of: kernels, devices, timers and two guests, at random",
   check = translator {guests = 20}},
}
