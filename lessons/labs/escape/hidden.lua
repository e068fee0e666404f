-- Where nothing can be found out, nothing may be claimed. This file is not exported.
local function same(file)
  return function(work)
    local image, codes = work.assemble(file), {}
    for i, vmm in ipairs {false, "interpreter"} do
      local m = pg74.machine {isa = lab.machine(), guest = image, vmm = vmm or nil, memory = 65536}
      if m:run(50000000) ~= "halted" then lab.fail {message = file .. " comes to no end"} end
      codes[i] = vmm and m:guest_halt_code(1) or m.halt_code
    end
    if codes[1] == codes[2] then return true end
    return false, {message = file .. " tells an interpreter from the bare machine", expected = tostring(codes[1]), got = tostring(codes[2])}
  end
end

return {
  {id = "interpreter", title = "Under an interpreter a guest finds nothing", points = 2, after = {"place", "mode", "escape"},
   concern = "a monitor that executes no instruction directly: the guests must find what they find on the bare machine",
   check = function(work)
     for _, file in ipairs {"place.s", "mode.s", "escape.s"} do
       local good, failure = same(file)(work)
       if not good then return false, failure end
     end
     return true
   end},
}
