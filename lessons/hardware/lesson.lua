-- Help from the hardware: the x86's flags in guest mode, exits and the control block, and a monitor of thirty instructions.
local pg74 = require "pg74"
local lesson = {}

local MEMORY = 0x10000
local EXIT_OUT = 33

lesson.machines = {
  x86vt = {isa = "x86vt", guest = "flags.s", vmm = "hardware_assisted"},
  host = {isa = "pg74h", guest = "host.s", memory = MEMORY},
}

local function step_until(m, reached)
  repeat
    local why = m:step()
  until reached(m) or why == "halted"
  return m
end

local function in_guest(m) return m.guest_mode end
local function at_out(m) return in_guest(m) and (m:disassembly(1)[1] or ""):match "^out" ~= nil end

local function at_popf(m)
  return step_until(m, function() return in_guest(m) and (m:disassembly(1)[1] or ""):match "^popf" end)
end

lesson.shows = {
  at_popf = at_popf,
  two_steps = function(m) m:step(2) end,
  at_out = function(m) step_until(m, at_out) end,
  after_exit = function(m) m:step() end,
  host_exited = function(m)
    local exited = m:address "exited"
    step_until(m, function() return m.pc == exited end)
  end,
}

lesson.values = {
  a0 = function(open)
    local m = at_popf(open "x86vt")
    m:step(2)
    return m.x.a0
  end,
  nested = function()
    local result = pg74.compare {isa = "pg74h", guest = "nucleus", vmm = {"hardware_assisted"}, method = "none"}
    return ("%.2f"):format(result.runs[2].overhead)
  end,
}

local function wrapped(names)
  local lines, line = {}, "   "
  for _, name in ipairs(names) do
    if #line + #name + 1 > 72 then lines[#lines + 1], line = line, "   " end
    line = line .. " " .. name
  end
  lines[#lines + 1] = line
  return table.concat(lines, "\n")
end

lesson.figures = {
  theorems = function()
    local x86vt = pg74.classify "x86vt"
    local function row(what, of)
      local function word(holds) return holds and "guaranteed" or "not guaranteed" end
      return ("%-22s %-16s %-16s %s"):format(what, word(of.theorem1), word(of.theorem2), word(of.theorem3))
    end
    local critical, exit, own = {}, {}, {}
    for _, name in ipairs(x86vt.violations.theorem1) do critical[name] = true end
    for _, i in ipairs(x86vt.guest_mode.instructions) do
      if critical[i.name] then
        local list = i.exits and exit or own
        list[#list + 1] = i.name
      end
    end
    return table.concat({
      "of x86vt               Theorem 1        Theorem 2        Theorem 3",
      row("in user mode", x86vt), row("in guest mode", x86vt.guest_mode), "",
      "critical in user mode; in guest mode they exit:", wrapped(exit),
      "critical in user mode; in guest mode they touch the guest's own state alone:", wrapped(own),
    }, "\n")
  end,
  control_block = function(open)
    local m = step_until(open "x86vt", at_out)
    m:step()
    local block = assert(m:address "vmm_control_block")
    local lines = {}
    for _, field in ipairs {
      {0x04, "the guest's pc"}, {0x14, "the monitor's pc"}, {0x40, "the reason: 33, exit_out"}, {0x44, "value: the port"},
      {0x48, "access: what is written"},
    } do
      lines[#lines + 1] = ("%04x  %08x  %s"):format(field[1], m:word(block + field[1]), field[2])
    end
    assert(m:word(block + 0x40) == EXIT_OUT)
    return table.concat(lines, "\n")
  end,
}

lesson.tasks = {
  host = {
    files = {"host.s"},
    check = function(_, open)
      -- The guest's text is changed, so that nobody but the guest can print it.
      for _, text in ipairs {"Hi.\n", "Ho!\n"} do
        local m = open {isa = "pg74h", guest = "host.s", memory = MEMORY}
        local at = m:address "text"
        if not at then return false, "the guest's text has no label `text` any more" end
        m:write(at, text)
        local guest_out = false
        m:on("port", function(event) guest_out = guest_out or event.guest end)
        local why = m:run(5000)
        if why ~= "halted" then
          return false, ("it does not come to its end; it has printed %q so far"):format(m:console():sub(1, 20))
        end
        if m:console() ~= text then
          return false, ("it prints %q, where the guest wants to print %q (halted with %d)"):format(m:console(), text, m.halt_code)
        end
        if guest_out then return false, "the guest reached the port itself" end
        if m.halt_code ~= 0 then return false, ("it halts with %d"):format(m.halt_code) end
      end
      return true
    end,
    solution = "solution/host.s",
  },
}

return lesson
