# Submissions that attack the grader: of attacks/lua, c, s and isa, and some that are made here. None may gain a
# point (but those of attacks/isa, which do what the visible checks want, and must not get past the proof), touch anything
# outside its scratch folder, leave anything there, show what a terminal would take for more than a text, or keep the
# result from being whole. ATTACKS="NAME..." tries those alone.
work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT
chmod 700 "$work" # where there is no Landlock, the lab must not be readable by everybody
mkdir "$work/tmp"
cp -R lessons/labs/hosted_monitor "$work/lua"
cp -R lessons/labs/native_monitor "$work/c"
cp -R lessons/labs/trap_handler "$work/s"
cp -R lessons/labs/instruction "$work/isa"
cp -R lessons/labs/escape "$work/escape"
chmod 711 "$work"
chmod -R go-rwx "$work/lua" "$work/c" "$work/s" "$work/isa" "$work/escape"
chmod 1777 "$work/tmp"
failed=0

digest() { (cd "$work" && find lua c s isa escape submission -type f -exec cksum {} + && ls -l lua c s isa escape submission) | cksum; }

# attack NAME LAB: grades $work/submission, whatever is in it.
attack() {
    before=$(digest) start=$(date +%s)
    TMPDIR="$work/tmp" python3 -c 'import resource, subprocess, sys
code = subprocess.run(sys.argv[2:]).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=open(sys.argv[1], "w"))
sys.exit(code)' "$work/peak" "$PG74" grade --seed 2 --format json -o "$work/result.json" "$work/$2" "$work/submission" \
        >"$work/out" 2>&1 </dev/null
    status=$?
    # A build with sanitizers has no such limit.
    case $BUILD in *sanitize*) ;; *) [ "$(cat "$work/peak")" -lt 262144 ] || { echo "$1: takes $(cat "$work/peak") KB"; failed=1; } ;; esac
    seconds=$(($(date +%s) - start))
    [ $status = 0 ] || { echo "$1: exit status $status"; cat "$work/out"; failed=1; }
    [ "$before" = "$(digest)" ] || { echo "$1: has touched a file"; failed=1; }
    [ -z "$(ls -A "$work/tmp")" ] || { echo "$1: has left something behind: $(ls "$work/tmp")"; failed=1; rm -rf "$work"/tmp/*; }
    ls -d /tmp/pg74-attack-* 2>/dev/null && { echo "$1: has written outside"; failed=1; }
    python3 - "$work/result.json" "$1" "$seconds" "$2" <<'END' || failed=1
import json, os, sys, unicodedata
path, name, seconds, lab = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
result = json.load(open(path))
assert result["complete"] and result["error"] is None, (name, result["error"])
passed = [t["id"] for t in result["tasks"] if t["verdict"] == "passed"]
assert (result["score"] == 0 and not passed) or (lab == "isa" and "proof" not in passed), (name, passed)
text = json.dumps(result)
def shown(value):
    if isinstance(value, str): yield value
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value: yield from shown(inner)
for character in set("".join(shown(result))) - {"\n", "\t"}:
    assert unicodedata.category(character) != "Cc" and ord(character) & 0xfffe != 0xfffe, (name, "shows", hex(ord(character)))
    assert unicodedata.bidirectional(character) not in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"), name
assert len(text) < 200000, (name, len(text))
# Without Landlock a child reads what any user of the system can, and no more.
public = [] if "Landlock" not in result["containment"] else ["root:x:"]
for secret in public + ["This file is not exported", "SPDX-License-Identifier: MIT-0"]:
    assert secret not in text, (name, "shows", secret)
limit = 15 * max(1, os.getloadavg()[0] / os.cpu_count())
assert seconds < limit, f"{name}: {seconds} s"
END
    rm -rf "$work/submission" "$work/result.json"
}

wanted() { case " ${ATTACKS:-$1} " in *" $1 "*) mkdir "$work/submission" ;; *) return 1 ;; esac }

for file in tests/grade/attacks/lua/*.lua; do
    name=$(basename "$file" .lua)
    wanted "$name" && cp "$file" "$work/submission/monitor.lua" && attack "$name" lua
done
for file in tests/grade/attacks/c/*.c; do
    name=$(basename "$file" .c)
    wanted "$name" && sed "s,LAB,$work/c,g" "$file" >"$work/submission/monitor.c" && attack "$name" c
done
for file in tests/grade/attacks/s/*.s; do
    name=$(basename "$file" .s)
    wanted "$name" && cp "$file" "$work/submission/handler.s" && attack "$name" s
done
for file in tests/grade/attacks/isa/*.isa; do
    name=$(basename "$file" .isa)
    wanted "$name" && cp "$file" "$work/submission/cas.isa" && attack "$name" isa
done

for file in tests/grade/attacks/escape/*.s; do
    name=$(basename "$file" .s)
    wanted "$name" && cp "$file" "$work/submission/mode.s" && attack "$name" escape
done

wanted searched && yes -- '-- instruction cas execute { "' | head -n 20000 | cat tests/grade/attacks/searched.isa - \
    >"$work/submission/cas.isa" && attack searched isa

# What is no plain file, or no text.
it="$work/submission/monitor.lua"
wanted link && ln -s "$work/lua/solution/monitor.lua" "$it" && attack link lua
wanted folder_link && rmdir "$work/submission" && ln -s "$work/lua/starter" "$work/submission" && attack folder_link lua
wanted device && ln -s /dev/zero "$it" && attack device lua
wanted pipe && mkfifo "$it" && attack pipe lua
wanted folder && mkdir "$it" && attack folder lua
wanted missing && attack missing lua
wanted empty && : >"$it" && attack empty lua
wanted huge && truncate -s 3G "$it" && attack huge lua
wanted zeros && head -c 1000 /dev/zero >"$it" && attack zeros lua
wanted random && head -c 100000 "$PG74" >"$it" && attack random lua
wanted nested && python3 -c 'print("return " + "(" * 100000 + "1" + ")" * 100000)' >"$it" && attack nested lua
wanted names && cp lessons/labs/hosted_monitor/solution/monitor.lua "$work/submission/--format" && attack names lua
wanted socket && python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$it" && attack socket lua
wanted hard_link && ln "$work/lua/solution/monitor.lua" "$it" && attack hard_link lua
wanted deep && python3 - "$work/submission" <<'END' && attack deep lua
import os, sys
os.chdir(sys.argv[1])
for _ in range(500): os.mkdir("d"), os.chdir("d")
END
wanted strange_names && python3 - "$work/submission" lessons/labs/hosted_monitor/solution/monitor.lua <<'END' && attack strange_names lua
import os, shutil, sys
for name in (b"monitor.lua\n", b"-o", b"--uncontained", b"$(touch pg74-attack-x)", b"monitor.lua\xff", b"\x1b[2J", b"MONITOR.LUA", b" monitor.lua"):
    shutil.copy(sys.argv[2].encode(), sys.argv[1].encode() + b"/" + name)
END
wanted exchanged && { # a file that is sometimes a link to a solution, while it is read
    while [ -d "$work/submission" ]; do
        ln -sf "$work/lua/solution/monitor.lua" "$it.x" && mv "$it.x" "$it"
        echo 'return 1' >"$it.y" && mv "$it.y" "$it"
    done 2>/dev/null &
    TMPDIR="$work/tmp" "$PG74" grade --format json -o "$work/exchanged.json" "$work/lua" "$work/submission"
    rm -rf "$work/submission"
    wait $!
    python3 -c 'import json, sys; assert json.load(open(sys.argv[1]))["score"] == 0' "$work/exchanged.json" ||
        { echo "exchanged: gains points"; failed=1; }
}
wanted unreadable && printf 'return\377\376' >"$it" && attack unreadable lua
wanted bytecode && if command -v lua5.4 >/dev/null; then
    lua5.4 -e 'io.write(string.dump(loadfile "lessons/labs/hosted_monitor/solution/monitor.lua"))' >"$it"
    attack bytecode lua
else
    rm -rf "$work/submission"
fi

# Answers that a search would go through again and again.
mkdir -m 700 "$work/answers"
cat >"$work/answers/lab.lua" <<'END'
return {api = 1, title = "A", submit = {"answers.txt"}, tasks = {
  {id = "one", points = 1, check = lab.answer {file = "answers.txt", name = "a", is = 1}},
  {id = "two", points = 1, check = lab.answer {file = "answers.txt", name = "b", is = 1}}}}
END
mkdir "$work/submission" && python3 -c 'print("a = " + " " * 400000 + "x" + " " * 400000 + "x\nb" + " " * 200000 + "\xff")' \
    >"$work/submission/answers.txt"
"$PG74" grade --format json -o "$work/result.json" "$work/answers" "$work/submission"
python3 -c 'import json, sys; r = json.load(open(sys.argv[1])); assert [t["verdict"] for t in r["tasks"]] == ["failed"] * 2, r' \
    "$work/result.json" || failed=1
exit $failed
