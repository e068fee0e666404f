# Submissions that attack the grader: of attacks/lua and attacks/c, and some that are no plain files. None may gain a
# point, touch anything outside its scratch folder, leave anything there, or keep the result from being whole.
# ATTACKS="NAME..." tries those alone.
work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT
chmod 700 "$work" # where there is no Landlock, the lab must not be readable by everybody
mkdir "$work/tmp"
cp -R lessons/labs/hosted_monitor "$work/lua"
cp -R lessons/labs/native_monitor "$work/c"
chmod 711 "$work"
chmod -R go-rwx "$work/lua" "$work/c"
chmod 1777 "$work/tmp"
failed=0

digest() { (cd "$work" && find lua c submission -type f -exec cksum {} + && ls -l lua c submission) | cksum; }

# attack NAME LAB: grades $work/submission, whatever is in it.
attack() {
    before=$(digest) start=$(date +%s)
    TMPDIR="$work/tmp" "$PG74" grade --seed 2 --format json -o "$work/result.json" "$work/$2" "$work/submission" \
        >"$work/out" 2>&1 </dev/null
    status=$?
    seconds=$(($(date +%s) - start))
    [ $status = 0 ] || { echo "$1: exit status $status"; cat "$work/out"; failed=1; }
    [ "$before" = "$(digest)" ] || { echo "$1: has touched a file"; failed=1; }
    [ -z "$(ls -A "$work/tmp")" ] || { echo "$1: has left something behind: $(ls "$work/tmp")"; failed=1; rm -rf "$work"/tmp/*; }
    ls -d /tmp/pg74-attack-* 2>/dev/null && { echo "$1: has written outside"; failed=1; }
    python3 - "$work/result.json" "$1" "$seconds" <<'END' || failed=1
import json, os, sys
path, name, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3])
result = json.load(open(path))
assert result["complete"] and result["error"] is None, (name, result["error"])
assert result["score"] == 0, (name, [(t["id"], t["verdict"]) for t in result["tasks"]])
assert "passed" not in [t["verdict"] for t in result["tasks"]], name
text = json.dumps(result)
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
wanted unreadable && printf 'return\377\376' >"$it" && attack unreadable lua
wanted bytecode && if command -v lua5.4 >/dev/null; then
    lua5.4 -e 'io.write(string.dump(loadfile "lessons/labs/hosted_monitor/solution/monitor.lua"))' >"$it"
    attack bytecode lua
else
    rm -rf "$work/submission"
fi
exit $failed
