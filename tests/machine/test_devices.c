/* Ports: console, disk, counters, and what manual events leave to the caller. */
#include "tests/machine/guest.h"

static const enum machine_engine engines[] = {MACHINE_REFERENCE, MACHINE_FAST};

/* An echo that waits for interrupts: one for each byte. */
static void console_interrupts(void **state)
{
    (void)state;
    const char *text = "_start:\n" HANDLER_PSW " li t0, 3\n li t1, 1\n out t0, t1\n li t0, 2\n setflags t0\n"
                       "wait: idle\n j wait\n"
                       "handler: addi s0, s0, 1\n li t0, 1\n in t1, t0\n out zero, t1\n li t0, 2\n in t2, t0\n"
                       " andi t2, t2, 2\n beqz t2, 1f\n halt s0\n1: lpsw 0x40(zero)\n";
    for (unsigned i = 0; i < 2; i++) {
        struct machine_input input = {(const uint8_t *)"Hello", 5};
        struct machine_options options = {.engine = engines[i], .inputs = &input, .input_count = 1};
        struct guest guest = guest_start(text, &options);
        assert_int_equal(machine_run(guest.machine, 10000), MACHINE_HALTED);
        assert_int_equal(machine_halt_code(guest.machine), 5);
        size_t length;
        const uint8_t *output = machine_console(guest.machine, 0, &length);
        assert_int_equal(length, 5);
        assert_memory_equal(output, "Hello", 5);
        guest_free(&guest);
    }
}

static void console_without_input(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(guest_run("_start: li t0, 1\n in a0, t0\n halt a0\n", engines[i]), 0xffffffff);
        assert_int_equal(guest_run("_start: li t0, 2\n in a0, t0\n halt a0\n", engines[i]), 2);
    }
}

#define TRANSFER(sector, address, count, command)                                                                      \
    " li t0, 0x10\n li t1, " sector "\n out t0, t1\n li t0, 0x11\n li t1, " address "\n out t0, t1\n"                  \
    " li t0, 0x12\n li t1, " count "\n out t0, t1\n li t0, 0x13\n li t1, " command "\n out t0, t1\n"

/* What is read arrives at the end, and not before; the status tells; the interrupt is requested. */
static void disk_reads(void **state)
{
    (void)state;
    uint8_t bytes[1000];
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 7 + 1);
    const char *text = "_start:\n" TRANSFER("1", "0x2000", "1", "1")
                       " lui s0, 2\n lw s1, 0(s0)\n li t0, 0x14\n in s2, t0\n idle\n lw s3, 0(s0)\n in s4, t0\n"
                       " in s5, t0\n"
                       " li t0, 0x15\n in s6, t0\n halt zero\n";
    for (unsigned i = 0; i < 2; i++) {
        struct machine_input disk = {bytes, sizeof bytes};
        struct machine_options options = {.engine = engines[i], .disks = &disk, .disk_count = 1};
        struct guest guest = guest_start(text, &options);
        assert_int_equal(machine_run(guest.machine, 10000), MACHINE_HALTED);
        uint32_t expected;
        memcpy(&expected, bytes + 512, 4);
        assert_int_equal(guest_state(&guest, "X", 9), 0);  /* not yet */
        assert_int_equal(guest_state(&guest, "X", 18), 1); /* busy */
        assert_int_equal(guest_state(&guest, "X", 19), expected);
        assert_int_equal(guest_state(&guest, "X", 20), 2); /* done */
        assert_int_equal(guest_state(&guest, "X", 21), 0); /* and idle */
        assert_int_equal(guest_state(&guest, "X", 22), 2); /* two sectors: whole ones */
        assert_int_equal(guest_state(&guest, "pending", 0), 4);
        guest_free(&guest);
    }
}

static void disk_writes(void **state)
{
    (void)state;
    const char *text = "_start: lui s0, 2\n li s1, 0x12345678\n sw s1, 508(s0)\n" TRANSFER("0", "0x2000", "1", "2")
                       " idle\n halt zero\n";
    for (unsigned i = 0; i < 2; i++) {
        uint8_t bytes[512] = {0};
        struct machine_input disk = {bytes, sizeof bytes};
        struct machine_options options = {.engine = engines[i], .disks = &disk, .disk_count = 1};
        struct guest guest = guest_start(text, &options);
        assert_int_equal(machine_run(guest.machine, 10000), MACHINE_HALTED);
        size_t length;
        const uint8_t *now = machine_disk(guest.machine, 0, &length);
        assert_int_equal(length, 512);
        assert_int_equal(now[508] | now[509] << 8 | now[510] << 16 | now[511] << 24, 0x12345678);
        guest_free(&guest);
    }
}

/* Off the disk, out of memory, no such command: failed, and nothing has moved. */
static void disk_refuses(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "_start:\n" TRANSFER("2", "0x2000", "1", "1") " idle\n li t0, 0x14\n in a0, t0\n halt a0\n",
        "_start:\n" TRANSFER("0", "0xffe01", "1", "1") " idle\n li t0, 0x14\n in a0, t0\n halt a0\n",
        "_start:\n" TRANSFER("0", "0xfffffe00", "1", "1") " idle\n li t0, 0x14\n in a0, t0\n halt a0\n",
        "_start:\n" TRANSFER("0xffffffff", "0x2000", "2", "2") " idle\n li t0, 0x14\n in a0, t0\n halt a0\n",
        "_start:\n" TRANSFER("0", "0x2000", "1", "3") " idle\n li t0, 0x14\n in a0, t0\n halt a0\n"};
    for (unsigned i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        uint8_t bytes[1024] = {1, 2, 3};
        struct machine_input disk = {bytes, sizeof bytes};
        struct machine_options options = {.engine = engines[i % 2], .disks = &disk, .disk_count = 1};
        struct guest guest = guest_start(texts[i], &options);
        assert_int_equal(machine_run(guest.machine, 10000), MACHINE_HALTED);
        assert_int_equal(machine_halt_code(guest.machine), 3);
        assert_int_equal(guest_word(&guest, 0x2000), 0);
        guest_free(&guest);
    }
}

static void counters(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(guest_run("_start: nop\n nop\n li t0, 0x32\n in a0, t0\n halt a0\n", engines[i]), 3);
        assert_int_equal(guest_run("_start: nop\n li t0, 0x30\n in a0, t0\n in a1, t0\n sub a0, a1, a0\n halt a0\n",
                                   engines[i]), 31);
        /* no such port */
        assert_int_equal(guest_run("_start: li t0, 0x77\n in a0, t0\n out t0, t0\n halt a0\n", engines[i]), 0);
    }
}

/* With manual events nothing happens by itself. */
static void manual_events(void **state)
{
    (void)state;
    const char *text = "_start:\n li t0, 3\n settimer t0\n nop\n nop\n nop\n nop\n" TRANSFER("0", "0x2000", "1", "1")
                       " idle\n lui s0, 2\n lw s1, 0(s0)\n halt zero\n";
    for (unsigned i = 0; i < 2; i++) {
        uint8_t bytes[512] = {0x44, 0x33, 0x22, 0x11};
        struct machine_input disk = {bytes, sizeof bytes};
        struct machine_options options = {.engine = engines[i], .disks = &disk, .disk_count = 1, .manual_events = true};
        struct guest guest = guest_start(text, &options);
        assert_int_equal(machine_run(guest.machine, 10000), MACHINE_DEADLOCK);
        assert_int_equal(guest_state(&guest, "pending", 0), 0);
        assert_int_equal(guest_state(&guest, "timer", 0), 0); /* it has counted down */
        assert_int_equal(guest_word(&guest, 0x2000), 0);
        assert_true(machine_disk_complete(guest.machine, 0));
        assert_false(machine_disk_complete(guest.machine, 0));
        machine_request(guest.machine, 18);
        assert_int_equal(machine_run(guest.machine, 10000), MACHINE_HALTED);
        assert_int_equal(guest_state(&guest, "X", 9), 0x11223344);
        guest_free(&guest);
    }
}

struct other_time { struct machine *machine; uint64_t left; };

static bool see_command(void *context, const struct machine *machine, const struct machine_event *event)
{
    const struct other_time *other = context;
    (void)machine;
    if (event->is_write && event->port == 0x13)
        assert_true(machine_disk_set_left(other->machine, 0, other->left));
    return true;
}

/* Who sees a transfer begin may have it end sooner or later, for a guest that counts meanwhile, and for one that waits. */
static void other_transfer_times(void **state)
{
    (void)state;
    static const struct { uint64_t left; uint32_t code; } times[] = {{0, 1}, {1, 1}, {40, 10}, {600, 150}, {4000, 1000}};
    const char *text = "_start:\n" TRANSFER("0", "0x2000", "1", "1") " idle\n" TRANSFER("0", "0x2000", "1", "1")
                       " li t0, 0x14\n li s0, 1\n li a0, 0\n"
                       "1: addi a0, a0, 1\n in t1, t0\n nop\n beq t1, s0, 1b\n halt a0\n";
    for (unsigned i = 0; i < 2 * sizeof times / sizeof times[0]; i++) {
        uint8_t bytes[512] = {0x44, 0x33, 0x22, 0x11};
        struct machine_input disk = {bytes, sizeof bytes};
        struct machine_options options = {.engine = engines[i % 2], .disks = &disk, .disk_count = 1};
        struct guest guest = guest_start(text, &options);
        struct other_time other = {guest.machine, times[i / 2].left};
        assert_false(machine_disk_set_left(guest.machine, 0, 1)); /* there is no transfer */
        machine_add_observer(guest.machine, MACHINE_EVENT_PORT, see_command, &other);
        assert_int_equal(machine_run(guest.machine, 100000), MACHINE_HALTED);
        assert_int_equal(machine_halt_code(guest.machine), times[i / 2].code);
        assert_int_equal(guest_word(&guest, 0x2000), 0x11223344);
        assert_in_range(machine_time(guest.machine).idle + 2, times[i / 2].left, times[i / 2].left + 2);
        guest_free(&guest);
    }
}

/* A disk may bring code over code that has been executed. */
static void disk_brings_code(void **state)
{
    (void)state;
    const char *text = "_start: call there\n mv s1, a0\n" TRANSFER("0", "there", "1", "1") " idle\n call there\n"
                          " slli a0, a0, 4\n or a0, a0, s1\n halt a0\n .align 9\nthere: li a0, 1\n ret\n";
    const uint32_t code[2] = {0x00200513, 0x00008067}; /* li a0, 2; ret */
    for (unsigned i = 0; i < 2; i++) {
        struct machine_input disk = {(const uint8_t *)code, sizeof code};
        struct machine_options options = {.engine = engines[i], .disks = &disk, .disk_count = 1};
        struct guest guest = guest_start(text, &options);
        assert_int_equal(machine_run(guest.machine, 10000), MACHINE_HALTED);
        assert_int_equal(machine_halt_code(guest.machine), 0x21);
        guest_free(&guest);
    }
}

/* The pocket machine has one port, and no interrupts, timer or disk. */
static void pocket_speaks(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        struct machine_options options = {.engine = engines[i]};
        struct guest guest = guest_start_on("pocket",
                                            "_start: set r0, 8\n add r0, r0\n add r0, r0\n add r0, r0\n set r1, 1\n"
                                                      " add r0, r1\n out r0\n set r1, 7\n halt r1\n", &options);
        assert_int_equal(machine_run(guest.machine, 100), MACHINE_HALTED);
        assert_int_equal(machine_halt_code(guest.machine), 7);
        size_t length;
        const uint8_t *output = machine_console(guest.machine, 0, &length);
        assert_int_equal(length, 1);
        assert_int_equal(output[0], 'A');
        guest_free(&guest);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(console_interrupts), cmocka_unit_test(console_without_input), cmocka_unit_test(disk_reads),
        cmocka_unit_test(disk_writes), cmocka_unit_test(disk_refuses), cmocka_unit_test(counters),
        cmocka_unit_test(manual_events), cmocka_unit_test(disk_brings_code), cmocka_unit_test(other_transfer_times),
        cmocka_unit_test(pocket_speaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
