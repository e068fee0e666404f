# The binary translator: guests on machines where trap and emulate fails, and where it does not; and translators with the
# usual mistakes, which the same guests must find out.
. tests/vmm/shared.inc
monitor=binary_translation
random_guest
"$PG74" asm --isa x86 tests/vmm/translation_guest.s -o "$work/x86.elf" || exit 70
keys=tests/vmm/variants/keys.isa
"$PG74" asm --isa $keys tests/vmm/translation_keys.s -o "$work/keys.elf" || exit 70
head -c 4096 /dev/zero >"$work/disk"
echo 2 20 >"$work/2"
echo 4 20 >"$work/4"

# ---- Right ----
compare 1 --method final --isa x86 --vmm trap_and_emulate "$work/x86.elf" # else the guest tells nothing
compare 0 --method final --isa x86 --vmm $monitor "$work/x86.elf"
compare 0 --method final --isa $keys --vmm $monitor "$work/keys.elf"
for isa in pg74p x86 x86umip vax armv7 ia64 mips m68000 tests/vmm/variants/segment.isa tests/vmm/variants/accumulator.isa \
           tests/vmm/variants/format.isa pg74 x86:pg74; do
    compare 0 --method final --isa $isa --vmm $monitor "$BUILD/guests/selfmodify.elf" "$BUILD/guests/timer.elf"
done
compare 0 --method final --isa pg74p --vmm $monitor --disk "$work/disk" --input tests/scenarios/input.txt "$BUILD/guests/traps.elf"
compare 0 --method final --isa pg74p --vmm $monitor --input "$work/2" --input "$work/4" --disk "$work/disk" --disk "$work/disk" \
    "$work/random.elf" "$work/random.elf"
compare 0 --method final --isa vax --vmm $monitor --input "$work/2" --disk "$work/disk" "$work/random.elf"
compare 0 --method final --isa pg74p --vmm $monitor/trap_and_emulate "$BUILD/guests/traps.elf" --disk "$work/disk"

# Where the translation of addresses does not depend on the mode, translations of code still do.
cat >"$work/shared.s" <<'S'
        .rodata
        .org    0x50
        .word   0, handler, 0, 0x10000
        .text
        la      t0, 1f
        retu    t0
1:      getflags a1
handler:
        halt    a0
S
"$PG74" check --isa tests/vmm/variants/shared.isa --case "$work/shared.s" $monitor >"$work/out" || { cat "$work/out"; failed=1; }

# ---- Wrong ----
mutant() { # GUEST NAME FILE EXPRESSION: must be found by this guest
    make_monitor "$work/$2.elf" "$3" "$4" vmm/common vmm/$monitor || { failed=1; return; }
    compare 1 --isa $keys --method final --vmm "$work/$2.elf" "$work/$1.elf"
}
mutant x86 block_not_flushed block.c 's/^    cache_words\[.*\] = class_call_out();/    ;/'
mutant x86 store_not_noticed cache.c 's/^        vmm_watch_frame(shadow.*/        ;/'
mutant x86 sensitive_copied block.c 's/^        word = class_call_out();/        ;/'
mutant x86 mode_forgotten classes.c 's/= execution == HARDWARE ? USER : look->mode;/= USER;/'
mutant x86 translation_shown cache.c 's/| VMM_ENTRY_EXECUTE | VMM_ENTRY_USER/| VMM_ENTRY_READ &/'
mutant x86 left_alone_unseen cache.c 's/if (sensitive && has_sensitive_word(translated))/if (0)/;s/if (translated->mode == 1)/if (1)/'
mutant x86 wrong_pc monitor.c 's/program_counter\] = pc;/program_counter] = pc + 4;/'
mutant keys assumed_for_ever replace.c "s/    return wrong == 0;/    return true;/"
mutant keys other_operand replace.c 's/rest->source << 15/0 << 15/;s/rest.source == wanted->source/true/'
mutant keys any_flags replace.c 's/source == 0 \&\& key->values\[i\] == value->low/source == 0/'
mutant keys wrong_place replace.c 's/jal(to, rest->target - pc)/jal(to, rest->target - pc + 4)/;s/rest.target == wanted->target/true/'
exit $failed
