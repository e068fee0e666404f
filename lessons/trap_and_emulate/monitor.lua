-- monitor.lua: a monitor by trap and emulate, of type 2. Three places are yours.
--
-- The hardware executes the guest, in user mode, and every trap comes back here. What the monitor knows of a guest is
-- in `cpu`:
--   cpu.virtual    what the guest believes: .mode (0 supervisor, 1 user), .enable, .base, .bound
--   cpu.x, cpu.pc  its registers and pc; they are the same in both worlds
--   cpu.state      the real machine's: .base and .bound are set before the guest runs
--   cpu.start, cpu.size          the partition: where it begins in real memory, and how many bytes it has
--   cpu:word(address[, value])   reads or writes a word of the guest's memory; the address is the guest's physical one

-- 1. The R with which the guest is to run, from its virtual R and its partition. Low four bits are 0: & ~15.
local function compose(cpu)
  local virtual = cpu.virtual
  cpu.state.base = virtual.base         -- yours: this leads into memory that is not the guest's
  cpu.state.bound = virtual.bound       -- yours: and this may lead past its end
end

-- 2. What instructions do to the virtual machine. o has the operands: o.rd, o.rs1, o.rs2 are numbers of registers.
local emulate = {}
function emulate.getbase(cpu, o) cpu.x[o.rd] = cpu.virtual.base end
function emulate.getflags(cpu, o) cpu.x[o.rd] = cpu.virtual.enable << 1 | cpu.virtual.mode end
-- yours: getbound, and setr. What they mean: pg74 isa show pg74 setr

-- 3. Gives a trap to the guest: the swap of the virtual PSW, in the guest's own trap area. cpu.pc is that of the
-- instruction that trapped. Old PSW to 0x40 (flags, pc, base, bound: the flags are enable << 1 | mode); cause to 0x60,
-- value to 0x64, access to 0x68; then the new PSW from 0x50, of whose base and bound the low four bits are dropped.
local function reflect(cpu, cause, value, access)
  -- yours
end

-- ---- What follows is complete --------------------------------------------------------------------------------------

-- A guest has trapped: is it for the guest, or is it for us?
local function handle(cpu, trap, devices, support)
  if trap.cause ~= "privileged" or cpu.virtual.mode == 1 then
    reflect(cpu, trap.number, trap.value, support.number_of(trap.access))
  elseif emulate[trap.instruction] then
    emulate[trap.instruction](cpu, trap.operands)
    support.retire(cpu)
  else
    cpu:emulate(devices)                -- all other instructions: by their meaning in the specification
  end
end

local function run_slice(cpu, devices, support)
  cpu:interrupt()                       -- is an interrupt of its virtual machine due?
  compose(cpu)
  local exit = cpu:run(support.SLICE)   -- the hardware has it until something traps, or the slice is over
  if exit.kind == "trap" then handle(cpu, exit, devices, support) end
end

return run_slice
