-- pcode.lua: a machine that nobody has built. It has a stack in the place of registers; its program is a list of
-- instructions, and the first is number 1:
--
--     {"push", 7}       puts 7 on the stack
--     {"add"}           takes two numbers from the stack, and puts their sum there
--     {"print"}         takes a number from the stack, and prints it
--     {"multiply"}      takes two numbers, and puts their product there
--     {"copy"}          puts the topmost number there once more        
--     {"jump_not_zero", 3}   takes a number; if it is not 0, goes on with instruction 3
--
-- `run` executes a program to its end, and returns what it has printed: a list of numbers.
local function run(program)
  local stack, printed, pc = {}, {}, 1
  local function push(number) stack[#stack + 1] = number end
  local function pop() return table.remove(stack) end

  while program[pc] do
    local operation, operand = program[pc][1], program[pc][2]
    pc = pc + 1
    if operation == "push" then
      push(operand)
    elseif operation == "add" then
      push(pop() + pop())
    elseif operation == "print" then
      printed[#printed + 1] = pop()
    elseif operation == "multiply" then
      push(pop() * pop())
    elseif operation == "copy" then
      local number = pop()
      push(number)
      push(number)
    elseif operation == "jump_not_zero" then
      if pop() ~= 0 then pc = operand end
    else
      error("there is no instruction " .. operation)
    end
  end
  return printed
end

return run
