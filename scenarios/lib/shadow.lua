-- shadow.lua: R of a guest on a machine with pages (pg74p), for a hosted monitor: a page table in the monitor's own memory, the
-- shadow, in the place of the guest's. It says in which frame of the real machine a page stands, and no more than the guest's
-- table and its mode permit; where the guest's addresses are physical, its pages are those of its partition. Frames that hold
-- the guest's table cannot be written to: a store there traps, is emulated, and the shadow is made anew before the guest goes on.
-- What the shadow does not map (or has no room for) traps, too: emulation decides by the guest's own table what it means.
local VALID, READ, WRITE, EXECUTE, USER = 1, 2, 4, 8, 16
local PAGE = 4096

-- The shadow's entry for one of the guest's; `first` to `last` are the frames of its table.
local function shadow_of(cpu, entry, first, last)
  local frame = entry // PAGE
  local usable = entry & VALID ~= 0 and (entry & READ ~= 0 or entry & WRITE == 0) and
                 (entry & USER ~= 0 or cpu.virtual.mode == 0) and (frame + 1) * PAGE <= cpu.size
  if not usable then return 0 end
  local rights = entry & (READ | WRITE | EXECUTE) | VALID | USER
  if frame >= first and frame <= last then rights = rights & ~WRITE end
  return cpu.start + frame * PAGE | rights
end

-- For all guests of a host: a function that composes R of one of them.
return function(host)
  local made, room = {}, host.room
  return function(cpu)
    local virtual, pages = cpu.virtual, cpu.size // PAGE
    local shadow = made[cpu] or {at = room}
    if not made[cpu] then
      made[cpu], room = shadow, room + pages * 4
      assert(room <= host.room + 65536, "there is no room for so many shadow tables")
    end
    local limit, table = cpu.size, nil
    if virtual.translation == 1 then
      local inside = math.max(cpu.size - virtual.base, 0) // 4 -- entries that stand in the guest's memory
      limit = virtual.bound
      pages = math.min(pages, (limit + PAGE - 1) // PAGE, inside)
      table = cpu:read(virtual.base, pages * 4) or ""
    end
    cpu.state.translation, cpu.state.base, cpu.state.bound = 1, shadow.at, math.min(limit, pages * PAGE) & ~15
    if shadow.table == table and shadow.mode == virtual.mode and shadow.base == virtual.base and shadow.pages == pages then
      return
    end
    local first, last, entries = virtual.base // PAGE, (virtual.base + pages * 4 - 1) // PAGE, {}
    for page = 0, pages - 1 do
      local entry = table and string.unpack("<I4", table, page * 4 + 1) or page * PAGE | READ | WRITE | EXECUTE | VALID
      entries[page + 1] = string.pack("<I4", table and shadow_of(cpu, entry, first, last) or cpu.start + entry | USER)
    end
    host.machine:write(shadow.at, _G.table.concat(entries))
    shadow.table, shadow.mode, shadow.base, shadow.pages = table, virtual.mode, virtual.base, pages
  end
end
