/* The network device: frames from memory to memory, through the switch, in order and in time; what is refused, and what
 * is dropped; frames from outside; and the same machine again from a snapshot or a file. */
#include "tests/machine/guest.h"

#include <unistd.h>

static const enum machine_engine engines[] = {MACHINE_FAST, MACHINE_REFERENCE};

/* Unit `unit` does something with so many bytes at an address. */
#define COMMAND(unit, address, length, command)                                                                        \
    " la t0, " address "\n li t1, " #unit "20\n out t1, t0\n li t0, " #length "\n li t1, " #unit "21\n out t1, t0\n"   \
    " li t0, " #command "\n li t1, " #unit "22\n out t1, t0\n"
#define LISTEN(unit) " li t0, 1\n li t1, " #unit "23\n out t1, t0\n"
#define READ(unit, port, to) " li t1, " #unit #port "\n in " to ", t1\n"
#define FRAMES                                                                                                         \
    " .align 4\nto0: .byte 2, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0x88, 0xb5\n .ascii \"zero\"\n .align 4\n"              \
    "to1: .byte 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0x88, 0xb5\n .ascii \"one!\"\n .align 4\n"                         \
    "to2: .byte 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 0, 0x88, 0xb5\n .ascii \"two!\"\n .align 4\n"                         \
    "all: .byte 255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 0, 0x88, 0xb5\n .ascii \"all.\"\n .align 4\nroom:\n"

/* A machine whose monitor, the program, has as many units as there are guests; these do nothing. */
static struct guest start_at(const char *text, enum machine_engine engine, unsigned units, uint32_t station)
{
    struct guest guest = {.isa = NULL};
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    size_t length = 0;
    guest.isa = isa_load("pg74", diagnostics);
    uint8_t *elf = isa_assemble(guest.isa, "guest.s", text, &length, diagnostics);
    guest.image = elf ? machine_image_from_bytes("guest.elf", elf, length, diagnostics) : NULL;
    isa_diagnostics_print(diagnostics, stderr);
    assert_non_null(guest.image);
    free(elf);
    const struct machine_image *guests[4] = {guest.image, guest.image, guest.image, guest.image};
    struct machine_options options = {.engine = engine, .monitor = guest.image, .guests = guests, .guest_count = units,
                                      .first_station = station};
    guest.machine = machine_new(guest.isa, &options, diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    isa_diagnostics_free(diagnostics);
    assert_non_null(guest.machine);
    return guest;
}

static struct guest start(const char *text, enum machine_engine engine, unsigned units)
{
    return start_at(text, engine, units, 0);
}

static void gives(const char *text, unsigned units, uint32_t expected)
{
    for (unsigned i = 0; i < 2; i++) {
        struct guest guest = start(text, engines[i], units);
        assert_int_equal(machine_run(guest.machine, 100000), MACHINE_HALTED);
        assert_int_equal(machine_halt_code(guest.machine), expected);
        guest_free(&guest);
    }
}

/* To oneself: after a while, with an interrupt. */
static void loopback(void **state)
{
    (void)state;
    gives("_start: la s0, _start\n" LISTEN(0x0) COMMAND(0x0, "to0", 18, 1) READ(0x0, 22, "a0") READ(0x0, 21, "a1")
          " or a0, a0, a1\n idle\n" /* nothing so far */
          READ(0x0, 21, "a1") " add a0, a0, a1\n" COMMAND(0x0, "room", 18, 2) READ(0x0, 22, "a1") " add a0, a0, a1\n"
          " la t0, room\n lbu t0, 14(t0)\n add a0, a0, t0\n" READ(0x0, 21, "a1") " add a0, a0, a1\n halt a0\n" FRAMES,
          1, 18 + 'z');
}

/* Nobody listens; nobody is there: no interrupt ever comes. */
/* A machine may stand for a station that is not the first: station 2 gets the frame that is for it. */
static void another_station(void **state)
{
    (void)state;
    static const char text[] = "_start: la s0, _start\n" LISTEN(0x0) COMMAND(0x0, "to2", 18, 1) COMMAND(0x0, "to0", 18, 1)
        READ(0x0, 24, "a0") " idle\n" COMMAND(0x0, "room", 18, 2)
        " la t0, room\n lbu t0, 14(t0)\n add a0, a0, t0\n" READ(0x0, 25, "a1") " add a0, a0, a1\n halt a0\n" FRAMES;
    for (unsigned i = 0; i < 2; i++) {
        struct guest guest = start_at(text, engines[i], 1, 2);
        assert_int_equal(machine_run(guest.machine, 100000), MACHINE_HALTED);
        assert_int_equal(machine_halt_code(guest.machine), 2 + 't' + 1);
        guest_free(&guest);
    }
}

static void nobody(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct guest guest = start("_start:\n" COMMAND(0x0, "to0", 18, 1) LISTEN(0x0) COMMAND(0x0, "to2", 18, 1)
                                   COMMAND(0x0, "all", 18, 1) READ(0x0, 22, "s0") " idle\n halt zero\n" FRAMES, engines[i], 2);
        assert_int_equal(machine_run(guest.machine, 100000), MACHINE_DEADLOCK);
        assert_int_equal(guest_state(&guest, "X", 8), 0); /* it was sent all right */
        uint64_t digest;
        assert_int_equal(machine_network_sent(guest.machine, 0, &digest), 3);
        guest_free(&guest);
    }
}

/* One frame for one, then one for all: in this order, each to whom it is for. */
static void the_switch(void **state)
{
    (void)state;
    gives("_start:\n" LISTEN(0x0) LISTEN(0x1) LISTEN(0x2) COMMAND(0x0, "to1", 18, 1) COMMAND(0x0, "all", 18, 1)
          " li t2, 2000\nwait: addi t2, t2, -1\n bnez t2, wait\n"
          READ(0x0, 25, "a0") READ(0x1, 25, "a1") READ(0x2, 25, "a2") READ(0x2, 24, "a3")
          COMMAND(0x1, "room", 100, 2) " la t0, room\n lbu a4, 14(t0)\n"
          COMMAND(0x1, "room", 100, 2) " la t0, room\n lbu a5, 14(t0)\n"
          " slli a0, a0, 4\n or a0, a0, a1\n slli a0, a0, 4\n or a0, a0, a2\n slli a0, a0, 4\n or a0, a0, a3\n"
          " slli a0, a0, 8\n or a0, a0, a4\n slli a0, a0, 8\n or a0, a0, a5\n halt a0\n" FRAMES,
          3, UINT32_C(0x0212) << 16 | 'o' << 8 | 'a');
}

/* Too short, too long, outside of memory; no such command; no frame there, no room for it. */
static void refusals(void **state)
{
    (void)state;
    gives("_start: li a0, 0\n" LISTEN(0x0)
          COMMAND(0x0, "to0", 13, 1) READ(0x0, 22, "a1") " add a0, a0, a1\n"
          COMMAND(0x0, "to0", 1515, 1) READ(0x0, 22, "a1") " add a0, a0, a1\n"
          COMMAND(0x0, "0xfffffff0", 14, 1) READ(0x0, 22, "a1") " add a0, a0, a1\n"
          COMMAND(0x0, "to0", 14, 3) READ(0x0, 22, "a1") " add a0, a0, a1\n"
          COMMAND(0x0, "room", 100, 2) READ(0x0, 22, "a1") " add a0, a0, a1\n"
          COMMAND(0x0, "to0", 1514, 1) READ(0x0, 22, "a1") " slli a1, a1, 4\n add a0, a0, a1\n idle\n"
          COMMAND(0x0, "room", 1513, 2) READ(0x0, 22, "a1") " add a0, a0, a1\n"
          COMMAND(0x0, "0xfffffff0", 1514, 2) READ(0x0, 22, "a1") " add a0, a0, a1\n"
          COMMAND(0x0, "room", 1514, 2) READ(0x0, 22, "a1") " slli a1, a1, 4\n add a0, a0, a1\n halt a0\n" FRAMES, 1, 7);
}

/* Sixteen have room, on their way or waiting. What stops listening has none. */
static void overflow(void **state)
{
    (void)state;
    gives("_start:\n" LISTEN(0x0) " li s0, 20\nsend:\n" COMMAND(0x0, "to0", 14, 1) " addi s0, s0, -1\n bnez s0, send\n"
          " li t2, 2000\nwait: addi t2, t2, -1\n bnez t2, wait\n" READ(0x0, 25, "a0") " srli a1, a0, 16\n slli a0, a0, 16\n srli a0, a0, 16\n"
          " li t1, 0x23\n out t1, zero\n" READ(0x0, 21, "a2")
          " slli a0, a0, 8\n or a0, a0, a1\n slli a0, a0, 8\n or a0, a0, a2\n halt a0\n" FRAMES, 1, 16 << 16 | 4 << 8);
}

/* A frame of code over code that has been executed. */
static void frame_brings_code(void **state)
{
    (void)state;
    gives("_start:\n call there\n mv s1, a0\n" LISTEN(0x0) COMMAND(0x0, "code", 22, 1) " idle\n"
          COMMAND(0x0, "there - 14", 22, 2) " call there\n slli a0, a0, 4\n or a0, a0, s1\n halt a0\n"
          " .align 4\ncode: .byte 2, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0\n"
          " .byte 0x13, 0x05, 0x20, 0, 0x67, 0x80, 0, 0\n .align 6\n .zero 64\nthere: li a0, 1\n ret\n", 1, 0x21);
}

/* ---- From outside, and back in time ------------------------------------------------------------------------------ */

struct seen {
    unsigned sent, received;
    uint8_t bytes[MACHINE_LONGEST_FRAME];
};

static bool see(void *context, const struct machine *machine, const struct machine_event *event)
{
    struct seen *seen = context;
    seen->sent += event->is_write;
    seen->received += !event->is_write;
    return machine_read(machine, event->physical, seen->bytes, event->bytes);
}

static void from_outside(void **state)
{
    (void)state;
    const uint8_t frame[MACHINE_LEAST_FRAME] = {2, 0, 0, 0, 0, 0, 'h', 'e', 'l', 'l', 'o'};
    for (unsigned i = 0; i < 2; i++) {
        struct guest guest = start("_start:\n" LISTEN(0x0) " idle\n" COMMAND(0x0, "room", 100, 2) READ(0x0, 25, "a0")
                                   COMMAND(0x0, "to2", 18, 1) " halt a0\n" FRAMES, engines[i], 1);
        struct seen seen = {0};
        uint64_t digest, before;
        machine_add_observer(guest.machine, MACHINE_EVENT_FRAME, see, &seen);
        assert_false(machine_network_deliver(guest.machine, 0, frame, sizeof frame)); /* it does not listen */
        assert_int_equal(machine_run(guest.machine, 1000), MACHINE_DEADLOCK);
        assert_false(machine_network_deliver(guest.machine, 0, frame, 1));
        assert_false(machine_network_deliver(guest.machine, 1, frame, sizeof frame));
        assert_true(machine_network_deliver(guest.machine, 0, frame, sizeof frame));
        assert_int_equal(machine_network_sent(guest.machine, 0, &before), 0);
        assert_int_equal(machine_run(guest.machine, 1000), MACHINE_HALTED);
        assert_int_equal(machine_halt_code(guest.machine), 1);
        assert_int_equal(machine_network_sent(guest.machine, 0, &digest), 1);
        assert_true(digest != before);
        assert_int_equal(seen.sent, 1);
        assert_int_equal(seen.received, 1);
        assert_memory_equal(seen.bytes + 14, "two!", 4);
        guest_free(&guest);
    }
}

/* Frames wait and are on their way, in a snapshot, in the history, and in a file. */
static void put_back(void **state)
{
    (void)state;
    char path[64];
    snprintf(path, sizeof path, "/tmp/pg74-test-network-%ld", (long)getpid());
    const char *text = "_start:\n" LISTEN(0x0) LISTEN(0x1) COMMAND(0x0, "to1", 18, 1)
                       " li t2, 400\nwait: addi t2, t2, -1\n bnez t2, wait\n" COMMAND(0x0, "all", 18, 1)
                       " li t2, 400\nmore: addi t2, t2, -1\n bnez t2, more\n"
                       COMMAND(0x1, "room", 100, 2) " li t2, 400\nlast: addi t2, t2, -1\n bnez t2, last\n" COMMAND(0x1, "room", 100, 2) READ(0x1, 22, "a1")
                       " la t0, room\n lbu a0, 14(t0)\n add a0, a0, a1\n halt a0\n" FRAMES;
    for (uint64_t at = 20; at < 2600; at += 240) {
        struct isa_diagnostics *diagnostics = isa_diagnostics_new();
        struct guest guest = start(text, MACHINE_FAST, 2);
        machine_history_start(guest.machine, 100);
        machine_run(guest.machine, at);
        uint64_t digest = machine_digest(guest.machine);
        struct machine_snapshot *snapshot = machine_snapshot_take(guest.machine);
        assert_true(machine_save(guest.machine, path, diagnostics));
        struct machine *restored = machine_restore(guest.isa, path, MACHINE_REFERENCE, diagnostics);
        isa_diagnostics_print(diagnostics, stderr);
        assert_non_null(restored);
        assert_int_equal(machine_digest(restored), digest);
        assert_int_equal(machine_run(guest.machine, 100000), MACHINE_HALTED);
        assert_int_equal(machine_halt_code(guest.machine), 'a');
        assert_int_equal(machine_run(restored, 100000), MACHINE_HALTED);
        assert_int_equal(machine_digest(restored), machine_digest(guest.machine));
        struct machine_time time = machine_time(guest.machine);
        assert_true(machine_history_back(guest.machine, time.instructions + time.traps - at));
        assert_int_equal(machine_digest(guest.machine), digest);
        machine_snapshot_restore(guest.machine, snapshot);
        assert_int_equal(machine_digest(guest.machine), digest);
        machine_run(guest.machine, 100000);
        assert_int_equal(machine_digest(guest.machine), machine_digest(restored));
        machine_snapshot_free(snapshot);
        machine_free(restored);
        guest_free(&guest);
        isa_diagnostics_free(diagnostics);
    }
    remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loopback), cmocka_unit_test(another_station), cmocka_unit_test(nobody),
        cmocka_unit_test(the_switch), cmocka_unit_test(refusals),
        cmocka_unit_test(overflow), cmocka_unit_test(frame_brings_code), cmocka_unit_test(from_outside),
        cmocka_unit_test(put_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
