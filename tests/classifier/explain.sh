#!/bin/sh
# What `pg74 classify` says beside the verdicts: states side by side, the condition on words, what copes, the repair.
set -u
directory=$(mktemp -d) || exit 70
trap 'rm -rf "$directory"' EXIT
failures=0
fail() { echo "FAIL: $*"; failures=$((failures + 1)); }
export COLUMNS=1000 # nothing is folded
classify() { "$PG74" classify "$@" >"$directory/out" 2>&1 </dev/null || fail "classify $*: exit $?"; }
says() { grep -qF -e "$1" "$directory/out" || { fail "it does not say: $1"; cat "$directory/out"; }; }
never() { ! grep -qF -e "$1" "$directory/out" || fail "it should not say: $1"; }

classify pdp10 x86:pg74
says '        mode        supervisor  user        *'
says '        enable      0x1         0x0         *'
says "In user mode, 'popf a0' ignores the write to enable that it makes in supervisor mode (from 0 to 1), without a trap."
says '    with popf, iret, lar, lsl, verr, verw, push, pop, mov, call, jmp, int, ret: a hybrid monitor, which'
says 'Not a hybrid monitor'
says 'Exactly for words in which rd is not 0.'
says 'For all of its words.'
says 'Only where X[rs1][0] == 1 or mode == supervisor.'
says 'Theorem 1: make retu privileged; then it is guaranteed.'
says 'Theorem 2: make the 19 instructions that violate it privileged; then it is guaranteed.'
says 'Theorem 3: make the 6 instructions that violate it privileged; then it is guaranteed.'

# The repaired variant is a variant: as a file of its own it classifies as promised.
classify --json pdp10
python3 - "$directory/out" "$directory/repaired.isa" <<'PYTHON' || fail "the JSON of repairs"
import json, sys
variant = json.load(open(sys.argv[1]))["variants"][0]
repair = variant["repairs"]["theorem1"]
assert repair["instructions"] == ["retu"] and repair["holds"] is True, repair
assert "theorem3" not in variant["repairs"]
retu = [i for i in variant["instructions"] if i["name"] == "retu"][0]
assert retu["techniques"]["hybrid"] is True and retu["condition"] is None, retu
assert retu["violation"]["perturbed"] == "nothing"
open(sys.argv[2], "w").write(repair["variant"])
PYTHON
classify "$directory/repaired.isa"
says 'Theorem 1 (a virtual machine monitor can be built): guaranteed.'

# The word that violates is not privileged itself.
classify --json tests/classifier/variants/simpler_words.isa
python3 - "$directory/out" <<'PYTHON' || fail "a privileged word is shown for a violation"
import json, sys
variant = json.load(open(sys.argv[1]))["variants"][0]
word = {i["name"]: i["violation"]["word"] for i in variant["instructions"] if "violation" in i}
assert word["zero_is_privileged"] >> 20 != 0, hex(word["zero_is_privileged"])
assert word["last_is_privileged"] >> 20 == 0, hex(word["last_is_privileged"])
assert word["first_register"] >> 15 & 31 not in (0, 10), hex(word["first_register"])
PYTHON

# A write of what stands there already is none that is ignored.
cat >"$directory/mode.isa" <<'ISA'
variant "mode" of "pg74p"
  title "Shows the mode, if it is asked rightly"
instruction quirk rd, rs1
  doc     "Shows the mode where rs1 is 42."
  layout  0101010 00000 rs1:5 110 rd:5 0001011
  execute { if (X[rs1] == 42) { X[rd] = zext(mode, 32) } else { X[rd] = 7 } }
ISA
classify --instruction quirk "$directory/mode.isa"
says "In two states that differ in mode alone, 'quirk a0, a1' makes a0 0 in the one and 1 in the other."
never 'ignores'

# Sensitive for some words alone; over a file; and a repair that cannot do it.
cat >"$directory/mine.isa" <<'ISA'
variant "mine" of "pg74"
  title "words that differ"
instruction sometimes rd, rs1
  doc     "Shows the base if bit 2 of the last field is set, and rs1 otherwise."
  layout  0000000 00000 rs1:5 000 rd:5 1011011
  execute {
    if instruction[17] == 1 { X[rd] = base }
    else { X[rd] = X[rs1] }
  }
instruction rare rd, rs1
  doc     "Shows the base for one value of rs1."
  layout  0000010 00000 rs1:5 000 rd:5 1011011
  execute {
    if X[rs1] == 42 { X[rd] = base }
    else if mode == user { trap privileged(instruction, 0) }
    else { X[rd] = bound }
  }
instruction unless rs1
  doc     "Sets the enable; where it is set already, traps for everybody."
  layout  0000001 00000 rs1:5 000 00000 1011011
  execute {
    if enable == 1 { trap privileged(instruction, 0) }
    enable = X[rs1][0]
  }
instruction twins rd, rs1
  doc     "Shows the base, but where both registers are the same one."
  layout  0000011 00000 rs1:5 000 rd:5 1011011
  execute { X[rd] = base  X[rs1] = 0 }
instruction loaded rd, rs1
  doc     "Shows the base where a word of memory says so."
  layout  0000100 00000 rs1:5 000 rd:5 1011011
  execute {
    if load(X[rs1], 4) == 7 { X[rd] = base }
    else { X[rd] = 0 }
  }
ISA
classify "$directory/mine.isa"
says "Only for words in which rd is not 0; and not for all of these: not for 'twins a0, a0'."
says 'Only where load(X[rs1], 4) == 7.'
says 'Only for words in which rs1[2] is 1 and rd is not 0.'
says 'Only where X[rs1] == 0x2a.'
says 'Only where enable == 0.'
says 'Theorem 1: make the 5 instructions that violate it privileged; but that is not enough, for unless, which traps in supervisor mode as well.'
says 'Theorem 3: make the 5 instructions that violate it privileged; then it is guaranteed.' # it traps in user mode, always
classify pg74
never 'repair'
never "$(printf '\033')" # colours are for terminals
[ "$failures" -eq 0 ]
