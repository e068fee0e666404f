# The guests that stand alone, on both engines: traps, the timer, self-modifying code, the disk, the console.
. tests/scenarios/support
for engine in reference fast; do
    for guest in hello supervisor_call count timer selfmodify picolibc; do
        expect $guest 0 --engine $engine "$BUILD/guests/$guest.elf"
    done
    expect traps 0 --engine $engine "$BUILD/guests/traps.elf"
    expect traps_devices 0 --engine $engine --input $INPUT --disk "$DISK" "$BUILD/guests/traps.elf"
    expect disk 0 --engine $engine --disk "$DISK" "$BUILD/guests/disk.elf"
    expect no_disk 0 --engine $engine "$BUILD/guests/disk.elf"
    expect echo 0 --engine $engine --input $INPUT "$BUILD/guests/echo.elf"
    expect pocket_sum 0 --engine $engine --isa pocket "$BUILD/guests/pocket_sum.elf"
done
finish
