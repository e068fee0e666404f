---@meta

---A machine. Its fields tell how it stands; `x`, `state` and `pc` can be set while it does not run.
---@class pg74.Machine
---@field pc integer
---@field mode "supervisor"|"user"
---@field guest_mode boolean in guest mode, on machines that have one
---@field x table<integer|string, integer> the general registers: m.x[10], m.x.a0
---@field registers table<integer|string, integer> the same
---@field state table<string, integer> every state of the instruction set by name: m.state.base
---@field psw table<string, integer> mode, enable, pc and R, as they are now
---@field isa pg74.Isa
---@field symbols table<string, integer> those of the first guest and of the monitor
---@field memory_size integer
---@field guest_count integer
---@field halt_code integer
---@field running boolean
---@field closed boolean
local Machine = {}

---Runs: until it halts, for so many instructions and traps, or until an event. Says why it stopped: "halted", "limit",
---"deadlock" (it waits, and nothing can wake it), "stopped" (by an observer), or "event", then with the event.
---
---`until_event` names kinds of events (see `Machine:on`); `when` may be a function that says true to the one that is
---meant.
---```lua
---local m = pg74.machine {guest = "nucleus"}
---print(m:run(1000))           --> limit
---local why, event = m:run {until_event = "trap", when = function(e) return e.cause == "supervisor_call" end}
---print(why, event.cause, event.instruction) --> event	supervisor_call	ecall
---print(m:run())               --> halted
---```
---@param limit? integer|{limit?: integer, until_event?: string, when?: fun(event: pg74.Event): boolean}
---@return string why
---@return pg74.Event? event
function Machine:run(limit) end

---Runs so many instructions and traps; one, unless it is said.
---```lua
---local m = pg74.machine {guest = pg74.assemble "_start: li a0, 5\n        halt a0"}
---m:step()
---print(m.x.a0)                --> 5
---```
---@param count? integer
---@return string why
function Machine:step(count) end

---Goes back by so many instructions and traps; one, unless it is said. False when the history does not reach so far, or
---the machine was made without `history`.
---```lua
---local m = pg74.machine {guest = "hello", history = true}
---m:step(20)
---local there = m:digest()
---m:run()
---m:back(m:time().instructions + m:time().traps - 20)
---print(m:digest() == there)   --> true
---```
---@param count? integer
---@return boolean
function Machine:back(count) end

---Goes back to just before the last event of such a kind, to which the function (if there is one) says true.
---```lua
---local m = pg74.machine {guest = "nucleus", history = true}
---m:run()
---print(m:back_to("trap"), m.mode) --> true	user
---```
---@param kinds string
---@param when? fun(event: pg74.Event): boolean
---@return boolean found
function Machine:back_to(kinds, when) end

---Calls a function at every event of the kinds, a name or several with spaces between: "trap", "interrupt", "psw"
---(mode or R have changed), "port", "fetch" (before an instruction), "retire" (after it), "store", "load", "frame", "stop".
---
---The function may look at the machine, and not change or run it. The run stops when it returns false or "stop"; an
---error in it stops the run, and comes out of `run`. Gives a handle for `off`.
---```lua
---local m = pg74.machine {guest = "hello", vmm = "trap_and_emulate"}
---local trapped = {}
---m:on("trap", function(event)
---  trapped[event.instruction] = (trapped[event.instruction] or 0) + 1
---end)
---m:run()
---print(trapped.out, trapped.halt) --> 20	1
---```
---@param kinds string
---@param call fun(event: pg74.Event): boolean|string?
---@return integer handle
function Machine:on(kinds, call) end

---Counts events of the kinds from now on: a table from what happened (the instruction of a trap, the cause of an interrupt, the
---port) to how often, which pairs lists by how often. `what` may be a function that says as what to count an event, or nil for
---not at all. Gives also the handle for `off`.
---```lua
---local m = pg74.machine {guest = "hello", vmm = "trap_and_emulate"}
---local traps = m:tally "trap"
---m:run()
---for instruction, times in pairs(traps) do print(times, instruction) end
-----> 20	out
-----> 1	halt
---```
---@param kinds string
---@param what? fun(event: pg74.Event): string?
---@return table<string, integer> tally
---@return integer handle
function Machine:tally(kinds, what) end

---Takes an observer off.
---```lua
---local m = pg74.machine {guest = "hello"}
---local handle = m:on("port", function() print "never" end)
---m:off(handle)
---m:run()
---```
---@param handle integer
function Machine:off(handle) end

---The machine as it is now; for `restore`. It costs only what changes afterwards.
---```lua
---local m = pg74.machine {guest = "hello"}
---local start = m:snapshot()
---m:run()
---m:restore(start)
---print(#m:console())          --> 0
---```
---@return pg74.Snapshot
function Machine:snapshot() end

---Goes to where the machine was when the snapshot was taken. The snapshot stays good.
---```lua
---local m = pg74.machine {guest = "hello"}
---local start = m:snapshot()
---m:step(10)
---local first = m:digest()
---m:restore(start)
---m:step(10)
---print(m:digest() == first)   --> true
---```
---@param snapshot pg74.Snapshot of this machine
function Machine:restore(snapshot) end

---Writes the whole machine to a file, for `pg74.restore`.
---```lua
---local path = os.tmpname()
---pg74.machine {guest = "hello"}:save(path)
---os.remove(path)
---```
---@param path string
function Machine:save(path) end

---Bytes of physical memory.
---```lua
---local m = pg74.machine {guest = "hello"}
---print(#m:read(0x1000, 16))   --> 16
---```
---@param address integer
---@param length integer
---@return string
function Machine:read(address, length) end

---Writes bytes to physical memory.
---```lua
---local m = pg74.machine {guest = "hello"}
---m:write(0x8000, "abcd")
---print(m:read(0x8000, 2))     --> ab
---```
---@param address integer
---@param bytes string
function Machine:write(address, bytes) end

---A word of physical memory (four bytes, little-endian): reads it, or writes the value.
---```lua
---local m = pg74.machine {guest = "hello"}
---m:word(0x8000, 0x12345678)
---print(m:word(0x8000) == 0x12345678, m:byte(0x8000) == 0x78) --> true	true
---```
---@param address integer
---@param value? integer
---@return integer?
function Machine:word(address, value) end

---The same of two bytes.
---```lua
---local m = pg74.machine {guest = "hello"}
---m:half(0x8000, 0xffff)
---print(m:word(0x8000))        --> 65535
---```
---@param address integer
---@param value? integer
---@return integer?
function Machine:half(address, value) end

---The same of one byte.
---```lua
---local m = pg74.machine {guest = "hello"}
---m:byte(0x8003, 1)
---print(m:word(0x8000))        --> 16777216
---```
---@param address integer
---@param value? integer
---@return integer?
function Machine:byte(address, value) end

---The physical address of a virtual one, as things stand; nil when the access would trap.
---```lua
---local m = pg74.machine {guest = "hello"}
---print(m:translate(0x1000), m:translate(0xfffffff0)) --> 4096	nil
---```
---@param address integer
---@param access? "fetch"|"load"|"store" "load"
---@param size? integer of the access; 1
---@return integer?
function Machine:translate(address, access, size) end

---The symbol at or before an address (pc, unless it is said), the distance to it, and the name of the program.
---```lua
---local m = pg74.machine {guest = "hello"}
---print(m:symbol())            --> _start	0	hello
---```
---@param address? integer
---@return string? symbol
---@return integer? offset
---@return string? program
function Machine:symbol(address) end

---The source line of an address; pc, unless it is said.
---```lua
---local m = pg74.machine {guest = pg74.assemble("_start: halt a0", {name = "one.s"})}
---print(m:line())              --> one.s	1
---```
---@param address? integer
---@return string? file
---@return integer? line
function Machine:line(address) end

---What a symbol stands for: of the monitor, or else of the first guest.
---```lua
---local m = pg74.machine {guest = "hello"}
---print(m:address "_start" == m.pc) --> true
---```
---@param symbol string
---@return integer?
function Machine:address(symbol) end

---Instructions as text, from pc or a virtual address on; fewer where they cannot be fetched.
---```lua
---local m = pg74.machine {guest = pg74.assemble "_start: li a0, 5\n        halt a0"}
---print(table.concat(m:disassembly(2), "; ")) --> addi a0, zero, 5; halt a0
---```
---@param count? integer 1
---@param address? integer
---@return string[]
function Machine:disassembly(count, address) end

---What a guest has written to its console so far.
---```lua
---local m = pg74.machine {guests = {"hello", "hello"}, vmm = "trap_and_emulate"}
---m:run()
---print(m:console(1) == m:console(2)) --> true
---```
---@param guest? integer 1
---@return string
function Machine:console(guest) end

---What is on a guest's disk now.
---```lua
---local m = pg74.machine {guest = "hello", disk = "abc"}
---print(#m:disk())             --> 512
---```
---@param guest? integer 1
---@return string
function Machine:disk(guest) end

---The code with which a guest has halted; nil when it has not, or nobody has said so.
---```lua
---local m = pg74.machine {guest = "hello", vmm = "interpreter"}
---m:run()
---print(m:guest_halt_code(1))  --> 0
---```
---@param guest? integer 1
---@return integer?
function Machine:guest_halt_code(guest) end

---What the monitor has counted of a guest so far: `instructions`, `waited`, `emulated`, `traps`, `interrupts`, `slices`,
---`shadow_fills`, ...; nil where it counts nothing.
---```lua
---local m = pg74.machine {guest = "hello", vmm = "trap_and_emulate"}
---m:run()
---print(m:statistics().emulated) --> 21
---```
---@param guest? integer
---@return table<string, integer>?
function Machine:statistics(guest) end

---Where a guest's partition begins, and how many bytes it has.
---```lua
---print(pg74.machine {guest = "hello", memory = 65536}:partition()) --> 0	65536
---```
---@param guest? integer 1
---@return integer start
---@return integer size
function Machine:partition(guest) end

---Lets a frame (14 to 1514 bytes) arrive at a guest's station. False: it was dropped.
---```lua
---local m = pg74.machine {guest = "hello"}
---print(m:deliver(1, string.rep("x", 60))) --> false
---```
---@param guest integer
---@param frame string
---@return boolean
function Machine:deliver(guest, frame) end

---Requests an interrupt, by the name or the number of its cause.
---```lua
---local m = pg74.machine {guest = "hello", manual_events = true}
---m:request "timer"
---print(m.state.pending)       --> 1
---```
---@param cause string|integer
function Machine:request(cause) end

---With `manual_events`: ends the transfer that a disk has begun. False when there is none.
---```lua
---local m = pg74.machine {guest = "disk", disk = string.rep("d", 4096), manual_events = true}
---print(m:complete_disk())     --> false
---```
---@param guest? integer 1
---@return boolean
function Machine:complete_disk(guest) end

---Where the machine is in time: `instructions` retired, `traps` taken, `idle` (time spent waiting) and `cycles`.
---```lua
---local m = pg74.machine {guest = "hello"}
---m:run()
---print(m:time().instructions, m:time().cycles) --> 107	728
---```
---@return {instructions: integer, traps: integer, idle: integer, cycles: integer}
function Machine:time() end

---A digest of all that decides how the run goes on: 16 hexadecimal digits.
---```lua
---local a, b = pg74.machine {guest = "hello"}, pg74.machine {guest = "hello"}
---print(a:digest() == b:digest()) --> true
---```
---@return string
function Machine:digest() end

---Writes a line to a file for every trap, interrupt, PSW load and port access from now on, as `pg74 run --trace`.
---```lua
---local path = os.tmpname()
---local m = pg74.machine {guest = "hello"}
---m:trace(path)
---m:run()
---print(io.open(path):read():match "port_out.*") --> port_out   0x000 console_output unit=0 value=0x00000048
---os.remove(path)
---```
---@param path string
function Machine:trace(path) end

---Frees the machine. The collector does so by itself; this is for many large machines.
---```lua
---local m <close> = pg74.machine {guest = "hello"}
---m:run()
---m:close()
---print(m.closed)              --> true
---```
function Machine:close() end

---What an observer is told. Every event has `kind`, `pc`, `user` (in user mode) and `guest` (in guest mode); the rest
---depends on the kind.
---@class pg74.Event
---@field kind string
---@field pc integer of a trap: the one that is saved
---@field user boolean
---@field guest boolean
---@field cause? string trap, interrupt: its name; `number` is its number
---@field number? integer
---@field value? integer trap: its value; port, store, load: what was moved
---@field access? "none"|"fetch"|"load"|"store" trap
---@field instruction? string trap, fetch, retire: the name of the instruction; `word`, `text` and `operands` belong to it
---@field word? integer
---@field text? string
---@field operands? table<string, integer>
---@field physical? integer fetch, retire: where the word stands; store, load, frame: where the bytes stand
---@field address? integer store, load: the virtual address
---@field bytes? integer store, load, frame
---@field by_device? boolean store: by a disk or the network
---@field port? integer port; `name` is its name, `unit` the guest whose it is, `write` says which way
---@field name? string
---@field unit? integer port, frame
---@field write? boolean
---@field sent? boolean frame: sent, and not received
---@field reason? string stop: why

---A machine at a moment.
---@class pg74.Snapshot
