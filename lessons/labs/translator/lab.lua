-- A binary translator in C, a part of a program of the machine: the monitor around it is supplied, as an object.
local function translator(options)
  options.files, options.script, options.with = {"translator.c"}, "link.ld", {"monitor.h"}
  return lab.monitor(options)
end

return {
  api = 1,
  title = "A binary translator in C",
  machine = "flawed.isa",
  derive = {"opcode"},
  hours = 15,
  compiler = "riscv64-unknown-elf-gcc",
  submit = {"translator.c"},
  supplied = {"supplied/start.S", "supplied/monitor.c", "supplied/memory.c", "supplied/execute.c", "supplied/devices.c",
              "supplied/internal.h", "monitor.h"},
  monitor = true,
  tasks = {
    {id = "straight", title = "Blocks of straight code", points = 15,
     hint = "most words are copied; a block ends at the latest where it becomes too long, and the guest goes on in the next",
     check = translator {cases = {"guests/straight_block.s", "guests/straight_long.s", "guests/straight_memory.s"}}},
    {id = "control", title = "Branches, calls, returns, jumps", points = 20, after = {"straight"},
     hint = "what reads the pc must read the guest's, and where it leads is an address of the guest's, never of the cache",
     check = translator {cases = {"guests/control_branch.s", "guests/control_pc.s", "guests/control_call.s",
                                  "guests/control_indirect.s"}}},
    {id = "sensitive", title = "The guest cannot tell", points = 10, after = {"straight"},
     hint = "which instructions of flawed.isa do not trap in user mode, and should?",
     check = translator {cases = {"guests/sensitive_flags.s", "guests/sensitive_user.s", "guests/sensitive_devices.s"}}},
    {id = "changing", title = "Code that changes, and code as data", points = 15, after = {"control"},
     hint = "translator_changed: whatever was made of these words is not to be executed again, wherever one comes from",
     check = translator {cases = {"guests/changing_data.s", "guests/changing_next.s", "guests/changing_loop.s",
                                  "guests/changing_called.s", "guests/changing_twice.s", "guests/changing_disk.s"}}},
    {id = "precise", title = "Faults and interrupts are at the right pc", points = 15, after = {"control"},
     hint = "an instruction that has become two words: where is the guest between them?",
     check = translator {cases = {"guests/precise_fault.s", "guests/precise_jump.s", "guests/precise_timer.s",
                                  "guests/precise_pc.s", "guests/precise_call.s"}}},
    {id = "room", title = "A full cache, and two guests", points = 10, after = {"control"},
     hint = "who forgets a translation forgets also the way to it",
     check = translator {cases = {"guests/room_full.s", "guests/room_calls.s", "guests/room_two.s",
                                  "guests/room_two_full.s"}}},
    {id = "speed", title = "Blocks are used again, and chained", points = 10, after = {"control"},
     hint = "the hardware should go from block to block without the monitor; only jumps through a register cannot",
     check = translator {cases = {"guests/speed_loop.s", "guests/speed_branches.s", "guests/speed_calls.s"},
                         overhead = 4}},
  },
}
