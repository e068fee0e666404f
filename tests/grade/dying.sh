# Whoever dies, and however: there is a whole and valid result.
lab=lessons/labs/hosted_monitor
work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lab" "$work/tmp" "$work/submission"
echo 'return function() return "halted" end' >"$work/submission/monitor.lua"
failed=0

# A lab whose second check stops for ever once it has said so, or does what it is told.
cat >"$work/lab/lab.lua" <<'END'
local function act()
  local file = io.open(os.getenv "ACT_FILE", "w")
  file:write "there"
  file:close()
  local act = os.getenv "ACT"
  if act == "exit" then os.exit(3) end
  if act == "crash" then string.rep("x", 1 << 40) os.execute("kill -SEGV $PPID") end
  if act == "error" then error "the lab is wrong" end
  if act == "flood" then io.write(("x"):rep(100000000)) return true end
  while true do end
end
return {api = 1, title = "A lab", submit = {"monitor.lua"}, tasks = {
  {id = "first", points = 1, check = function() return true end},
  {id = "second", points = 2, check = act},
  {id = "third", points = 4, check = function() return true end},
  {id = "fourth", points = 8, after = {"second"}, check = function() return true end}}}
END
export ACT_FILE="$work/there"

# says NAME PYTHON: what must hold of the result r.
says() {
    python3 -c "import json, sys
r = json.load(open('$work/result.json'))
v = {t['id']: t['verdict'] for t in r['tasks']}
assert $2, r" || { echo "$1: the result is not as it should be"; failed=1; }
    [ -z "$(ls -A "$work/tmp")" ] || { echo "$1: scratch folders are left"; failed=1; }
}
grade() { TMPDIR="$work/tmp" "$PG74" grade --format json -o "$work/result.json" "$@" "$work/lab" "$work/submission" >/dev/null 2>&1; }
# The judge is ahead of the grader's file by a moment.
wait_for_first() { for _ in $(seq 600); do grep -q '"passed"' "$work/result.json" 2>/dev/null && return; sleep 0.05; done; }
wait_for() { for _ in $(seq 600); do [ -e "$1" ] && return; sleep 0.05; done; echo "$1 does not come"; exit 1; }

ACT=exit grade
says "the judge exits" "v == {'first': 'passed', 'second': 'grader error', 'third': 'passed', 'fourth': 'skipped'} and r['score'] == 5"
ACT=crash grade
says "the judge crashes" "v['second'] == 'grader error' and v['third'] == 'passed' and r['complete']"
ACT=error grade
says "a check raises an error" "v['second'] == 'grader error' and v['third'] == 'passed' and 'the lab is wrong' in r['tasks'][1]['message']"
ACT=flood grade
says "a check prints much" "set(v.values()) == {'passed'} and r['score'] == 15"
ACT=loop grade --seconds 1
says "a check never ends" "v['second'] == 'grader error' and r['tasks'][1]['reason'] == 'resource limit' and v['third'] == 'passed'"

# One that always takes too long does not take the time of all checks.
mkdir "$work/long"
python3 -c 'print("return {api = 1, title = \"L\", submit = {\"monitor.lua\"}, tasks = {",
    *(f"{{id = \"t{i}\", points = 1, check = function() while true do end end}}," for i in range(20)), "}}")' >"$work/long/lab.lua"
"$PG74" grade --seconds 1 --format json -o "$work/result.json" "$work/long" "$work/submission"
says "every check takes too long" "{(t['verdict'], t['reason']) for t in r['tasks']} == {('grader error', 'resource limit')} and r['complete'] and [t['id'] for t in r['tasks'] if 'not tried' not in t['message']] == ['t0', 't1']"

# The grader itself is asked to end; it is ended without being asked; its judge is.
for signal in TERM INT HUP KILL; do
    rm -f "$work/there" "$work/result.json"
    ACT=loop TMPDIR="$work/tmp" "$PG74" grade --format json -o "$work/result.json" "$work/lab" "$work/submission" &
    grader=$!
    wait_for "$work/there"
    wait_for_first
    kill -$signal $grader
    wait $grader 2>/dev/null
    [ $signal = KILL ] && rm -rf "$work"/tmp/*
    says "SIG$signal" "v['first'] == 'passed' and v['second'] == 'grader error' and r['score'] == 1 and not r['complete'] and r['error']"
done
rm -f "$work/there" "$work/result.json"
ACT=loop TMPDIR="$work/tmp" "$PG74" grade --format json -o "$work/result.json" "$work/lab" "$work/submission" &
grader=$!
wait_for "$work/there"
for child in $(cat /proc/$grader/task/$grader/children); do kill -KILL "$child"; done
wait $grader
says "the judge is killed" "v['second'] == 'grader error' and v['third'] == 'passed' and r['complete']"

# A folder that cannot be written: told, and graded all the same.
"$PG74" grade -o "$work/nowhere/result.json" $lab $lab/starter >/dev/null 2>"$work/out"
grep -q 'cannot write' "$work/out" || { echo "not told that the result cannot be written"; failed=1; }
exit $failed
