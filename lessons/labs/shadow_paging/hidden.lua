-- What students are told no more of than its concern. This file is not exported.
local function monitor(guests)
  return lab.monitor {files = {"shadow.c"}, with = {"shadow.h"}, script = "link.ld", guests = guests}
end

return {
  {id = "all", title = "Every instruction and every trap", points = 10,
   after = {"modes", "changes", "spaces", "guests"},
   concern = "every instruction and every trap, in both modes, with operands at the edges, and tables that change",
   check = monitor(0)},
  {id = "random", title = "Guests made at random", points = 10, after = {"modes", "changes", "spaces", "guests"},
   concern = "guests that nobody has thought of: tables, their changes, devices and two guests, at random",
   check = monitor(6)},
}
