# Mistakes lose points where they should, with the right words.
. tests/grade/mistake.inc

mistake instruction cas.isa 's/if where\[1:0\] != 0 {.*//' proof "does not trap as submitted, and does by the reference"
mistake instruction cas.isa 's/found == X.rd./found[15:0] == X[rd][15:0]/' proof "by the reference"
mistake instruction cas.isa 's/X\[rs2\]/X[rd]/' equal "another code"
mistake instruction cas.isa 's/let found = load(where, 4)/require supervisor let found = load(where, 4)/' proof "traps as submitted"
mistake instruction cas.isa 's/0000101 rs2/0000111 rs2/' proof "another word"
mistake instruction cas.isa '$s/$/\ninclude "hidden\/reference.isa"/' equal "cannot include files"
mistake instruction cas.isa 's/"pg74"/"..\/hidden\/reference.isa"/' equal "looks like the name of a file"
# Who changes what the reference stands on has proved nothing: its functions, the reference itself.
mistake instruction cas.isa '/^instruction/i function one(x) { return x }\nreplace function translate(va, size, access) { trap memory(va, access) }' equal "another code"
mistake instruction cas.isa '/^instruction/i replace function inside(va, size) { return va <u 0x10000 and va + size <=u bound }' proof "only cas is to be added"
mistake instruction cas.isa '/^instruction/i instruction cas rd, rs1, rs2\n  doc "B"\n  layout 0000101 rs2:5 rs1:5 111 rd:5 0001011\n  execute { X[rd] = 1 }\n' equal "already there"
mistake instruction cas.isa '/^instruction/i instruction cas rd, rs1, rs2\n  doc "B"\n  layout 0000101 rs2:5 rs1:5 111 rd:5 0001011\n  execute { X[rd] = 1 }\n
s/^instruction cas/replace &/
s/X.rd. = found/X[rd] = found \& 0xffff/' proof "only cas is to be added"
# A comment that looks like the paragraph is a comment.
sed '/^instruction/i -- instruction cas execute { "' "$labs/instruction/solution/cas.isa" >"$work/cas.isa"
"$PG74" grade --format autolab "$labs/instruction" "$work/cas.isa" | tail -1 | grep -q '"proof":5' ||
    { echo "a comment is taken for the instruction"; failed=1; }
mistake repair repair.isa 's/= 1$/= flags()/' repair "theorem1 is not guaranteed"
mistake repair repair.isa 's/X\[rd\] = 1/X[rd] = 0/' programs "parity.s does not do what it did"
mistake repair design.isa 's/instruction retu rs1/instruction getbase rd/; s/rs1:5 010 00000/00000 011 rd:5/; s/0000010 00000/0000001 00000/; s/mode = user/X[rd] = base/; s/pc   = X.rs1.//' design "violated by other instructions"
mistake trap_handler handler.s 's/addi    t0, t0, 4/addi    t0, t0, 0/' call "does not halt"
mistake trap_handler handler.s 's/lw      t1, 0x84(zero)//' registers "another code"
# Some of the mistakes that students make in a monitor (tests/mutants/list.inc), each at its checkpoint.
mistake native_monitor monitor.c 's/area\[1\] = guest->pc;/area[1] = guest->pc + 4;/' reflect "memory"
mistake native_monitor monitor.c '/area\[8\] = cause;/d' reflect "memory"
mistake native_monitor monitor.c 's/case 1: set(guest, rd, guest->base); break;/case 1: set(guest, rd, guest->base + guest->start); break;/' emulate "register"
mistake native_monitor monitor.c 's/guest->code = first;/guest->code = 0;/' boot "halt code"
mistake native_monitor monitor.c 's/guest->pending &= ~(1u << (cause - 16));//' timer "timer_"
mistake native_monitor monitor.c 's/static void pass_time/static void pas_time/' boot "it does not compile"
mistake hosted_monitor monitor.lua '/cpu:word(constant.trap_cause, cause)/d' reflect "memory"
mistake hosted_monitor monitor.lua 's/return "halted"/return = "halted"/' boot "monitor.lua:"
exit $failed
