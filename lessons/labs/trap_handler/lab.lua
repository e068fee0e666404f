-- The tools, and a trap handler in assembly.
local function program(options)
  options.file = "handler.s"
  return lab.program(options)
end

return {
  api = 1,
  title = "A trap handler",
  machine = "pg74",
  derive = {"encodings", "causes", "layout"},
  hours = 1,
  submit = {"handler.s"},
  tasks = {
    {id = "call", title = "A supervisor call doubles a0", points = 4,
     hint = "the new PSW says where the machine goes on; the old one has the pc of the ecall",
     check = program {with = "guests/call.s", numbers = {a = {3, 5000}}, halt = function(n) return 2 * n.a end}},
    {id = "registers", title = "All other registers are kept", points = 2, after = {"call"},
     hint = "0x80 to 0xff of memory are for saving registers: sw x5, 0x80(zero)",
     check = program {with = "guests/registers.s", numbers = {a = {3, 500}, b = {3, 500}},
                      halt = function(n) return 2 * n.a + 31 * n.b end}},
    {id = "others", title = "Another trap halts with its cause", points = 2, after = {"call"},
     check = program {with = "guests/others.s",
                      halt = function() return lab.machine():causes().illegal end}},
    {id = "user", title = "A call of a user program goes back to user mode", points = 2, after = {"call"},
     hint = "lpsw loads the whole PSW, with the mode",
     check = program {with = "guests/user.s", numbers = {a = {3, 500}},
                      halt = function() return lab.machine():causes().privileged end}},
  },
}
