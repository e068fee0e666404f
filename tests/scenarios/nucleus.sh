# The nucleus on the bare machine, on both engines: its five processes, the shell, and those that break the rules.
. tests/scenarios/support
FILTER=by_process
alone() { by_process | sed 's/, [0-9]* system calls//'; }
for engine in reference fast; do
    expect nucleus 0 --engine $engine --input $INPUT --disk "$DISK" "$BUILD/guests/nucleus.elf"
    expect nucleus_alone 0 --engine $engine "$BUILD/guests/nucleus.elf"
    FILTER=alone expect nucleus_network_alone 0 --engine $engine "$BUILD/guests/nucleus-network.elf"
    expect nucleus_rude 8 --engine $engine "$BUILD/guests/nucleus-rude.elf"
    FILTER='sed s/.at.pc.*//' expect nucleus_shell 3 --engine $engine --input $HERE/commands.txt --disk "$DISK" \
        "$BUILD/guests/nucleus-shell.elf"
done

# More processes, one after the other, than the table has room for; and memory and disks that are too small.
for i in 1 2 3 4 5 6 7 8 9; do echo "run matrix"; echo "run rude 0"; echo "run rude 8"; done >"$WORK/many"
FILTER='tail -n 1' expect nucleus_many 9 --input "$WORK/many" "$BUILD/guests/nucleus-shell.elf"
FILTER='tail -n 1' expect nucleus_no_memory 255 --memory 76K "$BUILD/guests/nucleus.elf"
head -c 1024 /dev/zero >"$WORK/small"
FILTER='grep disk.*small' expect nucleus_small_disk 0 --disk "$WORK/small" "$BUILD/guests/nucleus.elf"

# The same on the machine with pages; the difference is the process that writes to its own program.
for engine in reference fast; do
    FILTER=by_process expect nucleus 0 --isa pg74p --engine $engine --input $INPUT --disk "$DISK" "$BUILD/guests/nucleus.elf"
    FILTER=by_process expect nucleus_rude_paged 9 --isa pg74p --engine $engine "$BUILD/guests/nucleus-rude.elf"
done
FILTER='tail -n 1' expect nucleus_many 9 --isa pg74p --input "$WORK/many" "$BUILD/guests/nucleus-shell.elf"
finish
