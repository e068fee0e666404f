# Guests under the trap-and-emulate monitor, alone and two at a time: each prints what it prints on the bare machine.
. tests/scenarios/support
[ -f "$BUILD/vmm/trap_and_emulate.elf" ] || { echo "the monitor trap_and_emulate is not built"; exit 77; }
VMM="--vmm trap_and_emulate"

# Lines of guest N, without the number that `run` puts before them.
guest() { sed -n "s/^$1: //p" | by_process; }
first() { guest 1; }
second() { guest 2; }

for guest in hello supervisor_call count timer selfmodify traps picolibc; do
    expect $guest 0 $VMM "$BUILD/guests/$guest.elf"
done
expect traps_devices 0 $VMM --input $INPUT --disk "$DISK" "$BUILD/guests/traps.elf"
expect disk 0 $VMM --disk "$DISK" "$BUILD/guests/disk.elf"
expect echo 0 $VMM --input $INPUT "$BUILD/guests/echo.elf"

FILTER=by_process
expect nucleus 0 $VMM --input $INPUT --disk "$DISK" "$BUILD/guests/nucleus.elf"
expect nucleus_rude 8 $VMM "$BUILD/guests/nucleus-rude.elf"

FILTER='sed s/.at.pc.*//' expect nucleus_shell 3 $VMM --input $HERE/commands.txt --disk "$DISK" "$BUILD/guests/nucleus-shell.elf"

# Two copies; then two that have nothing to do with each other, one of them killing its processes.
two="--input $INPUT --input $INPUT --disk $DISK --disk $DISK"
FILTER=first  expect nucleus 0 $VMM $two "$BUILD/guests/nucleus.elf" "$BUILD/guests/nucleus.elf"
FILTER=second expect nucleus 0 $VMM $two "$BUILD/guests/nucleus.elf" "$BUILD/guests/nucleus.elf"
one="--input $INPUT --disk $DISK"
FILTER=first  expect nucleus 8 $VMM $one "$BUILD/guests/nucleus.elf" "$BUILD/guests/nucleus-rude.elf"
FILTER=second expect nucleus_rude 8 $VMM $one "$BUILD/guests/nucleus.elf" "$BUILD/guests/nucleus-rude.elf"

# Two that talk to each other over the network; one that finds nobody beside it but a machine that does not listen. How
# often they call the nucleus for it is a matter of time.
untimed() { sed 's/, [0-9]* system calls//'; }
first_untimed() { first | untimed; }
second_untimed() { second | untimed; }
talkers="$BUILD/guests/nucleus-network.elf $BUILD/guests/nucleus-network.elf"
FILTER=first_untimed  expect nucleus_network_0 0 $VMM $talkers
FILTER=second_untimed expect nucleus_network_1 0 $VMM $talkers
FILTER=first_untimed  expect nucleus_network_alone 0 $VMM "$BUILD/guests/nucleus-network.elf" "$BUILD/guests/hello.elf"

# On the machine with pages.
VMM="$VMM --isa pg74p"
FILTER=first_untimed  expect nucleus_network_0 0 $VMM $talkers
FILTER=second_untimed expect nucleus_network_1 0 $VMM $talkers
FILTER=by_process
expect nucleus 0 $VMM --input $INPUT --disk "$DISK" "$BUILD/guests/nucleus.elf"
FILTER=first  expect nucleus 9 $VMM $one "$BUILD/guests/nucleus.elf" "$BUILD/guests/nucleus-rude.elf"
FILTER=second expect nucleus_rude_paged 9 $VMM $one "$BUILD/guests/nucleus.elf" "$BUILD/guests/nucleus-rude.elf"
finish
