# The demo runs to its end, and says what it must.
output=$(mktemp) || exit 70
trap 'rm -f "$output"' EXIT
lab/demo/demo.sh "$BUILD" >"$output" 2>&1 || { tail -n 20 "$output"; exit 1; }
failed=0
for text in 'Theorem 1: not guaranteed, for retu' 'It printed the same .* lines, byte for byte' 'Guest 2 printed the same' \
        'trap_and_emulate .*  yes' 'PSW swap' 'the two moves are composed' 'What next'; do
    grep -q "$text" "$output" || { echo "the demo does not say '$text'"; failed=1; }
done
[ $failed -eq 0 ] || cat "$output"
exit $failed
