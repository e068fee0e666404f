/* frames.c: for refute.c, two states that differ in R and physical memory, and hold the same at the same virtual
 * addresses. Where `translate` reads nothing but R, random values of R do. Where it reads memory, R has to lead to a table.
 * Nothing is known of its form; but `translate` can be executed, and seen what it loads. So each word that it loads is
 * changed, until the virtual address leads where it should; then a bit is turned here and there, and a page put at memory's
 * end or beyond. Both states have the same pages, in other places, under other rights.
 *
 * Frames are moved and not merged: two pages have one frame in both states or in neither. */
#include "classifier/concrete.h"

#include <string.h>

enum {
    SMALL = 512, LONGEST = 32768, /* bytes of memory, without and with pages */
    PAGES = 4, TABLES = 4,        /* the frames below belong to the tables, the next four to the pages */
    EDGE = 16,                    /* bytes at either end of a page that hold something */
    TRIES = 96,
    NOWHERE = -1
};

struct maker {
    const struct isa *isa;
    struct pool *pool;
    uint64_t random;
    unsigned page_bits; /* 0: there is no table */
};

static uint32_t random_word(struct maker *m)
{
    return (uint32_t)(isa_random(&m->random) >> 32);
}

static uint32_t ones(unsigned width)
{
    return UINT32_MAX >> (32 - width);
}

static struct concrete state_of(const struct frames *frames, unsigned which)
{
    return (struct concrete){.slots = frames->slots[which], .memory_size = frames->sizes[which],
                             .dense = frames->memory[which], .dense_size = frames->sizes[which]};
}

struct concrete classifier_frame_state(const struct frames *frames, unsigned which)
{
    return state_of(frames, which);
}

/* ---- R ----------------------------------------------------------------------------------------------------------- */

static uint32_t choose_relocation(struct maker *m, unsigned width)
{
    unsigned kind = random_word(m) % 8;
    return (kind == 0 ? random_word(m) : kind == 1 ? ones(width) : random_word(m) % 9 * 16) & ones(width);
}

static void choose_slots(struct maker *m, uint32_t *slots)
{
    for (unsigned i = 0; i < isa_state_count(m->isa); i++) {
        const struct isa_state *s = isa_state_at(m->isa, i);
        for (unsigned k = 0; k < s->count && s->role == ISA_ROLE_RELOCATION; k++)
            slots[s->slot + k] = choose_relocation(m, s->width);
    }
}

/* Values for which `translate` loads something for the first page and the last; false where none is found. */
static bool choose_table(struct maker *m, const struct frames *frames, unsigned which)
{
    struct concrete state = state_of(frames, which);
    for (unsigned i = 0; i < TRIES; i++) {
        choose_slots(m, state.slots);
        bool good = true;
        for (uint32_t page = 0; page < PAGES && good; page += PAGES - 1) {
            struct loaded loaded;
            uint32_t at;
            classifier_translate_loads(m->isa, &state, page << m->page_bits, ACCESS_LOAD, &at, &loaded);
            good = loaded.count > 0 && loaded.addresses[0] + 4 < (uint32_t)TABLES << m->page_bits;
        }
        if (good)
            return true;
    }
    return false;
}

/* ---- Tables ------------------------------------------------------------------------------------------------------ */

static uint32_t read_word(const struct frames *frames, unsigned which, uint32_t address)
{
    uint32_t word;
    memcpy(&word, &frames->memory[which][address], sizeof word);
    return word;
}

static void write_word(struct frames *frames, unsigned which, uint32_t address, uint32_t word)
{
    memcpy(&frames->memory[which][address], &word, sizeof word);
}

/* Changes words that are loaded on the way until the address leads to `wanted`, or, where that is NOWHERE, anywhere. A change
 * stays if the way is not shorter than before. */
static bool lead(struct maker *m, struct frames *frames, unsigned which, uint32_t address, unsigned access, int64_t wanted)
{
    struct concrete state = state_of(frames, which);
    struct loaded before, after;
    uint32_t at;
    uint32_t low = ones(m->page_bits != 0 ? m->page_bits : 12);
    for (unsigned i = 0; i < TRIES; i++) {
        bool good = classifier_translate_loads(m->isa, &state, address, access, &at, &before);
        if (good && (wanted == NOWHERE || at == (uint64_t)wanted))
            return true;
        if (before.count == 0)
            return false;
        uint32_t place = before.addresses[before.count - 1 - (random_word(m) % 8 == 0 ? random_word(m) % before.count : 0)];
        if (place % 4 != 0 || place + 4 > frames->sizes[which])
            return false;
        uint32_t old = read_word(frames, which, place);
        uint32_t target = wanted == NOWHERE || random_word(m) % 2 ? random_word(m) % TABLES * (low + 1) : (uint32_t)wanted;
        write_word(frames, which, place, (target & ~low) | ((random_word(m) % 4 ? 0xff : random_word(m)) & low));
        good = classifier_translate_loads(m->isa, &state, address, access, &at, &after);
        if (!good && after.count < before.count)
            write_word(frames, which, place, old);
    }
    return false;
}

/* The smallest distance of two addresses that take different words, and the largest that a page can have here; 0 where
 * `translate` loads nothing. */
static unsigned find_page_bits(struct maker *m, struct frames *frames)
{
    for (unsigned i = 0; i < 2 * TRIES; i++) {
        struct concrete state = state_of(frames, 0);
        struct loaded first, other;
        uint32_t at;
        memset(frames->memory[0], 0, LONGEST);
        choose_slots(m, state.slots);
        if (classifier_translate_loads(m->isa, &state, 0, ACCESS_LOAD, &at, &first) || first.count == 0 ||
            !lead(m, frames, 0, 0, ACCESS_LOAD, NOWHERE))
            continue;
        classifier_translate_loads(m->isa, &state, 0, ACCESS_LOAD, &at, &first);
        for (unsigned k = 6; k < 13 && k < isa_word_bits(m->isa); k++) {
            classifier_translate_loads(m->isa, &state, (uint32_t)1 << k, ACCESS_LOAD, &at, &other);
            if (other.count > 0 && memcmp(&first, &other, sizeof first) != 0)
                return k;
        }
    }
    return 0;
}

/* ---- Pairs ------------------------------------------------------------------------------------------------------- */

/* A virtual address at which something may stand, the `number`th; false beyond the last. */
static bool address_numbered(const struct maker *m, unsigned number, uint32_t *address)
{
    if (m->page_bits == 0) {
        *address = number;
        return number < SMALL && number <= ones(isa_word_bits(m->isa));
    }
    unsigned page = number / (2 * EDGE), k = number % (2 * EDGE);
    *address = (page << m->page_bits) + (k < EDGE ? k : (1u << m->page_bits) - 2 * EDGE + k);
    return page < PAGES;
}

/* Gives the second state what the first holds, virtual address by virtual address. False where a byte of the one would be
 * two of the other: then the frames are no pair. */
static bool relate(const struct maker *m, struct frames *frames)
{
    struct concrete states[2] = {state_of(frames, 0), state_of(frames, 1)};
    uint32_t size = frames->sizes[0] > frames->sizes[1] ? frames->sizes[0] : frames->sizes[1], va;
    uint32_t *partner[2];
    for (unsigned i = 0; i < 2; i++)
        partner[i] = classifier_allocate(m->pool, (size + 1) * sizeof(uint32_t));
    for (unsigned number = 0; address_numbered(m, number, &va); number++)
        for (unsigned access = ACCESS_FETCH; access < ACCESSES; access++) {
            uint32_t at[2];
            if (!classifier_translates(m->isa, &states[0], va, access, &at[0]) ||
                !classifier_translates(m->isa, &states[1], va, access, &at[1]))
                continue;
            if (at[0] >= frames->sizes[0] || at[1] >= frames->sizes[1])
                return false;
            for (unsigned i = 0; i < 2; i++) {
                if (partner[i][at[i]] != 0 && partner[i][at[i]] != at[!i] + 1)
                    return false;
                partner[i][at[i]] = at[!i] + 1;
            }
            if (m->page_bits != 0 && at[1] < (uint32_t)TABLES << m->page_bits && frames->memory[0][at[0]] != frames->memory[1][at[1]])
                return false; /* it would change the table */
            frames->memory[1][at[1]] = frames->memory[0][at[0]];
        }
    return true;
}

static void fill(struct maker *m, struct frames *frames)
{
    for (unsigned which = 0; which < 2; which++) {
        if (m->page_bits == 0)
            for (unsigned i = 0; i < SMALL; i++)
                frames->memory[which][i] = (uint8_t)random_word(m);
        for (unsigned page = 0; page < PAGES && m->page_bits != 0; page++)
            for (unsigned k = 0; k < EDGE; k++) {
                uint8_t *start = &frames->memory[which][(TABLES + page) << m->page_bits];
                start[k] = (uint8_t)random_word(m);
                start[(1u << m->page_bits) - 1 - k] = (uint8_t)random_word(m);
            }
    }
}

/* Frames of four pages in a random order, two of them in one frame now and then; and in one state a right withdrawn, a page
 * beyond memory, or a memory that ends within the last. */
static bool make_pages(struct maker *m, struct frames *frames)
{
    unsigned alias = random_word(m) % 4 == 0 ? 1 + random_word(m) % (PAGES - 1) : 0, page_size = 1u << m->page_bits;
    for (unsigned which = 0; which < 2; which++) {
        unsigned order[PAGES] = {0, 1, 2, 3};
        for (unsigned i = PAGES - 1; i > 0; i--) {
            unsigned j = random_word(m) % (i + 1), other = order[j];
            order[j] = order[i];
            order[i] = other;
        }
        order[alias] = order[0];
        if (!choose_table(m, frames, which))
            return false;
        for (unsigned page = 0; page < PAGES; page++)
            if (random_word(m) % 8 != 0)
                lead(m, frames, which, page * page_size, ACCESS_STORE, (int64_t)(TABLES + order[page]) * page_size);
        unsigned changed = random_word(m) % 8;
        struct concrete state = state_of(frames, which);
        struct loaded loaded;
        uint32_t at;
        classifier_translate_loads(m->isa, &state, changed % PAGES * page_size, ACCESS_LOAD, &at, &loaded);
        if (changed < PAGES && loaded.count > 0 && loaded.addresses[loaded.count - 1] + 4 <= frames->sizes[which]) {
            uint32_t place = loaded.addresses[loaded.count - 1], word = read_word(frames, which, place);
            uint32_t beyond = random_word(m) % 2 ? (TABLES + PAGES) * page_size : ~(page_size - 1);
            write_word(frames, which, place,
                       random_word(m) % 4 == 0 ? (word & (page_size - 1)) | beyond : word ^ 1u << random_word(m) % 6);
        }
        if (random_word(m) % 4 == 0)
            frames->sizes[which] -= random_word(m) % 2 ? page_size / 2 : EDGE / 2;
    }
    return true;
}

static void set_sizes(struct maker *m, struct frames *frames)
{
    uint32_t least = classifier_least_memory(m->isa);
    for (unsigned which = 0; which < 2; which++)
        frames->sizes[which] = m->page_bits != 0 ? (uint32_t)(TABLES + PAGES) << m->page_bits
                               : random_word(m) % 4 != 0 ? least : least + random_word(m) % (least - 1);
}

static void make(struct maker *m, struct frames *frames, bool user)
{
    unsigned page_bits = m->page_bits;
    if (random_word(m) % 4 == 0)
        m->page_bits = 0; /* any R, which may switch pages off */
    uint32_t room = m->page_bits != 0 ? LONGEST : SMALL;
    for (unsigned which = 0; which < 2; which++) {
        frames->slots[which] = classifier_allocate(m->pool, isa_slots(m->isa) * sizeof(uint32_t));
        frames->slots[which][isa_mode(m->isa)->slot] = user || (which == 1 && isa_is_guest_view(m->isa));
        frames->memory[which] = classifier_allocate(m->pool, room);
    }
    bool good = false;
    for (unsigned i = 0; i < 8 && !good; i++) {
        set_sizes(m, frames);
        memset(frames->memory[0], 0, room);
        memset(frames->memory[1], 0, room);
        fill(m, frames);
        good = true;
        if (m->page_bits != 0)
            good = make_pages(m, frames);
        else
            for (unsigned which = 0; which < 2; which++)
                choose_slots(m, frames->slots[which]);
        good = good && relate(m, frames);
    }
    if (!good) { /* the same R twice is a pair, too */
        for (unsigned i = 0; i < isa_state_count(m->isa); i++) {
            const struct isa_state *s = isa_state_at(m->isa, i);
            if (s->role == ISA_ROLE_RELOCATION)
                memcpy(&frames->slots[1][s->slot], &frames->slots[0][s->slot], s->count * sizeof(uint32_t));
        }
        memcpy(frames->memory[1], frames->memory[0], room);
        frames->sizes[1] = frames->sizes[0];
    }
    m->page_bits = page_bits;
}

unsigned classifier_make_frames(struct pool *pool, const struct isa *isa, uint64_t seed, struct frames *frames,
                                unsigned count)
{
    struct maker m = {.isa = isa, .pool = pool, .random = seed};
    struct frames probe = {.sizes = {LONGEST, LONGEST}};
    probe.slots[0] = classifier_allocate(pool, isa_slots(isa) * sizeof(uint32_t));
    probe.memory[0] = classifier_allocate(pool, LONGEST);
    m.page_bits = isa_word_bits(isa) > 8 ? find_page_bits(&m, &probe) : 0;
    for (unsigned i = 0; i < count; i++)
        make(&m, &frames[i], i % 2);
    return m.page_bits;
}

void classifier_share_frames(struct pool *pool, const struct isa *isa, uint64_t seed, const struct frames *made,
                             struct frames *frames, unsigned count)
{
    struct maker m = {.isa = isa, .pool = pool, .random = seed};
    const bool *mentioned = classifier_mentioned(pool, isa, NULL);
    for (unsigned i = 0; i < 2 * count; i++) {
        uint32_t *slots = classifier_allocate(pool, isa_slots(isa) * sizeof *slots);
        const uint32_t *from = made[i / 2].slots[i % 2];
        if (i % 2 == 0)
            frames[i / 2] = made[i / 2];
        frames[i / 2].slots[i % 2] = slots;
        choose_slots(&m, slots);
        for (unsigned k = 0; k < isa_state_count(isa); k++) {
            const struct isa_state *s = isa_state_at(isa, k);
            if (mentioned[k])
                memcpy(&slots[s->slot], &from[s->slot], s->count * sizeof *slots);
        }
    }
}
