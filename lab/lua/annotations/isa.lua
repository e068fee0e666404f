---@meta

---An instruction set.
---@class pg74.Isa
---@field name string
---@field title string
---@field source? string where it is from
---@field parent? string what it is a variant of
---@field word_bits integer
---@field instruction_bits integer
local Isa = {}

---The names of its instructions, in the order of the specification.
---```lua
---print(#pg74.isa("pg74"):instructions() > 60) --> true
---```
---@return string[]
function Isa:instructions() end

---What the specification says of an instruction: `name`, `syntax`, `doc`, `source`, `layout`, `execute`, `variant`,
---`mask` and `match`.
---```lua
---print(pg74.isa("pg74"):instruction("setr").doc) --> Set R: base from rs1, bound from rs2. It holds from the next fetch on.
---```
---@param name string
---@return table
function Isa:instruction(name) end

---The state of the machine: a list of `name`, `doc`, `role`, `width`, `count`.
---```lua
---for _, state in ipairs(pg74.isa("pg74"):states()) do
---  if state.role == "relocation" then print(state.name) end
---end
-----> base
-----> bound
---```
---@return table[]
function Isa:states() end

---The numbers of the causes of traps and interrupts, by name.
---```lua
---print(pg74.isa("pg74"):causes().privileged) --> 2
---```
---@return table<string, integer>
function Isa:causes() end

---The numbers of the ports, by name.
---```lua
---print(pg74.isa("pg74"):ports().console_input) --> 1
---```
---@return table<string, integer>
function Isa:ports() end

---The constants of the specification, by name.
---```lua
---print(pg74.isa("pg74"):constants().new_psw) --> 80
---```
---@return table<string, integer>
function Isa:constants() end

---The names of the presets by which cycles are counted; the first is the default.
---```lua
---print(table.concat(pg74.isa("pg74"):costs(), " ")) --> classic uniform modern
---```
---@return string[]
function Isa:costs() end

---The whole machine on one page.
---```lua
---print(#pg74.isa("pg74"):card() > 1000) --> true
---```
---@return string
function Isa:card() end

---Every instruction with its bits and its meaning, or one.
---```lua
---print(pg74.isa("pg74"):show("retu"):match "mode = user") --> mode = user
---```
---@param instruction? string
---@return string
function Isa:show(instruction) end

---The words that are no instruction, as patterns of 0, 1 and - that do not overlap.
---```lua
---print(#pg74.isa("pg74"):unassigned()[1]) --> 32
---```
---@return string[]
function Isa:unassigned() end

---The words that a line of assembly becomes: more than one where it is a pseudo-instruction.
---```lua
---print(string.format("%08x", pg74.isa("pg74"):encode "addi a0, a0, 1")) --> 00150513
---```
---@param text string
---@return integer ...
function Isa:encode(text) end

---What a word is: `instruction` (its name), `operands` (by name), `text`, `word`. Nil when it is no instruction.
---```lua
---local isa = pg74.isa "pg74"
---local decoded = isa:decode(isa:encode "addi a0, a1, -7")
---print(decoded.instruction, decoded.operands.rd, decoded.operands.imm) --> addi	10	-7
---```
---@param word integer
---@return table?
function Isa:decode(word) end

---The assembly of a word; `address` is where it stands, for relative operands.
---```lua
---print(pg74.isa("pg74"):disassemble(0x00150513)) --> addi a0, a0, 1
---```
---@param word integer
---@param address? integer
---@return string
function Isa:disassemble(word, address) end
