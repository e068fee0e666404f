/* directed_network.c: cases on purpose for the network: one guest that talks to itself, two that talk, and what cannot
 * be sent or received. */
#include "checker/check.h"

#define LISTEN "        li      t0, @network_control\n        li      t1, 1\n        out     t0, t1\n"
#define COMMAND(place, length, command)                                                                              \
    "        li      t0, @network_address\n        li      t1, " place "\n        out     t0, t1\n"                   \
    "        li      t0, @network_length\n        li      t1, " length "\n        out     t0, t1\n"                   \
    "        li      t0, @network_command\n        li      t1, " command "\n        out     t0, t1\n"
#define RECEIVE(place, length)                                                                                       \
    "        li      t0, @network_length\n1:\n        in      t1, t0\n        bnez    t1, 2f\n"                        \
    "        idle\n        j       1b\n2:\n" COMMAND(place, length, "2") "        in      a1, t0\n"
#define FRAME(first, second)                                                                                           \
    "        .data\n        .org    0x5000\n        .word   " first ", " second ", 0, 0x11223344\n        .text\n"

static const struct { const char *name, *text, *beside; } cases[] = {
    {"network: the number of a station", "        halt    zero",
     "        li      t0, @network_station\n        in      a0, t0\n        halt    a0"},
    {"network: a frame to itself", FRAME("2", "0") LISTEN COMMAND("0x5000", "16", "1") RECEIVE("0x6000", "64")
     "        li      t0, 0x6000\n        lw      a0, 12(t0)\n        halt    a0", NULL},
    {"network: no room for a frame", FRAME("2", "0") LISTEN COMMAND("0x5000", "16", "1") RECEIVE("0x6000", "15")
     "        li      t0, 0x6000\n        lw      a0, 12(t0)\n        halt    a1", NULL},
    {"network: a frame in the last bytes of memory",
     "        li      s1, 0xfff0\n        li      t1, 2\n        sw      t1, 0(s1)\n        sw      s1, 12(s1)\n" LISTEN
     COMMAND("0xfff0", "16", "1") RECEIVE("0x6000", "16")
     "        li      t0, 0x6000\n        lw      a0, 12(t0)\n        halt    a0",
     NULL},
    {"network: a frame that ends after memory",
     "        li      s1, 0xfff0\n        li      t1, -1\n        sw      t1, 0(s1)\n        sw      t1, 4(s1)\n" LISTEN
     COMMAND("0xfff0", "20", "1") "        in      a0, t0\n        halt    a0", "        halt    zero"},
    {"network: room that ends after memory", FRAME("2", "0") LISTEN COMMAND("0x5000", "16", "1")
     RECEIVE("0xfff8", "16") "        halt    a1", "        halt    zero"},
    {"network: the interrupt", FRAME("2", "0") LISTEN COMMAND("0x5000", "16", "1")
     "        li      t0, 2\n        setflags t0\n        idle\n        nop\nhandler:\n"
     "        lw      a0, @trap_cause(zero)\n        halt    a0",
     NULL},
    {"network: a frame to the other guest",
     FRAME("2", "0x100") "        li      t0, 6000\n        settimer t0\n        idle\n" COMMAND("0x5000", "16", "1")
     "        halt    zero",
     LISTEN RECEIVE("0x6000", "16") "        li      t0, 0x6000\n        lw      a0, 12(t0)\n        halt    a0"},
};
enum { CASES = sizeof cases / sizeof cases[0] };

unsigned checker_network_cases(const struct isa *isa)
{
    return checker_has_network(isa) ? CASES : 0;
}

void checker_network_make(struct checker_case *made, const struct isa *isa, unsigned number)
{
    snprintf(made->name, sizeof made->name, "directed: %s", cases[number].name);
    checker_directed_say(&made->programs[0], isa, cases[number].text);
    if (cases[number].beside == NULL)
        return;
    made->program_count = 2;
    checker_directed_say(&made->programs[1], isa, cases[number].beside);
}

void checker_network_first(struct checker_case *made, const struct isa *isa)
{
    *made = (struct checker_case){.name = "a guest that sends a frame", .program_count = 1};
    checker_directed_say(&made->programs[0], isa,
                         FRAME("2", "0") LISTEN COMMAND("0x5000", "16", "1") "        halt    zero");
}
