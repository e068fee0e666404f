-- shadow.lua: makes an entry of a shadow page table out of an entry of the guest's.
--
-- entry: a word of the guest's page table. Its frame counts from the start of the guest's memory.
-- context.start: where the guest's memory begins really. context.size: how many bytes it has.
-- context.mode: "supervisor" or "user", for whom the shadow is: what the guest believes its mode to be.
-- context.holds_table(frame): true if this frame of the guest's holds a page table of the guest's.
--
-- Gives the word for the shadow; 0 is "no page". The hardware uses it in user mode.
local VALID, READ, WRITE, EXECUTE, USER = 1, 2, 4, 8, 16
local PAGE = 4096

local function shadow_entry(entry, context)
  local frame = entry & ~(PAGE - 1)
  local rights = entry & (READ | WRITE | EXECUTE)

  if entry & VALID == 0 then return 0 end
  if context.mode == "user" and entry & USER == 0 then return 0 end
  if frame + PAGE > context.size then return 0 end
  if context.holds_table(frame) then rights = rights & ~WRITE end
  return frame + context.start | rights | VALID | USER
end

return shadow_entry
