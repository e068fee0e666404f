# The lab of the translator: what students get wrong in one loses points at the right task, with the right words; and its
# machine, which is a file of the lab's own, is another one on each course.
. tests/grade/mistake.inc
lab="$labs/translator"
first=yes
wrong() { mistake translator translator.c "$@"; }
# A block that has no end: after it the guest does not go on.
wrong 's/        emit_exit(at);/        ;/' straight "straight_long.s"
# What reads the pc reads the cache's.
wrong 's/case AUIPC: .*return true;//' control "control_pc.s"
# A link leads into the cache.
wrong 's/emit_constant(rd, pc + 4, pc, pc + offset)/emit_constant(rd, CACHE + 4 * used + 8, pc, pc + offset)/' control "control_pc.s: memory"
# A branch is taken when it should not be.
wrong 's/ ^ 0x1000, pc, COPY/, pc, COPY/' control "control_branch.s"
# Instructions that do not trap are copied as if they did.
wrong 's/opcode == (monitor_call_out & OPCODE) || opcode == JALR/opcode == JALR/' sensitive "sensitive_flags.s: console byte 0"
# Changed code is executed as it was; or is, where another block jumps to it.
wrong 's/block->guest != guest->number ||/true ||/' changing "changing_next.s: console"
wrong '/translation_cache\[block->first\] = monitor_call_out;/d' changing "changing_loop.s: console"
# An interrupt between two words of one instruction: the registers are those of no moment.
wrong 's/ADDI, after, FINISH/ADDI, pc, COPY/' precise "precise_pc.s"
# A jump that cannot be is made.
wrong 's/if (branch_offset(word) % 4 != 0)/if (false)/' precise "precise_jump.s"
# One guest executes what was made of another one's words.
wrong 's/ && blocks\[i\].guest == guest//; s/pc \/ 4 + guest \* 37/pc \/ 4/' room "room_two.s: console"
# The cache has no end.
wrong 's/ || used + LONGEST_BLOCK \* WORDS_FOR_ONE + 1 > CACHE_WORDS//' room "room_full.s"
# Blocks that are never chained, and blocks that are never found again.
wrong 's/translation_cache\[at\] = jump_between.*/;/' speed "at most 4.00 times"
wrong 's/return &blocks\[i\];/return 0;/' speed "speed_loop.s: it takes too many cycles"

# Translators that are made otherwise, and right: one word a block; blocks that end at branches; hardly any room for blocks.
right() {
    rm -rf "$work/it" && cp -R "$lab/solution" "$work/it"
    sed -i -e "$1" "$work/it/translator.c"
    cmp -s "$work/it/translator.c" "$lab/solution/translator.c" && { echo "the change does not apply: $1"; failed=1; return; }
    "$PG74" grade --seed 7 "$lab" "$work/it" >"$work/out"
    grep -q '^100 of 100 points' "$work/out" || { echo "it is right, and loses points: $1"; cat "$work/out"; failed=1; }
}
right 's/LONGEST_BLOCK = 32/LONGEST_BLOCK = 1/'
right 's/translate_branch(word, pc);/&  emit_exit(pc + 4); return false;/; s/MOST_BLOCKS = 1024/MOST_BLOCKS = 16/'

# Students get their own course's machine, made from the lab's: the flaws are there, under other words.
"$PG74" lab export "$lab" -o "$work/bundle" --secret "of the course" || failed=1
grep -q 'variant "flawed"' "$work/bundle/machine.isa" && [ -s "$work/bundle/pg74.h" ] ||
    { echo "exported without the course's machine"; failed=1; }
[ "$("$PG74" dis --isa "$lab/flawed.isa" 0x0400200b)" = "retu zero" ] &&
    [ "$("$PG74" dis --isa "$work/bundle/machine.isa" 0x0400200b)" != "retu zero" ] ||
    { echo "the course's machine is the lab's"; failed=1; }
"$PG74" classify --json "$work/bundle/machine.isa" | python3 -c 'import json, sys
assert json.load(sys.stdin)["variants"][0]["violations"]["theorem1"] == ["setflags", "getflags", "retu"]' ||
    { echo "the course's machine has other flaws"; failed=1; }
[ -e "$work/bundle/supplied" ] && { echo "students get the sources of the monitor"; failed=1; }
chmod -R go-rwx "$work/bundle"
"$PG74" grade --task speed --format autolab "$work/bundle" "$lab/solution" | tail -1 | grep -q '"speed":10' ||
    { echo "the bundle does not grade"; failed=1; }

# What the monitor does not do for a translator, it says.
"$PG74" grade --format json "$lab" "$lab/starter" | grep -q 'monitor_emulate: neither' || { echo "the starter is told nothing"; failed=1; }
exit $failed
