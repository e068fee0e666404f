# The binary translator: guests on machines where trap and emulate fails, and where it does not; and translators with the
# usual mistakes, which the same guests must find out.
work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT
failed=0
monitor=binary_translation
flags="-march=rv32im -mabi=ilp32 -std=c17 -O2 -ffreestanding -nostdlib -fno-builtin -fno-tree-loop-distribute-patterns
       -I$BUILD/include -Wl,--no-warn-rwx-segments"
"$PG74" asm --isa x86 tests/vmm/translation_guest.s -o "$work/x86.elf" || exit 70
riscv64-unknown-elf-gcc $flags -Iscenarios -T scenarios/common/bare.ld tests/vmm/paging/random_pages.c \
    scenarios/common/bare_start.S scenarios/common/bare.c scenarios/common/text.c scenarios/common/memory.c \
    scenarios/common/print.c -lgcc -o "$work/random.elf" || exit 70
head -c 4096 /dev/zero >"$work/disk"
echo 2 20 >"$work/2"
echo 4 20 >"$work/4"

compare() { # WANTED OPTION...: compares, and expects this exit status
    wanted=$1; shift
    timeout 100 "$PG74" compare --limit 60000000 --method final "$@" >"$work/out" 2>"$work/errors"
    status=$?
    [ $status -eq "$wanted" ] && return
    echo "compare $*: exit status $status"
    cat "$work/out" "$work/errors"
    failed=1
}

# ---- Right ----
compare 1 --isa x86 --vmm trap_and_emulate "$work/x86.elf" # else the guest tells nothing
compare 0 --isa x86 --vmm $monitor "$work/x86.elf"
for isa in pg74p x86 x86umip vax armv7 ia64 mips m68000 tests/vmm/variants/segment.isa tests/vmm/variants/accumulator.isa \
           tests/vmm/variants/format.isa pg74 x86:pg74; do
    compare 0 --isa $isa --vmm $monitor "$BUILD/guests/selfmodify.elf" "$BUILD/guests/timer.elf"
done
compare 0 --isa pg74p --vmm $monitor --disk "$work/disk" --input tests/scenarios/input.txt "$BUILD/guests/traps.elf"
compare 0 --isa pg74p --vmm $monitor --input "$work/2" --input "$work/4" --disk "$work/disk" --disk "$work/disk" \
    "$work/random.elf" "$work/random.elf"
compare 0 --isa vax --vmm $monitor --input "$work/2" --disk "$work/disk" "$work/random.elf"
compare 0 --isa pg74p --vmm $monitor/trap_and_emulate "$BUILD/guests/traps.elf" --disk "$work/disk"

# ---- Wrong ----
build() { # NAME FILE EXPRESSION: a monitor with one change
    mkdir "$work/$1"
    cp vmm/common/* vmm/$monitor/*.[ch] "$work/$1"
    sed -i "$3" "$work/$1/$2"
    cmp -s "$work/$1/$2" "vmm/$monitor/$2" && { echo "$1: the change does not apply"; failed=1; }
    riscv64-unknown-elf-gcc $flags -w -T vmm/common/link.ld "$work/$1"/*.c "$work/$1"/*.S -lgcc -o "$work/$1.elf" || exit 70
}
mutant() { # NAME FILE EXPRESSION: must be found by the guest for the machine x86
    build "$@"
    compare 1 --isa x86 --vmm "$work/$1.elf" "$work/x86.elf"
}
mutant block_not_flushed cache.c '/^        words\[i\]\[number\] = class_call_out();/d'
mutant store_not_noticed cache.c '/^    vmm_watch_frame(vcpu->shadow/d'
mutant sensitive_copied cache.c 's/class->in\[translated->mode\] == CLASS_SENSITIVE ? class_call_out() : word/word/'
mutant mode_forgotten classes.c 's/^        found->in\[0\] = CLASS_SENSITIVE;.*/        ;/'
mutant translation_shown cache.c 's/| VMM_ENTRY_EXECUTE | VMM_ENTRY_USER/| VMM_ENTRY_READ &/'
mutant left_alone_unseen cache.c 's/if (sensitive && has_sensitive_word(translated))/if (0)/;s/PATIENCE = 16/PATIENCE = 1/'
mutant wrong_pc monitor.c 's/= old_psw->pc;/= old_psw->pc + 4;/'
exit $failed
