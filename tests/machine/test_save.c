/* Snapshots and saved machines: the run goes on bit for bit; damaged and foreign files are refused. */
#include <stdio.h>
#include <unistd.h>

#include "tests/machine/guest.h"
#include "tests/machine/random_program.h"

enum { PROGRAMS = 20, STEPS = 1200 };

struct scene {
    struct isa *isa, *isas[2]; /* pg74; and beside it a machine with pages */
    struct isa_diagnostics *diagnostics;
    char path[64];
};

static int set_up(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    scene->diagnostics = isa_diagnostics_new();
    scene->isa = scene->isas[0] = isa_load("pg74", scene->diagnostics);
    scene->isas[1] = isa_load("pg74p", scene->diagnostics);
    const char *folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"; /* a disk takes its time to sync */
    snprintf(scene->path, sizeof scene->path, "%s/pg74-test-save-%ld", folder, (long)getpid());
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    remove(scene->path);
    isa_free(scene->isas[0]);
    isa_free(scene->isas[1]);
    isa_diagnostics_free(scene->diagnostics);
    free(scene);
    return 0;
}

static void assert_same(const struct machine *a, const struct machine *b, uint64_t seed)
{
    char text[256];
    const char *difference = random_program_difference(a, b, text, sizeof text);
    if (difference)
        fail_msg("seed %ju: %s", (uintmax_t)seed, difference);
    assert_int_equal(machine_digest(a), machine_digest(b));
}

/* Saved at any step, restored under either engine, it goes on like the machine that was never saved. */
static void restored_machine_goes_on(void **state)
{
    struct scene *scene = *state;
    uint64_t random = 7;
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        struct random_program program;
        random_program_make(&program, scene->isas[seed / 2 % 2], seed);
        struct machine *machine = random_program_start(&program, MACHINE_FAST);
        machine_run(machine, random_below(&random, STEPS));
        assert_true(machine_save(machine, scene->path, scene->diagnostics));
        struct machine *restored = machine_restore(program.isa, scene->path, seed % 2 ? MACHINE_FAST : MACHINE_REFERENCE,
                                                   scene->diagnostics);
        assert_non_null(restored);
        assert_same(machine, restored, seed);
        assert_int_equal(machine_run(machine, STEPS), machine_run(restored, STEPS));
        assert_same(machine, restored, seed);
        machine_free(machine);
        machine_free(restored);
        random_program_free(&program);
    }
}

/* Snapshots taken on the way lead back, in any order. */
static void snapshots_lead_back(void **state)
{
    struct scene *scene = *state;
    enum { MOMENTS = 6 };
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        struct random_program program;
        struct machine_snapshot *snapshots[MOMENTS];
        uint64_t digests[MOMENTS];
        random_program_make(&program, scene->isas[seed / 2 % 2], seed);
        struct machine *machine = random_program_start(&program, seed % 2 ? MACHINE_FAST : MACHINE_REFERENCE);
        for (unsigned i = 0; i < MOMENTS; i++) {
            machine_run(machine, STEPS / MOMENTS);
            snapshots[i] = machine_snapshot_take(machine);
            digests[i] = machine_digest(machine);
        }
        static const unsigned order[] = {3, 0, 5, 1, 4, 4, 2};
        for (unsigned i = 0; i < sizeof order / sizeof order[0]; i++) {
            machine_snapshot_restore(machine, snapshots[order[i]]);
            assert_int_equal(machine_digest(machine), digests[order[i]]);
            if (order[i] + 1 == MOMENTS)
                continue;
            machine_run(machine, STEPS / MOMENTS);
            assert_int_equal(machine_digest(machine), digests[order[i] + 1]);
        }
        for (unsigned i = 0; i < MOMENTS; i++)
            machine_snapshot_free(snapshots[i]);
        machine_free(machine);
        random_program_free(&program);
    }
}

/* ---- Files that are not good ------------------------------------------------------------------------------------- */

static void save_one(struct scene *scene)
{
    struct guest guest = guest_start("_start: li t0, 100\n settimer t0\n idle\n halt zero\n", NULL);
    machine_run(guest.machine, 2);
    assert_true(machine_save(guest.machine, scene->path, scene->diagnostics));
    guest_free(&guest);
}

static char *read_saved(struct scene *scene, size_t *length)
{
    char *bytes = isa_read_file(scene->path, length, scene->diagnostics);
    assert_non_null(bytes);
    return bytes;
}

/* Writes `length` bytes as the file, restores, and expects one diagnostic with `message` in it (NULL: any). */
static void assert_refused(struct scene *scene, const char *bytes, size_t length, const char *message)
{
    FILE *file = fopen(scene->path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fclose(file);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    assert_null(machine_restore(scene->isa, scene->path, MACHINE_FAST, diagnostics));
    assert_int_equal(isa_diagnostics_count(diagnostics), 1);
    assert_int_equal(isa_diagnostics_exit_code(diagnostics), ISA_EXIT_DATA);
    if (message && !strstr(isa_diagnostics_message(diagnostics, 0), message))
        fail_msg("expected '%s', got '%s'", message, isa_diagnostics_message(diagnostics, 0));
    isa_diagnostics_free(diagnostics);
}

static void truncated_file(void **state)
{
    struct scene *scene = *state;
    size_t length;
    save_one(scene);
    char *bytes = read_saved(scene, &length);
    for (size_t cut = 0; cut < length; cut += cut < 64 ? 1 : 97)
        assert_refused(scene, bytes, cut, cut < 24 ? "not a saved machine" : "cut off");
    free(bytes);
}

static void every_flipped_bit(void **state)
{
    struct scene *scene = *state;
    size_t length;
    save_one(scene);
    char *bytes = read_saved(scene, &length);
    for (size_t i = 0; i < length; i += i < 400 ? 1 : 131) {
        bytes[i] = (char)(bytes[i] ^ 1 << i % 8);
        assert_refused(scene, bytes, length, i < 8 ? "not a saved machine" : i < 12 ? "another version" : NULL);
        bytes[i] = (char)(bytes[i] ^ 1 << i % 8);
    }
    free(bytes);
}

static void longer_file(void **state)
{
    struct scene *scene = *state;
    size_t length;
    save_one(scene);
    char *bytes = read_saved(scene, &length);
    bytes = realloc(bytes, length + 1);
    bytes[length] = 0;
    assert_refused(scene, bytes, length + 1, "damaged");
    free(bytes);
}

/* Numbers that make no sense, with a checksum that does. */
static void made_up_file(void **state)
{
    struct scene *scene = *state;
    size_t length;
    save_one(scene);
    char *bytes = read_saved(scene, &length), *changed = malloc(length);
    uint64_t random = 1;
    uint32_t most = length < 624 ? (uint32_t)length - 24 : 600;
    for (unsigned i = 0; i < 400; i++) {
        memcpy(changed, bytes, length);
        for (unsigned k = 0; k < 1 + i % 4; k++)
            changed[24 + random_below(&random, most)] = (char)random_next(&random);
        uint32_t crc = UINT32_MAX;
        for (size_t at = 24; at < length; at++) {
            crc ^= (uint8_t)changed[at];
            for (unsigned bit = 0; bit < 8; bit++)
                crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0xedb88320) : 0);
        }
        crc = ~crc;
        memcpy(changed + 12, &crc, 4);
        FILE *file = fopen(scene->path, "w");
        fwrite(changed, 1, length, file);
        fclose(file);
        struct isa_diagnostics *diagnostics = isa_diagnostics_new();
        struct machine *machine = machine_restore(scene->isa, scene->path, i % 2 ? MACHINE_FAST : MACHINE_REFERENCE,
                                                  diagnostics);
        assert_int_equal(machine == NULL, isa_diagnostics_count(diagnostics) == 1);
        if (machine)
            machine_run(machine, 1000); /* it is another machine, but a machine */
        machine_free(machine);
        isa_diagnostics_free(diagnostics);
    }
    free(changed);
    free(bytes);
}

static void another_instruction_set(void **state)
{
    struct scene *scene = *state;
    save_one(scene);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct isa *other = isa_load("pdp10", diagnostics);
    assert_null(machine_restore(other, scene->path, MACHINE_FAST, diagnostics));
    assert_non_null(strstr(isa_diagnostics_message(diagnostics, 0),
                           "saved under the instruction set pg74, and not pdp10"));
    isa_free(other);
    isa_diagnostics_free(diagnostics);
}

static void another_edition(void **state)
{
    struct scene *scene = *state;
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    const char *base = NULL;
    for (unsigned i = 0; i < isa_library_count(); i++)
        if (strcmp(isa_library_at(i)->name, "pg74") == 0)
            base = isa_library_at(i)->text;
    assert_non_null(base);
    char *changed = strdup(base), *at = strstr(changed, "X[rd] = identification");
    assert_non_null(at);
    memcpy(at, "X[rd] = timer         ", strlen("X[rd] = identification"));
    save_one(scene);
    struct isa *other = isa_load_text("pg74.isa", changed, NULL, diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    assert_non_null(other);
    assert_null(machine_restore(other, scene->path, MACHINE_FAST, diagnostics));
    assert_non_null(strstr(isa_diagnostics_message(diagnostics, 0), "another edition"));
    isa_free(other);
    free(changed);
    isa_diagnostics_free(diagnostics);
}

/* What cannot be written leaves no trace, and what was there before stays. */
static void failed_save(void **state)
{
    struct scene *scene = *state;
    struct guest guest = guest_start("_start: halt zero\n", NULL);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    assert_false(machine_save(guest.machine, "/no/such/folder/file", diagnostics));
    assert_int_equal(isa_diagnostics_count(diagnostics), 1);
    assert_null(machine_restore(scene->isa, "/no/such/folder/file", MACHINE_FAST, diagnostics));
    isa_diagnostics_free(diagnostics);
    guest_free(&guest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(restored_machine_goes_on), cmocka_unit_test(snapshots_lead_back),
        cmocka_unit_test(truncated_file),
        cmocka_unit_test(every_flipped_bit), cmocka_unit_test(longer_file), cmocka_unit_test(made_up_file),
        cmocka_unit_test(another_instruction_set), cmocka_unit_test(another_edition), cmocka_unit_test(failed_save),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
