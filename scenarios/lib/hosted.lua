-- hosted.lua: what the scripts that are a hosted monitor do when they are started: run nucleus and compare it with the bare
-- machine, or have `pg74 check` judge the monitor by so many generated guests (1,000).
local pg74 = require "pg74"

return function(monitor, isa, action, guests)
  if action == "check" then
    local result = pg74.check {monitor = monitor, isa = isa, guests = tonumber(guests or 1000)}
    print(result, result.error or "")
    os.exit(result.passed and 0 or 1)
  end
  local host, bare = pg74.hosted {guest = "nucleus", isa = isa}, pg74.machine {guest = "nucleus", isa = isa}
  bare:run()
  monitor(host)
  print(host.machine:console())
  assert(host.machine:console() == bare:console(), "nucleus does not print what it prints on the bare machine")
end
