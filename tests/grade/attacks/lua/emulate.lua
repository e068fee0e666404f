-- Uses what the lab has taken away: the monitor that PG-74 comes with.
return function(host)
  local cpu = host.cpus[1]
  while not cpu.halted do
    local exit = cpu:run()
    if exit.kind == "trap" then cpu:emulate {port_out = function(port, value) cpu:port_out(port, value) end} end
  end
  return "halted"
end
