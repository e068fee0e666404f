# The same C at three levels of optimization: the same output, on both engines, and under the monitor where there is one.
. tests/scenarios/support
for program in sha256 sort matrix sieve language words; do
    for level in O0 O2 Os; do
        for engine in reference fast; do
            expect $program 0 --engine $engine --input $INPUT "$BUILD/guests/$program-$level.elf"
        done
        [ -f "$BUILD/vmm/trap_and_emulate.elf" ] || continue
        expect $program 0 --vmm trap_and_emulate --input $INPUT "$BUILD/guests/$program-$level.elf"
    done
done
finish
