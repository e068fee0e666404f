-- An instruction, modelled from a page of a manual.
local function example(options)
  options.file = "cas.isa"
  local inner = options
  return function(work)
    local isa = work.isa "cas.isa"
    local n = {a = lab.draw("a", 3, 500), b = lab.draw("b", 501, 900)}
    local text = inner.text:gsub("%$(%a)", function(name) return tostring(n[name]) end)
    local good, image = pcall(pg74.assemble, text, {isa = isa, name = "example.s"})
    if not good then return false, {message = "a program with cas does not assemble: " .. image, guest = text} end
    local m = pg74.machine {guest = image, isa = isa, memory = 65536}
    local why = m:run(1000)
    local wanted = inner.halt(n, isa)
    if why == "halted" and m.halt_code == wanted then return true end
    return false, {message = "a program halts with another code", expected = tostring(wanted), guest = text,
                   got = why == "halted" and tostring(m.halt_code) or why}
  end
end

return {
  api = 1,
  title = "An instruction from a manual",
  machine = "pg74",
  hours = 2,
  submit = {"cas.isa"},
  tasks = {
    {id = "equal", title = "The word is the expected one", points = 2,
     hint = "begin with a paragraph of isa/spec/rv32i.isa, such as that of sw",
     check = example {halt = function(n) return n.b + n.a end, text = [[
        li      t0, 0x4000
        li      a0, $a
        sw      a0, 0(t0)
        li      a1, $b
        cas     a0, t0, a1
        lw      a2, 0(t0)
        add     a0, a0, a2
        halt    a0
]]}},
    {id = "other", title = "The word is another one", points = 2,
     check = example {halt = function(n) return 2 * n.a end, text = [[
        li      t0, 0x4000
        li      a0, $a
        sw      a0, 0(t0)
        li      a0, 0
        li      a1, $b
        cas     a0, t0, a1
        lw      a2, 0(t0)
        add     a0, a0, a2
        halt    a0
]]}},
    {id = "aligned", title = "The address is no multiple of four", points = 1,
     check = example {halt = function(_, isa) return isa:causes().misaligned end, text = [[
        .rodata
        .org    0x50
        .word   0, handler, 0, 0x10000
        .text
        li      t0, 0x4002
        cas     a0, t0, a1
        halt    zero
handler:
        lw      a0, 0x60(zero)
        halt    a0
]]}},
  },
}
