---@meta

---A machine with a hosted monitor.
---@class pg74.Host
---@field machine pg74.Machine the real machine: consoles, disks, time, observers
---@field cpus pg74.Cpu[] a virtual processor for each guest
---@field room? integer on machines with pages: the address of 64 KiB of the real machine that are the monitor's own, for page tables
local Host = {}

---Runs each guest in turn and gives `on_trap` every return, until all have halted ("halted") or it returns false
---("stopped").
---```lua
---local seen = {}
---local host = pg74.hosted {guest = "hello", on_trap = function(cpu, exit)
---  seen[#seen + 1] = exit.instruction
---  cpu:emulate {port_out = function(port, value) cpu:port_out(port, value) end}
---end}
---print(host:run(), #seen)     --> halted	21
---io.write(host.machine:console()) --> Hello from a guest.
---```
---@return "halted"|"stopped"
function Host:run() end

---A virtual processor. `state` and `x` are the hardware's, for when the guest runs; `virtual` is what the guest
---believes. General registers and pc are the same in both. The monitor composes the guest's R with its partition, in
---`state`; mode, interrupts and timer of the hardware are seen to. On a machine with pages R is a table: the monitor makes one, a
---shadow of the guest's, in `Host.room`, and sets `translation` (without it addresses are physical, and the guest is everywhere);
---`scenarios/lib/shadow.lua` does.
---@class pg74.Cpu
---@field pc integer
---@field x table<integer|string, integer> the general registers
---@field registers table<integer|string, integer> the same
---@field state table<string, integer> the real state
---@field virtual table<string, integer> the virtual state
---@field guest integer its number, from 1
---@field start integer where its partition begins in the real machine
---@field size integer bytes of its memory
---@field halted boolean
local Cpu = {}

---Runs the guest on the hardware: for so many instructions at most (the slice limit, unless it is said), and not past
---the end of its virtual timer, which goes on meanwhile.
---```lua
---local cpu = pg74.hosted {guest = pg74.assemble "_start: j _start"}.cpus[1]
---local exit = cpu:run(1000)
---print(exit.reason, exit.instructions) --> fuel	1000
---```
---@param fuel? integer
---@return pg74.Exit
function Cpu:run(fuel) end

---Waits, with no guest running, until an interrupt of the real machine, until the first virtual timer of a guest ends,
---or for so long. `reason` is "deadlock" when nothing will ever come.
---```lua
---local cpu = pg74.hosted {guest = "hello"}.cpus[1]
---print(cpu:wait().reason)     --> deadlock
---print(cpu:wait(500).idle)    --> 500
---```
---@param limit? integer
---@return pg74.Exit
function Cpu:wait(limit) end

---Executes the guest's next instruction on the virtual machine, by its meaning: true when it retired, false when it
---trapped, and the guest stands in its own handler. So whatever trapped on the hardware is done as the bare machine
---would. `devices` has what ports and `diag` do: port_in(port), port_out(port, value), diagnose(function, argument);
---those that are missing give 0.
---```lua
---local cpu = pg74.hosted {guest = pg74.assemble "_start: li a0, 1\n        in a1, a0\n        halt a1"}.cpus[1]
---cpu:run()
---cpu:emulate {port_in = function(port) return port + 10 end}
---print(cpu.x.a1)              --> 11
---```
---@param devices? {port_in?: fun(port: integer): integer, port_out?: fun(port: integer, value: integer), diagnose?: fun(call: integer, argument: integer): integer}
---@return boolean retired
function Cpu:emulate(devices) end

---Gives the guest the first of the interrupts requested of its virtual machine, if it takes one now.
---```lua
---local cpu = pg74.hosted {guest = "hello"}.cpus[1]
---cpu:request "disk"
---print(cpu:interrupt())       --> false
---cpu.virtual.enable = 1
---print(cpu:interrupt(), cpu.virtual.pending) --> true	0
---```
---@return boolean taken
function Cpu:interrupt() end

---Requests an interrupt of the virtual machine, by the name or the number of its cause. A guest that waits wakes up.
---```lua
---local cpu = pg74.hosted {guest = "hello"}.cpus[1]
---cpu:request "timer"
---print(cpu.virtual.pending)   --> 1
---```
---@param cause string|integer
function Cpu:request(cause) end

---Bytes of the guest's memory, in addresses of its own; nil where it has none.
---```lua
---local cpu = pg74.hosted {guest = "hello", memory = 65536}.cpus[1]
---print(#cpu:read(0x1000, 8), cpu:read(65530, 8)) --> 8	nil
---```
---@param address integer
---@param length integer
---@return string?
function Cpu:read(address, length) end

---Writes bytes there. False, and nothing is written, where the guest has no memory.
---```lua
---local cpu = pg74.hosted {guest = "hello"}.cpus[1]
---print(cpu:write(0x8000, "abc"), cpu:read(0x8000, 3)) --> true	abc
---```
---@param address integer
---@param bytes string
---@return boolean
function Cpu:write(address, bytes) end

---A word there: reads it (nil where there is none), or writes the value (false where there is none).
---```lua
---local cpu = pg74.hosted {guest = "hello"}.cpus[1]
---print(cpu:word(0x8000, 77), cpu:word(0x8000)) --> true	77
---```
---@param address integer
---@param value? integer
---@return integer|boolean|nil
function Cpu:word(address, value) end

---The same of two bytes.
---```lua
---local cpu = pg74.hosted {guest = "hello"}.cpus[1]
---cpu:half(0x8000, 0x1234)
---print(cpu:byte(0x8000))      --> 52
---```
---@param address integer
---@param value? integer
---@return integer|boolean|nil
function Cpu:half(address, value) end

---The same of one byte.
---```lua
---local cpu = pg74.hosted {guest = "hello"}.cpus[1]
---cpu:byte(0x8000, 200)
---print(cpu:word(0x8000))      --> 200
---```
---@param address integer
---@param value? integer
---@return integer|boolean|nil
function Cpu:byte(address, value) end

---Reads a port of the real machine, of the unit that is the guest's, by name or number.
---```lua
---local cpu = pg74.hosted {guest = "hello", disk = string.rep("d", 1024)}.cpus[1]
---print(cpu:port_in "disk_size") --> 2
---```
---@param port string|integer
---@return integer
function Cpu:port_in(port) end

---Writes one. Disk and network take addresses of the real machine: those of the guest plus `start`, after a look that
---they are its own.
---```lua
---local host = pg74.hosted {guest = "hello"}
---host.cpus[1]:port_out("console_output", 65)
---print(host.machine:console()) --> A
---```
---@param port string|integer
---@param value integer
function Cpu:port_out(port, value) end

---The guest has halted, with a code. `emulate` does this by itself.
---```lua
---local host = pg74.hosted {guest = "hello"}
---host.cpus[1]:halt(3)
---print(host.cpus[1].halted, host.machine:guest_halt_code()) --> true	3
---```
---@param code? integer 0
function Cpu:halt(code) end

---Why a guest came back. `reason` is the name of the cause of a trap or interrupt, "fuel" when it has run as long as it
---may, "stopped" when an observer stopped the machine. Of a trap and an interrupt it has all that an event has.
---@class pg74.Exit: pg74.Event
---@field reason string
---@field instructions integer that it has executed directly
---@field idle integer time that has passed waiting
