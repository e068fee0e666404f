/* The binary translator's cache, read from a running machine's memory as docs/monitor-binary-translation.md says: by the
 * symbol translation_cache. What the cache says of each word is held against the word that stands there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "machine/machine.h"
#include "vmm/binary_translation/cache_map.h"

enum { LIMIT = 50000000, NOP = 0x13 };

struct bench {
    struct isa_diagnostics *diagnostics;
    struct isa *isa;
    struct machine_image *monitor, *guest;
    struct machine *machine;
    struct translation_cache cache;
    unsigned seen[WHYS];
};

static void read_memory(const struct bench *bench, uint32_t address, void *to, uint32_t length)
{
    assert_true(machine_read(bench->machine, address, to, length));
}

/* A guest under the translator, to its end: the cache is still there. */
static void run(struct bench *bench, const char *isa, const char *source)
{
    char path[512];
    uint32_t address;
    size_t length, size;
    struct machine_options options = { .guest_count = 1 };

    *bench = (struct bench){ .diagnostics = isa_diagnostics_new() };
    bench->isa = isa_load(isa, bench->diagnostics);
    assert_non_null(bench->isa);
    snprintf(path, sizeof path, "%s/vmm/binary_translation.elf", getenv("BUILD") ? getenv("BUILD") : "build");
    bench->monitor = machine_image_open(path, bench->diagnostics);
    char *text = isa_read_file(source, &length, bench->diagnostics);
    assert_non_null(text);
    uint8_t *bytes = isa_assemble(bench->isa, source, text, &size, bench->diagnostics);
    assert_non_null(bytes);
    bench->guest = machine_image_from_bytes("guest", bytes, size, bench->diagnostics);
    assert_true(bench->monitor && bench->guest);
    options.monitor = bench->monitor;
    options.guests = (const struct machine_image *const *)&bench->guest;
    bench->machine = machine_new(bench->isa, &options, bench->diagnostics);
    assert_non_null(bench->machine);
    assert_int_equal(machine_run(bench->machine, LIMIT), MACHINE_HALTED);
    assert_true(machine_image_address(bench->monitor, "translation_cache", &address));
    read_memory(bench, address, &bench->cache, sizeof bench->cache);
    free(text);
    free(bytes);
}

static void finish(struct bench *bench)
{
    machine_free(bench->machine);
    machine_image_free(bench->monitor);
    machine_image_free(bench->guest);
    isa_free(bench->isa);
    isa_diagnostics_free(bench->diagnostics);
}

/* Is this what should stand there for the guest's word? */
static bool is_right(const struct bench *bench, unsigned why, uint32_t guest, uint32_t word)
{
    unsigned opcode = word % 128;

    switch (why) {
    case WHY_NOT_YET: case WHY_CALL_OUT: return word == bench->cache.call_out;
    case WHY_COPIED: case WHY_TRAPS:     return word == guest;
    case WHY_CONSTANT: return word != guest && (opcode == 0x37 || opcode == 0x17 || word % (1 << 20) >> 12 == 0);
    case WHY_MOVE:     return word != guest && opcode == 0x13 && word >> 20 == 0;
    case WHY_NOTHING:  return word == NOP;
    case WHY_JUMP:     return opcode == 0x6f;
    default:           return false;
    }
}

static void check_page(struct bench *bench, unsigned number)
{
    struct translated page;
    uint32_t guest[CACHE_WORDS], words[CACHE_WORDS], start, size;

    read_memory(bench, bench->cache.pages + number * bench->cache.page_size, &page, sizeof page);
    if (page.state != PAGE_TRANSLATED && page.state != PAGE_SHOWN)
        return;
    machine_partition(bench->machine, page.unit, &start, &size);
    assert_int_equal(page.source, start + page.frame * CACHE_PAGE);
    read_memory(bench, page.source, guest, sizeof guest);
    read_memory(bench, bench->cache.words + number * CACHE_PAGE, words, sizeof words);
    for (unsigned i = 0; i < CACHE_WORDS; i++) {
        unsigned why = page.why[i] % WHY_ASSUMED;
        assert_true(is_right(bench, why, guest[i], words[i]));
        bench->seen[why]++;
    }
}

/* Every block lies in a page, at its own address there; what is translated has been translated in some block. */
static void check_blocks(const struct bench *bench)
{
    assert_true(bench->cache.block_count > 0 && bench->cache.block_count < bench->cache.block_capacity);
    for (unsigned i = 0; i < bench->cache.block_count; i++) {
        struct translation_block block;
        struct translated page;
        read_memory(bench, bench->cache.blocks + i * bench->cache.block_size, &block, sizeof block);
        assert_true(block.page < bench->cache.page_count && block.length > 0);
        read_memory(bench, bench->cache.pages + block.page * bench->cache.page_size, &page, sizeof page);
        if (block.generation != page.generation)
            continue;
        assert_int_equal(block.pc / CACHE_PAGE, page.page);
        assert_true(block.pc % CACHE_PAGE / 4 + block.length <= CACHE_WORDS);
    }
}

/* On a machine whose supervisor has sensitive instructions, all that can become of a word is there, and as it should be. */
static void test_cache_says_what_stands_in_it(void **unused)
{
    struct bench bench;

    (void)unused;
    run(&bench, "tests/vmm/variants/keys.isa", "tests/vmm/translation_keys.s");
    assert_int_equal(bench.cache.magic, TRANSLATION_MAGIC);
    assert_int_equal(bench.cache.version, TRANSLATION_VERSION);
    assert_int_equal(bench.cache.page_size, sizeof(struct translated));
    assert_int_equal(bench.cache.block_size, sizeof(struct translation_block));
    for (unsigned i = 0; i < bench.cache.page_count; i++)
        check_page(&bench, i);
    check_blocks(&bench);
    assert_true(bench.seen[WHY_COPIED] > 20);
    assert_true(bench.seen[WHY_CALL_OUT] > 0);
    assert_true(bench.seen[WHY_CONSTANT] > 0);
    assert_true(bench.seen[WHY_MOVE] > 0);
    assert_true(bench.seen[WHY_JUMP] > 0);
    finish(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_cache_says_what_stands_in_it) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
