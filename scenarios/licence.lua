-- The same image on different hosts, and a guest that is licensed to one.
--
-- A guest in a machine of its own finds the same machine wherever it runs: whichever engine executes it, bare or under a
-- monitor, base and bound or pages. That is why an image can be given away with all that it needs inside. One thing differs,
-- and is meant to: the number that `machineid` gives. What to see: a guest that asks for it can tell its copies from
-- itself, so a licence bound to it does not survive cloning to another machine; and a monitor's operator decides which number a guest sees.
local pg74 = require "pg74"
local experiment = dofile((arg[0]:match "^(.*/)" or "./") .. "lib/experiment.lua")
local short = experiment.start "One image, many hosts"

-- ---- Everywhere the same --------------------------------------------------------------------------------------------------

local image = short and "traps" or "nucleus"
local hosts = {
  {name = "pg74, fast engine"},
  {name = "pg74, reference engine", engine = "reference"},
  {name = "pg74, trap_and_emulate", vmm = "trap_and_emulate"},
  {name = "pg74, hybrid", vmm = "hybrid"},
  {name = "pg74, two monitors", vmm = "trap_and_emulate/trap_and_emulate"},
  {name = "x86's flaws, hybrid", isa = "x86:pg74", vmm = "hybrid"},
  {name = "counts cycles otherwise", cost = "modern"},
}
local rows, first = {}, nil
for _, host in ipairs(hosts) do
  local name = host.name
  host.name, host.guest = nil, image
  local m = pg74.machine(host)
  m:run()
  local said = m:console() .. tostring(m:guest_halt_code())
  first = first or said
  rows[#rows + 1] = {name, #m:console(), m:guest_halt_code(), m:time().cycles, said == first and "yes" or "NO"}
  experiment.expect(said == first, "the image behaves alike on: " .. name)
end
experiment.table({"host", "bytes written", "halt code", "cycles", "the same"}, rows)

-- ---- Licensed to a machine ------------------------------------------------------------------------------------------------

-- Works (prints W) on the machine whose number is in its licence, and refuses (R) elsewhere.
local licensed = pg74.assemble([[
_start: machineid t0
        la      t1, licence
        lw      t1, 0(t1)
        li      a0, 0
        li      a1, 'W'
        beq     t0, t1, say
        li      a1, 'R'
say:    out     a0, a1
        halt    zero
        .data
licence: .word  74
]], {name = "licensed.s"})

local function says(options)
  options.guest = licensed
  local m = pg74.machine(options)
  m:run()
  return m:console()
end

-- A hosted monitor that shows its guest whatever number it likes: a line of Lua.
local function shown(number)
  local host = pg74.hosted {guest = licensed, identification = 99, on_trap = function(cpu)
    cpu.virtual.identification = number
    cpu:emulate {port_out = function(port, value) cpu:port_out(port, value) end}
  end}
  host:run()
  return host.machine:console()
end

local verdicts = {
  {"bought for machine 74, runs there", says {identification = 74}},
  {"the image copied to machine 75", says {identification = 75}},
  {"under a monitor on machine 74", says {identification = 74, vmm = "trap_and_emulate"}},
  {"its virtual machine moved to machine 75", says {identification = 75, vmm = "trap_and_emulate"}},
  {"under a monitor on 99 that shows 74", shown(74)},
  {"under a monitor on 99 that shows 99", shown(99)},
}
experiment.table({"where", "W works, R refuses"}, verdicts)
for i, expected in ipairs {"W", "R", "W", "R", "W", "R"} do
  experiment.expect(verdicts[i][2] == expected, verdicts[i][1] .. ": " .. (expected == "W" and "works" or "refuses"))
end
experiment.finish()
