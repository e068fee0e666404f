-- Hosted monitors that do what no monitor should, judged by one small guest: each fails, and nothing worse. And three
-- guests at once under the one that is right. Run by hosted.sh.
local monitor = loadfile "scenarios/hosted_monitor.lua" "module"

local host = pg74.hosted {guests = {"hello", "timer", "echo"}, inputs = {"", "", "abc\n"}}
assert(monitor(host) == "halted")
for i, name in ipairs {"hello", "timer", "echo"} do
  local bare = pg74.machine {guest = name, input = i == 3 and "abc\n" or ""}
  bare:run()
  assert(host.machine:console(i) == bare:console(), name .. " prints something else")
end

local function judge(passes, message, call)
  local result = pg74.check {monitor = call, case = "        li      a0, 1\n        getbase a1\n        halt    a1\n"}
  assert(result.passed == passes, tostring(result))
  if message then assert(result.error and result.error:find(message, 1, true), tostring(result.error)) end
end
local kept
judge(true, nil, monitor)
judge(false, nil, function(given) given.machine:close() end)
judge(false, "on purpose", function(given)
  kept = given
  error "on purpose"
end)
assert(not pcall(function() kept.cpus[1]:run() end), "a host goes on after its run")
assert(not pcall(function() return kept.machine.pc end), "a machine of the checker's goes on after its run")
judge(false, "does not come to an end", function() coroutine.yield() end)
judge(false, "does not come to an end", function() while true do end end)
judge(false, "without a text", function() error {} end)
judge(false, "boom", function(given)
  given.machine:on("fetch", function() error "boom" end)
  given.cpus[1]:run()
end)
judge(false, nil, function(given) given.machine:run(100) end)
judge(false, nil, function(given)
  while true do pcall(given.cpus[1].run, given.cpus[1]) end
end)
