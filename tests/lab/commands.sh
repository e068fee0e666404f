# Everything that the command line does can be done in Lua: docs/lua.md says how for each command of `pg74 help`, and what
# commands.lua does so gives what the command gives.
work=$(mktemp -d) || exit 70
waits=
trap '[ -z "$waits" ] || kill $waits 2>/dev/null; rm -rf "$work"' EXIT
failed=0
complain() { echo "$*"; failed=1; }

commands=$("$PG74" help | sed -n 's/^  \([a-z]*\)  .*/\1/p')
[ "$(echo "$commands" | wc -l)" -ge 11 ] || complain "pg74 help lists: $commands"
for command in $commands; do
    grep -q "^| .*\`$command[ \`]" docs/lua.md || complain "docs/lua.md says nothing of pg74 $command"
done

lua() { "$PG74" shell tests/lab/commands.lua "$@"; }

# same NAME LUA'S... : standard input, what the command has printed, is what Lua prints.
same() {
    cat >"$work/command"
    lua "$@" >"$work/lua" 2>&1 || complain "$1: $(cat "$work/lua")"
    cmp -s "$work/command" "$work/lua" || { complain "$1 is not the same:"; diff "$work/command" "$work/lua" | head -20; }
}

"$PG74" isa list | sed 's/ .*//' | grep . | same list
"$PG74" isa show pg74 setr | same show
"$PG74" isa card pdp10 | same card
echo 'isa "x"' >"$work/wrong.isa"
lua isa_check "$work/wrong.isa" | grep -q "^false.*wrong.isa:1" || complain "isa check"
cp tests/isa/*.s "$work" 2>/dev/null
printf '_start: li a0, 5\n        halt a0\n' >"$work/a.s"
"$PG74" asm "$work/a.s" -o "$work/a.elf" && lua asm "$work/a.s" "$work/b.elf" && cmp "$work/a.elf" "$work/b.elf" || complain asm
{ "$PG74" dis "$work/a.elf" | sed -n 's/^ *[0-9a-f]*: *\([0-9a-f]\{8\}\)  *\(.*\)/\1 \2/p'; "$PG74" dis 0x00150513; } | same dis "$work/a.elf"

"$PG74" run --json --memory 64K --vmm trap_and_emulate --trace "$work/trace" hello hello >"$work/json"
lua run "$work/lua_trace" >"$work/lua" || complain run
cmp "$work/trace" "$work/lua_trace" || complain "run --trace"
for word in $(sed -n 's/^  "\(instructions\|cycles\)": \([0-9]*\),*/\2/p' "$work/json"); do
    grep -qw "$word" "$work/lua" || complain "run: no $word in $(cat "$work/lua")"
done
grep -q 'Hello from a guest' "$work/lua" || complain "run: no console"

"$PG74" compare --breakdown --vmm trap_and_emulate,interpreter hello | same compare
"$PG74" check --guests 3 --seed 7 --part 1/20 trap_and_emulate >"$work/check"
lua check | while read -r line; do grep -qF -- "$line" "$work/check" || echo "check: '$line' is not in:" "$(cat "$work/check")"; done >"$work/differs"
[ -s "$work/differs" ] && complain "$(cat "$work/differs")"
"$PG74" classify --instruction retu pdp10 | same classify
"$PG74" classify --diff pocket pocket | same difference
"$PG74" tui --keys sss --export "$work/a.txt" hello && lua tui "$work/b.txt" && cmp "$work/a.txt" "$work/b.txt" || complain tui
lua screens "$work/c.txt" && grep -q 'bare machine' "$work/c.txt" && grep -q trap_and_emulate "$work/c.txt" || complain "tui, two machines"

# Labs: graded alone and many at once, in any format, with what is printed on the way; and what their authors do.
mkdir "$work/submissions"
"$PG74" lab new "$work/lab" && lua lab_new "$work/other" && diff -r "$work/lab" "$work/other" || complain "lab new"
cp -R "$work/lab/solution" "$work/submissions/a" && cp -R "$work/lab/starter" "$work/submissions/b"
"$PG74" grade "$work/lab" "$work/lab/solution" | same grade "$work/lab" "$work/lab/solution"
"$PG74" grade --format junit --task sum --seed 3 "$work/lab" "$work/lab/starter" | same grade_junit "$work/lab" "$work/lab/starter"
"$PG74" grade --format json "$work/lab" "$work/lab/starter" | same grade_json "$work/lab" "$work/lab/starter"
printf 'submission,status,score\r\na,graded,6\r\nb,graded,3\r\n' >"$work/old.csv"
"$PG74" grade --batch "$work/submissions" -o "$work/results" --compare "$work/old.csv" "$work/lab" |
    same batch "$work/lab" "$work/submissions"
cmp "$work/results/results.csv" "$work/submissions.lua/results.csv" || complain "grade --batch"
"$PG74" lab check "$work/lab" | same lab_check "$work/lab"
"$PG74" lab export lessons/labs/hosted_monitor -o "$work/students" --secret "of the course"
lua lab_export lessons/labs/hosted_monitor "$work/students.lua" && diff -r "$work/students" "$work/students.lua" || complain "lab export"
"$PG74" lab package "$work/lab" -o "$work/package" --for autolab >/dev/null
lua lab_package "$work/lab" "$work/package.lua" | grep -q "package.lua is complete" && diff -r "$work/package" "$work/package.lua" || complain "lab package"
"$PG74" lab questions --seed anna -o "$work/paper" --key "$work/key" && lua lab_questions "$work/paper.lua" "$work/key.lua" &&
    cmp "$work/paper" "$work/paper.lua" && cmp "$work/key" "$work/key.lua" || complain "lab questions"

# Lessons, and what is kept of them.
export XDG_STATE_HOME="$work/state"
"$PG74" lesson list | same lesson_list
"$PG74" lesson --keys ss --export "$work/d.txt" two_computers && rm -r "$XDG_STATE_HOME" &&
    lua lesson_show "$work/e.txt" && cmp "$work/d.txt" "$work/e.txt" || complain lesson
echo q | "$PG74" lesson --plain two_computers >"$work/plain"
echo q | lua lesson_plain | cmp - "$work/plain" || complain "lesson --plain"
"$PG74" lesson export two_computers >"$work/record" && sed 's/"written":"[^"]*"//' "$work/record" | same lesson_export
"$PG74" lesson verify "$work/record" | same lesson_verify "$work/record"
sed -i 's/"version":"[^"]*"/"version":"another"/' "$work/record"
"$PG74" lesson verify "$work/record" | same lesson_verify "$work/record"
"$PG74" lesson check two_computers | same lesson_check
lua lesson_reset && ! "$PG74" lesson export 2>/dev/null || complain "lesson reset"

# A debugger at a machine that has run for a while: back into what it has done, then on; and the machine comes back.
if command -v gdb-multiarch >/dev/null; then
    lua gdb >"$work/gdb" 2>"$work/port" & waits=$!
    tries=0
    until grep -q 'localhost:' "$work/port" || [ $tries -ge 200 ]; do sleep 0.1; tries=$((tries + 1)); done
    timeout 60 gdb-multiarch -nx -batch -ex 'set osabi none' -ex "target remote $(sed -n 's/.*\(localhost:[0-9]*\).*/\1/p' "$work/port")" \
        -ex 'reverse-stepi 10' -ex 'monitor where' -ex 'stepi 4' >"$work/debugger" 2>&1 </dev/null
    wait $waits; waits=
    grep -q 'after 90 instructions' "$work/debugger" || complain "gdb: $(cat "$work/debugger")"
    [ "$(cat "$work/gdb")" = "94	true	false" ] || complain "gdb leaves: $(cat "$work/gdb" "$work/port")"
fi
exit $failed
