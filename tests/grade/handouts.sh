# What handouts tell to type works as it stands there: in the folder that students get, with the solution in it; on a
# course's own machine, and without one, for which handouts say what to put for `machine.isa`.
. tests/grade/mistake.inc
bin="$work/bin"
mkdir "$bin" "$work/state"
ln -s "$(realpath "$PG74")" "$bin/pg74"
PATH="$bin:$PATH"
export PATH XDG_STATE_HOME="$work/state"
include=$(realpath "$BUILD/include")

# A handout's commands, one a line: blocks, in which other things are the file guest.s; and words in quotes that begin with
# pg74 and are no examples of a form (`FILE.isa`) and no mere names (`pg74 gdb`).
commands() {
    python3 - "$1" <<'PYTHON'
import re, sys
text = open(sys.argv[1]).read()
if block := re.search(r"\n\n((?:        \S.*\n)+)", text):
    open("guest.s", "w").write(block[1])
    text = text.replace(block[1], "")
for block in re.findall(r"^    ((?:.*\\\n)*.*)$", text, re.M):
    print(block.replace("\\\n", " "))
for span in re.findall(r"`(pg74 [^`]*)`", text):
    if "..." not in span and not re.search(r"[A-Z]{4}", span) and len(span.split()) > 2 or " isa " in span: print(" ".join(span.split()))
PYTHON
}

# try LAB SECRET
try() {
    name=$(basename "$1") folder="$work/$(basename "$1")-$2"
    "$PG74" lab export "$1" -o "$folder" ${2:+--secret "$2"} && cp -R "$1/solution/." "$folder" && chmod -R go-rwx "$folder" || return 1
    cd "$folder" || return 1
    machine=machine.isa
    [ -e machine.isa ] || machine=$(sed -n 's/^ *machine = "\(.*\)",$/\1/p' lab.lua)
    [ -e pg74.h ] || cp "$include/pg74.h" . # "where it does not lie there": its folder, for -I
    printf '        li      a0, 65\n        out     zero, a0\n        halt    zero\n' >guest.s
    commands handout.md >"$work/commands"
    sed -i "s,machine\.isa,$machine,; s,FOLDER_OF_PG74_H,$include," "$work/commands"
    while read -r command; do
        case $command in
        *" grade "*|*" check "*) # these take long, and once is enough
            [ -z "$2" ] && grep -q 'derive = ' lab.lua && continue
            cp -R "$1/solution/." . ;; # where nobody has done the lesson, its record is empty
        esac
        timeout 60 sh -c "$command" >"$work/out" 2>&1 </dev/null
        status=$?
        case $status:$command in 0:*|24[0-9]:*" run "*kernel.elf) ;; *) # a kernel's end is its sum
            echo "$name, secret '$2': exit status $status: $command"; tail -n 5 "$work/out"; failed=1 ;;
        esac
        case $command in
        *" run "*guest.elf) grep -q . "$work/out" || { echo "$name, secret '$2': nothing is printed: $command"; failed=1; } ;;
        *" grade "*) grep -q '^\([0-9]*\) of \1 points' "$work/out" || { echo "$name, secret '$2': $command"; cat "$work/out"; failed=1; } ;;
        esac
        tried=$((tried + 1))
    done <"$work/commands"
    cd "$root" || return 1
}
root=$PWD tried=0
case $PG74 in /*) ;; *) PG74=$root/$PG74 ;; esac
for lab in ${LABS:-"$labs"/*/}; do
    try "$lab" "" || failed=1
    grep -q 'derive = ' "$lab/lab.lua" && { try "$lab" "of the course" || failed=1; }
done
echo "$tried commands"
[ $tried -ge 30 ] || [ -n "$LABS" ] || failed=1
exit $failed
