---@meta pg74

---The module `pg74`: PG-74 as a laboratory that a program drives. In `pg74 shell` it is there as `pg74`; a stock
---interpreter loads it with `require "pg74"`, from `build/lua/pg74.so` or where `make install` put it.
---
---Guests, consoles and disks are numbered from 1, as lists are in Lua. Errors are Lua errors with the place in the
---script; those in a specification or in assembly also show the line. A machine that has been closed, or that is
---running already, gives an error and nothing worse. Everything is deterministic.
---
---What the command line does, and how it is said in Lua:
---
---| command | in Lua |
---|---|---|
---| `isa list` | `pg74.isas()` |
---| `isa show V [INSTRUCTION]` | `pg74.isa(V):show(INSTRUCTION)`, and as a table `:instruction(INSTRUCTION)` |
---| `isa card V` | `pg74.isa(V):card()` |
---| `isa check FILE` | `pg74.isa(FILE)`: the error says what is wrong; `:unassigned()` |
---| `asm FILE -o PROGRAM` | `pg74.assemble(text, {name = FILE}):save(PROGRAM)` |
---| `dis PROGRAM` | `pg74.load(PROGRAM):disassembly()` |
---| `dis WORD` | `pg74.isa(V):disassemble(WORD)` |
---| `run GUEST...` | `m = pg74.machine {guest = GUEST}`, `m:run(limit)`; then `m:console()`, `m:guest_halt_code()`, `m:time()`, `m:statistics()` |
---| `run --trace FILE` | `m:trace(FILE)` before it runs |
---| `run --console DIR` | `m:console(GUEST)`, as a string to be written where it is wanted |
---| `compare` | `pg74.compare {guest = GUEST, vmm = {NAME, ...}}` |
---| `check VMM` | `pg74.check {vmm = VMM}`; `--save`: its field `case` |
---| `classify V` | `pg74.classify(V)`; `--demonstrate`, `--markdown`, `--html`: options of the same names; `--save`: each demonstration's `program` |
---| `classify --diff A B` | `pg74.difference(A, B)` |
---| `classify --host` | `pg74.host()` |
---| `tui` | `pg74.tui(m)`, `pg74.tui {m, n}`, `pg74.tui(V)` |
---| `gdb` | `pg74.gdb(m, {port = N})` |
---| `shell FILE` | `dofile(FILE)` |
---| `lesson NAME`, `lesson list`, ... | `pg74.lesson.show(NAME)`, `pg74.lesson.list()`, ...: a function of the same name for each |
---| `grade LAB SUBMISSION` | `pg74.grade {lab = LAB, submission = SUBMISSION}`; `--batch`: `batch`, and the other options by their names |
---| `lab new LAB`, `lab check LAB`, ... | `pg74.lab.new(LAB)`, `pg74.lab.check(LAB)`, ...: a function of the same name for each |
---
---`tostring` of what compare, check, classify, difference and grade give is the text that the command prints, and the tables are
---its JSON. Files that the command line names with `--input` and `--disk` are here their bytes.
---@class pg74
local pg74 = {}

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

---Makes a machine whose monitor is a program in Lua (type 2). Each guest has a virtual processor, and runs directly, in
---user mode, in a partition of its own; every trap, and every interrupt of the real machine, comes back from
---`Cpu:run`. `scenarios/hosted_monitor.lua` is a whole monitor of a hundred lines, `scenarios/hosted_paged.lua` the same on pg74p.
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

---Waits for GDB at a port of this computer (1234; 0: any that is free, it is printed), and serves it until it leaves: as `pg74
---gdb` does, with this machine as it stands now, which it leaves where the debugger has left it. docs/debugging.md tells more. In
---the shell, Ctrl-C ends the wait, and a session.
---```lua
---local m = pg74.machine {guest = pg74.assemble("_start: halt r0", {isa = "pocket"}), isa = "pocket", memory = 128}
---print(select(2, pcall(pg74.gdb, m)):match "debuggers know only .- of RISC%-V")
-----> debuggers know only machines with the 32 registers of RISC-V
---```
---@param machine pg74.Machine
---@param options? {port?: integer}
function pg74.gdb(machine, options) end

---Shows a machine on the screen as it stands now, as `pg74 tui` does; or up to six, side by side, or what the classifier says of
---an instruction set, by its name. The machine comes back as it was left there. docs/screens.md tells of the keys.
---
---With `keys` they are taken in the place of somebody's, then the screen is left; `export` writes the last one to a file (.txt
---or .html), and `columns` and `lines` say how large it is.
---```lua
---local m = pg74.machine {guest = "hello", vmm = "trap_and_emulate", history = true}
---m:run(100)
---local path = os.tmpname()
---os.remove(path)
---pg74.tui(m, {keys = "ss", export = path .. ".txt"})
---print(m:time().instructions + m:time().traps) --> 102
---print(io.open(path .. ".txt"):read "a":match "in trap_and_emulate") --> in trap_and_emulate
---os.remove(path .. ".txt")
---```
---@param what pg74.Machine|pg74.Machine[]|string
---@param options? {ascii?: boolean, mouse?: boolean, keys?: string, export?: string, columns?: integer, lines?: integer}
function pg74.tui(what, options) end

---Judges a monitor by equivalence, resource control and efficiency: what `pg74 check --json` prints, with `passed` for
---all together, `case` (the counterexample, as `pg74 check --case` reads it), and tostring for the report.
---
---`part` of `parts`: tries only that part of the guests, the first is 1.
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
---@param options {vmm?: string|pg74.Image, monitor?: fun(host: pg74.Host): string?, isa?: string|pg74.Isa, guests?: integer, seed?: integer, jobs?: integer, case?: string, part?: integer, parts?: integer}
---@return table
function pg74.check(options) end

---Grades a submission to a lab (docs/instructor.md), in processes of its own, in which it is closed in as `pg74 grade` does; from
---a stock interpreter that takes the program pg74 where it came with the module. Gives the report as the format json has it;
---tostring gives it in `format`. `messages` is what the command says on standard error, if anything. A lab that is wrong, or not
---there, is an error; so is a submission that is not there.
---
---With `output` it is also written to that file, anew after every task. With `batch` all submissions in a folder are graded,
---`jobs` at a time: `output` is the folder of the results, and tostring says, with `compare` (an earlier results.csv), what has
---changed.
---```lua
---local lab = os.tmpname()
---os.remove(lab)
---pg74.lab.new(lab)
---local report = pg74.grade {lab = lab, submission = lab .. "/starter"}
---print(report.score, report.points, report.tasks[1].verdict) --> 0.0	6.0	failed
---print(report.tasks[1].message) --> the program does not halt: it has used up its fuel
---report = pg74.grade {lab = lab, submission = lab .. "/solution", format = "tap"}
---print(tostring(report):match "^.-\n.-\n[^\n]*")
-----> TAP version 14
-----> 1..3
-----> ok 1 - The program comes to its end
---os.execute("rm -r " .. lab)
---```
---@param options {lab: string, submission?: string, task?: string, seed?: integer, secret?: string, seconds?: integer, format?: "text"|"json"|"junit"|"tap"|"gradescope"|"autolab"|"prairielearn"|"github", output?: string, all?: boolean, any_compiler?: boolean, uncontained?: boolean, batch?: string, jobs?: integer, compare?: string}
---@return table
function pg74.grade(options) end

pg74.lab = {} -- for authors of labs: docs/lab-author.md

---Makes a lab that works, to be changed, in a new folder.
---```lua
---local lab = os.tmpname()
---os.remove(lab)
---pg74.lab.new(lab)
---print(io.open(lab .. "/lab.lua"):read()) --> -- A lab: what there is to do, and how it is judged. docs/lab-author.md is the manual.
---os.execute("rm -r " .. lab)
---```
---@param folder string
function pg74.lab.new(folder) end

---Is a lab sound? `passed` says so, and tostring what is wrong.
---```lua
---local lab = os.tmpname()
---os.remove(lab)
---pg74.lab.new(lab)
---print(pg74.lab.check(lab).passed) --> true
---os.execute("rm -r " .. lab .. "/solution")
---print(tostring(pg74.lab.check(lab)):match "wrong.*")
-----> wrong: there is no folder solution
----->   not sound
---os.execute("rm -r " .. lab)
---```
---@param folder string
---@return {passed: boolean}
function pg74.lab.check(folder) end

---Makes what students get, in a new folder: the lab without solutions, hidden checks and the secret; with the course's machine
---by this secret, or that in the lab's file `secret`.
---```lua
---local lab = os.tmpname()
---os.remove(lab)
---pg74.lab.new(lab)
---local students = lab .. "-students"
---pg74.lab.export(lab, students)
---print(io.open(students .. "/starter/program.s") ~= nil, io.open(students .. "/hidden.lua") ~= nil) --> true	false
---os.execute("rm -r " .. lab .. " " .. students)
---```
---@param folder string
---@param to string
---@param options? {secret?: string}
function pg74.lab.export(folder, to, options) end

---Makes what a platform for courses wants, in a new folder, and says how it gets there. The program is in it.
---```lua
---local lab = os.tmpname()
---os.remove(lab)
---pg74.lab.new(lab)
---local package = lab .. "-package"
---print(pg74.lab.package(lab, package, "gradescope"):match "is complete") --> is complete
---os.execute("rm -r " .. lab .. " " .. package)
---```
---@param folder string
---@param to string
---@param platform "gradescope"|"autolab"
---@return string
function pg74.lab.package(folder, to, platform) end

---Writes questions about a machine that nobody has seen to a new file, for one student (a name or number), and the key to
---another one.
---```lua
---local paper, key = os.tmpname(), os.tmpname()
---os.remove(paper)
---os.remove(key)
---pg74.lab.questions("anna", paper, key)
---print(io.open(paper):read():match "^#", io.open(key):read():match "^#") --> #	#
---os.remove(paper)
---os.remove(key)
---```
---@param student string
---@param paper string
---@param key string
function pg74.lab.questions(student, paper, key) end

pg74.lesson = {} -- docs/lesson-author.md; all functions take where the lessons are, and the language of the texts

---The lessons: a list of `name`, `folder`, `number`, `title`, `terms`, `minutes`, `pages`, `begun` and `finished`. tostring gives
---the list as the command prints it.
---```lua
---local lessons = pg74.lesson.list()
---print(lessons[1].name, lessons[1].title) --> two_computers	Two computers in one
---```
---@param options? {lessons?: string, language?: string}
---@return table
function pg74.lesson.list(options) end

---Goes through a lesson, from where the reader was: on the screen, or, without one and with `plain`, as a dialogue on standard
---input and output. Without a name: the next one. The other options are those of `pg74.tui`.
---```lua
---local path = os.tmpname()
---os.remove(path)
---pg74.lesson.show("two_computers", {keys = "", export = path .. ".txt"})
---print(io.open(path .. ".txt"):read():match "^ Two computers in one") -->  Two computers in one
---os.remove(path .. ".txt")
---```
---@param name? string
---@param options? {plain?: boolean, ascii?: boolean, mouse?: boolean, keys?: string, export?: string, columns?: integer, lines?: integer, lessons?: string, language?: string}
function pg74.lesson.show(name, options) end

---Forgets what was done in a lesson.
---```lua
---pg74.lesson.reset "two_computers"
---print(pg74.lesson.list()[1].begun) --> false
---```
---@param name string
---@param options? {lessons?: string, language?: string}
function pg74.lesson.reset(name, options) end

---A record of what was done in a lesson, or in all, for somebody who verifies it; with `output` it goes to that file. An error
---when nothing was done.
---```lua
---pg74.lesson.reset "two_computers"
---print(select(2, pcall(pg74.lesson.export, "two_computers")):match "nothing was done yet") --> nothing was done yet
---```
---@param name? string
---@param options? {output?: string, lessons?: string, language?: string}
---@return string?
function pg74.lesson.export(name, options) end

---Judges again all that stands in the file that `export` wrote: `passed` says whether all is so, and tostring what is.
---```lua
---local path = os.tmpname()
---pg74.lesson.show("two_computers", {keys = "", export = path .. ".txt"})
---pg74.lesson.export("two_computers", {output = path})
---local verdict = pg74.lesson.verify(path)
---print(verdict.passed, tostring(verdict):match "%d+ confirmed, %d+ not") --> true	1 confirmed, 0 not
---os.remove(path)
---os.remove(path .. ".txt")
---```
---@param file string
---@param options? {lessons?: string, language?: string}
---@return {passed: boolean}
function pg74.lesson.verify(file, options) end

---Is all right with a lesson, or with all? `passed` says so, tostring says it of each, and `messages` what is wrong.
---```lua
---print(tostring(pg74.lesson.check "two_computers")) --> two_computers            all right
---```
---@param name? string
---@param options? {lessons?: string, language?: string}
---@return {passed: boolean, messages?: string}
function pg74.lesson.check(name, options) end

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

return pg74
