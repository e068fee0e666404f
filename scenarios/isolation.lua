-- Isolation: an honest guest beside one that crashes and one that is hostile.
--
-- Under trap_and_emulate run: a guest that computes and prints; one that jumps to where there is no memory, and whose
-- kernel then says so and is stuck; and one that tries what it can to reach out of its machine: it opens R as wide as
-- it goes and writes far away, has its disk transfer to far away, turns the timer and the interrupts off and loops
-- for ever. What to see: the honest guest prints what it prints alone, and comes to its end; no store and no transfer
-- of the hostile one leaves its partition; and the processor comes back from the loop, slice by slice, because the
-- real timer is the monitor's.
local pg74 = require "pg74"
local experiment = dofile((arg[0]:match "^(.*/)" or "./") .. "lib/experiment.lua")
local short = experiment.start "A crashing and a hostile neighbour"

local honest = pg74.assemble(([[
_start: li      s0, %d
        li      a1, 'A'
round:  li      t0, 500
again:  mul     a0, a0, t0
        addi    a0, a0, 1
        addi    t0, t0, -1
        bnez    t0, again
        li      t1, 0
        out     t1, a1
        addi    a1, a1, 1
        addi    s0, s0, -1
        bnez    s0, round
        halt    zero
]]):format(short and 10 or 26), {name = "honest.s"})

local crashing = pg74.assemble([[
        .rodata
        .org    0x50
        .word   0, panic, 0, 0x10000
        .text
_start: li      t0, 0x70000000
        jr      t0
panic:  li      t1, 0
        li      a1, '!'
        out     t1, a1
stuck:  j       stuck
]], {name = "crashing.s"})

local hostile = pg74.assemble([[
        .rodata
        .org    0x50
        .word   0, next, 0, 0x10000
        .text
_start: li      t0, 0
        li      t1, 0xfffffff0
        setr    t0, t1
        li      t0, 0x20000
store:  sw      t0, 0(t0)
        j       disk
next:   lw      t1, 0x44(zero)
        addi    t1, t1, 4
        sw      t1, 0x44(zero)
        lpsw    0x40(zero)
disk:   li      t0, 0x11
        li      t1, 0x1000
        sub     t1, zero, t1
        out     t0, t1
        li      t0, 0x12
        li      t1, 1
        out     t0, t1
        li      t0, 0x13
        out     t0, t1
        settimer zero
        setflags zero
loop:   j       loop
]], {name = "hostile.s"})

local SIZE, SLICE = 0x10000, 5000
local alone = pg74.machine {guest = honest, memory = SIZE}
alone:run()

local m = pg74.machine {guests = {honest, crashing, hostile}, vmm = "trap_and_emulate", memory = SIZE, slice = SLICE,
                        disks = {"", "", ("d"):rep(4096)}}
local start, size = m:partition(3)
local outside, transfers, interrupts = 0, 0, 0
m:on("store", function(event)
  local inside = event.physical >= start and event.physical < start + size
  if event.user and not inside then
    local pc = m:translate(event.pc, "fetch", 4)
    if pc and pc >= start and pc < start + size then outside = outside + 1 end
  end
end)
m:on("port", function(event)
  local inside = event.value >= start and event.value <= start + size - 512
  if event.unit == 3 and event.name == "disk_address" and event.write and not inside and
     event.value < m.memory_size then transfers = transfers + 1 end
end)
m:on("interrupt", function(event) if event.cause == "timer" then interrupts = interrupts + 1 end end)
local why = m:run(short and 600000 or 2000000)

local rows = {}
for i, name in ipairs {"honest", "crashing", "hostile"} do
  rows[i] = {name, m:console(i), m:guest_halt_code(i) and "halted" or "goes on"}
end
experiment.table({"guest", "prints", "in the end"}, rows)
print(("The hostile guest's stores outside its partition: %d; transfers: %d."):format(outside, transfers))
print(("The processor was taken back by the timer %d times; the run ended at the %s.\n"):format(interrupts, why))

experiment.expect(m:console(1) == alone:console(), "the honest guest prints what it prints alone")
experiment.expect(m:guest_halt_code(1) == 0, "... and comes to its end")
experiment.expect(outside == 0, "no store of the hostile guest leaves its partition")
experiment.expect(transfers == 0, "no transfer of its disk does")
experiment.expect(not m:guest_halt_code(3) and interrupts > 10, "its endless loop is interrupted, again and again")
experiment.finish()
