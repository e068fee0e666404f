# Every monitor, judged by `pg74 check` on the machines that it claims. `make monitor-campaign` does the same with a
# hundred thousand guests each.
failed=0
guests=${MONITOR_GUESTS:-1000}
judge() { # MONITOR ISA SHARE
    if ! timeout "${MONITOR_TIMEOUT:-280}" "$PG74" check --isa "$2" --guests $((guests / $3)) "$1" >"$out" 2>&1 </dev/null; then
        echo "$1 on $2:"
        cat "$out"
        failed=1
    else
        echo "$1 on $2: passes, with $((guests / $3)) generated guests"
    fi
}
out=$(mktemp)
trap 'rm -f "$out"' EXIT
. tests/checker/monitors.inc
exit $failed
