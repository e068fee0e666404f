# An author's day: a new lab, what is wrong with it, what students get of it, and what platforms do.
work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT
chmod 711 "$work"
failed=0
sound() { "$PG74" lab check "$1" >"$work/out" 2>&1 || { echo "$1 is not sound"; cat "$work/out"; failed=1; }; }
# unsound WHAT: $work/lab, which has been changed, is not sound, and this is said of it.
unsound() {
    "$PG74" lab check "$work/lab" >"$work/out" 2>&1
    [ $? = 1 ] && grep -q -- "$1" "$work/out" || { echo "not said: $1"; cat "$work/out"; failed=1; }
    rm -rf "$work/lab"
    cp -R "$work/good" "$work/lab"
}

"$PG74" lab new "$work/good" || exit 1
sound "$work/good"
"$PG74" lab new "$work/good" 2>/dev/null && { echo "a lab is made over another one"; failed=1; }
cp -R "$work/good" "$work/lab"
sed -i 's/li a0, 10/li a0, 11/' "$work/lab/solution/program.s"
unsound "the solution, with seed 1: sum: failed"
cp "$work/lab/solution/program.s" "$work/lab/starter/program.s"
unsound "the starter already gets full marks"
sed -i 's/check = lab.program {file = "program.s"}}/check = function() return true end}/' "$work/lab/lab.lua"
unsound "halts: neither the starter nor an empty submission fails it"
sed -i 's/id = "halts",/& visibility = "hidden", concern = "all",/' "$work/lab/lab.lua"
unsound "the hidden task halts stands in lab.lua"
cp "$work/lab/solution/program.s" "$work/lab/hint.s"
unsound "what is exported holds solution/program.s"
sed -i 's/check = lab.program {file = "program.s"}}/check = function() return nothing.at.all end}/' "$work/lab/lab.lua"
unsound "halts: grader error"

# A monitor lab in which somebody's own monitor passes, when it need not be written.
mkdir "$work/monitor" && cp -R "$work/good/starter" "$work/good/solution" "$work/monitor"
cat >"$work/monitor/lab.lua" <<'END'
return {api = 1, title = "A monitor", submit = {"program.c"}, monitor = true, tasks = {
  {id = "one", points = 1, check = function(work)
    work.read "program.c"
    return lab.monitor {files = {"program.c"}, script = "link.ld", cases = {"one.s"}} (work)
  end}}}
END
printf '        halt zero\n' >"$work/monitor/one.s"
cp lessons/labs/native_monitor/solution/monitor.c "$work/monitor/solution/program.c"
cp lessons/labs/native_monitor/start.S "$work/monitor/start.S"
cp lessons/labs/native_monitor/link.ld "$work/monitor/link.ld"
sed -i 's/script = "link.ld"/with = {"start.S"}, &/' "$work/monitor/lab.lua"
cp lessons/labs/native_monitor/starter/monitor.c "$work/monitor/starter/program.c"
sed -i 's/guest->halted = true/guest->halted = false/' "$work/monitor/starter/program.c"
chmod -R go-rwx "$work/monitor"
"$PG74" lab check "$work/monitor" >"$work/out"
grep -q "trap_and_emulate.elf of the program itself gets full marks" "$work/out" ||
    { echo "a monitor of vmm/ passes, and nobody says so"; cat "$work/out"; failed=1; }

# A lab that supplies an object: students get it without its sources, the same bytes each time, made for their course's
# machine, and it does for them what the sources do for the grader.
mkdir "$work/object" "$work/object/supplied"
for part in solution starter guests link.ld; do cp -R lessons/labs/native_monitor/$part "$work/object"; done
cp lessons/labs/native_monitor/start.S "$work/object/supplied"
printf 'int inner_choice;\nint inner_place(int by) { return inner_choice += by; }\n' >"$work/object/supplied/inner_part.c"
cat >"$work/object/lab.lua" <<'END'
return {api = 1, title = "A monitor", submit = {"monitor.c"}, monitor = true, derive = {"opcode"},
  supplied = {"supplied/start.S", "supplied/inner_part.c"}, tasks = {
  {id = "one", points = 1, check = lab.monitor {files = {"monitor.c"}, script = "link.ld", cases = {"guests/boot_console.s"}}}}}
END
printf 'int inner_place(int by) { return by; }\n' >>"$work/object/solution/monitor.c" # a name that the object has, too
sed -i 's/guest->halted = true/guest->halted = false/' "$work/object/starter/monitor.c"
chmod -R go-rwx "$work/object"
sound "$work/object"
for name in first second; do "$PG74" lab export "$work/object" -o "$work/$name" --secret "of the course" || failed=1; done
cmp "$work/first/supplied.o" "$work/second/supplied.o" || failed=1
[ -e "$work/first/supplied" ] && { echo "exported: the sources of what is supplied"; failed=1; }
grep -q 'inner_part\|supplied/\|start\.S' "$work/first/supplied.o" && { echo "the object names its sources"; failed=1; }
riscv64-unknown-elf-nm -g "$work/first/supplied.o" | grep -q ' _start$' || { echo "an object without a start"; failed=1; }
riscv64-unknown-elf-nm -g "$work/first/supplied.o" | grep inner_ && { echo "names of the object's are everybody's"; failed=1; }
"$PG74" lab export "$work/object" -o "$work/third" || failed=1
cmp -s "$work/first/supplied.o" "$work/third/supplied.o" && { echo "the object is for no course's machine"; failed=1; }
"$PG74" grade --format json --secret "of the course" "$work/third" "$work/object/solution" |
    grep -q 'supplied.o was made for another machine' || { echo "an object is taken for another machine's"; failed=1; }
printf 'int inner_piece = wrong;\n' >"$work/object/supplied/inner_part.c"
"$PG74" lab export "$work/object" -o "$work/fourth" 2>"$work/out"
[ $? = 65 ] && grep -q "what is supplied does not compile: inner_part.c:1:" "$work/out" || { cat "$work/out"; failed=1; }

# What students get: nothing hidden, and it can be graded with; on the course's own machine.
lab=lessons/labs/hosted_monitor
"$PG74" lab export $lab -o "$work/bundle" --secret "of the course" || failed=1
for name in solution hidden.lua hidden secret; do
    [ -e "$work/bundle/$name" ] && { echo "exported: $name"; failed=1; }
done
grep -q 'variant "course" of "pg74"' "$work/bundle/machine.isa" && [ -s "$work/bundle/pg74.h" ] ||
    { echo "exported without the machine"; failed=1; }
chmod -R go-rwx "$work/bundle"
"$PG74" grade --format autolab "$work/bundle" $lab/solution | tail -1 | grep -q '"guests":10' ||
    { echo "the bundle does not grade"; failed=1; }

# Into the lab itself: that would be copied with it, and so on.
for made in "export $work/good -o $work/good/inside" "package $work/good -o $work/good/starter/inside --for autolab"; do
    "$PG74" lab $made 2>"$work/out"
    [ $? = 64 ] && grep -q "lies in the lab's own folder" "$work/out" && [ ! -e "$work/good/inside" ] &&
        [ ! -e "$work/good/starter/inside" ] || { echo "lab $made:"; cat "$work/out"; failed=1; }
done

# Gradescope and Autolab, played through where their containers are not.
"$PG74" lab package "$work/good" -o "$work/scope" --for gradescope >/dev/null || failed=1
mkdir -m 700 "$work/autograder" && mv "$work/scope" "$work/autograder/source"
cp -R "$work/good/solution" "$work/autograder/submission"
AUTOGRADER="$work/autograder" "$work/autograder/source/setup.sh" >/dev/null || failed=1
AUTOGRADER="$work/autograder" "$work/autograder/source/run_autograder" || failed=1
python3 -c 'import json, sys; r = json.load(open(sys.argv[1])); assert r["score"] == 6 and len(r["tests"]) == 3, r' \
    "$work/autograder/results/results.json" || failed=1
"$PG74" lab package "$work/good" -o "$work/autolab" --for autolab >/dev/null || failed=1
(cd "$work/autolab" && tar cf autograde.tar lab pg74 && rm -rf lab pg74 &&
    tar cf handin.tar -C "$work/good/starter" program.s && make -s -f autograde-Makefile) >"$work/out" 2>&1
[ "$(tail -1 "$work/out")" = '{"scores":{"halts":0.0,"sum":0.0,"short":0.0}}' ] ||
    { echo "Autolab's last line:"; tail -3 "$work/out"; failed=1; }

# The same where nobody else can go, and files are to be compiled.
mkdir -m 700 "$work/closed" "$work/closed/tmp" && cp -R lessons/labs/native_monitor "$work/closed/lab"
cp -R "$work/autograder/source/pg74" "$work/closed"
TMPDIR="$work/closed/tmp" "$work/closed/pg74/bin/pg74" grade --task boot --format autolab "$work/closed/lab" \
    "$work/closed/lab/solution" | tail -1 | grep -q '"boot":15.0' || { echo "nothing is compiled where nobody else can go"; failed=1; }

# A compiler that the lab does not want: nobody is graded with it, unless the instructor says so.
sed -i 's/compiler = "[^"]*"/compiler = "12.34.56"/' "$work/closed/lab/lab.lua"
"$PG74" grade --format json "$work/closed/lab" "$work/closed/lab/starter" | grep -q "wants the compiler '12.34.56'" ||
    { echo "another compiler is taken"; failed=1; }
"$PG74" grade --any-compiler --task boot --format json "$work/closed/lab" "$work/closed/lab/solution" |
    grep -q '"score": 15.0' || { echo "--any-compiler does not help"; failed=1; }

# Students are told the seed: what is drawn for hidden tasks does not follow from it, but from what they do not have, too.
mkdir "$work/drawn" "$work/drawn/solution"
echo >"$work/drawn/solution/x"
drawing='return false, {message = "drawn " .. lab.draw("name", 1, 1000000000) .. " " .. lab.guest "guest.s"}'
echo 'li a0, $1..1000000000' >"$work/drawn/guest.s"
echo "return {api = 1, title = 'Drawn', submit = {'x'}, tasks = {
  {id = 'shown', points = 1, check = function() $drawing end}}}" >"$work/drawn/lab.lua"
drawn() { # TASK SECRET
    "$PG74" grade --seed 7 --secret "$2" --format json --task "$1" "$work/drawn" "$work/drawn/solution" |
        python3 -c 'import json, sys; print([t["message"].strip() for t in json.load(sys.stdin)["tasks"] if t["id"] == sys.argv[1]][0])' "$1"
}
for text in one two; do
    echo "return {{id = 'not_shown', points = 1, concern = 'chance', check = function() $drawing end}} -- $text" >"$work/drawn/hidden.lua"
    for secret in one two; do
        drawn shown $secret >>"$work/drawn.shown"
        drawn not_shown $secret >>"$work/drawn.hidden"
    done
done
[ "$(sort -u "$work/drawn.shown" | wc -l)" = 1 ] && [ "$(sort -u "$work/drawn.hidden" | wc -l)" = 4 ] &&
    ! grep -qFxf "$work/drawn.shown" "$work/drawn.hidden" || { echo "drawn:"; cat "$work"/drawn.*; failed=1; }

# Papers: one for each student, the same each time, with a key that the classifier agrees with.
for student in one two three; do
    "$PG74" lab questions --seed $student -o "$work/$student.md" --key "$work/$student.key" || failed=1
done
"$PG74" lab questions --seed one -o "$work/again.md" --key "$work/again.key" && cmp "$work/one.md" "$work/again.md" &&
    cmp "$work/one.key" "$work/again.key" || { echo "another paper for the same student"; failed=1; }
cmp -s "$work/one.md" "$work/two.md" && cmp -s "$work/one.md" "$work/three.md" && { echo "the same paper for all"; failed=1; }
sed -n '/^```$/,/^```$/p' "$work/two.md" | grep -v '^```' >"$work/two.isa"
"$PG74" classify --json "$work/two.isa" >"$work/two.json"
python3 - "$work/two.json" "$work/two.key" <<'END' || failed=1
import json, sys
variant, key = json.load(open(sys.argv[1]))["variants"][0], open(sys.argv[2]).read()
names = ", ".join(variant["violations"]["theorem1"])
assert ("Theorem 1: guaranteed" if variant["theorem1"] else "Theorem 1: not guaranteed, for " + names) in key, key
END
exit $failed
