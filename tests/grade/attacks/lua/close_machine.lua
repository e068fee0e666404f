-- Closes the machine under the checker.
return function(host)
  host.machine:close()
  host.cpus[1]:run()
end
