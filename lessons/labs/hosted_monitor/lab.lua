-- A trap-and-emulate monitor in Lua. The tasks are the stages in which one grows.
local function monitor(options)
  options.file = "monitor.lua"
  options.without = {"emulate", "interrupt", "request"} -- to do that by hand is the exercise
  return lab.monitor(options)
end

return {
  api = 1,
  title = "A trap-and-emulate monitor in Lua",
  machine = "pg74",
  derive = {"encodings", "causes", "layout"},
  hours = 5,
  monitor = true,
  submit = {"monitor.lua"},
  tasks = {
    {id = "boot", title = "A guest boots, and says so", points = 10,
     hint = "out and halt trap as privileged: decode the word in exit.value, do it, and go on behind it",
     check = monitor {cases = {"guests/boot_compute.s", "guests/boot_console.s"}}},
    {id = "reflect", title = "Traps go to the guest", points = 20, after = {"boot"},
     hint = "what the hardware does at a trap, you do in the guest's own memory: old PSW, cause, value, access, new PSW",
     check = monitor {cases = {"guests/reflect_call.s", "guests/reflect_memory.s", "guests/reflect_illegal.s",
                               "guests/reflect_user.s"}}},
    {id = "emulate", title = "System instructions", points = 25, after = {"boot"},
     hint = "the guest's R is what it has set; the hardware's R is that, moved to cpu.start and cut off at cpu.size",
     check = monitor {cases = {"guests/emulate_relocation.s", "guests/emulate_moved.s", "guests/emulate_flags.s",
                               "guests/emulate_operand.s", "guests/emulate_devices.s"}}},
    {id = "timer", title = "The timer", points = 15, after = {"reflect", "emulate"},
     hint = "run no longer than the guest's timer; what cpu:run gives back as exit.instructions is the time that has passed",
     check = monitor {cases = {"guests/timer_kernel.s", "guests/timer_disabled.s", "guests/timer_user.s",
                               "guests/timer_idle.s"}}},
    {id = "guests", title = "Two guests at a time", points = 10, after = {"timer"},
     check = monitor {cases = {"guests/two_guests.s", "guests/two_ends.s", "guests/two_timers.s",
                               "guests/two_disks.s", "guests/two_apart.s"}}},
  },
}
