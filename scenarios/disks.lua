-- Disks and memory that guests share until they write: copy on write.
--
-- Two guests have the same disk image. A hosted monitor gives each an overlay: what it writes goes there, what it has not
-- written comes from the image, and the image stays as it is. What to see: both behave as with a disk of their own, though
-- nearly nothing is stored twice; an overlay can be thrown away, and the guest finds the old disk again, or merged into a
-- new image, and it finds what it wrote.
--
-- The same holds for memory. Guests that run the same kernel have mostly the same pages (Disco, 1997; ESX Server, 2002). The
-- second part counts how many are alike while four guests run: so much memory a monitor could save that maps pages with
-- the same contents once, and gives a guest its own when it writes.
local pg74 = require "pg74"
local folder = arg[0]:match "^(.*/)" or "./"
local experiment = dofile(folder .. "lib/experiment.lua")
local monitor = loadfile(folder .. "hosted_monitor.lua") "module"
local short = experiment.start "Copy on write: disks, and pages that are alike"

local SECTOR, IDLE, DONE, FAILED, READ = 512, 0, 2, 3, 1
local name_of = {}
for name, number in pairs(pg74.isa "pg74":ports()) do name_of[number] = name end

-- ---- Disks ----------------------------------------------------------------------------------------------------------------

-- A disk over an image (a list of sectors): writes go to its overlay.
local function new_disk(image)
  return {image = image, overlay = {}, written = {}, status = IDLE}
end

local function transfer(disk, cpu)
  local sector, address, count = disk.written.disk_sector or 0, disk.written.disk_address or 0, disk.written.disk_count or 0
  if count == 0 or sector + count > #disk.image then return FAILED end
  for i = 0, count - 1 do
    local number, at = sector + i + 1, address + i * SECTOR
    if disk.written.disk_command == READ then
      if not cpu:write(at, disk.overlay[number] or disk.image[number]) then return FAILED end
    else
      local bytes = cpu:read(at, SECTOR)
      if not bytes then return FAILED end
      disk.overlay[number] = bytes
    end
  end
  return DONE
end

local function devices_of(cpu, disk)
  return {
    poll = function() end, -- a transfer is done at once
    port_out = function(port, value)
      local name = name_of[port]
      if not name then return end
      if not name:find "^disk" then
        if name ~= "report_code" and not name:find "^network" then cpu:port_out(name, value) end
        return
      end
      disk.written[name] = value
      if name == "disk_command" then
        disk.status = transfer(disk, cpu)
        cpu:request "disk"
      end
    end,
    port_in = function(port)
      local name = name_of[port]
      if name == "disk_size" then return #disk.image end
      if name ~= "disk_status" then return name and cpu:port_in(name) or 0 end
      local status = disk.status
      disk.status = IDLE
      return status
    end,
  }
end

-- Runs nucleus on each of the disks, all on one machine, to the end.
local function run_all(disks)
  local guests = {}
  for i = 1, #disks do guests[i] = "nucleus" end
  local host = pg74.hosted {guests = guests}
  monitor(host, function(cpu) return devices_of(cpu, disks[cpu.guest]) end)
  return host.machine
end

local function size_of(overlay)
  local count = 0
  for _ in pairs(overlay) do count = count + 1 end
  return count
end

-- What nucleus says of its disk.
local function said(m, guest)
  local lines = {}
  for line in m:console(guest):gmatch "%[disk%][^\n]*" do lines[#lines + 1] = line end
  return table.concat(lines, "\n")
end

local SECTORS = 64
local image = {}
for i = 1, SECTORS do image[i] = ("\0"):rep(SECTOR) end
local before = table.concat(image)
local own = pg74.machine {guest = "nucleus", disk = before}
own:run()
local right = said(own, 1)
print(right)

local disks = {new_disk(image), new_disk(image)}
local m = run_all(disks)
experiment.expect(said(m, 1) == right and said(m, 2) == right, "over a shared image both guests find what a disk of their own would be")
experiment.expect(table.concat(image) == before, "the image is as it was")
experiment.table({"disk", "sectors", "stored"},
                 {{"the image", SECTORS, SECTORS}, {"guest 1", SECTORS, size_of(disks[1].overlay)}, {"guest 2", SECTORS, size_of(disks[2].overlay)}})
experiment.expect(size_of(disks[1].overlay) < SECTORS // 2, "a guest has less than half a disk of its own")

local merged = {}
for i = 1, SECTORS do merged[i] = disks[1].overlay[i] or image[i] end
experiment.expect(table.concat(merged) == own:disk(), "image and overlay, merged, are what the guest's own disk would have become")
local again = new_disk(merged)
experiment.expect(said(run_all {new_disk(image)}, 1) == right, "the overlay thrown away: the guest finds the old disk")
run_all {again}
local changed = 0
for i in pairs(again.overlay) do changed = changed + (again.overlay[i] ~= merged[i] and 1 or 0) end
experiment.expect(changed == 0, "merged: the guest finds its files, and writes nothing that is not there already")

-- ---- Pages ----------------------------------------------------------------------------------------------------------------

local PAGE = 4096
local four = pg74.machine {guests = {"nucleus", "nucleus", "nucleus", "nucleus"}, vmm = "trap_and_emulate", memory = 0x40000,
                           inputs = {"one", "two two", "three three three", ""}}
local rows = {}
local function count_pages(moment)
  local seen, all, different = {}, 0, 0
  for guest = 1, 4 do
    local start, size = four:partition(guest)
    for address = start, start + size - 1, PAGE do
      local page = four:read(address, PAGE)
      all = all + 1
      if not seen[page] then
        seen[page] = true
        different = different + 1
      end
    end
  end
  rows[#rows + 1] = {moment, all, different, 100.0 * (all - different) / all}
end
count_pages "at the start"
for i = 1, short and 2 or 5 do
  four:run(2000000)
  count_pages(("after %s steps"):format(experiment.number(i * 2000000)))
end
four:run()
count_pages "at the end"
experiment.table({"four guests", "pages", "different ones", "could be saved %"}, rows)
experiment.expect(rows[1][3] < rows[1][2] // 3, "at the start, guests that are alike need less than a third of their memory")
experiment.expect(rows[2][3] > rows[1][3], "as they work, they become different")
experiment.expect(rows[#rows][4] > 25, "but even at the end a quarter could be saved")
experiment.finish()
