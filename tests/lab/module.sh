# The module pg74 in the shell, and as a shared object in a stock Lua interpreter.
folder=$(mktemp -d) || exit 70
trap 'rm -rf "$folder"' EXIT

# A machine is saved into a pipe, which stays one.
mkfifo "$folder/pipe" || exit 70
cat "$folder/pipe" >"$folder/kept" &
echo "pg74.machine {guest = 'hello'}:save '$folder/pipe'" >"$folder/save.lua"
timeout 20 "$PG74" shell "$folder/save.lua" && wait || { echo "cannot save into a pipe"; exit 1; }
[ -p "$folder/pipe" ] || { echo "a pipe has become a file"; exit 1; }
[ "$(echo "print(pg74.restore('$folder/kept'):run())" | "$PG74" shell)" = halted ] || { echo "saved into a pipe: lost"; exit 1; }

output=$("$PG74" shell tests/lab/module.lua) || { echo "in the shell: $output"; exit 1; }
[ "$output" = good ] || { echo "in the shell: $output"; exit 1; }
command -v lua5.4 >/dev/null || { echo "lua5.4 is missing"; exit 77; }
case $(nm -D "$BUILD/lua/pg74.so") in *asan*|*ubsan*) exit 0 ;; esac # which lua5.4 has not
output=$(LUA_CPATH="$BUILD/lua/?.so" lua5.4 tests/lab/module.lua) || { echo "in lua5.4: $output"; exit 1; }
[ "$output" = good ] || { echo "in lua5.4: $output"; exit 1; }

# Far from the program, the module says what it cannot do without it.
mkdir "$folder/alone" && cp "$BUILD/lua/pg74.so" "$folder/alone"
echo 'print(select(2, pcall(require "pg74".grade, {lab = "lab", submission = "."})))' |
    LUA_CPATH="$folder/alone/?.so" lua5.4 - >"$folder/out" 2>&1
grep -q "the program pg74, which closes submissions in, is not where" "$folder/out" || { cat "$folder/out"; exit 1; }
