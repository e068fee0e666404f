-- A guest that does its worst hurts only itself. Beside each guest below a well-behaved one does what it does alone, under each
-- monitor; the run goes on until that one has halted. Slices are short, so that both have many turns.
local LIMIT, PORTION, SLICE = 60000000, 200000, 1000
local RELOCATING = {"trap_and_emulate", "paravirtual", "paravirtual_microkernel", "hybrid", "binary_translation", "interpreter"}
local monitors = {
  pg74  = {"trap_and_emulate/trap_and_emulate", table.unpack(RELOCATING)},
  pg74p = RELOCATING,
  pg74h = {"hardware_assisted", "hardware_assisted_shadow", "trap_and_emulate"},
}
local rude = {
  {"loop", "loops with interrupts disabled"},
  {"flood", "writes to every port and reads from every one"},
  {"transfers", "has its disk and its network read and write at every address"},
  {"relocate", "gives itself memory that is not its own"},
  {"storm", "traps where there is no handler"},
  {"stuck", "has a handler that traps"},
  {"tables", "gives itself page tables that lead out of its memory", paged = true},
}
local DISK = ("x"):rep(8192)
local wrong, count = 0, 0

local function load(name, isa)
  local file <close> = assert(io.open("tests/vmm/guests/" .. name .. ".s"))
  return pg74.assemble(file:read "a", {isa = isa, name = name .. ".s"})
end

local function beside(isa, monitor, guest, what, good, alone)
  local machine = pg74.machine {isa = isa, vmm = monitor, guests = {guest, good}, disks = {DISK, ""}, slice = SLICE}
  repeat
    local why = machine:run(PORTION)
  until why ~= "limit" or machine:guest_halt_code(2) or machine:time().instructions > LIMIT
  local unhurt = machine:guest_halt_code(2) == alone.halt_code and machine:console(2) == alone:console()
  local kept = machine:console(1) == "" and not machine:guest_halt_code(1)
  count = count + 1
  if not (unhurt and kept) then
    wrong = wrong + 1
    print(("%s, %s: beside a guest that %s, %s is %s"):format(isa, monitor, what, good, unhurt and "unhurt" or "HURT"),
          machine:guest_halt_code(2), machine:console(2):sub(1, 80), machine:console(1):sub(1, 80))
  end
  machine:close()
end

for isa, names in pairs(monitors) do
  for _, good in ipairs {"timer", "traps"} do
    local alone = pg74.machine {isa = isa, guest = good}
    alone:run()
    for _, each in ipairs(rude) do
      local guest = (not each.paged or isa ~= "pg74") and load(each[1], isa)
      for _, monitor in ipairs(guest and names or {}) do
        beside(isa, monitor, guest, each[2], good, alone)
      end
    end
  end
end
print(count .. " pairs")
os.exit(wrong == 0 and count == 210)
