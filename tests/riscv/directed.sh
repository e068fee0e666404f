# Our own cases for RV32IM, with both engines and under the monitor: each guest halts with the number of the first case that fails.
status=0
for guest in "$BUILD"/tests/riscv/*.elf; do
    for how in "--engine reference" "--engine fast" "--vmm trap_and_emulate"; do
        timeout 60 "$PG74" run $how --limit 10000000 "$guest"
        code=$?
        if [ $code -ne 0 ]; then
            echo "$(basename "$guest" .elf), $how: case $code"
            status=1
        fi
    done
done
exit $status
