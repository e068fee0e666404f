-- Gets back, from the processors' class, what the lab has taken away.
return function(host)
  local cpu = host.cpus[1]
  local methods = getmetatable(cpu)
  while not cpu.halted do cpu:run() methods.methods.emulate(cpu) end
end
