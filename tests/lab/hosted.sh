# The hosted monitors in Lua: nucleus under them is what it is on the bare machine, and `check` finds nothing wrong with
# them; with a mistake in one, check finds that.
folder=$(mktemp -d) || exit 70
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/lib" && cp scenarios/lib/*.lua "$folder/lib" && cp scenarios/hosted*.lua "$folder"
short=scenarios/hosted_monitor.lua long=scenarios/hosted_by_hand.lua paged=scenarios/hosted_paged.lua
for monitor in $short $long $paged; do
    "$PG74" shell $monitor >"$folder/out" 2>&1 || { tail -n 5 "$folder/out"; exit 1; }
    grep -q '^nucleus: 5 processes, 0 failed$' "$folder/out" || { cat "$folder/out"; exit 1; }
    "$PG74" shell $monitor check 100 >"$folder/out" 2>&1 || { cat "$folder/out"; exit 1; }
    grep -q 'Equivalence  *passed  [0-9]* directed and 100 generated' "$folder/out" || { cat "$folder/out"; exit 1; }
done

"$PG74" shell tests/lab/strange_monitors.lua || exit 1

# mistake FILE OLD NEW PATTERN: the monitor with the mistake (paged, if it is in the shadow) fails, in a way that has the pattern.
mistake() {
    case $1 in */lib/*) wrong=$folder/${1#scenarios/} run=$folder/${paged#scenarios/} ;; *) wrong=$folder/mistake.lua run=$wrong ;; esac
    OLD=$2 NEW=$3 awk '
        { at = index($0, ENVIRON["OLD"])
          if (at) { found = 1
                    $0 = substr($0, 1, at - 1) ENVIRON["NEW"] substr($0, at + length(ENVIRON["OLD"])) }
          print }
        END { exit !found }' "$1" >"$wrong" || { echo "there is no '$2'"; exit 1; }
    timeout 60 "$PG74" shell "$run" check 20 >"$folder/out" 2>&1
    [ $? -eq 1 ] && grep -q "$4" "$folder/out" || { echo "'$3' is not found:"; cat "$folder/out"; exit 1; }
}
mistake $long 'x[o.rd] = g.bound end' 'x[o.rd] = g.bound + 16 end' 'register a'
mistake $long 'state.base = g.cpu.start + g.base' 'state.base = g.cpu.start' 'Equivalence *FAILED'
mistake $long '        interrupt(g)' '' 'Equivalence *FAILED'
mistake $long 'local psw = {}' 'local psw = nil' 'attempt to index'
mistake $long 'local exit = g.cpu:run' 'while true do end local exit = g.cpu:run' 'Equivalence *FAILED'
mistake $short 'cpu.start + address or NOWHERE' 'cpu.start + address or cpu.start + address' 'Resource control *FAILED'
mistake $short 'cpu.state.bound = ' 'cpu.state.bound = 0x7fffff0 or ' 'FAILED'
mistake $short 'if cpu.virtual.waiting == 0 then' 'do' 'FAILED'
shadow=scenarios/lib/shadow.lua
mistake $shadow 'rights & ~WRITE' 'rights' 'Equivalence *FAILED'
mistake $shadow 'return cpu.start + frame' 'return frame' 'Equivalence *FAILED'
mistake $shadow 'shadow.table == table and' '' 'Equivalence *FAILED'
mistake $shadow ' and (frame + 1) * PAGE <= cpu.size' '' 'Equivalence *FAILED'
mistake $shadow '(frame + 1) * PAGE <=' '(frame + 1) * PAGE & 0xffffffff <=' 'Equivalence *FAILED' # in 32 bits: the last frame is none
mistake $shadow '(frame + 1) * PAGE <=' 'frame * PAGE <=' 'Equivalence *FAILED'
