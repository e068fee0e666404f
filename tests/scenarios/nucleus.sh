# The nucleus on the bare machine, on both engines: its five processes, the shell, and those that break the rules.
. tests/scenarios/support
FILTER=by_process
for engine in reference fast; do
    expect nucleus 0 --engine $engine --input $INPUT --disk "$DISK" "$BUILD/guests/nucleus.elf"
    expect nucleus_alone 0 --engine $engine "$BUILD/guests/nucleus.elf"
    expect nucleus_rude 8 --engine $engine "$BUILD/guests/nucleus-rude.elf"
    FILTER='sed s/.at.pc.*//' expect nucleus_shell 3 --engine $engine --input $HERE/commands.txt --disk "$DISK" \
        "$BUILD/guests/nucleus-shell.elf"
done
finish
