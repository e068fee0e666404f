# The command line as a whole: help, unknown commands, exit codes.
out=$(mktemp) && err=$(mktemp) || exit 70
trap 'rm -f "$out" "$err"' EXIT
failed=0

# expect STATUS PATTERN ARGUMENT...: pg74 exits with STATUS, and a line of its output (any, for 0: standard output; else
# standard error) has PATTERN.
expect() {
    status=$1 pattern=$2
    shift 2
    "$PG74" "$@" >"$out" 2>"$err"
    got=$?
    [ "$status" -eq 0 ] && where=$out || where=$err
    if [ $got -ne "$status" ] || ! grep -q -e "$pattern" "$where"; then
        echo "pg74 $*: exit status $got, expected $status, and '$pattern' in:"
        cat "$where"
        failed=1
    fi
}

expect 64 '^usage: pg74 COMMAND'
expect 0 '^usage: pg74 COMMAND' --help
expect 0 '^usage: pg74 COMMAND' help
expect 0 '^pg74 [0-9]' --version
expect 64 "did you mean 'help'" hlp
expect 64 "no command 'xyzzy'$" xyzzy
expect 64 "no command ''" ''
for command in $("$PG74" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
    expect 0 "^usage: pg74 $command" help "$command"
    expect 0 "^usage: pg74 $command" "$command" --help
    expect 64 "pg74 $command: .*--no-such-option" "$command" --no-such-option
done
expect 64 "did you mean 'classify'" clasify
expect 64 "did you mean 'compare'" help comapre
expect 66 'no-such-file' run no-such-file.elf
expect 66 'no-such-file' asm no-such-file.s -o "$out"

"$PG74" --help >/dev/full 2>/dev/null
[ $? -eq 70 ] || { echo "a full disk went unnoticed"; failed=1; }
exit $failed
