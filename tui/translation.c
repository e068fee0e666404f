/* translation.c: what a binary translator has made of its guest's code, block by block, read from its cache in the
 * memory of the machine (vmm/binary_translation/cache_map.h). */
#include "tui/machine.h"
#include "vmm/binary_translation/cache_map.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    WORD = 4,
    LEAST_WORD_COLUMNS = 20,
    MOST_WORD_COLUMNS = 40,
    WHY_COLUMNS = 40,
    LIST_COLUMNS = 30,
    WIDE = 112,
    HEAD_LINES = 5,
    MOST_JUMPS = 8
};

/* The cache, as it is now. */
struct cache {
    const struct tui_machine *screen;
    uint32_t start; /* of the monitor's memory */
    struct translation_cache map;
    struct translation_statistics statistics;
    unsigned count;                   /* of blocks that are kept, the oldest first */
    struct translation_block *blocks;
    int chosen;                       /* a block, or -1: there is none */
    struct translated page;           /* its page */
    int word_columns;                 /* for an instruction, as wide as the screen allows */
};

/* ---- Reading it -------------------------------------------------------------------------------------------------- */

static bool read_memory(const struct cache *cache, uint32_t address, void *to, uint32_t length)
{
    return machine_read(cache->screen->machine, cache->start + address, to, length);
}

/* The innermost monitor that has a cache. */
static bool find_map(struct cache *cache)
{
    uint32_t address = 0;
    bool is_found = false;
    for (unsigned i = 0; i < lab_programs_count(cache->screen->programs); i++) {
        const struct lab_program *program = lab_programs_at(cache->screen->programs, i);
        if (program->is_guest || !machine_image_address(program->image, "translation_cache", &address))
            continue;
        cache->start = program->start;
        is_found = read_memory(cache, address, &cache->map, sizeof cache->map);
    }
    return is_found;
}

static bool read_page(const struct cache *cache, unsigned number, struct translated *page)
{
    return number < cache->map.page_count &&
           read_memory(cache, cache->map.pages + number * cache->map.page_size, page, sizeof *page);
}

static void read_blocks(struct cache *cache)
{
    uint32_t all = cache->map.block_count, capacity = cache->map.block_capacity;
    cache->count = all < capacity ? all : capacity;
    cache->blocks = calloc(cache->count + 1, sizeof *cache->blocks);
    if (cache->blocks == NULL)
        abort();
    for (unsigned i = 0; i < cache->count; i++) {
        uint32_t place = (all - cache->count + i) % capacity;
        read_memory(cache, cache->map.blocks + place * cache->map.block_size, &cache->blocks[i],
                    sizeof cache->blocks[i]);
    }
}

static bool is_valid(const struct cache *cache, const struct translation_block *block)
{
    struct translated page;
    return read_page(cache, block->page, &page) && page.generation == block->generation &&
           (page.state == PAGE_TRANSLATED || page.state == PAGE_SHOWN);
}

/* The newest block that has an address on this page of the cache; -1 if none has. */
static int block_at(const struct cache *cache, uint32_t pc, int page)
{
    for (int i = (int)cache->count; i-- > 0;) {
        const struct translation_block *block = &cache->blocks[i];
        if ((page < 0 || block->page == page) && pc - block->pc < (uint32_t)block->length * WORD &&
            is_valid(cache, block))
            return i;
    }
    return -1;
}

/* The block that the processor is in, where it executes the cache; else the newest. */
static int block_here(const struct cache *cache)
{
    uint32_t word, physical;
    if (machine_next_word(cache->screen->machine, &word, &physical)) {
        uint32_t page = (physical - cache->start - cache->map.words) / CACHE_PAGE;
        int here = page < cache->map.page_count ? block_at(cache, machine_pc(cache->screen->machine), (int)page) : -1;
        if (here >= 0)
            return here;
    }
    return (int)cache->count - 1;
}

/* False where there is no cache, or it was not set up yet. To be closed in any case. */
static bool open_cache(struct cache *cache, const struct tui_machine *screen)
{
    *cache = (struct cache){.screen = screen, .chosen = -1};
    if (!find_map(cache) || cache->map.magic != TRANSLATION_MAGIC || cache->map.version != TRANSLATION_VERSION)
        return false;
    read_memory(cache, cache->map.statistics, &cache->statistics, sizeof cache->statistics);
    read_blocks(cache);
    int last = (int)cache->count - 1;
    cache->chosen = screen->translated < 0 ? block_here(cache) : screen->translated > last ? last : screen->translated;
    return cache->chosen < 0 || read_page(cache, cache->blocks[cache->chosen].page, &cache->page);
}

static void close_cache(struct cache *cache) { free(cache->blocks); }

/* ---- Jumps ------------------------------------------------------------------------------------------------------- */

/* Where an instruction jumps that names its target by the distance; false for others. */
static bool jump_target(const struct isa *isa, uint32_t word, uint32_t pc, uint32_t *target)
{
    const struct isa_instruction *instruction = isa_decode(isa, word);
    for (unsigned i = 0; instruction != NULL && i < instruction->field_count; i++) {
        const struct isa_field *field = &instruction->fields[i];
        if (field->kind != ISA_RELATIVE)
            continue;
        uint32_t value = isa_field_get(field, word), sign = UINT32_C(1) << (field->width - 1);
        *target = pc + ((value ^ sign) - sign);
        return true;
    }
    return false;
}

static uint32_t translated_word(const struct cache *cache, const struct translation_block *block, unsigned number)
{
    uint32_t word = 0, place = (block->pc % CACHE_PAGE) + number * WORD;
    read_memory(cache, cache->map.words + block->page * CACHE_PAGE + place, &word, sizeof word);
    return word;
}

/* Blocks that jump into this one. */
static unsigned find_sources(const struct cache *cache, int sources[MOST_JUMPS])
{
    const struct translation_block *to = &cache->blocks[cache->chosen];
    unsigned count = 0;
    for (int i = 0; i < (int)cache->count && count < MOST_JUMPS; i++) {
        const struct translation_block *from = &cache->blocks[i];
        bool jumps = false;
        for (unsigned k = 0; k < from->length && !jumps && i != cache->chosen; k++) {
            uint32_t target, pc = from->pc + k * WORD;
            jumps = jump_target(cache->screen->isa, translated_word(cache, from, k), pc, &target) &&
                    target - to->pc < (uint32_t)to->length * WORD;
        }
        if (jumps && is_valid(cache, from))
            sources[count++] = i;
    }
    return count;
}

/* ---- Putting it -------------------------------------------------------------------------------------------------- */

static const struct {
    enum tui_style style;
    const char *text;
} reasons[WHYS] = {
    [WHY_NOT_YET] = {TUI_WARNING, "forgotten: it changed"}, /* in a block, all was translated once */
    [WHY_COPIED] = {TUI_GUEST, "kept: harmless"},
    [WHY_TRAPS] = {TUI_GUEST, "kept: traps by itself"},
    [WHY_CALL_OUT] = {TUI_TRAP, "call-out: sensitive"},
    [WHY_CONSTANT] = {TUI_MONITOR, "replaced: a constant here"},
    [WHY_MOVE] = {TUI_MONITOR, "replaced: a register here"},
    [WHY_NOTHING] = {TUI_MONITOR, "replaced: changes nothing"},
    [WHY_JUMP] = {TUI_MONITOR, "replaced: a jump here"},
};

static const struct machine_image *guest_image(const struct tui_machine *screen)
{
    for (unsigned i = 0; i < lab_programs_count(screen->programs); i++)
        if (lab_programs_at(screen->programs, i)->is_guest)
            return lab_programs_at(screen->programs, i)->image;
    return NULL;
}

static const char *symbol(void *context, uint32_t address, uint32_t *offset)
{
    return context != NULL ? machine_image_symbol(context, address, offset) : NULL;
}

static void put_word(const struct cache *cache, struct tui_text *text, enum tui_style style, uint32_t word, uint32_t pc)
{
    char assembly[96];
    const struct machine_image *image = guest_image(cache->screen);
    bool is_wide = cache->word_columns > LEAST_WORD_COLUMNS + 8; /* names of targets are long */
    isa_disassemble(cache->screen->isa, word, pc, is_wide ? symbol : NULL, (void *)(uintptr_t)image, assembly,
                    sizeof assembly);
    tui_put(text, style, "%-*.*s ", cache->word_columns, cache->word_columns, assembly);
}

/* Where a jump leads: a block, this one, or code that is not translated yet. */
static void put_target(struct tui *tui, const struct cache *cache, struct tui_text *text, uint32_t target)
{
    const char *arrow = tui_glyph(tui->terminal, TUI_ARROW);
    int to = block_at(cache, target, -1);
    if (to < 0)
        tui_put(text, TUI_MONITOR, " %snew", arrow);
    else if (to == cache->chosen)
        tui_put(text, TUI_DIM, " %sthis", arrow);
    else
        tui_put(text, TUI_MONITOR, " %s%d", arrow, to + 1);
}

/* What stands in the place of a word of the guest's, and why. */
static void put_made(struct tui *tui, const struct cache *cache, struct tui_text *text, uint32_t guest, uint32_t made,
                     uint32_t pc)
{
    unsigned why = cache->page.why[pc % CACHE_PAGE / WORD], reason = why % WHY_ASSUMED;
    bool calls = reason == WHY_CALL_OUT || reason == WHY_NOT_YET;
    uint32_t target;
    if (cache->page.state == PAGE_GUARDED || cache->page.state == PAGE_LEFT_ALONE) {
        tui_put(text, TUI_DIM, "%-*s executed where it is", cache->word_columns, "(the same)");
        return;
    }
    if (calls)
        tui_put(text, reasons[reason].style, "%-*s ", cache->word_columns, "(calls the monitor)");
    else
        put_word(cache, text, guest == made ? TUI_DIM : TUI_STRONG, made, pc);
    if (reason < WHYS)
        tui_put(text, reasons[reason].style, "%s", reasons[reason].text);
    if (why & WHY_ASSUMED)
        tui_put(text, TUI_DIM, ", assumed");
    if (!calls && jump_target(cache->screen->isa, made, pc, &target))
        put_target(tui, cache, text, target);
}

static void put_line(struct tui *tui, const struct cache *cache, struct tui_text *text, unsigned number)
{
    const struct translation_block *block = &cache->blocks[cache->chosen];
    uint32_t pc = block->pc + number * WORD, offset = pc % CACHE_PAGE, guest = 0, word, physical;
    uint32_t translation = cache->start + cache->map.words + block->page * CACHE_PAGE + offset;
    bool is_here = machine_next_word(cache->screen->machine, &word, &physical) &&
                   machine_pc(cache->screen->machine) == pc &&
                   (physical == translation || physical == cache->start + cache->page.source + offset);
    read_memory(cache, cache->page.source + offset, &guest, sizeof guest);
    tui_put(text, TUI_TRAP, "%s", is_here ? tui_glyph(tui->terminal, TUI_ARROW) : " ");
    tui_put(text, TUI_DIM, "%08" PRIx32 " ", pc);
    put_word(cache, text, is_here ? TUI_STRONG : TUI_PLAIN, guest, pc);
    tui_put(text, TUI_DIM, "%s ", tui_glyph(tui->terminal, TUI_VERTICAL));
    put_made(tui, cache, text, guest, translated_word(cache, block, number), pc);
    tui_put(text, TUI_PLAIN, "\n");
}

static void put_state(const struct cache *cache, struct tui_text *text)
{
    static const char *const states[] = {"free",
                                         "translated",
                                         "shown: the guest reads its data there",
                                         "resting: the guest writes there",
                                         "guarded: executed where it is",
                                         "left alone"};
    const struct translation_block *block = &cache->blocks[cache->chosen];
    uint32_t offset = 0;
    const struct machine_image *image = guest_image(cache->screen);
    const char *name = image != NULL ? machine_image_symbol(image, block->pc, &offset) : NULL;
    tui_put(text, TUI_STRONG, " block %d of %u", cache->chosen + 1, cache->count);
    tui_put(text, TUI_PLAIN, "  %08" PRIx32, block->pc);
    if (name != NULL)
        tui_put(text, TUI_DIM, offset ? " %s+0x%" PRIx32 : " %s", name, offset);
    tui_put(text, TUI_PLAIN, "  %s mode", cache->page.mode ? "user" : "supervisor");
    if (block->generation != cache->page.generation)
        tui_put(text, TUI_WARNING, "  gone: its page was begun anew");
    else
        tui_put(text, cache->page.state == PAGE_TRANSLATED ? TUI_DIM : TUI_CHANGED, "  %s",
                cache->page.state < sizeof states / sizeof states[0] ? states[cache->page.state] : "");
    tui_put(text, TUI_PLAIN, "\n");
}

static void put_chaining(struct tui *tui, const struct cache *cache, struct tui_text *text)
{
    int sources[MOST_JUMPS];
    unsigned count = find_sources(cache, sources);
    tui_put(text, TUI_DIM, " chained from");
    for (unsigned i = 0; i < count; i++)
        tui_put(text, TUI_MONITOR, " %d%s", sources[i] + 1, tui_glyph(tui->terminal, TUI_ARROW));
    tui_put(text, TUI_DIM, count == 0 ? " no block by a relative jump\n" : "\n");
}

static void put_summary(const struct cache *cache, struct tui_text *text)
{
    const struct translation_statistics *all = &cache->statistics;
    uint32_t kept = all->words[WHY_COPIED] + all->words[WHY_TRAPS];
    uint32_t replaced =
        all->words[WHY_CONSTANT] + all->words[WHY_MOVE] + all->words[WHY_NOTHING] + all->words[WHY_JUMP];
    tui_put(text, TUI_PLAIN, " %" PRIu32 " words kept, %" PRIu32 " replaced, %" PRIu32 " call-outs, ", kept, replaced,
            all->words[WHY_CALL_OUT]);
    tui_put(text, all->stored > 0 ? TUI_CHANGED : TUI_PLAIN, "%" PRIu32 " forgotten", all->stored);
    tui_put(text, TUI_DIM, "; %" PRIu32 " pages, %" PRIu32 " at rest", all->pages, all->rested);
    if (tui_columns() >= WIDE)
        tui_put(text, TUI_DIM, ", %" PRIu32 " left alone, %" PRIu32 " flushes", all->left_alone, all->flushes);
    tui_put(text, TUI_PLAIN, "\n");
}

static void draw_list(const struct tui *tui, const struct cache *cache, int top, int lines)
{
    struct tui_text text;
    int first = cache->chosen - lines / 2;
    first = first + lines > (int)cache->count ? (int)cache->count - lines : first;
    first = first < 0 ? 0 : first;
    tui_text_open(&text);
    for (int i = first; i < first + lines && i < (int)cache->count; i++) {
        const struct translation_block *block = &cache->blocks[i];
        bool is_good = is_valid(cache, block);
        tui_put(&text, TUI_TRAP, " %s", i == cache->chosen ? tui_glyph(tui->terminal, TUI_ARROW) : " ");
        tui_put(&text,
                !is_good             ? TUI_DIM
                : i == cache->chosen ? TUI_STRONG
                                     : TUI_PLAIN,
                "%5d  %08" PRIx32 " %4d words%s\n", i + 1, block->pc, block->length, is_good ? "" : " gone");
    }
    tui_draw(tui->terminal, top, tui_columns() - LIST_COLUMNS, lines, LIST_COLUMNS, &text);
    tui_text_free(&text);
}

/* ---- The screen -------------------------------------------------------------------------------------------------- */

static void put_title(const struct tui_machine *screen, struct tui_text *text)
{
    tui_put(text, TUI_TITLE, " %s  translation cache   %s", isa_name(screen->isa), screen->title);
    for (int i = 0; i < tui_columns(); i++)
        tui_put(text, TUI_TITLE, " ");
    tui_put(text, TUI_PLAIN, "\n");
}

static void put_block(struct tui *tui, const struct cache *cache, struct tui_text *text, int lines)
{
    const struct translation_block *block = &cache->blocks[cache->chosen];
    int first = cache->screen->translation_line, last = block->length - lines;
    first = first > last ? last : first;
    put_summary(cache, text);
    put_state(cache, text);
    put_chaining(tui, cache, text);
    tui_put(text, TUI_DIM, "  %-*s %s %-*s %s\n", cache->word_columns + 8, "guest",
            tui_glyph(tui->terminal, TUI_VERTICAL), cache->word_columns, "in its place", "what and why");
    for (int i = first < 0 ? 0 : first; i < block->length && lines-- > 0; i++)
        put_line(tui, cache, text, (unsigned)i);
}

static void paint(struct tui *tui, void *state)
{
    struct tui_machine *screen = state;
    struct cache cache;
    struct tui_text text;
    int lines = tui_lines() - 1, columns = tui_columns();
    bool is_there = open_cache(&cache, screen) && cache.chosen >= 0, has_list = is_there && columns >= WIDE;
    tui_text_open(&text);
    put_title(screen, &text);
    tui_draw(tui->terminal, 0, 0, 1, columns, &text);
    tui_text_free(&text);
    cache.word_columns = ((has_list ? columns - LIST_COLUMNS : columns) - WHY_COLUMNS) / 2;
    cache.word_columns = cache.word_columns > MOST_WORD_COLUMNS ? MOST_WORD_COLUMNS : cache.word_columns;
    tui_text_open(&text);
    if (is_there)
        put_block(tui, &cache, &text, lines - HEAD_LINES);
    else
        tui_put(&text, TUI_DIM, "\n Nothing has been translated yet. s steps, r runs on.\n");
    tui_draw(tui->terminal, 1, 0, lines - 1, has_list ? columns - LIST_COLUMNS : columns, &text);
    tui_text_free(&text);
    if (has_list)
        draw_list(tui, &cache, 1, lines - 1);
    close_cache(&cache);
    tui->cursor_line = HEAD_LINES;
    tui->cursor_column = 0;
}

/* To the block that the last jump of this one leads to. */
static void follow(struct tui *tui, struct tui_machine *screen, const struct cache *cache)
{
    int to = -1;
    const struct translation_block *block = &cache->blocks[cache->chosen];
    for (unsigned i = 0; i < block->length; i++) {
        uint32_t target;
        int there = jump_target(screen->isa, translated_word(cache, block, i), block->pc + i * WORD, &target)
                        ? block_at(cache, target, -1) : -1;
        to = there >= 0 && there != cache->chosen ? there : to;
    }
    if (to >= 0)
        screen->translated = to;
    else
        tui_say(tui, "No jump of this block leads to another one.");
}

static void search(struct tui *tui, struct tui_machine *screen, const struct cache *cache)
{
    char answer[64];
    struct tui_found found;
    if (!tui_ask(tui, "The block at (address or name):", answer, sizeof answer))
        return;
    const struct machine_image *image = guest_image(screen); /* whose names go before: blocks are of the guest */
    bool is_found = (image != NULL && machine_image_address(image, answer, &found.address)) || tui_machine_find(screen, answer, &found);
    int there = is_found ? block_at(cache, found.address, -1) : -1;
    if (there >= 0)
        screen->translated = there;
    else
        tui_say(tui, "Nothing is translated at '%s'.", answer);
}

static bool command(struct tui *tui, void *state, enum tui_command command)
{
    struct tui_machine *screen = state;
    struct cache cache;
    bool is_there = open_cache(&cache, screen) && cache.chosen >= 0, is_known = true;
    int page = tui_lines() / 2;
    switch (command) {
    case TUI_UP: case TUI_DOWN:
        screen->translated =
            cache.chosen + (command == TUI_UP ? -(cache.chosen > 0) : cache.chosen + 1 < (int)cache.count);
        screen->translation_line = 0;
        break;
    case TUI_PAGE_UP:
        screen->translation_line -= screen->translation_line < page ? screen->translation_line : page;
        break;
    case TUI_PAGE_DOWN: screen->translation_line += page; break;
    case TUI_HERE: screen->translated = -1; break;
    case TUI_CHOOSE: case TUI_SEARCH:
        if (!is_there)
            tui_say(tui, "Nothing has been translated yet.");
        else if (command == TUI_CHOOSE)
            follow(tui, screen, &cache);
        else
            search(tui, screen, &cache);
        break;
    default:
        screen->translated = -1;
        screen->translation_line = 0;
        is_known = tui_machine_command(tui, screen, command);
    }
    close_cache(&cache);
    return is_known;
}

static void *translation_state(struct tui *tui)
{
    struct tui_machine *screen = tui_current_machine(tui);
    struct cache cache = {.screen = screen};
    if (screen == NULL || find_map(&cache))
        return screen;
    tui_say(tui, "No monitor of this machine has a translation cache: try --vmm binary_translation.");
    return NULL;
}

static const enum tui_command bar[] = {TUI_STEP, TUI_STEP_BACK, TUI_STEP_OVER, TUI_RUN,          TUI_UP,
                                       TUI_DOWN, TUI_CHOOSE,    TUI_HERE,      TUI_SHOW_MACHINE, TUI_NOTHING};

const struct tui_screen tui_translation_screen = {
    .name = "translation cache",
    .what = "Each block of the guest beside what the binary translator has made of it: what was kept, what was "
            "replaced, and why.",
    .place = TUI_ON_TRANSLATION,
    .keys = bar,
    .state = translation_state,
    .paint = paint,
    .command = command,
    .pace = tui_machine_pace,
    .tick = tui_machine_tick,
};
