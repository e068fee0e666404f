#!/bin/sh
# The command line of `pg74 classify`: verdicts, exit codes, determinism.
set -u
directory=$(mktemp -d) || exit 70
trap 'rm -rf "$directory"' EXIT
failures=0
export COLUMNS=1000 # nothing is folded
fail() { echo "FAIL: $*"; failures=$((failures + 1)); }

# expect STATUS ARGUMENT...: the command ends with this status.
expect() {
    status=$1; shift
    "$PG74" classify "$@" >"$directory/out" 2>"$directory/error" </dev/null
    got=$?
    [ "$got" -eq "$status" ] || { fail "classify $*: exit $got, not $status"; cat "$directory/error"; }
}
says() { grep -qF -e "$1" "$directory/out" "$directory/error" || { fail "it does not say: $1"; cat "$directory/out" "$directory/error"; }; }

expect 0 pocket pg74 pdp10 x86:pg74
says 'Theorem 1 (a virtual machine monitor can be built): not guaranteed, for retu.'
says 'Theorem 3 (a hybrid virtual machine monitor can be built): not guaranteed, for pushf, sgdt, sidt, sldt, smsw, str.'
says "In supervisor mode, 'retu zero' changes mode from 0 to 1 without a trap."
cp "$directory/out" "$directory/first"
expect 0 pocket pg74 pdp10 x86:pg74
cmp -s "$directory/out" "$directory/first" || fail "two runs differ"

expect 0 --json pocket
says '"schema_version": 1'
expect 0 --instruction getr pocket
says 'location sensitive: yes'

cat >"$directory/mine.isa" <<'ISA'
variant "mine" of "pg74"
  title "reads the timer in user mode"
instruction lookattimer rd
  doc     "Get the timer, in either mode."
  source  "our own"
  layout  0000000 00000 00000 000 rd:5 1011011
  execute { X[rd] = timer }
ISA
expect 0 "$directory/mine.isa"
says 'Theorem 1 (a virtual machine monitor can be built): guaranteed.'
says 'Theorem 2 (such a monitor can run under itself): not guaranteed, for lookattimer.'

echo 'variant "broken" of "pg74" instruction' >"$directory/broken.isa"
expect 65 "$directory/broken.isa"
expect 66 "$directory/missing.isa"
expect 66 nosuchmachine
expect 65 --instruction nosuch pg74
expect 64
expect 64 --jsn pg74
says "did you mean '--json'"
expect 64 --instruction

[ "$failures" -eq 0 ]
