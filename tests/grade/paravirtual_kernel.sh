# The lab in which a kernel is paravirtualized: each mistake loses points where it should, with the right words; what is
# right in another way does not; and copies of what comes with the program are worth nothing.
. tests/grade/mistake.inc
lab=$labs/paravirtual_kernel
wrong() { mistake paravirtual_kernel platform.c "$@"; }

# score FOLDER POINTS WHAT: what is in the folder gets so many.
score() {
    "$PG74" grade --format json "$lab" "$1" >"$work/result.json"
    grep -q "\"score\": $2[,.]" "$work/result.json" && ! grep -q '"grader error"' "$work/result.json" ||
        { echo "$3: not $2 points"; cat "$work/result.json"; failed=1; }
}

# Nobody answers by the number that a call has in hypercall.h, for it has another one while it is graded.
wrong 's/hypercall(HYPERCALL_WRITE,/hypercall(7,/' boot "other lines"
wrong 's/!here && i < length/i < length/' boot "other lines"
wrong 's/    if (shared.pending != 0)/    if (false)/' events "told late, or not at all"
wrong 's/        shared.enabled = 0;/        ;/' events "an interrupt came while it was masked"
wrong 's/        shared.timer = instructions;/        pg74_settimer(instructions);/' events '`settimer` has trapped'
wrong 's/shared.flags = PG74_FLAG_ENABLE |/shared.flags =/' processes "not interrupted by ticks"
wrong 's/(frame + shared.machine_start) | rights/frame | rights/' processes "change is refused"
wrong '/^void platform_space_close/,/^}/{/update();/d}' processes "change is refused"
wrong 's/kernel_trap(shared.cause, shared.value, shared.was_user/kernel_trap(shared.cause, 0, shared.was_user/' processes "is killed"
wrong 's/    updates\[batch.count++\] =/    update();\n&/' tables "too many hypercalls"
wrong 's/hypercall(HYPERCALL_TABLE_UNPIN, space->table) != 0/space->table == 1/' tables '`store` has trapped'
wrong 's/(rings ? RING_SIZE : 1U)/MOST_TRANSFERS/' disk "does not halt"
wrong 's/    rings = here && .*/    rings = false \&\& attachment.ring;/' disk '`out` has trapped'
wrong 's/    transfer->failed = failed;/    ;/' disk "another code"
wrong 's/kernel_stop("platform: the monitor does not wait: .*/;/' disk "waits for what does not come"
wrong 's/        pg74_setflags(PG74_FLAG_ENABLE);/        ;/' bare "too few ticks"
wrong 's/        pg74_setflags(0);/        shared.enabled = 0;/' bare "an interrupt came while it was masked"
wrong 's/        version = hypercall(HYPERCALL_IDENTIFY, HYPERCALL_VERSION_1);/        version = 0;/' older "other things than calls"
wrong 's/    rings = here && .*/    rings = here \&\& hypercall(HYPERCALL_RING, address_of(\&attachment)) != 1;/' poorer "does not halt"
wrong 's/if (!(features & FEATURE_TABLES))/if (features == 0)/' poorer "a page table is refused"
mistake paravirtual_kernel entry.S '/^event_entry:/{n;d}' tables "the kernel stops"

# Other ways: the timer by a call, a call of NOTIFY in every version, no change of a table collected beyond a process.
cp -R "$lab/solution" "$work/other"
sed -i 's/shared.timer = instructions;/hypercall(HYPERCALL_TIMER, instructions);/
        s/    if (version == HYPERCALL_VERSION_1)$/    if (true)/
        s/if (batch.count == MOST_UPDATES)/if (batch.count == 16)/' "$work/other/platform.c"
score "$work/other" 100 "another way"

# The nucleus knows the same calls, by names and numbers that are not those of the lab.
mkdir "$work/nucleus"
cat scenarios/nucleus/machine.c scenarios/nucleus/memory.c scenarios/nucleus/paravirtual.c >"$work/nucleus/platform.c"
cp scenarios/nucleus/trap.S "$work/nucleus/entry.S"
score "$work/nucleus" 0 "the nucleus"
cp -R "$lab/solution" "$work/copy"
sed -i -e "/include \"hypercall.h\"/{r $lab/hypercall.h" -e 'd}' "$work/copy/platform.c"
score "$work/copy" 0 "a copy with the numbers of others"

# Who calls by every number there is, and never ends, gets nothing, and no long story.
cp -R "$lab/solution" "$work/noise"
sed -i 's/^    discover();/    for (uint32_t i = 0;; i++)\n        hypercall(i, i);/' "$work/noise/platform.c"
score "$work/noise" 0 "noise"
[ "$(wc -c <"$work/result.json")" -lt 20000 ] || { echo "noise makes a report of $(wc -c <"$work/result.json") bytes"; failed=1; }

# hypercall.h says what the monitor says.
{
    printf '#include <stddef.h>\n#include "paravirtual_kernel/hypercall.h"\n#include "hypercalls.h"\n'
    sed -n 's/^    HYPERCALL_\([A-Z_]*\) = [0-9]*,.*/_Static_assert((int)HYPERCALL_\1 == (int)PARAVIRTUAL_\1, "\1");/p' "$lab/hypercall.h"
    for type in shared bytes table update updates call request ring attachment; do
        echo "_Static_assert(sizeof(struct hypercall_$type) == sizeof(struct paravirtual_$type), \"$type\");"
    done
    for field in enabled pending entry cause was_user context flags base bound timer machine_start notify; do
        echo "_Static_assert(offsetof(struct hypercall_shared, $field) == offsetof(struct paravirtual_shared, $field), \"$field\");"
    done
    cat <<'C'
_Static_assert(HYPERCALL_VERSION_2 == PARAVIRTUAL_VERSION && HYPERCALL_VERSION_1 == PARAVIRTUAL_OLDEST, "versions");
_Static_assert((int)FEATURE_TABLES == PARAVIRTUAL_HAS_TABLES && (int)FEATURE_RINGS == PARAVIRTUAL_HAS_RINGS, "features");
_Static_assert((int)DEVICE_DISK == PARAVIRTUAL_DISK && (int)RING_SIZE == PARAVIRTUAL_RING_SIZE, "rings");
_Static_assert((int)REQUEST_READ == PARAVIRTUAL_READ && (int)REQUEST_WRITE == PARAVIRTUAL_WRITE_OUT, "requests");
_Static_assert(HYPERCALL_ERRORS == PARAVIRTUAL_BAD_FUNCTION, "errors");
C
} >"$work/same.c"
[ "$(grep -c HYPERCALL_ "$work/same.c")" -ge 16 ] || { echo "the calls of hypercall.h are not found"; failed=1; }
riscv64-unknown-elf-gcc -march=rv32im -mabi=ilp32 -std=c17 -ffreestanding -fsyntax-only "-I$labs" -Ivmm/paravirtual \
    "$work/same.c" || failed=1

# What the handout says: it builds, and runs on the machine and under the monitor, with the same result.
sed -n '/^    riscv64/,/kernel.elf$/p' "$lab/handout.md" | sed "s|FOLDER_OF_PG74_H|$(realpath "$BUILD/include")|" >"$work/build"
cp -R "$lab" "$work/folder" && cp "$lab"/solution/* "$work/folder"
(cd "$work/folder" && sh "$work/build") >"$work/out" 2>&1 || { cat "$work/out"; failed=1; }
head -c 32768 /dev/zero >"$work/disk"
for vmm in "" "--vmm paravirtual"; do
    "$PG74" run --isa pg74p --memory 512K --disk "$work/disk" $vmm "$work/folder/kernel.elf" | tail -n 1
done | sort -u >"$work/ends"
[ "$(wc -l <"$work/ends")" -eq 1 ] && grep -q '^kernel: the end: ' "$work/ends" || { cat "$work/ends"; failed=1; }
exit $failed
