# Attacks by programs in C, which are compiled and run as guests: tests/grade/attacks.inc has what they must not do.
. tests/grade/attacks.inc
for file in tests/grade/attacks/c/*.c; do
    name=$(basename "$file" .c)
    wanted "$name" && sed "s,LAB,$work/c,g" "$file" >"$work/submission/monitor.c" && attack "$name" c
done
exit $failed
