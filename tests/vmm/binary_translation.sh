# The binary translator: guests on machines where trap and emulate fails, and where it does not; and translators with the
# usual mistakes, which the same guests must find out.
. tests/vmm/shared.inc
monitor=binary_translation
random_guest
"$PG74" asm --isa x86 tests/vmm/translation_guest.s -o "$work/x86.elf" || exit 70
head -c 4096 /dev/zero >"$work/disk"
echo 2 20 >"$work/2"
echo 4 20 >"$work/4"

# ---- Right ----
compare 1 --method final --isa x86 --vmm trap_and_emulate "$work/x86.elf" # else the guest tells nothing
compare 0 --method final --isa x86 --vmm $monitor "$work/x86.elf"
for isa in pg74p x86 x86umip vax armv7 ia64 mips m68000 tests/vmm/variants/segment.isa tests/vmm/variants/accumulator.isa \
           tests/vmm/variants/format.isa pg74 x86:pg74; do
    compare 0 --method final --isa $isa --vmm $monitor "$BUILD/guests/selfmodify.elf" "$BUILD/guests/timer.elf"
done
compare 0 --method final --isa pg74p --vmm $monitor --disk "$work/disk" --input tests/scenarios/input.txt "$BUILD/guests/traps.elf"
compare 0 --method final --isa pg74p --vmm $monitor --input "$work/2" --input "$work/4" --disk "$work/disk" --disk "$work/disk" \
    "$work/random.elf" "$work/random.elf"
compare 0 --method final --isa vax --vmm $monitor --input "$work/2" --disk "$work/disk" "$work/random.elf"
compare 0 --method final --isa pg74p --vmm $monitor/trap_and_emulate "$BUILD/guests/traps.elf" --disk "$work/disk"

# ---- Wrong ----
mutant() { # NAME FILE EXPRESSION: must be found by the guest for the machine x86
    make_monitor "$work/$1.elf" "$2" "$3" vmm/common vmm/$monitor || { failed=1; return; }
    compare 1 --isa x86 --method final --vmm "$work/$1.elf" "$work/x86.elf"
}
mutant block_not_flushed cache.c '/^        words\[i\]\[number\] = class_call_out();/d'
mutant store_not_noticed cache.c '/^    vmm_watch_frame(vcpu->shadow/d'
mutant sensitive_copied cache.c 's/class->in\[translated->mode\] == CLASS_SENSITIVE ? class_call_out() : word/word/'
mutant mode_forgotten classes.c 's/^        found->in\[0\] = CLASS_SENSITIVE;.*/        ;/'
mutant translation_shown cache.c 's/| VMM_ENTRY_EXECUTE | VMM_ENTRY_USER/| VMM_ENTRY_READ &/'
mutant left_alone_unseen cache.c 's/if (sensitive && has_sensitive_word(translated))/if (0)/;s/PATIENCE = 16/PATIENCE = 1/'
mutant wrong_pc monitor.c 's/= old_psw->pc;/= old_psw->pc + 4;/'
exit $failed
