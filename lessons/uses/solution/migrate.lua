-- migrate.lua: pre-copy. All pages while the guest works; then what has changed meanwhile, until that is little or no longer
-- becomes less; then stop, and the rest.
local function migrate(world)
  local list, rounds = world.pages(), 0
  repeat
    local before = #list
    world.copy(list)
    list, rounds = world.changed(), rounds + 1
  until #list <= 4 or #list >= before or rounds == 10
  world.stop()
  world.copy(world.changed())
end

return migrate
