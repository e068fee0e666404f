-- A trap-and-emulate monitor in C, a program of the machine: four checkpoints, each graded on its own.
local function monitor(options)
  options.files, options.with, options.script = {"monitor.c"}, {"start.S"}, "link.ld"
  return lab.monitor(options)
end

return {
  api = 1,
  title = "A trap-and-emulate monitor in C",
  machine = "pg74",
  derive = {"opcode"},
  hours = 15,
  compiler = "riscv64-unknown-elf-gcc",
  submit = {"monitor.c"},
  monitor = true,
  tasks = {
    {id = "boot", title = "A guest boots, and says so", points = 15,
     hint = "out and halt trap as privileged; the word stands at the guest's pc, in its partition",
     check = monitor {cases = {"guests/boot_compute.s", "guests/boot_console.s"}}},
    {id = "reflect", title = "Traps go to the guest", points = 20,
     hint = "what the hardware does at a trap, you do in the guest's own memory: old PSW, cause, value, access, new PSW",
     check = monitor {cases = {"guests/reflect_call.s", "guests/reflect_memory.s", "guests/reflect_illegal.s",
                               "guests/reflect_user.s"}}},
    {id = "emulate", title = "System instructions", points = 25,
     hint = "the guest's R is what it has set; the hardware's R is that, moved into the partition and cut off at its end",
     check = monitor {cases = {"guests/emulate_relocation.s", "guests/emulate_moved.s", "guests/emulate_flags.s",
                               "guests/emulate_operand.s", "guests/emulate_devices.s"}}},
    {id = "timer", title = "The timer, and two guests", points = 20,
     hint = "the real timer is set to the guest's, or to what is left of its slice, whichever ends first",
     check = monitor {cases = {"guests/timer_kernel.s", "guests/timer_disabled.s", "guests/timer_user.s",
                               "guests/timer_idle.s",
                               "guests/two_guests.s", "guests/two_ends.s", "guests/two_timers.s",
                               "guests/two_disks.s", "guests/two_apart.s"}}},
  },
}
