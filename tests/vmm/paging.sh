# Monitors on a machine with pages: guests that do everything to their page tables must be what they are alone, step by
# step; and monitors that keep their shadow page tables wrongly, each in its way, must be found out by the same guests.
. tests/vmm/shared.inc
random_guest
head -c 4096 /dev/zero >"$work/disk"
echo 1 80 >"$work/1"
echo 2 20 >"$work/2"
echo 3 80 >"$work/3"
echo 4 20 >"$work/4"

# ---- Right ----
monitor=trap_and_emulate
compare 0 --isa pg74p --vmm $monitor --input "$work/1" --disk "$work/disk" "$work/random.elf"
compare 0 --isa pg74p --vmm $monitor --input "$work/2" --input "$work/4" --disk "$work/disk" --disk "$work/disk" \
    "$work/random.elf" "$work/random.elf"
compare 0 --isa pg74p --vmm $monitor --disk "$work/disk" --input tests/scenarios/input.txt "$BUILD/guests/traps.elf"
compare 0 --isa pg74p --vmm $monitor "$BUILD/guests/selfmodify.elf" "$BUILD/guests/timer.elf"

timeout 60 "$PG74" check --isa pg74p --case tests/vmm/paging/handler_at_trap.s "$BUILD/vmm/$monitor.elf" >"$work/out" 2>&1 ||
    { cat "$work/out"; failed=1; }

# Another translation: the shadow asks it. Another format of tables: the monitor cannot write them, and says so.
compare 0 --isa tests/vmm/variants/segment.isa --vmm $monitor --input "$work/4" --disk "$work/disk" "$work/random.elf"
compare 0 --isa x86 --vmm $monitor --input "$work/2" --disk "$work/disk" "$work/random.elf"
timeout 20 "$PG74" run --isa tests/vmm/variants/format.isa --vmm $monitor "$BUILD/guests/hello.elf" >"$work/out" 2>&1
[ $? -eq 65 ] && grep -q "^monitor: the machine's page tables are not" "$work/out" ||
    { echo "format: not refused"; cat "$work/out"; failed=1; }

# Monitors under monitors: the inner one's shadows are the outer one's guest tables.
"$PG74" run --isa pg74p --input "$work/2" --disk "$work/disk" "$work/random.elf" >"$work/alone"
for vmm in $monitor/$monitor $monitor/$monitor/$monitor hybrid/$monitor; do
    timeout 60 "$PG74" run --isa pg74p --vmm $vmm --input "$work/2" --disk "$work/disk" "$work/random.elf" >"$work/out" 2>&1
    cmp "$work/alone" "$work/out" && grep -q '^20: ' "$work/out" || { echo "$vmm: not the same"; failed=1; }
done

# ---- Wrong ----
mutant() { # NAME FILE EXPRESSION [SEED]: a monitor with one change
    make_monitor "$work/$1.elf" "$2" "$3" vmm/common vmm/$monitor || { failed=1; return; }
    compare 1 --isa pg74p --vmm "$work/$1.elf" --input "$work/${4:-1}" --disk "$work/disk" "$work/random.elf"
}
mutant tables_not_protected watch.c 's/^        if (shadow->watched\[word \/ VMM_PAGE\]++ == 0)/        if (0)/'
mutant new_entries_not_protected shadow.c 's/entry &= ~(uint32_t)VMM_ENTRY_WRITE;$/;/'
mutant stores_not_followed watch.c 's/shadow->spaces\[link->space\].table\[link->page\] = 0;//'
mutant dma_not_followed devices.c 's/if (vcpu->disk.length > 0)/if (0)/'
mutant modes_share_a_space shadow.c 's/room = add_to_key(shadow, isa->mode) \&\&/room =/
    s/if (node->operator != PG74_IR_READ)/if (node->operator != PG74_IR_READ || isa->states[node->a].role == PG74_ROLE_MODE)/'
mutant stores_where_loads_may shadow.c 's/uint32_t rights = right_to(access)/& | (access == PG74_LOADING ? VMM_ENTRY_WRITE : 0)/'
mutant bound_rounded_up shadow.c 's/space->limit = page . VMM_PAGE + length;/;/' 3
exit $failed
