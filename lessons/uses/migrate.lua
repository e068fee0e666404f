-- migrate.lua: moves a guest from one machine to another. `world` has these functions:
--
--     world.pages()        a list of all pages of the guest
--     world.changed()      a list of the pages that differ between the two machines now
--     world.copy(list)     copies these pages to the other machine. If the guest has not been stopped, it works meanwhile
--     world.stop()         stops the guest here. From now on it loses time
--
-- When `migrate` returns, the guest goes on over there.
local function migrate(world)
  world.stop()
  world.copy(world.pages())
end

return migrate
