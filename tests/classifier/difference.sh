#!/bin/sh
# pg74 classify --diff: what a change did to each instruction and to the theorems.
set -u
directory=$(mktemp -d) || exit 70
trap 'rm -rf "$directory"' EXIT
failures=0
export COLUMNS=1000 # nothing is folded
fail() { echo "FAIL: $*"; failures=$((failures + 1)); }
expect() {
    status=$1; shift
    "$PG74" classify "$@" >"$directory/out" 2>&1 </dev/null
    got=$?
    [ "$got" -eq "$status" ] || { fail "classify $*: exit $got, not $status"; cat "$directory/out"; }
}
says() { grep -q -e "$1" "$directory/out" || { fail "it does not say: $1"; cat "$directory/out"; }; }

expect 0 --diff pg74 pdp10
says '^  retu  *no longer privileged; so it violates theorems 1, 2$'
says '^ *was: Return to user mode and jump to rs1; the rest of the PSW stays.$'
says 'The other 65 are as they were.'
says 'Theorem 1: was guaranteed, is not guaranteed for retu.'
says 'Theorem 3: still guaranteed.'
expect 0 --diff pdp10 pg74
says '^  retu  *now privileged; it violated theorems 1, 2, and no longer does$'
says 'Theorem 1: was not guaranteed for retu, is guaranteed.'
expect 0 pg74 --diff x86:pg74
says '^  popf  *added: control sensitive, mode sensitive; so it violates theorems 1, 2$'
expect 0 --diff x86:pg74 pg74
says '^  popf  *removed: was control sensitive, mode sensitive; it violated theorems 1, 2, and no longer does$'
expect 0 --diff pg74 pg74
says 'No instruction has changed.'

cat >"$directory/moved.isa" <<'ISA'
variant "moved" of "pg74"
  title "another meaning, another translation"
replace instruction add rd, rs1, rs2
  doc     "Subtracts."
  layout  0000000 rs2:5 rs1:5 000 rd:5 0110011
  execute { X[rd] = X[rs1] - X[rs2] }
replace function inside(va, size) {
  return size <=u bound and va <=u bound - size
}
remove instruction rem
ISA
expect 0 --diff pg74 "$directory/moved.isa"
says '^  add  *means something else; its classes are the same$'
says '^  rem  *removed: was innocuous$'
says "^  'translate' has changed.$"
expect 0 --json --diff pg74 "$directory/moved.isa"
python3 - "$directory/out" <<'PYTHON' || fail "the JSON"
import json, sys
d = json.load(open(sys.argv[1]))
assert d["schema_version"] == 1 and d["before"] == "pg74" and d["after"] == "moved"
change = {i["name"]: i["change"] for i in d["instructions"]}
assert change["add"] == "meaning" and change["rem"] == "removed" and change["sub"] == "none", change
assert "translate" in d["paragraphs"] and d["theorems"]["theorem1"]["before"] is True
PYTHON
expect 64 --diff pg74
expect 64 --diff pg74 pdp10 pocket
expect 64 --diff --instruction retu pg74 pdp10
[ "$failures" -eq 0 ]
