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

# A lab that says what could be taken for something else, and one that cannot be read.
mkdir "$work/nasty" "$work/broken"
cat >"$work/nasty/lab.lua" <<'END'
local said = "::error title=x::y\n##[set-output name=a]b\r\nok 1 - all\rBail out!\n# Subtest: x\n\27[2J]]> &amp; <b> % \\ # TODO " ..
             "\u{ffff}\u{fffe}\u{1}" .. '"}\n{"scores":{"a":100}}'
local function fails() return false, {message = said, expected = said, got = ("Long \u{ff} " .. said):rep(5000), detail = said} end
local long = ("Long before the end \u{ff}"):rep(100000)
return {
  api = 1, title = 'Texts: <a> & "b" # c', machine = "pg74", submit = {"x"},
  tasks = {
    {id = "a", title = "a # SKIP <x> \\ ::error::, %", points = 1, check = fails},
    {id = "b", title = "b", points = 1, hint = long,
     check = function() return false, {message = "m", got = long, expected = long, detail = long, guest = long, at = long} end},
    {id = "c", title = "c", points = 1, after = {"a"}, check = fails},
    {id = "d", title = "d", points = 1, check = function() return true end},
    {id = "e", title = "e", points = 1, check = function() error(said) end},
  },
}
END
echo 'return {' >"$work/broken/lab.lua"
echo >"$work/x"
for format in json junit tap gradescope autolab prairielearn github; do
    "$PG74" grade --format $format "$work/nasty" "$work/x" >"$work/nasty.$format" || exit 1
    "$PG74" grade --format $format -o "$work/broken.$format" "$work/broken" "$work/x" 2>"$work/err"
    [ $? = 65 ] && [ -s "$work/broken.$format" ] || { echo "a broken lab, as $format"; exit 1; }
done
cmp "$work/bad.text" "$work/again" || { echo "the file and the output differ"; exit 1; }
python3 - "$work" <<'END'
import json, sys, re
import xml.etree.ElementTree as xml
work = sys.argv[1]
def text(name): return open(f"{work}/{name}", newline="").read()
def load(name): return json.loads(text(name))
def is_number(value): return type(value) in (int, float)
def is_text(value): return type(value) is str
def fields(thing, required, optional):
    """An object has these fields, each of its kind, and no others."""
    for name, right in required.items(): assert name in thing and right(thing[name]), (name, thing.get(name))
    for name in thing: assert name in required or (name in optional and optional[name](thing[name])), name

# JUnit: the schema junit-10.xsd of Jenkins' xUnit plugin, element by element. Reading it checks that it is XML at all.
SCHEMA = { # element: its attributes (those with a ! must be there), its elements
    "testsuite": ("name! tests! failures! errors! group time skipped timestamp hostname id package file log url",
                  "testsuite properties testcase system-out system-err"),
    "testcase": ("name! time classname group", "skipped error failure system-out system-err"),
    "failure": ("type message", ""), "error": ("type message", ""), "skipped": ("type message", ""), "system-err": ("", "")}

def check_element(element):
    attributes, inner = (part.split() for part in SCHEMA[element.tag])
    assert {a[:-1] for a in attributes if a.endswith("!")} <= set(element.keys()) <= {a.rstrip("!") for a in attributes}, element.attrib
    for child in element:
        assert child.tag in inner, child.tag
        check_element(child)

def check_junit(name, report):
    suite = xml.parse(f"{work}/{name}").getroot()
    assert suite.tag == "testsuite"
    check_element(suite)
    cases = suite.findall("testcase")
    assert int(suite.get("tests")) == len(cases) == max(len(report["tasks"]), 1)
    for count, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert int(suite.get(count)) == len(suite.findall("testcase/" + tag))
    for case, task in zip(cases, report["tasks"]):
        marks = {"passed": [], "failed": ["failure"], "skipped": ["skipped"], "grader error": ["error"]}
        assert [child.tag for child in case] == marks[task["verdict"]]
    return suite

# TAP 14: the version first, one plan, from 1; test points with " - " before the description; a # or a \\ in it escaped; a
# directive with blanks around its #; comments that are not the head of a subtest; Bail out! for what could not be done.
def check_tap(name, report):
    lines = text(name).split("\n")
    assert lines.pop() == "" and lines[0] == "TAP version 14" and lines[1] == f"1..{len(report['tasks'])}"
    assert not [l for l in lines if re.search("[\0-\x08\x0b-\x1f]", l)], "control characters"
    points = []
    for line in lines[2:]:
        if line.startswith("Bail out! "): assert report["error"]
        elif line.startswith("#"): assert not re.match("# Subtest(: .*)?$", line), line
        else:
            point = re.fullmatch(r"(not )?ok (\d+) - ((?:[^#\\]|\\[#\\])*?)( # SKIP (?:[^#\\]|\\[#\\])+)?", line)
            assert point, line
            points.append((int(point[2]), "skipped" if point[4] else "failed" if point[1] else "passed"))
    assert points == [(i + 1, t["verdict"].replace("grader error", "failed")) for i, t in enumerate(report["tasks"])], points
    assert any(l.startswith("Bail out!") for l in lines) == bool(report["error"])

# Gradescope: a score, or one for each test; formats and visibilities are from lists; nothing that it does not know.
VISIBILITY = ("hidden", "after_due_date", "after_published", "visible").__contains__
FORMAT = ("text", "html", "simple_format", "md", "ansi").__contains__
def check_gradescope(name, report, score, points):
    scope = load(name)
    fields(scope, {"score": is_number}, {
        "execution_time": is_number, "output": is_text, "output_format": FORMAT, "test_output_format": FORMAT,
        "test_name_format": FORMAT, "visibility": VISIBILITY, "stdout_visibility": VISIBILITY,
        "extra_data": lambda data: type(data) is dict, "tests": lambda tests: type(tests) is list})
    for test in scope["tests"]:
        fields(test, {"score": is_number, "max_score": is_number}, {
            "status": ("passed", "failed").__contains__, "name": is_text, "name_format": FORMAT, "number": is_text, "output": is_text,
            "output_format": FORMAT, "tags": lambda tags: type(tags) is list, "visibility": VISIBILITY, "extra_data": bool})
        assert 0 <= test["score"] <= test["max_score"]
    assert scope["score"] == score == sum(t["score"] for t in scope["tests"])
    assert sum(t["max_score"] for t in scope["tests"]) == points
    for test, task in zip(scope["tests"], report["tasks"]):
        assert test["visibility"] == ("hidden" if task["visibility"] == "hidden" else "visible")

# Autolab: the last line is an object with the scores by problem, each a number.
def check_autolab(name, report):
    last = text(name).rstrip("\n").split("\n")[-1]
    assert json.loads(last) == {"scores": {t["id"]: t["score"] for t in report["tasks"]}}
    assert all(is_number(s) for s in json.loads(last)["scores"].values())

# PrairieLearn: score from 0 to 1 is what must be there; gradable, format_errors; tests as its element shows them; 1 MB.
def check_prairielearn(name, report, score, points):
    result = load(name)
    fields(result, {"score": lambda s: is_number(s) and 0 <= s <= 1, "gradable": lambda g: type(g) is bool}, {
        "message": is_text, "output": is_text, "tests": lambda tests: type(tests) is list,
        "format_errors": lambda errors: is_text(errors) or all(is_text(e) for e in errors)})
    for test in result["tests"]:
        fields(test, {"name": is_text}, {"description": is_text, "points": is_number, "max_points": is_number, "message": is_text,
                                         "output": is_text})
    assert result["gradable"] == (not report["error"]) and ("format_errors" in result) == bool(report["error"])
    assert abs(result["score"] - (score / points if points else 0)) < 1e-9
    assert len(text(name).encode()) <= 1000 * 1000 + 1

# GitHub: commands, one a line, with % and line ends escaped, and : and , in properties; nothing else is one: a line that is
# none begins with a bar, and the older form, which counts wherever it stands, is not to be found.
def check_github(name, score, points):
    assert "\r" not in text(name) and "##[" not in text(name)
    lines = text(name).split("\n")
    assert lines.pop() == ""
    commands = [l for l in lines if not l.startswith("| ")]
    for command in commands:
        assert re.match(r"::(error|notice) title=[^:,]*::", command), command
        assert not re.search("%(?!25|0A|0D|3A|2C)", command), command
    assert commands[-1] == f"::notice title=Points::{score:g} of {points:g}", commands[-1]
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

def check_all(prefix, report, score, points):
    check_junit(f"{prefix}.junit", report)
    check_tap(f"{prefix}.tap", report)
    check_gradescope(f"{prefix}.gradescope", report, score, points)
    check_autolab(f"{prefix}.autolab", report)
    check_prairielearn(f"{prefix}.prairielearn", report, score, points)
    check_github(f"{prefix}.github", score, points)

check_all("bad", bad, score, 100)
reflect_failure = xml.parse(f"{work}/bad.junit").getroot().find("testcase/failure")
assert "expected" in reflect_failure.text
assert load("good.prairielearn")["score"] == 1

# The same of a lab in which all texts are what others could take for something else.
nasty = load("nasty.json")
assert [t["verdict"] for t in nasty["tasks"]] == ["failed", "failed", "skipped", "passed", "grader error"], nasty
check_all("nasty", nasty, 1, 5)
assert "Long before the end" not in text("nasty.prairielearn") and "left out" in text("nasty.prairielearn")

# A lab that cannot be read: whoever reads the result sees that nothing was graded.
broken = load("broken.json")
assert broken["error"] and not broken["tasks"]
suite = check_junit("broken.junit", broken)
assert suite.get("tests") == suite.get("errors") == "1"
check_tap("broken.tap", broken)
check_gradescope("broken.gradescope", broken, 0, 0)
check_prairielearn("broken.prairielearn", broken, 0, 0)
check_github("broken.github", 0, 0)

# What is hidden is hidden: neither the guests of hidden checks nor what they are called.
for name in ("text", "autolab", "github", "junit", "tap", "prairielearn"):
    shown = text(f"bad.{name}")
    assert "Guests made at random" not in shown, name
    assert "guests that nobody has thought of" in shown, name
END
