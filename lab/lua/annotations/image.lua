---@meta

---A program.
---@class pg74.Image
---@field name string
---@field entry integer where it begins
---@field limit integer the address after its last byte
---@field symbols table<string, integer> all its symbols
local Image = {}

---What a symbol stands for; nil when there is none.
---```lua
---print(pg74.load("hello"):address "_start" == pg74.load("hello").entry) --> true
---```
---@param symbol string
---@return integer?
function Image:address(symbol) end

---The symbol at or before an address, and the distance to it.
---```lua
---local hello = pg74.load "hello"
---print(hello:symbol(hello.entry + 4)) --> _start	4
---```
---@param address integer
---@return string? name
---@return integer? offset
function Image:symbol(address) end

---The source line of an address; nil where the image does not say.
---```lua
---local image = pg74.assemble("_start: nop\n        halt a0\n", {name = "two.s"})
---print(image:line(image.entry + 4)) --> two.s	2
---```
---@param address integer
---@return string? file
---@return integer? line
function Image:line(address) end

---Its instructions: a list of `address`, `word`, `text`.
---```lua
---local image = pg74.assemble "_start: halt a0"
---print(image:disassembly()[1].text) --> halt a0
---```
---@param isa? string|pg74.Isa
---@return table[]
function Image:disassembly(isa) end

---Writes it as an ELF file.
---```lua
---local path = os.tmpname()
---pg74.assemble("_start: halt a0"):save(path)
---print(pg74.machine {guest = path}:run()) --> halted
---os.remove(path)
---```
---@param path string
function Image:save(path) end
