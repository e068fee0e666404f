-- A machine whose hardware uses shadow tables that somebody's function has made: the guest runs directly, in user mode; what
-- traps is done here, as a monitor would.
local support = {}

local PAGE, ENTRIES = 4096, 32
local START, SIZE, TABLE, MEMORY = 0x10000, 0x10000, 0x24000, 0x30000
local FOREIGN = ("\x58"):rep(PAGE) -- what lies outside of the guest's memory
local KIND = {load = 2, store = 4, fetch = 8}

support.start, support.size, support.memory, support.pages = START, SIZE, MEMORY, ENTRIES

-- What user mode may do with a page of this entry, and where it is; nothing where the machine refuses.
function support.meaning(entry)
  local rights = entry & 14
  if entry & 1 == 0 or entry & 16 == 0 or rights & 6 == 4 or rights == 0 then return 0, 0 end
  return rights, entry & ~(PAGE - 1)
end

-- Runs a guest of SIZE bytes on the machine, in its partition, to its end, in its supervisor mode. What it has printed, or nil and what is wrong.
function support.run(m, compose)
  local virtual = {translation = 0, base = 0, bound = SIZE}
  local printed = {}

  local function guest_entry(page)
    if virtual.translation == 0 then return page * PAGE < SIZE and page * PAGE | 31 or 0 end
    if page * PAGE >= virtual.bound then return 0 end
    return m:word(START + virtual.base + 4 * page)
  end
  local context = {
    start = START, size = SIZE, mode = "supervisor",
    holds_table = function(frame) return virtual.translation == 1 and frame == virtual.base & ~(PAGE - 1) end,
  }
  local function fill()
    for page = 0, ENTRIES - 1 do
      local entry = compose(guest_entry(page), context)
      if math.type(entry) ~= "integer" then error("the function does not return a whole number", 0) end
      m:word(TABLE + 4 * page, entry & 0xffffffff)
    end
  end
  local function enter(pc)
    m.state.mode, m.state.translation, m.state.base, m.state.bound = 1, 1, TABLE, ENTRIES * PAGE
    m.pc = pc
  end
  local function physical(address) -- of the guest's memory
    if virtual.translation == 0 then return address end
    return guest_entry(address // PAGE) & ~(PAGE - 1) | address & (PAGE - 1)
  end

  local function decoded(pc) return m.isa:decode(m:word(START + physical(pc))).operands end

  for page = 1, SIZE // PAGE - 1 do -- the guest's memory into its partition, and something else to where it was
    m:write(START + page * PAGE, m:read(page * PAGE, PAGE))
    m:write(page * PAGE, FOREIGN)
  end
  fill()
  enter(m:address "_start")
  while true do
    local why, event = m:run {limit = 10000, until_event = "trap"}
    if why ~= "event" then return nil, "the guest does not come to its end" end
    local x = m.x
    if event.cause == "memory" then
      local entry = guest_entry(event.value // PAGE)
      local permitted = entry & 1 == 1 and entry & KIND[event.access] ~= 0 and (entry & ~(PAGE - 1)) + PAGE <= SIZE
      if not permitted then return nil, ("the guest's own table forbids the %s at 0x%x"):format(event.access, event.value) end
      if event.access ~= "store" or not context.holds_table(entry & ~(PAGE - 1)) then
        return nil, ("the guest's table allows the %s at 0x%x, and the shadow does not"):format(event.access, event.value)
      end
      m:word(START + physical(event.value), x[decoded(event.pc).rs2]) -- the table changes: so do the shadows
      fill()
    elseif event.instruction == "out" then
      printed[#printed + 1] = string.char(x[event.operands.rs2] & 255)
    elseif event.instruction == "halt" then
      return table.concat(printed)
    elseif event.instruction == "lpsw" then
      local at = START + physical(x[event.operands.rs1] + event.operands.imm)
      virtual.translation, virtual.base, virtual.bound = m:word(at) >> 2 & 1, m:word(at + 8), m:word(at + 12)
      fill()
      enter(m:word(at + 4))
      goto continue
    else
      return nil, ("the guest traps at 0x%x (%s): it does not find its own instructions there"):format(event.pc, event.cause)
    end
    enter(event.pc + 4)
    ::continue::
  end
end

return support
