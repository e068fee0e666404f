-- Keeps a processor from one run to the next.
local kept
return function(host)
  kept = kept or host.cpus[1]
  pcall(kept.run, kept)
  kept:halt(0)
  return "halted"
end
