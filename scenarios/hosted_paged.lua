-- The hosted monitor (type 2) on a machine with pages: all of hosted_monitor.lua, with shadow page tables in the place of
-- a composed base and bound. What the two machines differ in is the guest's R, and nothing else: the rest is the same text.
--
--     pg74 shell scenarios/hosted_paged.lua [check [GUESTS]]      runs nucleus on pg74p, or has itself checked
--
-- Expected: nucleus prints what it prints on the bare machine; check finds nothing wrong.
local folder = arg[0]:match "^(.*/)" or "./"
local trap_and_emulate = loadfile(folder .. "hosted_monitor.lua") "module"
local shadow = dofile(folder .. "lib/shadow.lua")

local function monitor(host) return trap_and_emulate(host, nil, shadow(host)) end

dofile(folder .. "lib/hosted.lua")(monitor, "pg74p", ...)
