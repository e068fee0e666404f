/* agree.c: does the bare machine stand where the guest stands? Registers and pc, the memory that the monitor or the
 * instructions that it emulated have written, the console; and what differs, said in words. */
#include "checker/internal.h"

#include <inttypes.h>
#include <string.h>

/* ---- Agreeing ---------------------------------------------------------------------------------------------------- */

bool checker_agree_slot(const struct checker_follower *follower, unsigned slot)
{
    return follower->tainted[slot] || machine_slot(follower->bare, slot) == machine_slot(follower->monitored, slot);
}

bool checker_agree(const struct checker_follower *follower)
{
    if (!checker_agree_slot(follower, follower->facts->program_counter))
        return false;
    for (unsigned i = 0; i < follower->facts->general_count; i++)
        if (!checker_agree_slot(follower, follower->facts->general[i].slot))
            return false;
    return true;
}

/* The same registers and pc, before and after a trap whose handler stands at the same address: so the word counts
 * too. */
bool checker_agree_word(const struct checker_follower *follower)
{
    uint32_t word, physical;
    return follower->ending || (machine_next_word(follower->bare, &word, &physical) && word == follower->fetched_word);
}

/* While looking for where the bare machine agrees: keeps the state that is nearest to it, for the report. The same
 * pc is nearer than another; among those, the first. */
void checker_agree_nearest(struct checker_follower *follower)
{
    struct checker_nearest *best = &follower->best;
    bool same_pc = checker_agree_slot(follower, follower->facts->program_counter);
    uint32_t physical;
    if (best->known && (best->same_pc || !same_pc))
        return;
    best->known = true;
    best->same_pc = same_pc;
    best->at = follower->at;
    best->fetches = machine_next_word(follower->bare, &best->word, &physical);
    best->note_count = follower->note_count;
    memcpy(best->notes, follower->notes, sizeof best->notes);
    for (unsigned slot = 0; slot < isa_slots(follower->facts->isa); slot++) {
        best->state[slot] = machine_slot(follower->bare, slot);
        best->before_at[slot] = follower->before_at[slot];
    }
}

static void describe_pc(const struct checker_follower *follower, uint32_t pc, char *buffer, size_t size)
{
    uint32_t offset = 0;
    const char *symbol = machine_image_symbol(follower->image, pc, &offset);
    if (symbol != NULL && offset < follower->size)
        snprintf(buffer, size, offset ? "0x%08" PRIx32 " <%s+0x%" PRIx32 ">" : "0x%08" PRIx32 " <%s>", pc, symbol,
                 offset);
    else
        snprintf(buffer, size, "0x%08" PRIx32, pc);
}

/* Says what differs between the monitored run and the nearest state. */
bool checker_agree_fail(struct checker_follower *follower)
{
    const struct checker_nearest *best = &follower->best;
    unsigned pc = follower->facts->program_counter;
    char what[64], expected[96], got[96];
    follower->at = best->at;
    memcpy(follower->before_at, best->before_at, isa_slots(follower->facts->isa) * sizeof *best->before_at);
    follower->note_count = best->note_count;
    memcpy(follower->notes, best->notes, sizeof best->notes);
    if (!best->same_pc) {
        describe_pc(follower, best->state[pc], expected, sizeof expected);
        describe_pc(follower, machine_slot(follower->monitored, pc), got, sizeof got);
        struct checker_failure *failure = checker_follower_fail(follower, "pc, the next instruction");
        checker_failure_expected(failure, "%s", expected);
        checker_failure_got(failure, "%s", got);
        return false;
    }
    for (unsigned i = 0; i < follower->facts->general_count; i++) {
        const struct checker_register *general = &follower->facts->general[i];
        uint32_t value = machine_slot(follower->monitored, general->slot);
        if (follower->tainted[general->slot] || value == best->state[general->slot])
            continue;
        if (general->state->names != NULL)
            snprintf(what, sizeof what, "register %s", general->state->names[general->element]);
        else
            snprintf(what, sizeof what, "register %s[%u]", general->state->name, general->element);
        struct checker_failure *failure = checker_follower_fail(follower, what);
        checker_failure_expected(failure, "0x%08" PRIx32, best->state[general->slot]);
        checker_failure_got(failure, "0x%08" PRIx32, value);
        return false;
    }
    struct checker_failure *failure = checker_follower_fail(follower, "the word that is executed next");
    if (best->fetches)
        checker_failure_expected(failure, "0x%08" PRIx32, best->word);
    else
        checker_failure_expected(failure, "none: it cannot be fetched");
    checker_failure_got(failure, "0x%08" PRIx32, follower->fetched_word);
    return false;
}

/* ---- Memory and console at a common point ------------------------------------------------------------------------ */

static uint32_t word_at(const struct machine *machine, uint32_t address, unsigned bytes)
{
    uint8_t buffer[4] = {0};
    machine_read(machine, address, buffer, bytes);
    return buffer[0] | (uint32_t)buffer[1] << 8 | (uint32_t)buffer[2] << 16 | (uint32_t)buffer[3] << 24;
}

/* The whole word around a difference says more than its byte. */
static bool fail_memory(struct checker_follower *follower, uint32_t address)
{
    unsigned bytes = isa_word_bits(follower->facts->isa) > 16 ? 4 : 1;
    uint32_t start = address - address % bytes;
    uint32_t expected = word_at(follower->bare, start, bytes);
    uint32_t got = word_at(follower->monitored, follower->start + start, bytes);
    char what[64];
    snprintf(what, sizeof what, "memory at 0x%08" PRIx32, start);
    struct checker_failure *failure = checker_follower_fail(follower, what);
    checker_failure_expected(failure, "0x%0*" PRIx32, (int)bytes * 2, expected);
    checker_failure_got(failure, "0x%0*" PRIx32, (int)bytes * 2, got);
    return false;
}

bool checker_agree_memory(struct checker_follower *follower, uint32_t address, uint32_t length)
{
    uint8_t expected[256], got[256];
    for (uint32_t done = 0; done < length; done += (uint32_t)sizeof expected) {
        uint32_t part = length - done < sizeof expected ? length - done : (uint32_t)sizeof expected;
        if (!machine_read(follower->bare, address + done, expected, part) ||
            !machine_read(follower->monitored, follower->start + address + done, got, part))
            return true; /* not memory: such stores are lost in both */
        for (uint32_t i = 0; i < part; i++)
            if (expected[i] != got[i] && !checker_deliver_in_flight(follower, address + done + i))
                return fail_memory(follower, address + done + i);
    }
    return true;
}

bool checker_agree_touched(struct checker_follower *follower)
{
    if (follower->touched_all && !checker_agree_memory(follower, 0, follower->size))
        return false;
    for (unsigned i = 0; !follower->touched_all && i < follower->touched_count; i++)
        if (!checker_agree_memory(follower, follower->touched[i].address, follower->touched[i].bytes))
            return false;
    follower->touched_count = 0;
    follower->touched_all = false;
    return true;
}

/* A monitor may hold console bytes back, so the shorter one counts here; the whole counts in the end. */
bool checker_agree_console(struct checker_follower *follower)
{
    size_t expected_length, got_length;
    const uint8_t *expected = machine_console(follower->bare, 0, &expected_length);
    const uint8_t *got = machine_console(follower->monitored, follower->guest, &got_length);
    size_t length = expected_length < got_length ? expected_length : got_length;
    for (size_t i = follower->console_checked; i < length; i++) {
        if (expected[i] == got[i])
            continue;
        char what[64];
        snprintf(what, sizeof what, "console byte %zu", i);
        struct checker_failure *failure = checker_follower_fail(follower, what);
        checker_failure_expected(failure, "0x%02x", expected[i]);
        checker_failure_got(failure, "0x%02x", got[i]);
        return false;
    }
    follower->console_checked = length;
    return true;
}
