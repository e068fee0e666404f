/* block.c: translating, one word for one, and keeping account of it.
 *
 * A block is what is translated at a time: from the word at which the guest has arrived up to a jump that is always
 * taken. Each arrival costs a trap, so short blocks take some of what follows along. A word is copied if that is
 * harmless, replaced where something ordinary does the same, and else left what it is in a page that nobody has
 * translated: a call-out.
 *
 * SPDX-License-Identifier: MIT-0 */

#include "translation.h"

enum { LEAST_WORDS = 32 };

struct translation_statistics translation_statistics;
static struct translation_block blocks[MOST_BLOCKS];

/* Others look for it; nobody here reads it. */
__attribute__((used, externally_visible)) struct translation_cache translation_cache = {
    .magic = TRANSLATION_MAGIC, .version = TRANSLATION_VERSION,
    .page_count = CACHE_PAGES, .page_size = sizeof(struct translated),
    .block_capacity = MOST_BLOCKS, .block_size = sizeof(struct translation_block),
};

void block_start(void)
{
    translation_cache.pages = (uint32_t)(uintptr_t)cache_pages;
    translation_cache.words = (uint32_t)(uintptr_t)cache_words;
    translation_cache.blocks = (uint32_t)(uintptr_t)blocks;
    translation_cache.statistics = (uint32_t)(uintptr_t)&translation_statistics;
    translation_cache.call_out = class_call_out();
}

static void keep_account(const struct translated *translated, unsigned first, unsigned length)
{
    unsigned page = (unsigned)(translated - cache_pages);

    blocks[translation_cache.block_count++ % MOST_BLOCKS] =
        (struct translation_block){ translated->page * VMM_PAGE + first * 4, (uint16_t)page, (uint16_t)length,
                                    translated->generation };
    translation_statistics.blocks++;
}

/* A word that is not harmless. */
static enum why translate_other(struct translated *translated, const struct instruction_class *class, unsigned number,
                                uint32_t *to)
{
    unsigned mode = translated->mode;
    uint32_t word = block_source(translated)[number];
    enum why why = WHY_CALL_OUT;

    if (class->may_be_replaced)
        why = replace(cache_guest(translated), mode, translated->page * VMM_PAGE + number * 4, &word);
    if (why == WHY_CALL_OUT && class->in[mode] == CLASS_TRAPS)
        why = WHY_TRAPS;
    else if (why == WHY_CALL_OUT)
        word = class_call_out();
    *to = word;
    translated->assumed |= why & WHY_ASSUMED;
    return why;
}

/* A word that is not simply copied. Returns whether what follows it is reached. */
static bool translate_word(struct translated *translated, unsigned number)
{
    uint32_t word = block_source(translated)[number], *to = &cache_words[translated - cache_pages][number];
    const struct instruction_class *class = class_of(word, translated->mode);
    enum why why = WHY_COPIED;

    *to = word;
    if (class->in[translated->mode] != CLASS_HARMLESS)
        why = translate_other(translated, class, number, to);
    translated->why[number] = (uint8_t)why;
    translation_statistics.words[why % WHY_ASSUMED]++;
    return !class->jumps;
}

/* Words that are simply copied, as many as there are. */
static unsigned copy(struct translated *translated, unsigned number)
{
    const uint32_t *from = block_source(translated) + number, *start = from, *end = from + (CACHE_WORDS - number);
    uint32_t *to = &cache_words[translated - cache_pages][number], word;
    uint8_t *why = &translated->why[number];
    unsigned mode = translated->mode;

    for (; from < end && *why == WHY_NOT_YET && class_is_plain(word = *from, mode); from++, why++) {
        *to++ = word;
        *why = WHY_COPIED;
    }
    translation_statistics.words[WHY_COPIED] += (uint32_t)(from - start);
    return (unsigned)(from - start);
}

void block_translate(struct translated *translated, unsigned number)
{
    unsigned first = number, end = number + LEAST_WORDS;

    for (bool goes_on = true; goes_on || number < end; number++) {
        number += copy(translated, number);
        if (number == CACHE_WORDS || translated->why[number] != WHY_NOT_YET)
            break;
        goes_on = translate_word(translated, number);
    }
    keep_account(translated, first, number - first);
}

void block_forget_word(struct translated *translated, unsigned number)
{
    cache_words[translated - cache_pages][number] = class_call_out();
    cache_programs[cache_number(translated, number)] = NULL;
    translated->why[number] = WHY_NOT_YET;
}
