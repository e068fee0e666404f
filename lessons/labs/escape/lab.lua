-- Guests that find out, and guests that get out.
local function forbidden(image, names, file)
  for _, line in ipairs(image:disassembly(lab.machine())) do
    for _, name in ipairs(names or {}) do
      if line.text:match "^[%w_.]+" == name then
        lab.fail {message = ("%s must do without %s"):format(file, name), at = line.text}
      end
    end
  end
end

-- Runs the program on the bare machine (vmm nil) or under a monitor, beside so many other guests; its halt code.
local function code(image, vmm, others)
  local guests = {}
  for i = 1, others do guests[i] = pg74.assemble("_start: li a0, 300\n1: addi a0, a0, -1\n bnez a0, 1b\n halt a0", {isa = lab.machine()}) end
  guests[#guests + 1] = image
  local m = pg74.machine {isa = lab.machine(), guests = guests, vmm = vmm, memory = 65536}
  local why = m:run(20000000)
  if why ~= "halted" then return "no end" end
  return vmm and m:guest_halt_code(#guests) or m.halt_code
end

-- What the program must halt with in each place.
local function program(options)
  return function(work)
    local image = work.assemble(options.file)
    forbidden(image, options.without, options.file)
    for _, place in ipairs(options.places) do
      local got = code(image, place.vmm, place.others or 0)
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
