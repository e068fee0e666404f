/* network.c: frames, as the monitored run has them, played into the follower. Which frames a guest receives, and
 * when, is decided outside of it; so the answers of its station are taken over as time values are, and what its
 * command fetched under the monitor comes to the bare machine's station just before the same command there. What it
 * sends is its own. */
#include "checker/internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- What the monitored machine's station did -------------------------------------------------------------------- */

void checker_network_frame(struct checker_follower *follower, const struct machine_event *event)
{
    struct checker_frame *frame = &follower->fetched;
    if (event->is_write || event->bytes > sizeof frame->bytes)
        return;
    frame->length = event->bytes;
    machine_read(follower->monitored, event->physical, frame->bytes, event->bytes);
}

/* A command to receive has been executed: with a frame, or in vain. */
void checker_network_received(struct checker_follower *follower)
{
    if (follower->frame_count == follower->frame_room) {
        follower->frame_room = follower->frame_room ? 2 * follower->frame_room : 4;
        follower->frames = realloc(follower->frames, follower->frame_room * sizeof *follower->frames);
        if (follower->frames == NULL)
            abort();
    }
    follower->frames[follower->frame_count++] = follower->fetched;
    follower->frames_fetched += follower->fetched.length > 0;
    follower->fetched.length = 0;
}

bool checker_network_is_waiting(const struct checker_follower *follower)
{
    return follower->frames_fetched != machine_network_arrived(follower->monitored, follower->guest);
}

/* ---- The same for the bare machine's ----------------------------------------------------------------------------- */

void checker_network_receive(struct checker_follower *follower)
{
    const struct checker_probe *probe = &follower->probe;
    if (probe->trapped || !probe->port_written || probe->port_value != CHECKER_NETWORK_RECEIVE ||
        checker_port_meaning(follower->facts->isa, probe->port) != CHECKER_PORT_NETWORK_COMMAND ||
        follower->frame_count == 0)
        return;
    const struct checker_frame *frame = &follower->frames[0];
    if (frame->length > 0) {
        machine_network_deliver(follower->bare, 0, frame->bytes, frame->length);
        checker_follower_touch(follower, follower->sources.network_address, frame->length);
    }
    follower->frame_count--;
    memmove(follower->frames, follower->frames + 1, follower->frame_count * sizeof *follower->frames);
}

/* A monitor may hold frames back, so this counts in the end only. */
struct checker_failure *checker_network_compare(const struct machine *monitored, unsigned guest,
                                                const struct machine *bare, const struct checker_follower *follower)
{
    uint64_t expected_digest, got_digest;
    uint32_t expected = machine_network_sent(bare, 0, &expected_digest);
    uint32_t got = machine_network_sent(monitored, guest, &got_digest);
    if (expected == got && expected_digest == got_digest)
        return NULL;
    struct checker_failure *failure = checker_failure_new(guest, "the frames sent");
    if (follower != NULL)
        failure->instruction = checker_follower_instructions(follower);
    checker_failure_expected(failure, "%" PRIu32 " frames", expected);
    if (expected == got)
        checker_failure_got(failure, "as many, with other contents");
    else
        checker_failure_got(failure, "%" PRIu32 " frames", got);
    return failure;
}

/* ---- Its interrupt ----------------------------------------------------------------------------------------------- */

/* One interrupt may tell of several frames; each needs one that arrived. */
bool checker_network_may_interrupt(const struct checker_follower *follower)
{
    return follower->sources.network_delivered != machine_network_arrived(follower->monitored, follower->guest);
}

void checker_network_interrupted(struct checker_follower *follower)
{
    follower->sources.network_delivered++;
    follower->sources.network_told = machine_network_arrived(follower->monitored, follower->guest);
}

bool checker_network_is_due(const struct checker_follower *follower)
{
    return follower->sources.network_told != machine_network_arrived(follower->monitored, follower->guest);
}
