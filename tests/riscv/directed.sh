# Our own cases for RV32IM, with both engines: each guest halts with the number of the first case that fails.
status=0
for guest in "$BUILD"/tests/riscv/*.elf; do
    for engine in reference fast; do
        timeout 60 "$PG74" run --engine $engine --limit 10000000 "$guest"
        code=$?
        if [ $code -ne 0 ]; then
            echo "$(basename "$guest" .elf), $engine engine: case $code"
            status=1
        fi
    done
done
exit $status
