/* follow.c: a bare machine follows a guest. The monitored run leads.
 *
 * At every instruction that the guest executes directly, its registers and pc agree with the bare machine's. Between
 * two such common points lies either one directly executed instruction, which the bare machine executes too; or a
 * visit of the monitor, which may have emulated instructions, reflected traps and delivered interrupts: the bare
 * machine goes on until it agrees again. */
#include "checker/bare.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { OVERDUE_EVERY = 4096 }; /* direct instructions, after which lateness is looked for */

/* ---- Making one -------------------------------------------------------------------------------------------------- */

static bool see_trap(void *context, const struct machine *machine, const struct machine_event *event)
{
    struct checker_follower *follower = context;
    (void)machine;
    follower->trap_cause = event->cause;
    return true;
}

struct checker_follower *checker_follower_new(const struct checker_facts *facts, struct checker_supply *supply,
                                              const struct machine *monitored, unsigned guest,
                                              const struct checker_options *options,
                                              struct isa_diagnostics *diagnostics)
{
    struct checker_follower *follower = calloc(1, sizeof *follower);
    struct machine_options bare = options->machine;
    unsigned slots = isa_slots(facts->isa) + 1;
    follower->facts = facts;
    follower->supply = supply;
    follower->monitored = monitored;
    follower->image = options->machine.monitor ? options->machine.monitor : options->machine.guests[guest];
    follower->guest = guest;
    machine_partition(monitored, guest, &follower->start, &follower->size);
    follower->bound = bare.slice_limit ? bare.slice_limit : CHECKER_SLICE_LIMIT;
    follower->visited = true;
    follower->tainted = calloc(slots, sizeof *follower->tainted);
    follower->probe.isa = facts->isa;
    follower->probe.state = calloc(slots, sizeof *follower->probe.state);
    follower->best.state = calloc(slots, sizeof *follower->best.state);
    follower->before_at = calloc(slots, sizeof *follower->before_at);
    follower->best.before_at = calloc(slots, sizeof *follower->best.before_at);
    checker_bare_options(&bare, &options->machine, guest);
    if (bare.monitor == NULL)
        bare.partition_size = follower->size;
    bare.engine = MACHINE_REFERENCE;
    bare.manual_events = true;
    follower->sources.input_left = bare.input_count ? bare.inputs[0].length : 0;
    follower->bare = checker_supply_take(supply, facts->isa, CHECKER_PLACE_FOLLOWER + guest, &bare, diagnostics);
    if (follower->bare == NULL) {
        checker_follower_free(follower);
        return NULL;
    }
    machine_add_observer(follower->bare, MACHINE_EVENT_TRAP, see_trap, follower);
    return follower;
}

void checker_follower_free(struct checker_follower *follower)
{
    if (follower == NULL)
        return;
    checker_supply_return(follower->supply, CHECKER_PLACE_FOLLOWER + follower->guest, follower->bare);
    checker_failure_free(follower->failure);
    free(follower->tainted);
    free(follower->frames);
    free(follower->probe.state);
    free(follower->best.state);
    free(follower->before_at);
    free(follower->best.before_at);
    free(follower);
}

uint64_t checker_follower_instructions(const struct checker_follower *follower)
{
    return machine_time(follower->bare).instructions;
}

void checker_follower_note(struct checker_follower *follower, enum checker_note_kind kind, uint32_t pc, uint32_t word,
                           uint32_t cause, bool fetched)
{
    follower->notes[follower->note_count++ % CHECKER_NOTES] = (struct checker_note){kind, pc, word, cause, fetched};
}

struct checker_failure *checker_follower_fail(struct checker_follower *follower, const char *what)
{
    const struct isa *isa = follower->facts->isa;
    struct checker_failure *failure = checker_failure_new(follower->guest, what);
    failure->instruction = checker_follower_instructions(follower);
    if (follower->at.known)
        checker_failure_state(failure, isa, follower->before_at);
    if (follower->at.known)
        checker_failure_at(failure, isa, follower->image, follower->at.pc, follower->at.word, follower->at.fetched);
    unsigned first = follower->note_count > CHECKER_NOTES ? follower->note_count - CHECKER_NOTES : 0;
    for (unsigned i = first; i < follower->note_count; i++)
        checker_failure_note(failure, isa, follower->image, &follower->notes[i % CHECKER_NOTES]);
    follower->failure = failure;
    return failure;
}

void checker_follower_touch(struct checker_follower *follower, uint32_t address, unsigned bytes)
{
    if (follower->touched_count == CHECKER_MOST_TOUCHED)
        follower->touched_all = true;
    else
        follower->touched[follower->touched_count++] = (struct checker_word){address, bytes};
}

/* ---- Stepping the bare machine ----------------------------------------------------------------------------------- */

/* Does the instruction compute from a value that is the monitored run's to say? */
static bool uses_tainted(const struct checker_follower *follower, const struct checker_instruction *facts)
{
    const struct checker_probe *probe = &follower->probe;
    if (!follower->any_tainted)
        return false;
    for (unsigned i = 0; i < facts->source_count; i++)
        if (follower->tainted[checker_operand_slot(&facts->sources[i], probe->instruction, probe->word)])
            return true;
    return false;
}

/* Marks the results of an instruction as the monitored run's to say, or, of an ordinary one, as its own again. */
static void taint(struct checker_follower *follower, const struct checker_instruction *facts, bool timed)
{
    const struct checker_probe *probe = &follower->probe;
    for (unsigned i = 0; i < facts->result_count; i++) {
        unsigned slot = checker_operand_slot(&facts->results[i], probe->instruction, probe->word);
        if (follower->facts->is_general[slot])
            follower->tainted[slot] = timed;
    }
    for (unsigned i = 0; timed && facts->any_result && i < follower->facts->general_count; i++)
        follower->tainted[follower->facts->general[i].slot] = true;
    follower->tainted[follower->facts->program_counter] = timed && facts->writes_pc;
    follower->any_tainted |= timed;
    for (unsigned i = 0; timed && i < probe->store_count && follower->tainted_count < CHECKER_MOST_AREA; i++)
        follower->tainted_memory[follower->tainted_count++] =
            (struct checker_word){probe->stores[i].address, probe->stores[i].bytes};
}

static bool tells_time(const struct checker_follower *follower, const struct checker_instruction *facts)
{
    return facts->timed || (follower->probe.port_read &&
                            checker_port_meaning(follower->facts->isa, follower->probe.port) == CHECKER_PORT_TIME);
}

static void remember_state(struct checker_follower *follower)
{
    for (unsigned slot = 0; slot < isa_slots(follower->facts->isa); slot++)
        follower->before_at[slot] = machine_slot(follower->bare, slot);
}

void checker_follow_step(struct checker_follower *follower)
{
    struct checker_probe *probe = &follower->probe;
    checker_probe_step(probe, follower->bare, CHECKER_DISK_BUSY);
    if (!follower->ending)
        checker_deliver_completion(follower);
    checker_network_receive(follower);
    follower->at = (struct checker_place){true, probe->fetched, machine_pc(follower->bare), probe->word};
    remember_state(follower);
    for (unsigned i = 0; i < probe->store_count; i++)
        checker_follower_touch(follower, probe->stores[i].address, probe->stores[i].bytes);
    machine_run(follower->bare, 1);
    if (probe->trapped || probe->instruction == NULL)
        return;
    const struct checker_instruction *facts = checker_facts_of(follower->facts, probe->instruction);
    taint(follower, facts, tells_time(follower, facts) || uses_tainted(follower, facts));
    follower->asking |= facts->diagnoses;
    checker_deliver_after(follower, facts);
}

/* A step that the monitor has made for the guest. False: there is none to make, or a failure. */
static bool emulated_step(struct checker_follower *follower)
{
    if (checker_is_set(follower->bare, follower->facts->halted))
        return false;
    if (checker_is_set(follower->bare, follower->facts->waiting) && !checker_deliver_wake(follower))
        return false;
    if (checker_deliver_exit(follower))
        return true;
    if (follower->failure != NULL)
        return false;
    checker_follow_step(follower);
    const struct checker_probe *probe = &follower->probe;
    checker_follower_note(follower, probe->trapped ? CHECKER_NOTE_REFLECTED : CHECKER_NOTE_EMULATED, follower->at.pc,
                          probe->word, probe->trap.cause, probe->fetched);
    return true;
}

/* What the follower does not know itself it takes over from the monitored run, now that it stands at the same place. */
static void take_over(struct checker_follower *follower)
{
    if (!follower->any_tainted)
        return;
    for (unsigned slot = 0; slot < isa_slots(follower->facts->isa); slot++) {
        uint32_t value = machine_slot(follower->monitored, slot);
        if (follower->tainted[slot]) {
            follower->answered |= follower->asking && machine_slot(follower->bare, slot) != value;
            machine_set_slot(follower->bare, slot, value);
        }
        follower->tainted[slot] = false;
    }
    for (unsigned i = 0; i < follower->tainted_count; i++) {
        uint8_t bytes[4];
        const struct checker_word *word = &follower->tainted_memory[i];
        if (machine_read(follower->monitored, follower->start + word->address, bytes, word->bytes))
            machine_write(follower->bare, word->address, bytes, word->bytes);
    }
    follower->tainted_count = 0;
    follower->any_tainted = follower->asking = false;
}

/* ---- Common points ----------------------------------------------------------------------------------------------- */

/* Steps until the bare machine stands at `pc`; false: it does not come there. */
static bool reach(struct checker_follower *follower, uint32_t pc)
{
    for (unsigned steps = 0; steps < CHECKER_SEARCH; steps++) {
        if (follower->tainted[follower->facts->program_counter] && machine_pc(follower->bare) != pc)
            machine_set_slot(follower->bare, follower->facts->program_counter, pc);
        if (machine_pc(follower->bare) == pc)
            return true;
        if (!emulated_step(follower))
            break;
    }
    return false;
}

/* What the monitor wrote was there already: a delivery at the same place as the one before, or none. It is one if
 * the bare machine can take it where it stands after the instruction that trapped, and the guest does not just go on
 * there. */
static bool delivered_again(struct checker_follower *follower, const struct checker_delivery *delivery, uint64_t start)
{
    if (follower->executing && checker_steps(follower->bare) == start && !emulated_step(follower))
        return false;
    /* With another R, the pc may be the handler's. */
    bool goes_on = checker_agree(follower) && checker_agree_word(follower);
    return checker_deliver_possible(follower, delivery) && !goes_on;
}

/* What trapped has been executed by the monitor, and leads to the very address at which it stands itself, in another
 * mode or with another R: where the interrupt is not taken before it, it was taken after it. */
static bool was_taken_after(struct checker_follower *follower, const struct checker_delivery *delivery, uint64_t start)
{
    const struct checker_probe *probe = &follower->probe;
    if (!follower->executing || checker_steps(follower->bare) != start || machine_pc(follower->bare) != delivery->pc ||
        checker_deliver_possible(follower, delivery))
        return false;
    checker_probe_step(&follower->probe, follower->bare, CHECKER_DISK_BUSY);
    return !probe->trapped && probe->state[follower->facts->program_counter] == delivery->pc;
}

static bool play_deliveries(struct checker_follower *follower)
{
    uint64_t start = checker_steps(follower->bare);
    checker_deliver_close(follower);
    for (unsigned i = 0; i < follower->delivery_count; i++) {
        const struct checker_delivery *delivery = &follower->deliveries[i];
        if (delivery->again && !delivered_again(follower, delivery, start) && follower->failure == NULL)
            continue;
        if (!delivery->again && was_taken_after(follower, delivery, start) && !emulated_step(follower))
            return false;
        if (!reach(follower, delivery->pc)) {
            if (follower->failure == NULL) {
                struct checker_failure *failure = checker_follower_fail(follower, "the saved pc of an interrupt");
                checker_failure_expected(failure, "an instruction that the guest reaches; it is at 0x%08" PRIx32,
                                         machine_pc(follower->bare));
                checker_failure_got(failure, "0x%08" PRIx32 " (%s)", delivery->pc,
                                    checker_cause_name(follower->facts->isa, delivery->cause));
            }
            return false;
        }
        if (!checker_deliver(follower, delivery->cause))
            return false;
    }
    follower->delivery_count = 0;
    follower->before_known = false;
    return true;
}

/* Is what was stored meanwhile the same? Without a failure if not. */
static bool stores_agree(struct checker_follower *follower)
{
    unsigned count = follower->touched_count;
    bool all = follower->touched_all, agree = checker_agree_touched(follower);
    follower->touched_count = count;
    follower->touched_all = all;
    if (!agree) {
        checker_failure_free(follower->failure);
        follower->failure = NULL;
    }
    return agree;
}

/* An instruction that trapped can go on where it was: the monitor had only to show the hardware a page. But its trap
 * may also have led the guest to a handler that begins at this very place; then the saved PSW tells. */
static bool goes_on_here(struct checker_follower *follower, unsigned steps)
{
    return steps > 0 || !follower->executing || stores_agree(follower);
}

/* A call has just been answered on the bare machine. Has the monitor done anything for it in the guest's memory? What
 * lies below the boot block is stored to by traps, too. */
static bool is_served(struct checker_follower *follower)
{
    bool agree = true;
    for (unsigned i = 0; i < follower->touched_count && agree; i++)
        agree = follower->touched[i].address < PG74_BOOT_BLOCK ||
                checker_agree_memory(follower, follower->touched[i].address, follower->touched[i].bytes);
    if (!agree) {
        checker_failure_free(follower->failure);
        follower->failure = NULL;
    }
    return !agree;
}

/* Goes on until registers and pc agree. */
static bool search(struct checker_follower *follower)
{
    bool served = false;
    follower->best.known = false;
    for (unsigned steps = 0; steps < CHECKER_SEARCH; steps++) {
        bool stands = checker_agree(follower), same_word = stands && checker_agree_word(follower);
        if (same_word && goes_on_here(follower, steps))
            return true;
        /* The answer came to the guest's memory, which it executes next. */
        follower->answered |= follower->asking && stands && !same_word;
        /* An instruction that trapped has been emulated or reflected: the state before it is no candidate. */
        if (steps > 0 || !follower->executing)
            checker_agree_nearest(follower);
        bool asked = follower->asking;
        if (!emulated_step(follower))
            break;
        if (!asked && follower->asking)
            served = is_served(follower);
    }
    follower->answered |= served; /* and then has led the guest elsewhere, as to where it wants to hear of interrupts */
    if (follower->failure == NULL && follower->best.known)
        return checker_agree_fail(follower);
    if (follower->failure == NULL) {
        struct checker_failure *failure = checker_follower_fail(follower, "the end");
        checker_failure_expected(failure, "the guest has halted");
        checker_failure_got(failure, "it goes on at 0x%08" PRIx32, machine_pc(follower->monitored));
    }
    return false;
}

/* The guest is about to execute directly after a visit of the monitor. */
static bool common_point(struct checker_follower *follower)
{
    /* A monitor that starts the guest where the hardware would start it executes its supervisor code directly. */
    if (!follower->started && machine_pc(follower->bare) == machine_pc(follower->monitored))
        follower->supervisor_direct = true;
    if (!play_deliveries(follower) || !search(follower))
        return false;
    bool asked = follower->asking;
    take_over(follower);
    if (checker_is_set(follower->bare, follower->facts->waiting) && !checker_deliver_wake(follower))
        return false;
    bool agrees = checker_agree_touched(follower);
    follower->answered |= asked && !agrees; /* in the guest's memory */
    return agrees && checker_agree_console(follower) && !checker_deliver_overdue(follower);
}

/* After a directly executed instruction with equal registers, only what it writes can differ. */
static bool result_agrees(const struct checker_follower *follower)
{
    const struct checker_instruction *facts = checker_facts_of(follower->facts, follower->last);
    if (facts->any_result || !checker_agree_slot(follower, follower->facts->program_counter))
        return checker_agree(follower);
    for (unsigned i = 0; i < facts->result_count; i++)
        if (!checker_agree_slot(follower, checker_operand_slot(&facts->results[i], follower->last, follower->at.word)))
            return false;
    return true;
}

bool checker_follow_fetch(struct checker_follower *follower, const struct machine_event *event)
{
    follower->fetched_word = event->word;
    if (follower->visited) {
        if (!common_point(follower))
            return false;
    } else if (!result_agrees(follower)) {
        follower->best.known = false;
        checker_agree_nearest(follower);
        return checker_agree_fail(follower);
    } else if (follower->any_tainted) {
        take_over(follower);
    }
    if (machine_slot(follower->bare, follower->facts->mode) == 0)
        follower->supervisor_direct = true;
    follower->started = true;
    follower->visited = false;
    follower->executing = true;
    return true;
}

bool checker_follow_retire(struct checker_follower *follower, const struct machine_event *event)
{
    uint64_t traps = machine_time(follower->bare).traps;
    follower->executing = false;
    follower->direct++;
    follower->last = event->instruction;
    if (checker_facts_of(follower->facts, event->instruction)->special) {
        checker_follow_step(follower);
        follower->touched_count = 0;
    } else {
        follower->at = (struct checker_place){true, true, event->pc, event->word};
        remember_state(follower);
        machine_run(follower->bare, 1);
    }
    if (follower->direct % OVERDUE_EVERY == 0 && checker_deliver_overdue(follower))
        return false;
    if (machine_time(follower->bare).traps == traps)
        return true;
    struct checker_failure *failure = checker_follower_fail(follower, "a trap");
    checker_failure_expected(failure, "the instruction traps (%s)",
                             checker_cause_name(follower->facts->isa, follower->trap_cause));
    checker_failure_got(failure, "it was executed");
    return false;
}

void checker_follow_store(struct checker_follower *follower, uint32_t address, unsigned bytes, uint32_t value)
{
    checker_follower_touch(follower, address, bytes);
    if (follower->facts->area_known)
        checker_deliver_store(follower, address, bytes, value);
}

void checker_follow_trap(struct checker_follower *follower, const struct machine_event *event)
{
    if (follower->executing && !follower->visited && event->kind == MACHINE_EVENT_TRAP)
        checker_follower_note(follower, CHECKER_NOTE_TRAP, event->pc, follower->fetched_word, event->cause, true);
    follower->visited = true;
}

/* ---- The end ----------------------------------------------------------------------------------------------------- */

/* What the monitored run's end means for a guest that has not halted: it waits, and nothing is to come; or the
 * monitor has given up, perhaps with a line of its own on the guest's console. */
static void say_end_without_halt(const struct checker_follower *follower, struct checker_failure *failure,
                                 enum machine_stop stop)
{
    size_t expected, length;
    machine_console(follower->bare, 0, &expected);
    const char *text = (const char *)machine_console(follower->monitored, follower->guest, &length);
    char line[100];
    size_t end = 0;
    while (end + 1 < sizeof line && expected + end < length && text[expected + end] >= ' ' &&
           text[expected + end] <= '~') {
        line[end] = text[expected + end];
        end++;
    }
    line[end] = '\0';
    bool halted = stop == MACHINE_HALTED;
    checker_failure_got(failure, "%s%s%s", halted ? "the monitor has stopped the machine" : "it waits for ever",
                        halted && end > 0 ? ": " : "", halted ? line : "");
}

bool checker_follow_end(struct checker_follower *follower, bool halted, enum machine_stop stop)
{
    int slot = halted ? follower->facts->halted : follower->facts->waiting;
    follower->ending = true;
    if (!play_deliveries(follower))
        return false;
    if (!halted && stop != MACHINE_HALTED && stop != MACHINE_DEADLOCK)
        return true;
    for (unsigned steps = 0; steps < CHECKER_SEARCH && !checker_is_set(follower->bare, slot); steps++)
        if (!emulated_step(follower))
            break;
    if (follower->failure != NULL)
        return false;
    if (checker_is_set(follower->bare, slot))
        return halted || !checker_deliver_lost(follower);
    follower->answered |= follower->asking; /* its monitor has ended it, or put it to sleep, when it was called */
    struct checker_failure *failure = checker_follower_fail(follower, "the end");
    checker_failure_expected(failure, "the guest goes on at 0x%08" PRIx32, machine_pc(follower->bare));
    if (halted)
        checker_failure_got(failure, "it has halted");
    else
        say_end_without_halt(follower, failure, stop);
    return false;
}
