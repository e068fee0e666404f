# The lab of shadow page tables: each mistake loses points where it should, with the right words; what is right in another
# way does not.
. tests/grade/mistake.inc
wrong() { mistake shadow_paging shadow.c "$@"; }
wrong 's/(guest->start + entry/(entry/' off "the monitor"
wrong 's/entry & right_to(access)/entry/' rights "rights_"
wrong 's/           entry < guest->size;/           true;/' rights "rights_end.s"
wrong 's/(FLAG_USER | FLAG_TRANSLATE)/FLAG_TRANSLATE/' modes "modes_kernel_page.s"
wrong 's/rights | ENTRY_USER;/rights | (entry \& ENTRY_USER);/' modes "SHADOW_FILLED, and the hardware's entry does not"
wrong 's/forget(guest, word);/;/' changes "changes_moved.s"
wrong 's/shadow_pool.i..page. &= .*/;/' changes "changes_unseen.s"
wrong 's/FLAG_TRANSLATE) && page < SHADOW_PAGES)/FLAG_TRANSLATE) \&\& space->base == guest->base \&\& page < SHADOW_PAGES)/' spaces "spaces_other.s"
wrong 's/    clear(shadow_pool.number.);//' spaces "spaces_many.s"
wrong 's/ || space->guest != guest->number//' guests "guests_two.s"
wrong 's/SHADOW_TABLES/1/' kept "too many cycles"
wrong '$a #include "../supplied/monitor.c"' off "it does not compile"
wrong '$a __asm__(".incbin \"supplied/emulate.c\"");' off "it does not compile"

# A change of a table may cost more than its entry: all that was made from it.
sed '/^static void forget/,/^}/s/shadow_pool.i..page. = 0;/clear(shadow_pool[i]);/' \
    "$labs/shadow_paging/solution/shadow.c" >"$work/shadow.c"
cmp -s "$work/shadow.c" "$labs/shadow_paging/solution/shadow.c" && { echo "the change does not apply"; failed=1; }
"$PG74" grade --format json "$labs/shadow_paging" "$work/shadow.c" >"$work/result.json"
grep -q '"score": 100[,.]' "$work/result.json" || { echo "what is right in another way"; cat "$work/result.json"; failed=1; }
exit $failed
