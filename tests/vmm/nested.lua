-- Each monitor under each: the guest prints what it prints on the bare machine, and ends as it ends there. The table says how many
-- times the bare cycles that takes. Where the outer monitor interprets, the guest is a shorter one, and no figure is given.
--
--     pg74 shell tests/vmm/nested.lua [MACHINE]...      MACHINE: pg74 pg74p pg74h
local monitors = {"trap_and_emulate", "paravirtual", "paravirtual_microkernel", "binary_translation", "hybrid", "interpreter",
                  "hardware_assisted", "hardware_assisted_shadow"}
local LIMIT = 2000000000
local wrong, count = 0, 0

local function is_for(monitor, isa) return isa == "pg74h" or not monitor:find "hardware" end

local function interprets(monitor, isa) -- its guests' supervisor
  return monitor == "interpreter" or monitor == "hybrid" or (monitor == "binary_translation" and isa == "pg74")
end

local function alone(isa, guest)
  local machine <close> = pg74.machine {isa = isa, guest = guest}
  machine:run()
  return {console = machine:console(), code = machine.halt_code, cycles = machine:time().cycles}
end

local function under(isa, vmm, guest, bare)
  local machine <close> = pg74.machine {isa = isa, vmm = vmm, guest = guest}
  local why = machine:run(LIMIT)
  count = count + 1
  if why ~= "halted" or machine:console() ~= bare.console or machine:guest_halt_code() ~= bare.code then
    wrong = wrong + 1
    print(("%s on %s: %s, %q"):format(vmm, isa, why, machine:console()))
  end
  return machine:time().cycles / bare.cycles
end

local function row(isa, outer, guest)
  local bare, cells = alone(isa, guest), {}
  for _, inner in ipairs(monitors) do
    if is_for(inner, isa) then
      local times = under(isa, outer .. "/" .. inner, guest, bare)
      cells[#cells + 1] = interprets(outer, isa) and "the same" or ("%.0f"):format(times)
    end
  end
  print(("| %s | %s |"):format(outer, table.concat(cells, " | ")))
end

for _, isa in ipairs(#arg > 0 and arg or {"pg74", "pg74p", "pg74h"}) do
  local names = {}
  for _, monitor in ipairs(monitors) do
    if is_for(monitor, isa) then names[#names + 1] = monitor end
  end
  print(("\n%s\n\n| outer, inner: | %s |\n|---%s|"):format(isa, table.concat(names, " | "), ("|---"):rep(#names)))
  for _, outer in ipairs(names) do
    row(isa, outer, interprets(outer, isa) and "hello" or "traps")
  end
end
os.exit(wrong == 0 and (#arg > 0 or count == 6 * 6 + 6 * 6 + 8 * 8))
