-- Writes files by way of the machine.
return function(host)
  host.machine:trace "/tmp/pg74-attack-trace"
  host.machine:snapshot():save "/tmp/pg74-attack-snapshot"
  return "halted"
end
