# Attacks by assembly, by instruction sets, and by what is no plain file or no text: tests/grade/attacks.inc has what
# they must not do.
. tests/grade/attacks.inc
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
    mv "$work/submission" "$work/exchanged" # at once: a folder in which files are made may be removed only in part
    wait $!
    rm -rf "$work/exchanged"
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
