-- Guests that find out, and guests that get out.
-- A program does without an instruction when it executes none, wherever the words of one may stand: what the hardware has
-- executed for the guest is looked at, and under a monitor that is what has been executed in user mode.
local function forbid(machine, vmm, names, file)
  machine:on("retire", function(event)
    for _, name in ipairs(names) do
      if event.instruction == name and (event.user or not vmm) then
        lab.fail {message = ("%s must do without %s"):format(file, name), at = ("%s, at 0x%08x"):format(event.text, event.pc)}
      end
    end
  end)
end

-- Runs the program on the bare machine (vmm nil) or under a monitor, beside so many other guests; its halt code. Being
-- looked at takes time, so that a program which must do without something has to come to its end sooner.
local function code(image, options, vmm, others)
  local guests = {}
  for i = 1, others do guests[i] = pg74.assemble("_start: li a0, 300\n1: addi a0, a0, -1\n bnez a0, 1b\n halt a0", {isa = lab.machine()}) end
  guests[#guests + 1] = image
  local m = pg74.machine {isa = lab.machine(), guests = guests, vmm = vmm, memory = 65536}
  if options.without then forbid(m, vmm, options.without, options.file) end
  local why = m:run(options.without and 400000 or 20000000)
  if why ~= "halted" then return "no end" end
  return vmm and m:guest_halt_code(#guests) or m.halt_code
end

-- What the program must halt with in each place.
local function program(options)
  return function(work)
    local image = work.assemble(options.file)
    for _, place in ipairs(options.places) do
      local got = code(image, options, place.vmm, place.others or 0)
      if got ~= place.code then
        return false, {message = ("%s halts with another code, %s"):format(options.file,
                                   place.vmm and "under " .. place.vmm or "on the bare machine"),
                       expected = tostring(place.code), got = tostring(got)}
      end
    end
    return true
  end
end

return {
  api = 1,
  title = "Detect a monitor, and escape from it",
  machine = "flawed.isa",
  hours = 4,
  submit = {"place.s", "mode.s", "escape.s"},
  tasks = {
    {id = "place", title = "A guest knows where it is", points = 2,
     hint = "what does the kernel of the bare machine find in R?",
     check = program {file = "place.s", places = {{code = 0}, {vmm = "trap_and_emulate", code = 1},
                                                  {vmm = "trap_and_emulate", others = 2, code = 1}}}},
    {id = "mode", title = "A guest knows in which mode it is", points = 3,
     check = program {file = "mode.s", without = {"getbase", "retu"},
                      places = {{code = 0}, {vmm = "trap_and_emulate", code = 1}}}},
    {id = "escape", title = "A user program does what only its kernel may", points = 5,
     hint = "what does the monitor believe after retu?",
     check = program {file = "escape.s", without = {"getbase", "getflags"},
                      places = {{code = 5}, {vmm = "trap_and_emulate", code = 77}}}},
  },
}
