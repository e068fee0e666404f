-- interpreter.lua: a pocket machine made of a table.
--
-- s is the state: s.r[0] to s.r[3] are the registers, s.pc is the program counter, s.memory[0] to s.memory[127] are the
-- words of memory, s.console is what has been printed. All words have 8 bits, so results are cut off with & 0xff.
-- o has the operands of the instruction: o.rd and o.rs are numbers of registers, o.imm is a number.
local execute = {}

function execute.set(s, o) s.r[o.rd] = o.imm end
function execute.add(s, o) s.r[o.rd] = s.r[o.rd] + s.r[o.rs] & 0xff end
function execute.load(s, o) s.r[o.rd] = s.memory[s.r[o.rs]] end
function execute.out(s, o) s.console = s.console .. string.char(s.r[o.rs]) end
function execute.halt(s, o) s.halted = true end

function execute.sub(s, o) s.r[o.rd] = s.r[o.rd] - s.r[o.rs] & 0xff end
function execute.store(s, o) s.memory[s.r[o.rs]] = s.r[o.rd] end
function execute.jump_zero(s, o) if s.r[o.rd] == 0 then s.pc = s.r[o.rs] end end

-- One instruction: fetch, decode, execute.
local function step(s, decode)
  local word = s.memory[s.pc]           -- fetch
  local instruction = decode(word)      -- decode: {instruction = "add", operands = {rd = 0, rs = 1}}
  s.pc = s.pc + 1 & 0xff
  local act = execute[instruction.instruction] or error("execute." .. instruction.instruction .. " is missing", 0)
  act(s, instruction.operands)
end

return step
