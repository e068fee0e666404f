/* talk.c: two generated programs that talk over the network. What they do must not depend on when a frame arrives,
 * for some monitors are judged by the end alone: so they take turns, each frame is waited for before anything else
 * is sent, and nobody takes an interrupt meanwhile. The first one begins when the other has had time to listen.
 *
 * What goes wrong with networks is in it all the same: frames and room at the very end of memory and past it, frames
 * too short and too long, room too small, frames to oneself, to the other, to everybody and to nobody. */
#include "checker/check.h"

#define SAY(...) checker_case_say(maker->program, __VA_ARGS__)

enum {
    SHORTEST = 14, LONGEST = 1514,       /* of frames */
    HEADER = 16,                         /* the bytes of a frame that are written anew for each */
    HEAD_START = CHECKER_CASE_SLICE + 1000,
    NOBODY = 7
};

static void out(struct checker_maker *maker, const char *port, uint32_t value)
{
    SAY("        li      t0, @%s\n        li      t1, %#x\n        out     t0, t1", port, value);
}

/* A frame, or room, of this length: mostly among the data, at times the last bytes of memory. */
static uint32_t some_place(struct checker_maker *maker, uint32_t length)
{
    return checker_one_in(maker, 3) ? (CHECKER_CASE_MEMORY - length) & ~3u
                                    : CHECKER_CASE_DATA + 0x1000 + 4 * checker_below(maker, 0x400);
}

static uint32_t some_length(struct checker_maker *maker)
{
    static const uint32_t lengths[] = {SHORTEST, 15, HEADER, 18, 20, 60, 64, 255, 257, LONGEST};
    return lengths[checker_below(maker, sizeof lengths / sizeof lengths[0])];
}

static void command(struct checker_maker *maker, uint32_t place, uint32_t length, uint32_t number)
{
    out(maker, "network_address", place);
    out(maker, "network_length", length);
    out(maker, "network_command", number);
    if (checker_one_in(maker, 2))
        SAY("        in      %s, t0", checker_some_register(maker));
}

/* What cannot be sent or received: it must change nothing, nor reach anybody. */
static void vain_command(struct checker_maker *maker)
{
    static const struct { uint32_t place, length; } wrong[] = {
        {CHECKER_CASE_DATA, SHORTEST - 1}, {CHECKER_CASE_DATA, LONGEST + 1}, {CHECKER_CASE_DATA, 0},
        {CHECKER_CASE_DATA, 0xffffffff},   {CHECKER_CASE_MEMORY - 4, 64},    {CHECKER_CASE_MEMORY, 64},
        {CHECKER_CASE_MEMORY - LONGEST + 2, LONGEST}, {0xfffffffc, 64},      {0xffffff00, LONGEST}};
    uint32_t number = checker_below(maker, sizeof wrong / sizeof wrong[0]);
    bool sends = checker_one_in(maker, 2) || wrong[number].length > LONGEST;
    command(maker, wrong[number].place, wrong[number].length, sends ? 1 : 2);
}

/* A frame to a station, or (`station` -1) to everybody. */
static void send(struct checker_maker *maker, int station)
{
    uint32_t length = some_length(maker), room = length < HEADER ? HEADER : length, place = some_place(maker, room);
    SAY("        li      t0, %#x\n        li      t1, %#x\n        sw      t1, 0(t0)", place,
        station < 0 ? 0xffffffff : 2);
    SAY("        li      t1, %#x\n        sw      t1, 4(t0)", station < 0 ? 0xffff : (uint32_t)station << 8);
    SAY("        sw      %s, 8(t0)\n        sw      %s, 12(t0)", checker_some_register(maker),
        checker_some_register(maker));
    command(maker, place, length, 1);
}

/* Waits for a frame, and takes it. */
static void receive(struct checker_maker *maker)
{
    uint32_t place = some_place(maker, LONGEST);
    SAY("        li      t0, @network_length\n1:\n        in      t1, t0\n        bnez    t1, 2f\n        idle\n"
        "        j       1b\n2:");
    if (checker_one_in(maker, 4))
        command(maker, place, checker_below(maker, SHORTEST), 2); /* too small: the frame stays */
    if (checker_one_in(maker, 3)) { /* as much room as it needs */
        SAY("        li      t0, @network_length\n        in      t1, t0\n        out     t0, t1");
        out(maker, "network_address", place);
        out(maker, "network_command", 2);
        SAY("        in      %s, t0", checker_some_register(maker));
    } else {
        command(maker, place, LONGEST, 2);
    }
    SAY("        li      t0, %#x\n        lw      %s, 8(t0)\n        lw      %s, 12(t0)", place,
        checker_some_register(maker), checker_some_register(maker));
}

/* What the guest whose turn it is does besides; and then the other one's turn begins. */
static void take_turn(struct checker_maker *maker, unsigned own)
{
    if (checker_one_in(maker, 3))
        vain_command(maker);
    if (checker_one_in(maker, 4)) {
        send(maker, (int)own);
        receive(maker);
    }
    if (checker_one_in(maker, 6))
        send(maker, NOBODY);
    send(maker, checker_one_in(maker, 3) ? -1 : 1 - (int)own);
}

void checker_talk(struct checker_maker *maker, unsigned own, unsigned rounds)
{
    out(maker, "network_control", 1);
    if (own == 0)
        SAY("        li      t0, %u\n        settimer t0\n        idle\n        settimer zero", HEAD_START);
    for (unsigned i = 0; i < rounds; i++) {
        if (own != 0)
            receive(maker);
        take_turn(maker, own);
        if (own == 0)
            receive(maker);
        if (checker_one_in(maker, 4))
            SAY("        li      t0, @network_station\n        in      %s, t0", checker_some_register(maker));
    }
    if (checker_one_in(maker, 2))
        out(maker, "network_control", 0);
}

bool checker_can_talk(const struct checker_maker *maker)
{
    return checker_has(maker, "settimer") && checker_has(maker, "idle") && checker_has(maker, "in") &&
           checker_has_network(maker->isa);
}
