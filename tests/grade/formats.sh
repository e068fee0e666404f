# Every form of a report says the same points, in the form that its readers have published.
lab=lessons/labs/hosted_monitor
work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT
mkdir "$work/bad"
# A monitor that does not tell the guest the cause of a trap.
sed '/cpu:word(constant.trap_cause, cause)/d' $lab/solution/monitor.lua >"$work/bad/monitor.lua"
for format in json prairielearn; do
    "$PG74" grade --format $format -o "$work/good.$format" $lab $lab/solution || exit 1
done
for format in text json junit tap gradescope autolab prairielearn github; do
    "$PG74" grade --format $format $lab "$work/bad" >"$work/bad.$format" || exit 1
done
"$PG74" grade -o "$work/again" $lab "$work/bad" || exit 1
cmp "$work/bad.text" "$work/again" || { echo "the file and the output differ"; exit 1; }
python3 - "$work" <<'END'
import json, sys, re
import xml.etree.ElementTree as xml
work = sys.argv[1]
def text(name): return open(f"{work}/{name}").read()
def load(name): return json.loads(text(name))
good, bad = load("good.json"), load("bad.json")
assert good["score"] == good["points"] == 100 and good["complete"] and good["error"] is None
assert all(t["verdict"] == "passed" for t in good["tasks"])
verdicts = {t["id"]: t["verdict"] for t in bad["tasks"]}
assert verdicts["boot"] == "passed" and verdicts["reflect"] == "failed" and verdicts["timer"] == "skipped", verdicts
score = bad["score"]
assert 0 < score < 100
reflect = next(t for t in bad["tasks"] if t["id"] == "reflect")
assert reflect["expected"] and reflect["got"] and "ecall" in reflect["guest"] and reflect["hint"], reflect
for field in ("tool", "compiler", "containment", "seed"): assert bad[field], field
assert re.fullmatch("[0-9a-f]{16}", bad["lab"]["hash"])

# JUnit, as the schema of Jenkins has it: a testsuite of testcases with failure, error, skipped.
suite = xml.parse(f"{work}/bad.junit").getroot()
assert suite.tag == "testsuite" and int(suite.get("tests")) == len(suite.findall("testcase")) == len(bad["tasks"])
assert int(suite.get("failures")) == len(suite.findall("testcase/failure")) >= 1
assert int(suite.get("skipped")) == len(suite.findall("testcase/skipped")) >= 1
assert all(c.get("name") and c.get("classname") for c in suite)
assert "expected" in suite.find("testcase/failure").text

# TAP 13: version, plan, a numbered line for each test, comments behind a #.
lines = text("bad.tap").splitlines()
assert lines[0] == "TAP version 13" and lines[1] == f"1..{len(bad['tasks'])}"
tests = [l for l in lines if re.match(r"(not )?ok \d+", l)]
assert [int(re.search(r"\d+", l).group()) for l in tests] == list(range(1, len(bad["tasks"]) + 1))
assert all(re.match(r"(not )?ok \d+ - [^#]+(# SKIP .*)?$", l) for l in tests)
assert all(l.startswith("# ") for l in lines[2:] if l not in tests)

# Gradescope: score or a score a test; of each test score, max_score, status, name, output, visibility.
scope = load("bad.gradescope")
assert scope["score"] == score and scope["score"] == sum(t["score"] for t in scope["tests"])
assert sum(t["max_score"] for t in scope["tests"]) == 100
assert {t["visibility"] for t in scope["tests"]} == {"visible", "hidden"}
assert {t["status"] for t in scope["tests"]} <= {"passed", "failed"} and scope["output_format"] == "text"
assert set(scope) <= {"score", "execution_time", "output", "output_format", "test_output_format", "test_name_format",
                      "visibility", "stdout_visibility", "extra_data", "tests", "leaderboard"}

# Autolab: the last line is an object with the scores by problem.
last = json.loads(text("bad.autolab").rstrip("\n").splitlines()[-1])
assert last == {"scores": {t["id"]: t["score"] for t in bad["tasks"]}}

# PrairieLearn: gradable, score from 0 to 1, tests with points and max_points; less than 1 MB.
prairie = load("bad.prairielearn")
assert prairie["gradable"] is True and abs(prairie["score"] - score / 100) < 1e-9
assert sum(t["max_points"] for t in prairie["tests"]) == 100 and all(t["name"] for t in prairie["tests"])
assert load("good.prairielearn")["score"] == 1

# GitHub: commands, one a line, with % and line ends escaped; nothing else begins with a colon.
lines = text("bad.github").splitlines()
commands = [l for l in lines if not l.startswith("| ")]
assert all(re.match(r"::(error|notice) title=[^:,]*::", l) for l in commands), commands
assert any("%0A" in l for l in commands) and commands[-1] == f"::notice title=Points::{score:g} of 100"

# What is hidden is hidden: neither the guests of hidden checks nor what they are called.
for name in ("text", "autolab", "github", "junit", "tap", "prairielearn"):
    shown = text(f"bad.{name}")
    assert "Guests made at random" not in shown, name
    assert "guests that nobody has thought of" in shown, name
END
