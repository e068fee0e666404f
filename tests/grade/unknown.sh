# A guest of a lab that says nothing of a monitor is the lab's mistake, and no student's: a grader error. But a guest
# that has an end whenever its interrupts come, and has none under a monitor, shows that the monitor is wrong.
. tests/grade/mistake.inc
lab="$work/lab"
mkdir "$lab"
cp lessons/labs/native_monitor/start.S lessons/labs/native_monitor/link.ld "$lab"
cp tests/checker/cases/race.s tests/checker/cases/in_flight.s lessons/labs/native_monitor/guests/timer_disabled.s "$lab"
echo '1:      j       1b' >"$lab/endless.s"
cat >"$lab/lab.lua" <<'LUA'
local function monitor(name, overhead)
  return lab.monitor {files = {"monitor.c"}, with = {"start.S"}, script = "link.ld", cases = {name}, overhead = overhead}
end
return {api = 1, title = "Guests that say nothing", submit = {"monitor.c"}, tasks = {
  {id = "endless", points = 1, check = monitor "endless.s"},
  {id = "endless_overhead", points = 1, check = monitor("endless.s", 4)},
  {id = "race", points = 1, check = monitor "race.s"},
  {id = "in_flight", points = 1, check = monitor "in_flight.s"},
  {id = "waits", points = 1, check = monitor "timer_disabled.s"},
  {id = "waits_overhead", points = 1, check = monitor("timer_disabled.s", 50)}}}
LUA
chmod -R go-rwx "$lab"

# verdicts SUBMISSION PYTHON [TASK...]: what must hold of its tasks t. Guests of those named say nothing of it.
verdicts() {
    "$PG74" grade --format json "$lab" "$1" >"$work/result.json" || failed=1
    python3 -c "import json, sys
t = {task['id']: task for task in json.load(open('$work/result.json'))['tasks']}
for name in '${3:-endless endless_overhead}'.split():
    assert t[name]['verdict'] == 'grader error' and 'says nothing of a monitor' in t[name]['message'], t[name]
    assert t[name].get('reason') is None, t[name]
assert $2, t" || failed=1
}
mkdir "$work/never"
verdicts lessons/labs/native_monitor/solution "t['waits']['verdict'] == t['waits_overhead']['verdict'] == 'passed'" \
    "endless endless_overhead race in_flight"
sed 's/            request(guest, PG74_CAUSE_TIMER);/            guest->waiting = false;/' \
    lessons/labs/native_monitor/solution/monitor.c >"$work/never/monitor.c"
verdicts "$work/never" "t['waits']['verdict'] == 'failed' and t['waits_overhead']['verdict'] == 'failed'
assert 'too many cycles' in t['waits_overhead']['message'] and 'not waited for' in t['waits_overhead']['got']"

# The same of one that interprets the kernel, which is not followed instruction by instruction.
(cd tests/mutants/tables && cat computer.h psw.c ordinary.c system.c devices.c monitor.c) | sed '/^#include "computer.h"/d
    s/    if (c->timer == 0)$/    if (c->timer == 0 \&\& (c->psw[FLAGS] \& ENABLED))/' >"$work/never/monitor.c"
"$PG74" grade --format json --task waits "$lab" "$work/never" >"$work/result.json"
grep -q '"message": "timer_disabled.s: the end differs' "$work/result.json" && grep -q '"got": "no end within' "$work/result.json" ||
    { echo "an interrupt that is lost is not the monitor's fault:"; cat "$work/result.json"; failed=1; }
exit $failed
