/* network.c: talks to the machine beside this one: stations 0 and 1, 2 and 3, and so on. The one with the lower number
 * pings the other, then sends it some data; each frame is sent until it is answered. Who finds nobody talks to
 * itself. What is printed does not depend on how fast either machine is. */
#include "process.h"

enum { BLOCK = 1024, BLOCKS = 16, PINGS = 8 };
enum { CALLS = 10, PATIENCE = 20, TRIES = 10 }; /* for somebody to answer; ticks for an answer, and how often to ask */
enum kind { HELLO = 1, HERE, PING, PONG, DATA, TAKEN };

/* A frame of ours: that of Ethernet, with a type for experiments (IEEE 802 has 0x88b5 for these). */
struct message {
    uint8_t destination[6], source[6], type[2];
    uint8_t kind, number; /* of the ping or block */
    uint8_t data[BLOCK];
};
enum { HEADER = FRAME_HEADER + 2, EVERYBODY = 255 };

static uint32_t own;

/* ---- Messages --------------------------------------------------------------------------------------------------- */

static void put_address(uint8_t address[6], uint32_t station)
{
    static const uint8_t start[5] = {2};
    memset(address, EVERYBODY, 6);
    if (station == EVERYBODY)
        return;
    memcpy(address, start, sizeof start);
    address[5] = (uint8_t)station;
}

static void send(uint32_t to, enum kind kind, uint32_t number, const uint8_t *data, uint32_t length)
{
    static struct message message;
    put_address(message.destination, to);
    put_address(message.source, own);
    message.type[0] = 0x88;
    message.type[1] = 0xb5;
    message.kind = (uint8_t)kind;
    message.number = (uint8_t)number;
    memcpy(message.data, data, length);
    system_network_send(&message, HEADER + length);
}

/* The next message from `peer`; NULL when none comes in time. Whoever says hello is answered on the way. */
static const struct message *receive(uint32_t peer, uint32_t ticks)
{
    static struct message message;
    for (;;) {
        int32_t length = system_network_receive(&message, sizeof message, ticks);
        if (length < 0)
            return NULL;
        if (length < HEADER || message.type[0] != 0x88 || message.type[1] != 0xb5 || message.source[5] != peer)
            continue;
        if (message.kind == HELLO)
            send(peer, HERE, 0, NULL, 0);
        return &message;
    }
}

/* Sends until the answer comes. */
static bool ask(uint32_t peer, enum kind kind, enum kind answer, uint32_t number, const uint8_t *data, uint32_t length)
{
    for (uint32_t i = 0; i < TRIES; i++) {
        const struct message *message;
        send(peer, kind, number, data, length);
        while ((message = receive(peer, PATIENCE)) != NULL)
            if (message->kind == answer && message->number == (uint8_t)number)
                return true;
    }
    return false;
}

/* ---- The two sides ---------------------------------------------------------------------------------------------- */

/* Data that only the sender knows before. */
static void make_block(uint8_t block[BLOCK], uint32_t *random)
{
    for (uint32_t i = 0; i < BLOCK; i++) {
        *random = *random * 1664525 + 1013904223;
        block[i] = (uint8_t)(*random >> 24);
    }
}

/* Fletcher's sum of 32 bits, over bytes. */
static uint32_t add_up(uint32_t sum, const uint8_t *bytes, uint32_t length)
{
    uint32_t low = sum & 0xffff, high = sum >> 16;
    for (uint32_t i = 0; i < length; i++) {
        low = (low + bytes[i]) % 65535;
        high = (high + low) % 65535;
    }
    return high << 16 | low;
}

static uint32_t speak(uint32_t peer)
{
    static uint8_t block[BLOCK];
    uint32_t random = own + 1, sum = 0, answered = 0;
    for (uint32_t i = 0; i < PINGS; i++)
        answered += ask(peer, PING, PONG, i, NULL, 0);
    print("station %u: %u of %u pings answered by station %u\n", own, answered, PINGS, peer);
    for (uint32_t i = 0; i < BLOCKS; i++) {
        make_block(block, &random);
        if (!ask(peer, DATA, TAKEN, i, block, BLOCK)) {
            print("station %u: block %u is not taken\n", own, i);
            return 1;
        }
        sum = add_up(sum, block, BLOCK);
    }
    print("station %u: %u bytes sent, sum %08x\n", own, BLOCK * BLOCKS, sum);
    return answered == PINGS ? 0 : 1;
}

/* Goes on for a while after the last block: its answer may not have arrived. */
static uint32_t listen(uint32_t peer)
{
    uint32_t sum = 0, expected = 0;
    const struct message *message;
    while ((message = receive(peer, expected < BLOCKS ? PATIENCE * TRIES : PATIENCE)) != NULL) {
        if (message->kind == PING)
            send(peer, PONG, message->number, NULL, 0);
        if (message->kind != DATA)
            continue;
        uint32_t number = message->number;
        if (number == expected) {
            sum = add_up(sum, message->data, BLOCK);
            expected++;
        }
        send(peer, TAKEN, number, NULL, 0);
    }
    print("station %u: %u bytes received from station %u, sum %08x\n", own, BLOCK * expected, peer, sum);
    return expected == BLOCKS ? 0 : 1;
}

/* Every frame comes back as it was. */
static uint32_t talk_to_myself(void)
{
    static uint8_t block[BLOCK];
    uint32_t random = own + 1, sum = 0, returned = 0;
    print("station %u: nobody is there; talking to myself\n", own);
    for (uint32_t i = 0; i < BLOCKS; i++) {
        make_block(block, &random);
        send(own, DATA, i, block, BLOCK);
        const struct message *message = receive(own, PATIENCE);
        if (message == NULL || message->kind != DATA || message->number != i)
            continue;
        sum = add_up(sum, message->data, BLOCK);
        returned++;
    }
    print("station %u: %u bytes came back, sum %08x\n", own, BLOCK * returned, sum);
    return returned == BLOCKS ? 0 : 1;
}

static bool find(uint32_t peer)
{
    for (uint32_t i = 0; i < CALLS; i++) {
        send(EVERYBODY, HELLO, 0, NULL, 0);
        const struct message *message = receive(peer, PATIENCE);
        if (message != NULL)
            return true;
    }
    return false;
}

uint32_t main(uint32_t argument)
{
    (void)argument;
    own = system_network_station();
    uint32_t peer = own ^ 1;
    if (!find(peer))
        return talk_to_myself();
    return own < peer ? speak(peer) : listen(peer);
}
