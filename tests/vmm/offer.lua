-- What the paravirtual monitor offers can be changed before it starts: guests see an older version, fewer features, other
-- numbers; and what is not offered is refused.
local pg74 = require "pg74"
local IDENTIFY, FEATURES, START, PIN, RING = 0, 1, 2, 8, 12
local VERSION_1, VERSION_2, BAD_FUNCTION = 0x50560001, 0x50560002, 0xfffffff1

-- Makes calls {number, argument} under a monitor with this offer; gives the answers.
local function answers(offer, calls)
  local lines = {"_start: la s0, answers"}
  for i, call in ipairs(calls) do
    lines[#lines + 1] = ("li a0, %d\n li a1, %s\n diag a0, a0, a1\n sw a0, %d(s0)"):format(call[1], call[2], 4 * i - 4)
  end
  lines[#lines + 1] = "halt zero\n .bss\n .balign 4096\ntable: .space 4096\nshared: .space 64\nanswers: .space 64\n"
    .. "attachment: .word 1, 0"
  local image = pg74.assemble(table.concat(lines, "\n"):gsub("%.bss", ".data"), {isa = "pg74p"})
  local m = pg74.machine {guest = image, vmm = "paravirtual", isa = "pg74p"}
  local at = m:address "paravirtual_offer"
  for i, byte in pairs(offer) do
    if i < 8 then m:word(at + i, byte) else m:byte(at + i, byte) end
  end
  assert(m:run(10000000) == "halted")
  local got = {}
  for i = 1, #calls do got[i] = m:word(m:partition(1) + image:address "answers" + 4 * (i - 1)) end
  return table.unpack(got)
end

local function same(what, got, wanted)
  assert(got == wanted, ("%s: %08x and not %08x"):format(what, got, wanted))
end

local version, features = answers({}, {{IDENTIFY, VERSION_2}, {FEATURES, 0}})
same("the version", version, VERSION_2)
same("the features", features, 3)

local high, low, start = answers({[0] = VERSION_1}, {{IDENTIFY, VERSION_2}, {IDENTIFY, VERSION_1}, {START, "shared"}})
same("a version that an older one does not speak", high, VERSION_1)
same("the version that it speaks", low, VERSION_1)
same("its start", start, 0)

local nothing, _, pin, ring = answers({[4] = 0}, {{FEATURES, 0}, {START, "shared"}, {PIN, "table"}, {RING, "attachment"}})
same("no features", nothing, 0)
same("a table, where there are none", pin, BAD_FUNCTION)
same("a ring, where there are none", ring, BAD_FUNCTION)

local other, started, old = answers({[8 + 21] = IDENTIFY, [8 + 7] = START, [8 + IDENTIFY] = 0xff},
                                    {{21, VERSION_2}, {7, "shared"}, {IDENTIFY, VERSION_2}})
same("the version, by another number", other, VERSION_2)
same("the start, by another number", started, 0)
same("the number that it had", old, BAD_FUNCTION)
