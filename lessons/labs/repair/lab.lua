-- Design a variant, and repair one.
local costs = {getbase = 1, retu = 1, getflags = 2}
local budget = 4

-- The instructions that are not what they are in pg74 or in the flawed machine; and what the changes of the flawed one cost.
local function cost(work)
  local mended, flawed = work.isa "repair.isa", pg74.isa {name = "flawed.isa", text = work.own "flawed.isa"}
  local sum, has = 0, {}
  for _, name in ipairs(mended:instructions()) do has[name] = true end
  for _, name in ipairs(flawed:instructions()) do
    if not has[name] then lab.fail {message = name .. " is gone: programs use it"} end
    local old, new = flawed:instruction(name), mended:instruction(name)
    if old.execute ~= new.execute or old.match ~= new.match or old.mask ~= new.mask then
      if not costs[name] then lab.fail {message = name .. " was right, and is another one now"} end
      sum = sum + costs[name]
    end
  end
  return sum
end

return {
  api = 1,
  title = "Design and repair",
  machine = "pg74",
  hours = 3,
  submit = {"design.isa", "repair.isa"},
  tasks = {
    {id = "design", title = "Theorem 3 holds, Theorem 1 does not, because of retu", points = 4,
     hint = "user sensitive is less than sensitive: docs/terminology.md",
     check = lab.verdict {file = "design.isa", expect = {theorem1 = false, theorem3 = true},
                          violations = {theorem1 = {"retu"}}}},
    {id = "repair", title = "The flawed machine can be virtualized again", points = 4,
     check = lab.verdict {file = "repair.isa", expect = {theorem1 = true, theorem3 = true}}},
    {id = "programs", title = "The old program runs, with the same result", points = 2, after = {"repair"},
     hint = "what a program sees must not depend on mode, place or resources; nothing says that it must be privileged",
     check = function(work)
       local flawed = pg74.isa {name = "flawed.isa", text = work.own "flawed.isa"}
       local text = lab.guest "guests/parity.s"
       local codes = {}
       for i, isa in ipairs {flawed, work.isa "repair.isa"} do
         local m = pg74.machine {guest = pg74.assemble(text, {isa = isa, name = "parity.s"}), isa = isa, memory = 65536}
         codes[i] = m:run(10000) == "halted" and m.halt_code or "no end"
       end
       if codes[1] == codes[2] then return true end
       return false, {message = "parity.s does not do what it did", expected = tostring(codes[1]), got = tostring(codes[2]),
                      guest = text}
     end},
    {id = "cost", title = "The repair costs no more than it may", points = 2, after = {"repair"},
     check = function(work)
       local sum = cost(work)
       if sum <= budget then return true end
       return false, {message = "the repair costs too much", expected = "at most " .. budget, got = tostring(sum)}
     end},
  },
}
