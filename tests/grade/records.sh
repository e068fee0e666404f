# Records of lessons as submissions: what is done counts, what is only said does not; and a record is a student's program, which
# reaches nothing. RECORDS="NAME..." tries those alone.
work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT
mkdir "$work/tmp" "$work/lab" # where nobody else can go, and so no child by a name
cp -R tests/lessons/good "$work/lab/lessons"
cat >"$work/lab/lab.lua" <<'END'
local function record(options)
  options.lesson, options.file = options.lesson or "files", "it.record"
  options.lessons = "lessons"
  return lab.lesson(options)
end
return {api = 1, title = "Records", machine = "pg74", submit = {"it.record"}, tasks = {
  {id = "in_c", title = "C", points = 1, check = record {done = {"compiled", "two"}}},
  {id = "isa", title = "ISA", points = 1, check = record {done = {"specified"}}},
  {id = "lua", title = "Lua", points = 1, check = record {done = {"written"}}},
  {id = "files", title = "All that is to be done", points = 1, check = record {}},
  {id = "step", title = "A machine that was moved", points = 1, check = record {lesson = "sample", done = {"step"}}},
  {id = "answered", title = "A question", points = 1, check = record {lesson = "sample", questions = 1}},
  {id = "shown", title = "Solutions may be looked at", points = 1, check = record {lesson = "sample", shown = true}},
}}
END
cp lessons/labs/hosted_monitor/hidden.lua "$work/lab/secret.txt"
chmod -R go-rwx "$work/lab" # where there is no Landlock, the lab must not be readable by everybody

# A true record, by a reader who lets the lessons solve all.
export XDG_STATE_HOME="$work/state" TERM=dumb LANGUAGE=en
for lesson in sample files; do
    yes 'solve
' | "$PG74" lesson --plain --lessons tests/lessons/good $lesson >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
done
"$PG74" lesson export --lessons tests/lessons/good -o "$work/true.record" || exit 1

python3 - "$work" "$PG74" <<'END'
import hashlib, json, os, subprocess, sys, time
work, program = sys.argv[1:]
failed = 0
FILES, SAMPLE = ["in_c", "isa", "lua", "files"], ["step", "answered", "shown"] # tasks, by the lesson that they are about
EVERY = FILES + SAMPLE
true = [json.loads(line) for line in open(f"{work}/true.record")]
honest = [dict(line, shown=False) if "shown" in line else line for line in true]
assert honest[0]["lesson"] == "sample" and honest[-1]["lesson"] == "files"

def text(lines): return "".join(json.dumps(line) + "\n" for line in lines)

def changed(change):
    copy = json.loads(json.dumps(honest))
    for line in copy: change(line)
    return text(copy)

def only(key, value, **fields): return changed(lambda line: line.update(fields) if line.get(key) == value else None)

def with_file(name, content):
    def change(line):
        if name in line.get("files", {}): line["files"][name] = content
    return changed(change)

def digest():
    result = []
    for folder, _, files in sorted(os.walk(f"{work}/lab")):
        result += [(folder, f, hashlib.sha1(open(f"{folder}/{f}", "rb").read()).hexdigest()) for f in sorted(files)]
    return result

def grade(submission):
    out = f"{work}/result.json"
    if os.path.exists(out): os.remove(out)
    start = time.time()
    done = subprocess.run([program, "grade", "--format", "json", "-o", out, f"{work}/lab", submission], stdin=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, env=dict(os.environ, TMPDIR=f"{work}/tmp"))
    assert done.returncode == 0, done.stderr
    assert time.time() - start < 15 * max(1, os.getloadavg()[0] / os.cpu_count()), "it takes too long"
    return json.load(open(out))

before = digest()
def expect(name, content, passed, said=None, errors=()):
    """The tasks `passed` pass, those of `errors` are grader errors, the others fail; `said` is said somewhere."""
    global failed
    if os.environ.get("RECORDS") and name not in os.environ["RECORDS"].split(): return
    path = f"{work}/it.record"
    if content is None: os.symlink("/etc/passwd", path)
    else: open(path, "wb").write(content if isinstance(content, bytes) else content.encode())
    try:
        result = grade(path)
        assert result["complete"], result["error"]
        verdicts = {t["id"]: t["verdict"] for t in result["tasks"]}
        wanted = {id: "passed" if id in passed else "grader error" if id in errors else "failed" for id in EVERY}
        assert verdicts == wanted, [(t["id"], t["verdict"], t.get("message")) for t in result["tasks"]]
        told = json.dumps(result)
        assert said is None or said in told, [t.get("message") for t in result["tasks"]]
        assert "pg74-lesson" not in told and "pg74-grade" not in told, "it names a scratch file: " + told
        assert "root:x:" not in told or "Landlock" not in result["containment"], "it reads the system's files"
        assert "that nobody has thought of" not in told, "it reads the lab"
        assert not os.listdir(f"{work}/tmp"), "it leaves something behind"
        assert digest() == before, "it touches a file of the lab's"
        assert not [f for f in os.listdir("/tmp") if f.startswith("pg74-attack-")], "it writes outside"
    except AssertionError as problem:
        print(f"{name}: {problem}")
        failed = 1
    os.remove(path)

expect("honest", text(honest), EVERY)
expect("shown", text(true), ["shown"], "its solution was shown")

# What was not so.
expect("swapped_file", with_file("answer.c", open("tests/lessons/good/files/answer.c").read()), ["isa", "lua"] + SAMPLE,
       "it halts with code 54")
expect("no_files", changed(lambda line: line.pop("files", None)), ["step", "answered"], "judged again")
expect("file_is_number", only("task", "written", files={"twice.lua": 3}), ["in_c", "isa"] + SAMPLE)
expect("path_in_file", changed(lambda line: line.get("files", {}).update({"../../pg74-attack-1": "x", "/tmp/pg74-attack-2": "x"})), EVERY)
expect("wrong_answer", changed(lambda line: line.update(answer="1") if "question" in line else None), FILES + ["step", "shown"],
       "too few questions are answered right")
expect("not_moved", only("done", "step", steps=0), FILES + ["answered"], "a0 holds 0")
expect("steps_below", only("done", "step", steps=-1), FILES + ["answered"], "would have to go more")
expect("steps_many", only("done", "step", steps=10**18), FILES + ["answered"], "would have to go more")
expect("steps_together", changed(lambda line: line.update(steps=400_000_000) if "steps" in line else None), ["step", "answered"],
       "would have to go more")

# What is no record of this.
lines = text(honest).splitlines(keepends=True)
expect("cut_in_line", text(honest)[:-30], [], "the record is cut off in this line")
expect("cut_between_lines", "".join(line for line in lines if '"files"' not in line), ["step", "answered"])
expect("other_lesson", text(line for line in honest if line["lesson"] == "sample"), SAMPLE, "the record has nothing of the lesson files")
expect("version", changed(lambda line: line.update(version="0" * 16) if "version" in line else None), [], "another version of this lesson")
expect("format", changed(lambda line: line.update(pg74_lesson_record=9) if "version" in line else None), [], "in another format")
expect("no_head", text(line for line in honest if "version" not in line), [], "no record of a lesson")
expect("item_twice", text(honest + honest[-1:]), SAMPLE, "the record says this twice")
expect("lesson_twice", text(honest + honest), [], "has this lesson twice")
expect("foreign_item", text(honest + [{"lesson": "files", "task": "x\033[2J\nfiles  written  confirmed"}]), SAMPLE, "does not ask for this")
expect("empty", "", [], "empty")
expect("words", "I have done it all.\n", [], "no JSON object")
expect("deep", "[" * 100000 + "]" * 100000 + "\n", [], "no JSON object")
expect("zeros", text(honest).encode() + b"\0\n", [], "not a text in UTF-8")
expect("bytes", text(honest).encode() + b"\xff\n", [], "not a text in UTF-8")
expect("escaped_zero", text(honest).replace("return", "\\u0000return", 1), [], "no JSON object")
expect("huge", text(honest) + " " * (1 << 20), [], "too large")
expect("long", text(honest) + '{"lesson":"files","task":"written"}\n' * 20000, SAMPLE, "twice")
expect("link", None, [], "it is a link")

# Programs in it: Lua, alone in its record.
def lua(program):
    return text(dict(line, files={"twice.lua": program}) if "task" in line else line for line in honest
                if line["lesson"] == "files" and ("version" in line or line["task"] == "written"))
def attack(name, program, said=None): expect("lua_" + name, lua(program), [], said)
attack("endless_protected", "while true do pcall(function() while true do end end) end", "does not come to an end")
attack("endless_later", "return function() while true do pcall(function() while true do end end) end end", "does not come to an end")
attack("repetition", "return function() return ('x'):rep(1 << 36) end")
attack("reaches_out", """local found = io or os or load or loadstring or dofile or require or package or debug or coroutine or setmetatable
return function() return found and 42 or 'alone' end""", "twice 21 is alone")
attack("says_verdict", """for _, task in ipairs {'written', 'compiled'} do
  print('{"found":"' .. task .. '","kind":"task","confirmed":true,"right":true,"shown":false,"why":null}') end
print '{"end":true}' return function() return 1 end""", "twice 21 is 1")
attack("replaces_library", """string.format = function() return 'x' end table.concat = nil math.floor = nil
tostring = function() return '42' end return function() return '42' end""", "twice 21 is 42")
attack("bytecode", "\033Lua")
attack("error_without_text", "error({})")
attack("error_says_verdict", r"""error('"}\n{"found":"written","confirmed":true}')""")
# What costs no instructions costs time, which is nobody's to judge: no points, and somebody looks.
def slow(name, program): expect("lua_" + name, lua(program), [], "took too long", errors=FILES)
slow("memory", "local s = 'x' while true do pcall(function() while true do s = s .. s end end) end")
slow("pattern", "return function() return ('a'):rep(5000):find(('a*'):rep(20) .. 'b') end")

# C, which is only compiled here; and an instruction set.
files = [line for line in honest if line["lesson"] == "files"]
def attack_c(name, program, said=None):
    expect("c_" + name, text(dict(line, files={"answer.c": program}) if line.get("task") == "compiled" else line for line in files),
           ["isa", "lua"], said)
attack_c("includes_password", '#include "/etc/passwd"\n')
attack_c("includes_lab", f'#include "{work}/lab/secret.txt"\n')
attack_c("incbin_lab", f'__asm__(".incbin \\"{work}/lab/secret.txt\\"");\n')
attack_c("includes_device", '#include "/dev/zero"\n')
attack_c("includes_itself", '#include __FILE__\n')
attack_c("other_code", "unsigned answer(void) { return 41; }\n", "it halts with code 41")
attack_c("endless", "unsigned answer(void) { for (;;); }\n")
attack_c("large", "char large[1 << 30] = {1}; unsigned answer(void) { return 42; }\n")
expect("isa_includes", with_file("mine.isa", 'variant "mine" of "pg74"\n  title "x"\ninclude "/etc/passwd"\n'), ["in_c", "lua"] + SAMPLE)
sys.exit(failed)
END
