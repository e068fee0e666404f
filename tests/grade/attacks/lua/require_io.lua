-- Asks for modules.
local io = require "io"
io.open("/etc/passwd"):read "a"
