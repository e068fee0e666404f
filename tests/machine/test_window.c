/* test_window.c: the fast engine's windows are what `translate` says, address by address: exhaustively on the pocket
 * machine, at the edges and at random on others. A window must be right; for the translations of the library it must
 * also be as long as it can be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "machine/fast.h"
#include "tests/machine/random_program.h"

enum { LOADING = 2, STORING = 3 };

struct window {
    struct isa *isa;
    uint32_t state[128], memory_size;
    struct isa_environment environment;
};

static uint32_t no_load(void *context, uint32_t address, unsigned bytes)
{
    (void)context, (void)address, (void)bytes;
    return 0;
}

static void open_window(struct window *window, const char *name, uint32_t memory_size)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    *window = (struct window){.isa = isa_load(name, diagnostics), .memory_size = memory_size};
    isa_diagnostics_print(diagnostics, stderr);
    isa_diagnostics_free(diagnostics);
    assert_non_null(window->isa);
    window->environment = (struct isa_environment){.state = window->state, .memory_size = memory_size, .load = no_load};
}

static void set(struct window *window, const char *name, uint32_t value)
{
    window->state[isa_state_named(window->isa, name)->slot] = value;
}

/* Is the address moved by `offset`, without a trap? */
static bool moved(const struct window *window, uint32_t address, unsigned size, unsigned access, uint32_t offset)
{
    const uint32_t parameters[ISA_MOST_PARAMETERS] = {address, size, access};
    struct isa_outcome outcome = isa_run(window->isa, ISA_ON_TRANSLATE, parameters, 0, &window->environment);
    return outcome.end == ISA_DONE && outcome.result == (uint64_t)address + offset &&
           outcome.result <= window->memory_size - size;
}

static void check_edge(const struct window *window, unsigned size, unsigned access, bool longest)
{
    uint32_t offset = 0,
             reach = machine_fast_window(window->isa, window->state, window->memory_size, size, access, &offset);
    if (reach) {
        assert_true(moved(window, 0, size, access, offset));
        assert_true(moved(window, reach - 1, size, access, offset));
        assert_true(moved(window, reach / 2, size, access, offset));
    }
    if (longest && reach < UINT32_MAX)
        assert_false(moved(window, reach, size, access, offset) &&
                     (reach || offset == window->state[isa_state_named(window->isa, "base")->slot]));
}

/* Every base and bound, every address. */
static void pocket_exhaustively(void **state)
{
    (void)state;
    struct window window;
    open_window(&window, "pocket", 128);
    for (uint32_t base = 0; base < 256; base++)
        for (uint32_t bound = 0; bound < 256; bound++) {
            uint32_t offset = 0;
            set(&window, "base", base);
            set(&window, "bound", bound);
            uint32_t reach = machine_fast_window(window.isa, window.state, 128, 1, LOADING, &offset);
            for (uint32_t address = 0; address < 256; address++)
                if (moved(&window, address, 1, LOADING, base) != (address < reach) || (reach && offset != base))
                    fail_msg("base %u, bound %u, address %u: reach %u", base, bound, address, reach);
        }
    isa_free(window.isa);
}

static void edges(const char *name, bool longest)
{
    enum { SIZE = 1 << 16 };
    struct window window;
    uint64_t random = 1;
    open_window(&window, name, SIZE);
    for (unsigned i = 0; i < 3000; i++) {
        static const uint32_t near[] = {0, 16, SIZE - 16, SIZE, SIZE + 16, 0xfffffff0, 0x80000000, 0x7ffffff0};
        uint32_t any = (uint32_t)random_next(&random);
        set(&window, "base", random_below(&random, 2) ? near[any % 8] : any % (2 * SIZE) & ~15u);
        set(&window, "bound", random_below(&random, 2) ? near[any / 8 % 8] : any / 16 % (2 * SIZE) & ~15u);
        for (unsigned log = 0; log < FAST_SIZES; log++)
            check_edge(&window, 1u << log, LOADING + (i & 1), longest);
    }
    isa_free(window.isa);
}

static void pg74_edges(void **state)
{
    (void)state;
    edges("pg74", true);
}

static void strange_edges(void **state)
{
    (void)state;
    edges("tests/machine/lockstep/strange.isa", false);
}

/* Where `translate` reads memory there is none. */
static void no_window(void **state)
{
    (void)state;
    struct window window;
    uint32_t offset;
    open_window(&window, "tests/machine/lockstep/paged.isa", 1 << 16);
    assert_int_equal(machine_fast_window(window.isa, window.state, 1 << 16, 4, LOADING, &offset), 0);
    isa_free(window.isa);
}

/* A page is proved as a whole, through one table and through two, or whoever uses it is translated anew at each address. */
static void whole_pages(void **state)
{
    (void)state;
    enum { SIZE = 1 << 17, GUESTS_TABLE = 0x1000, HOSTS_TABLE = 0x4000, PERMITTED = 0x1f };
    static uint32_t memory[SIZE / 4];
    struct window window;
    open_window(&window, "pg74h", SIZE);
    for (uint32_t page = 0; page < 8; page++) { /* the guest's page 2 is its frame 4, and that the host's frame 12 */
        memory[HOSTS_TABLE / 4 + page] = (page + 8) << 12 | PERMITTED;
        memory[(GUESTS_TABLE + (8 << 12)) / 4 + page] = (page + 2) << 12 | PERMITTED;
    }
    set(&window, "nested_base", HOSTS_TABLE);
    set(&window, "nested_bound", 8 << 12);
    set(&window, "base", GUESTS_TABLE);
    set(&window, "bound", 8 << 12);
    set(&window, "guest", 1);
    static const struct { uint32_t nested, translation, frame; } cases[] = {{1, 1, 12}, {1, 0, 10}, {0, 0, 10}};
    for (unsigned i = 0; i < 3; i++) {
        set(&window, "nested", cases[i].nested);
        set(&window, "translation", cases[i].translation);
        struct fast_proof proof = {.isa = window.isa, .state = window.state, .memory = (const uint8_t *)memory,
                                   .memory_size = SIZE, .first = 0x2000, .last = 0x2ffc, .size = 4, .access = LOADING};
        assert_true(machine_fast_prove(&proof));
        assert_int_equal(proof.distance + 0x2000, (int64_t)cases[i].frame << 12);
        proof.last = 0x2ffd; /* that access would reach into the next page */
        assert_false(machine_fast_prove(&proof));
    }
    isa_free(window.isa);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pocket_exhaustively), cmocka_unit_test(pg74_edges),
                                       cmocka_unit_test(strange_edges), cmocka_unit_test(no_window),
                                       cmocka_unit_test(whole_pages)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
