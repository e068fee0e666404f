/* fast_translate.c: translations that are cached. Where an access is outside of the window, `translate` is proved to be a
 * move for the page around the address, or for as much of it as can be, and from then on accesses there need only look
 * into a table. A translation holds for the context that it was made in, and until something is written that
 * `translate` has loaded: the lines with it are marked, so that compiled stores leave, and all other writes are
 * reported anyway. */
#include "machine/fast.h"

#include <stdlib.h>

/* ---- What translations depend on --------------------------------------------------------------------------------- */

static struct fast_watch **watches_of(struct fast *fast, uint32_t line)
{
    return &fast->watch_hash[(line ^ line / FAST_WATCH_HASH) & (FAST_WATCH_HASH - 1)];
}

static struct fast_watch *new_watch(struct fast *fast)
{
    struct fast_watch *watch = fast->free_watch;
    if (watch) {
        fast->free_watch = watch->next;
        return watch;
    }
    return fast->watch_count < FAST_MOST_WATCHES ? &fast->watches[fast->watch_count++] : NULL;
}

static bool is_watched(struct fast *fast, struct fast_range range, const struct fast_translation *translation)
{
    for (struct fast_watch *watch = *watches_of(fast, range.start >> FAST_LINE_BITS); watch; watch = watch->next)
        if (watch->translation == translation && watch->range.start == range.start && watch->range.end == range.end)
            return true;
    return false;
}

/* Watches a stretch within one line. False: there is no room. */
static bool watch_line(struct fast *fast, struct fast_range range, struct fast_translation *translation)
{
    uint32_t line = range.start >> FAST_LINE_BITS;
    if (is_watched(fast, range, translation))
        return true;
    struct fast_watch *watch = new_watch(fast), **first = watches_of(fast, line);
    if (!watch)
        return false;
    *watch = (struct fast_watch){range, translation, *first};
    *first = watch;
    fast->lines[line] |= FAST_LINE_TRANSLATION;
    return true;
}

static bool watch(struct fast *fast, struct fast_range range, struct fast_translation *translation)
{
    uint32_t boundary = ((range.start >> FAST_LINE_BITS) + 1) << FAST_LINE_BITS;
    if (range.end <= boundary)
        return watch_line(fast, range, translation);
    return watch_line(fast, (struct fast_range){range.start, boundary}, translation) &&
           watch_line(fast, (struct fast_range){boundary, range.end}, translation);
}

static void forget(struct fast_translation *translation)
{
    memset(translation->reach, 0, sizeof translation->reach);
}

/* Forgets what depends on bytes from `start` to `end` of a line. The mark goes with the last watch. */
static void forget_in_line(struct fast *fast, uint32_t line, uint64_t start, uint64_t end)
{
    bool any_left = false;
    for (struct fast_watch **place = watches_of(fast, line); *place;) {
        struct fast_watch *watch = *place;
        if (watch->range.start < end && start < watch->range.end) {
            forget(watch->translation);
            *place = watch->next;
            watch->next = fast->free_watch;
            fast->free_watch = watch;
        } else {
            any_left = any_left || watch->range.start >> FAST_LINE_BITS == line;
            place = &watch->next;
        }
    }
    if (!any_left)
        fast->lines[line] &= (uint8_t)~FAST_LINE_TRANSLATION;
}

void machine_fast_forget_translations(struct fast *fast, uint32_t address, uint32_t length)
{
    uint64_t end = (uint64_t)address + length;
    for (uint64_t line = address >> FAST_LINE_BITS; line << FAST_LINE_BITS < end; line++)
        if (fast->lines[line] & FAST_LINE_TRANSLATION)
            forget_in_line(fast, (uint32_t)line, address, end);
}

void machine_fast_forget_all_translations(struct fast *fast)
{
    for (unsigned i = 0; i < FAST_WATCH_HASH; i++) {
        for (struct fast_watch *watch = fast->watch_hash[i]; watch; watch = watch->next) {
            forget(watch->translation);
            fast->lines[watch->range.start >> FAST_LINE_BITS] &= (uint8_t)~FAST_LINE_TRANSLATION;
        }
        fast->watch_hash[i] = NULL;
    }
    fast->free_watch = NULL;
    fast->watch_count = 0;
}

/* ---- Making translations ----------------------------------------------------------------------------------------- */

static bool proves(struct fast_proof *proof, uint32_t first, uint32_t last)
{
    proof->first = first;
    proof->last = last;
    return machine_fast_prove(proof);
}

/* Proves a translation for a page around the address, or for half of one, and so on: an access is the shortest. */
static bool find_extent(struct fast_proof *proof, uint32_t address)
{
    uint64_t greatest = UINT64_MAX >> (64 - isa_word_bits(proof->isa));
    if (!proves(proof, address, address))
        return false; /* it traps: the most usual reason for all others to fail, too */
    for (unsigned bits = FAST_PAGE_BITS; bits > 0; bits--) {
        uint32_t mask = (UINT32_C(1) << bits) - 1, first = address & ~mask, end = address | mask;
        if (end - address >= proof->size - 1 && end <= greatest && proves(proof, first, end - (proof->size - 1)))
            return true;
    }
    return proves(proof, address, address);
}

static struct fast_translation *place_for(struct fast *fast, uint32_t address, unsigned access)
{
    struct fast_context *context = fast->current;
    if (!context->translations[access]) {
        context->translations[access] = calloc(FAST_TRANSLATIONS, sizeof *context->translations[access]);
        if (!context->translations[access])
            return NULL;
        fast->hot->translations[access] = context->translations[access];
    }
    return &context->translations[access][address >> FAST_PAGE_BITS & (FAST_TRANSLATIONS - 1)];
}

/* Keeps what was proved. Translations of other sizes that stand there stay, when they are the same. */
static bool keep(struct fast *fast, const struct fast_proof *proof)
{
    struct fast_translation *translation = place_for(fast, proof->first, proof->access);
    if (!translation)
        return false;
    uintptr_t host = (uintptr_t)fast->hot->memory + (uintptr_t)(intptr_t)proof->distance;
    for (unsigned i = 0; i < proof->load_count; i++)
        if (!watch(fast, proof->loads[i], translation)) {
            machine_fast_forget_all_translations(fast);
            return false;
        }
    if (translation->start != proof->first || translation->host != host)
        forget(translation);
    translation->start = proof->first;
    translation->host = host;
    translation->reach[__builtin_ctz(proof->size)] = proof->last - proof->first + 1;
    return true;
}

static bool translate(struct fast *fast, const struct fast_missed *missed)
{
    struct fast_proof proof = {.isa = fast->machine->isa,
                               .state = fast->hot->state,
                               .memory = fast->hot->memory,
                               .memory_size = fast->hot->memory_size,
                               .size = missed->bytes,
                               .access = missed->access};
    return find_extent(&proof, missed->address) && keep(fast, &proof);
}

/* An operation whose first instruction missed has done nothing yet, so it can begin again; once, since the translation of
 * one access may have to give way to that of another one. */
void machine_fast_translate(FAST_ARGUMENTS)
{
    struct fast *fast = hot->engine;
    const struct fast_operation *again = operation;
    bool is_again = fast->translated_operation == operation && fast->translated_budget == budget;
    if (is_again || !translate(fast, &hot->missed) || hot->missed.part != 0) {
        fast->translated_operation = NULL;
        machine_fast_leave(operation, hot, window, hot->missed.part, budget);
        return;
    }
    fast->translated_operation = operation;
    fast->translated_budget = budget;
    again->handler(again, hot, window, accumulator, budget);
}

/* ---- Making and unmaking ----------------------------------------------------------------------------------------- */

/* Untouched, both take no memory. */
bool machine_fast_make_translations(struct fast *fast)
{
    fast->nothing = calloc(FAST_TRANSLATIONS, sizeof *fast->nothing);
    fast->watches = malloc(FAST_MOST_WATCHES * sizeof *fast->watches);
    for (unsigned i = 0; i < 4; i++)
        fast->hot->translations[i] = fast->nothing;
    return fast->nothing && fast->watches;
}

void machine_fast_free_translations(struct fast *fast)
{
    free(fast->nothing);
    free(fast->watches);
}
