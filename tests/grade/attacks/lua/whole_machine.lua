-- Has the machine itself run the guest, in supervisor mode.
return function(host)
  local m = host.machine
  m.state.mode, m.pc, m.state.base, m.state.bound = 0, host.cpus[1].pc, host.cpus[1].start, host.cpus[1].size
  m:run()
  host.cpus[1]:halt(m.halt_code)
  return "halted"
end
