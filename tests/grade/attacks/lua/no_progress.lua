-- Runs the guest for ever, whatever comes back.
return function(host)
  while true do pcall(host.cpus[1].run, host.cpus[1]) end
end
