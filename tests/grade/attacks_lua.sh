# Attacks by monitors in Lua, which run in a closed child: tests/grade/attacks.inc has what they must not do.
. tests/grade/attacks.inc
for file in tests/grade/attacks/lua/*.lua; do
    name=$(basename "$file" .lua)
    wanted "$name" && cp "$file" "$work/submission/monitor.lua" && attack "$name" lua
done
exit $failed
