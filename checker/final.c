/* final.c: what remains in the end: what a guest has said, what is on its disk, how it halted, and its memory. And
 * whether that is all the same but for the order of what it has said. */
#include "checker/internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static struct checker_failure *differs(const struct checker_follower *follower, unsigned guest, const char *what)
{
    struct checker_failure *failure = checker_failure_new(guest, what);
    if (follower != NULL)
        failure->instruction = checker_follower_instructions(follower);
    return failure;
}

/* A byte, as a number and as the line of text it stands in. */
static void describe(const uint8_t *bytes, size_t length, size_t at, char *buffer, size_t size)
{
    if (at >= length) {
        snprintf(buffer, size, "the end, after %zu bytes", length);
        return;
    }
    size_t start = at, end = at;
    while (start > 0 && bytes[start - 1] != '\n' && at - start < 40)
        start--;
    while (end < length && bytes[end] != '\n' && end - at < 24)
        end++;
    int used = snprintf(buffer, size, "0x%02x, in \"", bytes[at]);
    for (size_t i = start; i < end && used < (int)size - 2; i++)
        buffer[used++] = (char)(bytes[i] >= ' ' && bytes[i] < 0x7f ? bytes[i] : '.');
    snprintf(buffer + used, size - (size_t)used, "\"");
}

static struct checker_failure *compare_bytes(const struct checker_follower *follower, unsigned guest, const char *what,
                                             const uint8_t *expected, size_t expected_length, const uint8_t *got,
                                             size_t got_length)
{
    size_t shorter = expected_length < got_length ? expected_length : got_length, at = 0;
    while (at < shorter && expected[at] == got[at])
        at++;
    if (at == expected_length && at == got_length)
        return NULL;
    char text[160];
    snprintf(text, 64, "%s byte %zu", what, at);
    struct checker_failure *failure = differs(follower, guest, text);
    describe(expected, expected_length, at, text, sizeof text);
    checker_failure_expected(failure, "%s", text);
    describe(got, got_length, at, text, sizeof text);
    checker_failure_got(failure, "%s", text);
    return failure;
}

static struct checker_failure *compare_codes(const struct machine *monitored, unsigned guest, enum machine_stop stop,
                                             const struct machine *bare, const struct checker_follower *follower)
{
    uint32_t expected = 0, got = 0;
    bool expects = machine_guest_halt_code(bare, 0, &expected), gets = machine_guest_halt_code(monitored, guest, &got);
    if (expects == gets && expected == got)
        return NULL;
    struct checker_failure *failure = differs(follower, guest, "the halt code");
    if (expects)
        checker_failure_expected(failure, "%" PRIu32, expected);
    else
        checker_failure_expected(failure, "none: the guest does not halt");
    if (gets)
        checker_failure_got(failure, "%" PRIu32, got);
    else if (stop == MACHINE_HALTED)
        checker_failure_got(failure, "none: the monitor stopped the machine, with code %" PRIu32,
                            machine_halt_code(monitored));
    else
        checker_failure_got(failure, "none: the guest did not come to its end");
    return failure;
}

static bool in_flight(const struct checker_follower *follower, uint32_t address)
{
    return follower != NULL && checker_deliver_in_flight(follower, address);
}

static struct checker_failure *compare_memory(const struct machine *monitored, unsigned guest,
                                              const struct machine *bare, const struct checker_follower *follower,
                                              uint32_t start, uint32_t size)
{
    uint8_t expected[4096], got[4096];
    for (uint32_t page = 0; page < size; page += (uint32_t)sizeof expected) {
        uint32_t length = size - page < sizeof expected ? size - page : (uint32_t)sizeof expected;
        if (!machine_read(bare, page, expected, length) || !machine_read(monitored, start + page, got, length) ||
            memcmp(expected, got, length) == 0)
            continue;
        for (uint32_t i = 0; i < length; i++) {
            if (expected[i] == got[i] || in_flight(follower, page + i))
                continue;
            char what[64];
            snprintf(what, sizeof what, "memory at 0x%08" PRIx32 ", in the end", page + i);
            struct checker_failure *failure = differs(follower, guest, what);
            checker_failure_expected(failure, "0x%02x", expected[i]);
            checker_failure_got(failure, "0x%02x", got[i]);
            return failure;
        }
    }
    return NULL;
}

static struct checker_failure *compare_disks(const struct machine *monitored, unsigned guest,
                                             const struct machine *bare, const struct checker_follower *follower)
{
    size_t expected_length, got_length;
    const uint8_t *expected = machine_disk(bare, 0, &expected_length);
    const uint8_t *got = machine_disk(monitored, guest, &got_length);
    return compare_bytes(follower, guest, "disk", expected, expected_length, got, got_length);
}

struct checker_failure *checker_final(const struct machine *monitored, unsigned guest, enum machine_stop stop,
                                      const struct machine *bare, struct checker_follower *follower, uint32_t start,
                                      uint32_t size)
{
    size_t expected_length, got_length;
    const uint8_t *expected = machine_console(bare, 0, &expected_length);
    const uint8_t *got = machine_console(monitored, guest, &got_length);
    struct checker_failure *failure = compare_bytes(follower, guest, "console", expected, expected_length, got,
                                                    got_length);
    if (failure == NULL)
        failure = compare_codes(monitored, guest, stop, bare, follower);
    if (failure == NULL)
        failure = compare_disks(monitored, guest, bare, follower);
    if (failure == NULL)
        failure = checker_network_compare(monitored, guest, bare, follower);
    if (failure != NULL && follower != NULL && follower->sources.disk_busy && strncmp(failure->what, "disk", 4) == 0) {
        /* A transfer that nobody waited for may have ended or not: either will do. */
        checker_failure_free(failure);
        machine_disk_complete(follower->bare, 0);
        failure = compare_disks(monitored, guest, bare, follower);
    }
    if (failure == NULL && size > 0)
        failure = compare_memory(monitored, guest, bare, follower, start, size);
    return failure;
}

/* ---- All but the order of lines ---------------------------------------------------------------------------------- */

struct line { const uint8_t *bytes; size_t length; };

static int by_text(const void *a, const void *b)
{
    const struct line *first = a, *second = b;
    size_t shorter = first->length < second->length ? first->length : second->length;
    int order = shorter > 0 ? memcmp(first->bytes, second->bytes, shorter) : 0;
    return order != 0 ? order : (first->length > second->length) - (first->length < second->length);
}

/* Sorted; the caller's to free. */
static struct line *lines_of(const struct machine *machine, unsigned guest, size_t *count)
{
    size_t length, start = 0;
    const uint8_t *bytes = machine_console(machine, guest, &length);
    struct line *lines = calloc(length + 1, sizeof *lines);
    *count = 0;
    for (size_t i = 0; i < length; i++)
        if (bytes[i] == '\n' || i + 1 == length) {
            lines[(*count)++] = (struct line){bytes + start, i + 1 - start};
            start = i + 1;
        }
    qsort(lines, *count, sizeof *lines, by_text);
    return lines;
}

static bool same_lines(const struct machine *monitored, unsigned guest, const struct machine *bare)
{
    size_t expected_count, got_count;
    struct line *expected = lines_of(bare, 0, &expected_count), *got = lines_of(monitored, guest, &got_count);
    bool same = expected_count == got_count;
    for (size_t i = 0; same && i < got_count; i++)
        same = by_text(&expected[i], &got[i]) == 0;
    free(expected);
    free(got);
    return same;
}

static bool agree(struct checker_failure *failure)
{
    bool good = failure == NULL;
    checker_failure_free(failure);
    return good;
}

bool checker_final_but_order(const struct machine *monitored, unsigned guest, enum machine_stop stop,
                             const struct machine *bare)
{
    return same_lines(monitored, guest, bare) && agree(compare_codes(monitored, guest, stop, bare, NULL)) &&
           agree(compare_disks(monitored, guest, bare, NULL)) &&
           agree(checker_network_compare(monitored, guest, bare, NULL));
}
