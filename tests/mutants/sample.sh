# Some of the faulty monitors, those that are found soonest; `make mutants` tries all of them. And two monitors that
# share nothing with those of vmm/, nor with each other: nothing may be found wrong with them.
set -e
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
lab=lessons/labs/native_monitor
for monitor in "$lab/solution/monitor.c" "$(echo tests/mutants/tables/*.c)"; do
    riscv64-unknown-elf-gcc -march=rv32im -mabi=ilp32 -std=c17 -O2 -g -ffreestanding -nostdlib -fno-builtin -Wall -Wextra \
        -Wconversion -Wshadow -Werror "-I$BUILD/include" -T vmm/common/link.ld -Wl,--no-warn-rwx-segments \
        $lab/start.S $monitor -lgcc -o "$work/monitor.elf"
    "$PG74" check --guests "${STUDENT_GUESTS:-200}" "$work/monitor.elf"
done
GUESTS=0 tests/mutants/run "$BUILD" trap_saves_next_pc trap_saves_real_base user_may_do_it_all x1_lost getbase_shows_real \
    bound_not_intersected guest_in_supervisor_mode timer_never_comes taken_while_disabled slice_too_long disk_unchecked \
    register_not_restored reference_saved_pc reference_value
