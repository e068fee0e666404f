---@meta pg74

---The module `pg74`: PG-74 as a laboratory that a program drives. In `pg74 shell` it is there as `pg74`; a stock
---interpreter loads it with `require "pg74"`, from `build/lua/pg74.so` or where `make install` put it.
---
---Guests, consoles and disks are numbered from 1, as lists are in Lua. Errors are Lua errors with the place in the
---script; those in a specification or in assembly also show the line. A machine that has been closed, or that is
---running already, gives an error and nothing worse. Everything is deterministic.
---@class pg74
local pg74 = {}

-- Instruction sets ------------------------------------------------------------------------------------------------------

---Loads an instruction set: by name (`"pg74"`, `"x86:pg74"`), from a file (`"mine.isa"`), or from a text. An
---instruction set given where one is wanted is taken as it is; nil stands for `"pg74"`.
---```lua
---local isa = pg74.isa "pdp10"
---print(isa.title)             --> The flaw of the PDP-10: JRST 1 returns to user mode without a trap
---local mine = pg74.isa {name = "mine", text = [[
---variant "mine" of "pg74"
---  title "A machine that lets anybody ask where it is"
---
---replace instruction getbase rd
---  doc     "Get the base of R, in either mode."
---  layout  0000001 00000 00000 011 rd:5 0001011
---  execute { X[rd] = base }
---]]}
---print(mine.name, mine.parent) --> mine	pg74
---```
---@param what string|{text: string, name?: string, over?: string}|pg74.Isa
---@return pg74.Isa
function pg74.isa(what) end

---The names of the instruction sets that are built in.
---```lua
---print(pg74.isas()[1])        --> pocket
---```
---@return string[]
function pg74.isas() end

---An instruction set.
---@class pg74.Isa
---@field name string
---@field title string
---@field source? string where it is from
---@field parent? string what it is a variant of
---@field word_bits integer
---@field instruction_bits integer
local Isa = {}

---The names of its instructions, in the order of the specification.
---```lua
---print(#pg74.isa("pg74"):instructions() > 60) --> true
---```
---@return string[]
function Isa:instructions() end

---What the specification says of an instruction: `name`, `syntax`, `doc`, `source`, `layout`, `execute`, `variant`,
---`mask` and `match`.
---```lua
---print(pg74.isa("pg74"):instruction("setr").doc) --> Set R: base from rs1, bound from rs2. It holds from the next fetch on.
---```
---@param name string
---@return table
function Isa:instruction(name) end

---The state of the machine: a list of `name`, `doc`, `role`, `width`, `count`.
---```lua
---for _, state in ipairs(pg74.isa("pg74"):states()) do
---  if state.role == "relocation" then print(state.name) end
---end
-----> base
-----> bound
---```
---@return table[]
function Isa:states() end

---The numbers of the causes of traps and interrupts, by name.
---```lua
---print(pg74.isa("pg74"):causes().privileged) --> 2
---```
---@return table<string, integer>
function Isa:causes() end

---The numbers of the ports, by name.
---```lua
---print(pg74.isa("pg74"):ports().console_input) --> 1
---```
---@return table<string, integer>
function Isa:ports() end

---The constants of the specification, by name.
---```lua
---print(pg74.isa("pg74"):constants().new_psw) --> 80
---```
---@return table<string, integer>
function Isa:constants() end

---The names of the presets by which cycles are counted; the first is the default.
---```lua
---print(table.concat(pg74.isa("pg74"):costs(), " ")) --> classic uniform modern
---```
---@return string[]
function Isa:costs() end

---The whole machine on one page.
---```lua
---print(#pg74.isa("pg74"):card() > 1000) --> true
---```
---@return string
function Isa:card() end

---Every instruction with its bits and its meaning, or one.
---```lua
---print(pg74.isa("pg74"):show("retu"):match "mode = user") --> mode = user
---```
---@param instruction? string
---@return string
function Isa:show(instruction) end

---The words that a line of assembly becomes: more than one where it is a pseudo-instruction.
---```lua
---print(string.format("%08x", pg74.isa("pg74"):encode "addi a0, a0, 1")) --> 00150513
---```
---@param text string
---@return integer ...
function Isa:encode(text) end

---What a word is: `instruction` (its name), `operands` (by name), `text`, `word`. Nil when it is no instruction.
---```lua
---local isa = pg74.isa "pg74"
---local decoded = isa:decode(isa:encode "addi a0, a1, -7")
---print(decoded.instruction, decoded.operands.rd, decoded.operands.imm) --> addi	10	-7
---```
---@param word integer
---@return table?
function Isa:decode(word) end

---The assembly of a word; `address` is where it stands, for relative operands.
---```lua
---print(pg74.isa("pg74"):disassemble(0x00150513)) --> addi a0, a0, 1
---```
---@param word integer
---@param address? integer
---@return string
function Isa:disassemble(word, address) end

-- Programs --------------------------------------------------------------------------------------------------------------

---Assembles a text. What is wrong with it is an error that shows the line. docs/assembler.md is the manual.
---```lua
---local image = pg74.assemble [[
---_start: li   a0, 6
---        li   a1, 7
---        mul  a0, a0, a1
---        halt a0
---]]
---local m = pg74.machine {guest = image}
---print(m:run(), m.halt_code)  --> halted	42
---```
---@param text string
---@param options? {isa?: string|pg74.Isa, name?: string}
---@return pg74.Image
function pg74.assemble(text, options) end

---A program from an ELF file, or one that came with PG-74, by name.
---```lua
---print(pg74.load("hello").name)               --> hello
---print(pg74.load("trap_and_emulate", "monitor")) --> image trap_and_emulate
---```
---@param name string
---@param kind? "guest"|"monitor" where to look for a name; "guest"
---@return pg74.Image
function pg74.load(name, kind) end

---A program.
---@class pg74.Image
---@field name string
---@field entry integer where it begins
---@field limit integer the address after its last byte
---@field symbols table<string, integer> all its symbols
local Image = {}

---What a symbol stands for; nil when there is none.
---```lua
---print(pg74.load("hello"):address "_start" == pg74.load("hello").entry) --> true
---```
---@param symbol string
---@return integer?
function Image:address(symbol) end

---The symbol at or before an address, and the distance to it.
---```lua
---local hello = pg74.load "hello"
---print(hello:symbol(hello.entry + 4)) --> _start	4
---```
---@param address integer
---@return string? name
---@return integer? offset
function Image:symbol(address) end

---The source line of an address; nil where the image does not say.
---```lua
---local image = pg74.assemble("_start: nop\n        halt a0\n", {name = "two.s"})
---print(image:line(image.entry + 4)) --> two.s	2
---```
---@param address integer
---@return string? file
---@return integer? line
function Image:line(address) end

---Its instructions: a list of `address`, `word`, `text`.
---```lua
---local image = pg74.assemble "_start: halt a0"
---print(image:disassembly()[1].text) --> halt a0
---```
---@param isa? string|pg74.Isa
---@return table[]
function Image:disassembly(isa) end

---Writes it as an ELF file.
---```lua
---local path = os.tmpname()
---pg74.assemble("_start: halt a0"):save(path)
---print(pg74.machine {guest = path}:run()) --> halted
---os.remove(path)
---```
---@param path string
function Image:save(path) end

-- Machines --------------------------------------------------------------------------------------------------------------

---What a machine is made from. A program is an image, the name of one that came with PG-74, or the name of a file.
---@class pg74.Options
---@field isa? string|pg74.Isa the instruction set; "pg74"
---@field guest? string|pg74.Image the guest,
---@field guests? (string|pg74.Image)[] or several, under a monitor
---@field vmm? string|pg74.Image the monitor; "outer/inner" for one under the other. None: the bare machine
---@field inner? (string|pg74.Image)[] the monitors under it, from the outside in
---@field memory? integer bytes of each guest's memory; 1 MiB
---@field engine? "fast"|"reference"
---@field input? string the bytes of console input,
---@field inputs? string[] or those of each guest
---@field disk? string the bytes on the disk,
---@field disks? string[] or on each guest's
---@field cost? string how cycles are counted: "classic", "uniform", "modern"
---@field identification? integer the number of the machine
---@field slice? integer instructions after which a monitor must have regained control
---@field manual_events? boolean devices and timer request nothing by themselves: request and complete_disk do
---@field history? boolean|integer remember the way, so that the machine can go back; a number: steps between snapshots

---Makes a machine, loaded and ready to run.
---```lua
---local m = pg74.machine {guest = "hello", vmm = "trap_and_emulate"}
---m:run()
---io.write(m:console())        --> Hello from a guest.
---```
---@param options pg74.Options
---@return pg74.Machine
function pg74.machine(options) end

---A machine as it was saved. It goes on as the one that was saved would have.
---```lua
---local path = os.tmpname()
---local m = pg74.machine {guest = "hello"}
---m:step(50)
---m:save(path)
---local again = pg74.restore(path)
---os.remove(path)
---print(again:digest() == m:digest()) --> true
---```
---@param path string
---@param options? {isa?: string|pg74.Isa, engine?: string}
---@return pg74.Machine
function pg74.restore(path, options) end

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
---(mode or R have changed), "port", "fetch" (before an instruction), "retire" (after it), "store", "frame", "stop".
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

---Takes an observer off.
---```lua
---local m = pg74.machine {guest = "hello"}
---local handle = m:on("port", function() print "never" end)
---m:off(handle)
---m:run()
---```
---@param handle integer
function Machine:off(handle) end

---What an observer is told. Every event has `kind`, `pc`, `user` (in user mode) and `guest` (in guest mode); the rest
---depends on the kind.
---@class pg74.Event
---@field kind string
---@field pc integer of a trap: the one that is saved
---@field user boolean
---@field guest boolean
---@field cause? string trap, interrupt: its name; `number` is its number
---@field number? integer
---@field value? integer trap: its value; port, store: what was moved
---@field access? "none"|"fetch"|"load"|"store" trap
---@field instruction? string trap, fetch, retire: the name of the instruction; `word`, `text` and `operands` belong to it
---@field word? integer
---@field text? string
---@field operands? table<string, integer>
---@field physical? integer fetch, retire: where the word stands; store, frame: where the bytes stand
---@field address? integer store: the virtual address
---@field bytes? integer store, frame
---@field by_device? boolean store: by a disk or the network
---@field port? integer port; `name` is its name, `unit` the guest whose it is, `write` says which way
---@field name? string
---@field unit? integer port, frame
---@field write? boolean
---@field sent? boolean frame: sent, and not received
---@field reason? string stop: why

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

---A machine at a moment.
---@class pg74.Snapshot

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

-- Hosted monitors -------------------------------------------------------------------------------------------------------

---Makes a machine whose monitor is a program in Lua (type 2). Each guest has a virtual processor, and runs directly, in
---user mode, in a partition of its own; every trap, and every interrupt of the real machine, comes back from
---`Cpu:run`. `scenarios/hosted_monitor.lua` is a whole monitor of a hundred lines.
---```lua
---local host = pg74.hosted {guest = pg74.assemble "_start: li a0, 7\n        getbase a1\n        halt a0"}
---local cpu = host.cpus[1]
---local exit = cpu:run()
---print(exit.reason, exit.instruction, exit.instructions) --> privileged	getbase	1
---print(cpu:emulate())         --> true
---exit = cpu:run()
---print(exit.instruction, cpu:emulate(), cpu.halted) --> halt	true	true
---print(host.machine:guest_halt_code()) --> 7
---```
---@param options pg74.Options|{on_trap?: fun(cpu: pg74.Cpu, exit: pg74.Exit): boolean?}
---@return pg74.Host
function pg74.hosted(options) end

---A machine with a hosted monitor.
---@class pg74.Host
---@field machine pg74.Machine the real machine: consoles, disks, time, observers
---@field cpus pg74.Cpu[] a virtual processor for each guest
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
---`state`; mode, interrupts and timer of the hardware are seen to.
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

---Why a guest came back. `reason` is the name of the cause of a trap or interrupt, "fuel" when it has run as long as it
---may, "stopped" when an observer stopped the machine. Of a trap and an interrupt it has all that an event has.
---@class pg74.Exit: pg74.Event
---@field reason string
---@field instructions integer that it has executed directly
---@field idle integer time that has passed waiting

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

-- Results ---------------------------------------------------------------------------------------------------------------

---Runs guests on the bare machine and under monitors, and compares: the table has what `pg74 compare --json` prints,
---with `equivalent` for all together; tostring gives the report.
---```lua
---local result = pg74.compare {guest = "hello", vmm = {"trap_and_emulate", "interpreter"}}
---for _, run in ipairs(result.runs) do print(run.vmm, run.traps) end
-----> none	0
-----> trap_and_emulate	21
-----> interpreter	0
---print(result.equivalent)     --> true
---```
---@param options pg74.Options|{vmm: string|(string|pg74.Image)[], limit?: integer, method?: "automatic"|"lockstep"|"final"|"none", breakdown?: boolean}
---@return table
function pg74.compare(options) end

---Decides what the theorems of Popek and Goldberg say of an instruction set: the table is that variant's part of what
---`pg74 classify --json` prints. With `demonstrate` it has, in `demonstrations`, guests that show each violation; with
---`markdown` and `html` the report in these forms. tostring gives the report as text.
---```lua
---local report = pg74.classify("pdp10", {instruction = "retu"})
---local retu = report.instructions[1]
---print(retu.name, retu.privileged, retu.control_sensitive) --> retu	false	true
---```
---@param isa string|pg74.Isa|{text: string, name?: string}
---@param options? {instruction?: string, demonstrate?: boolean, repair?: boolean, markdown?: boolean, html?: boolean}
---@return table
function pg74.classify(isa, options) end

---What the change from one instruction set to another did to each instruction and to the theorems: what
---`pg74 classify --diff A B --json` prints; tostring gives the report.
---```lua
---print(type(pg74.difference("pocket", "pocket"))) --> table
---```
---@param before string|pg74.Isa
---@param after string|pg74.Isa
---@return table
function pg74.difference(before, after) end

---What the processor at hand does with the x86's sensitive instructions in user mode (x86-64 with Linux): a list of
---`name`, `result` ("runs", "emulated", "blocked") and `shows`, with the field `umip`. The one function whose results
---are not the same everywhere.
---```lua
---local good, tries = pcall(pg74.host)
---print(good and #tries > 0 or tries:match "cannot be tried" ~= nil) --> true
---```
---@return table
function pg74.host() end

---Judges a monitor by equivalence, resource control and efficiency: what `pg74 check --json` prints, with `passed` for
---all together, `case` (the counterexample, as `pg74 check --case` reads it), and tostring for the report.
---
---`monitor` may be a function: a hosted monitor. It is called with a `pg74.Host`, runs its guests until all have
---halted, and returns "deadlock" when all wait for what will not come. An error in it fails the check and is in
---`error`.
---```lua
---local monitor = loadfile "scenarios/hosted_monitor.lua" "module"
---local result = pg74.check {monitor = monitor, guests = 5}
---print(result.passed, result.equivalence.passed) --> true	true
---local wrong = pg74.check {monitor = function(host) host.cpus[1]:halt(1) end, guests = 0}
---print(wrong.passed, wrong.case ~= nil) --> false	true
---```
---@param options {vmm?: string|pg74.Image, monitor?: fun(host: pg74.Host): string?, isa?: string|pg74.Isa, guests?: integer, seed?: integer, jobs?: integer, case?: string}
---@return table
function pg74.check(options) end

return pg74
