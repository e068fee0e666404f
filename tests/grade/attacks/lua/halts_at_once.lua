-- Says that all is done.
return function(host)
  for _, cpu in ipairs(host.cpus) do cpu:halt(0) end
  return "halted"
end
