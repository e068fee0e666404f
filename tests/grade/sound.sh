# Every lab is sound, and has a handout: tests/grade/lab.sh has what that means. All are checked at a time.
. tests/grade/mistake.inc
for lab in "$labs"/*/; do
    name=$(basename "$lab")
    [ -s "$lab/handout.md" ] && grep -q '^Expected: [0-9.]* hour' "$lab/handout.md" || { echo "$lab: no handout"; failed=1; }
    { "$PG74" lab check "$lab" >"$work/out.$name" 2>&1 && : >"$work/sound.$name"; } &
done
wait
for lab in "$labs"/*/; do
    name=$(basename "$lab")
    [ -e "$work/sound.$name" ] || { cat "$work/out.$name"; failed=1; }
done
exit $failed
