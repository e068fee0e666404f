# The hosted monitor in Lua: nucleus under it is what it is on the bare machine, and `check` finds nothing wrong with it;
# with a mistake in it, check finds that.
folder=$(mktemp -d) || exit 70
trap 'rm -rf "$folder"' EXIT
"$PG74" shell scenarios/hosted_monitor.lua >"$folder/out" 2>&1 || { tail -n 5 "$folder/out"; exit 1; }
"$PG74" shell scenarios/hosted_monitor.lua check 300 >"$folder/out" 2>&1 || { cat "$folder/out"; exit 1; }
grep -q 'Equivalence  *passed  [0-9]* directed and 300 generated' "$folder/out" || { cat "$folder/out"; exit 1; }

# mistake OLD NEW PATTERN: the monitor with the mistake fails, in a way that has the pattern.
mistake() {
    OLD=$1 NEW=$2 awk '
        { at = index($0, ENVIRON["OLD"])
          if (at) { found = 1
                    $0 = substr($0, 1, at - 1) ENVIRON["NEW"] substr($0, at + length(ENVIRON["OLD"])) }
          print }
        END { exit !found }' scenarios/hosted_monitor.lua >"$folder/mistake.lua" || { echo "there is no '$1'"; exit 1; }
    timeout 60 "$PG74" shell "$folder/mistake.lua" check 20 >"$folder/out" 2>&1
    [ $? -eq 1 ] && grep -q "$3" "$folder/out" || { echo "'$2' is not found:"; cat "$folder/out"; exit 1; }
}
mistake 'x[o.rd] = g.bound end' 'x[o.rd] = g.bound + 16 end' 'register a'
mistake 'state.base = g.cpu.start + g.base' 'state.base = g.cpu.start' 'Equivalence *FAILED'
mistake '        interrupt(g)' '' 'Equivalence *FAILED'
mistake 'address or 0xfffffe00' 'address or g.cpu.start + address' 'FAILED'
mistake 'local psw = {}' 'local psw = nil' "attempt to index"
mistake 'local exit = g.cpu:run' 'while true do end local exit = g.cpu:run' 'Equivalence *FAILED'
