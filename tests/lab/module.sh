# The module pg74 in the shell, and as a shared object in a stock Lua interpreter.
output=$("$PG74" shell tests/lab/module.lua) || { echo "in the shell: $output"; exit 1; }
[ "$output" = good ] || { echo "in the shell: $output"; exit 1; }
command -v lua5.4 >/dev/null || { echo "lua5.4 is missing"; exit 77; }
case $(nm -D "$BUILD/lua/pg74.so") in *asan*|*ubsan*) exit 0 ;; esac # which lua5.4 has not
output=$(LUA_CPATH="$BUILD/lua/?.so" lua5.4 tests/lab/module.lua) || { echo "in lua5.4: $output"; exit 1; }
[ "$output" = good ] || { echo "in lua5.4: $output"; exit 1; }
