-- Shadow page tables: one file of a trap-and-emulate monitor for pg74p. The rest of it is supplied.
local function monitor(names, overhead)
  local cases = {}
  for name in names:gmatch "%S+" do cases[#cases + 1] = ("guests/%s.s"):format(name) end
  return lab.monitor {files = {"shadow.c"}, with = {"shadow.h"}, script = "link.ld", cases = cases,
                      overhead = overhead}
end

return {
  api = 1,
  title = "Shadow page tables",
  machine = "pg74p",
  derive = {"opcode"},
  hours = 10,
  compiler = "riscv64-unknown-elf-gcc",
  submit = {"shadow.c"},
  supplied = {"supplied/start.S", "supplied/monitor.c", "supplied/emulate.c", "supplied/devices.c",
              "supplied/monitor.h", "shadow.h"},
  monitor = true,
  tasks = {
    {id = "off", title = "Translation off: a map of the partition", points = 5,
     hint = "the hardware translates in any case: page n of the guest is the n-th page of its partition",
     check = monitor "off_memory off_user"},
    {id = "fill", title = "Filled when touched", points = 15, after = {"off"},
     hint = "look the page up in the guest's table, and enter where it lies: the guest's frames count from its start",
     check = monitor "fill_touched fill_moved fill_code fill_high"},
    {id = "rights", title = "What the guest's table forbids", points = 10, after = {"fill"},
     hint = "the shadow allows what the guest's entry allows and no more; the rest is the guest's own trap",
     check = monitor "rights_store rights_execute rights_load rights_strange rights_bound rights_end"},
    {id = "modes", title = "The guest's kernel and its users", points = 10, after = {"fill"},
     hint = "all of the guest runs in user mode: what its kernel may use must not be in the table that its users have",
     check = monitor "modes_kernel_page modes_forth_and_back modes_probe modes_off"},
    {id = "changes", title = "The guest changes its tables", points = 15, after = {"rights"},
     hint = "a change is seen by the next access: what an entry was made from must not change unseen, in any way",
     check = monitor [[changes_moved changes_gone changes_less changes_come changes_elsewhere changes_unseen changes_off
       changes_bytes changes_by_user changes_psw changes_disk]]},
    {id = "spaces", title = "Many tables", points = 10, after = {"fill"},
     hint = "a table of the pool belongs to one R, one mode, one guest; who gets it next must find nothing in it",
     check = monitor "spaces_two spaces_other spaces_many spaces_again"},
    {id = "guests", title = "Two guests", points = 10, after = {"spaces"},
     hint = "the same R of another guest is another address space",
     check = monitor "guests_two guests_many"},
    {id = "kept", title = "What was made is kept", points = 5, after = {"modes", "spaces"},
     hint = "a table that comes back, and one of another mode, are as good as when they were left",
     check = monitor("kept", 45)},
  },
}
