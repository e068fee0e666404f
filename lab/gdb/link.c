/* link.c: packets over a connection: "$...#SUM", each answered by "+", until both sides agree to leave that out. */
#include "lab/gdb/internal.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { CTRL_C = 3, ESCAPE = '}', ESCAPE_BIT = 0x20, BETWEEN_QUESTIONS = 100 /* milliseconds */ };

/* ---- Bytes ------------------------------------------------------------------------------------------------------- */

/* Signals do not wake those who wait: somebody who wants an end is asked, ten times a second. */
bool lab_gdb_await(int file, bool (*is_over)(void *context), void *context)
{
    struct pollfd ready = {.fd = file, .events = POLLIN};
    while (is_over == NULL || !is_over(context)) {
        int found = poll(&ready, 1, is_over != NULL ? BETWEEN_QUESTIONS : -1);
        if (found > 0 || (found < 0 && errno != EINTR))
            return true; /* or reading it will tell what is wrong */
    }
    return false;
}

/* Takes in what has arrived; with `wait`, at least one byte. */
static bool fill(struct lab_gdb_link *link, bool wait)
{
    struct pollfd ready = {.fd = link->input, .events = POLLIN};
    if (link->first > 0) {
        memmove(link->arrived, link->arrived + link->first, link->last - link->first);
        link->last -= link->first;
        link->first = 0;
    }
    if (link->is_closed || link->last == sizeof link->arrived)
        return false;
    if (wait && !lab_gdb_await(link->input, link->is_over, link->context)) {
        link->is_closed = true;
        return false;
    }
    if (poll(&ready, 1, 0) <= 0)
        return false;
    ssize_t got = read(link->input, link->arrived + link->last, sizeof link->arrived - link->last);
    if (got > 0)
        link->last += (size_t)got;
    else if (got == 0 || (errno != EINTR && errno != EAGAIN))
        link->is_closed = true;
    return got > 0;
}

static int next_byte(struct lab_gdb_link *link)
{
    while (link->first == link->last)
        if (!fill(link, true) && link->is_closed)
            return EOF;
    return (unsigned char)link->arrived[link->first++];
}

static void write_all(struct lab_gdb_link *link, const char *bytes, size_t length)
{
    while (length > 0 && !link->is_closed) {
        ssize_t written = write(link->output, bytes, length);
        if (written < 0 && errno != EINTR)
            link->is_closed = true;
        if (written > 0) {
            bytes += written;
            length -= (size_t)written;
        }
    }
}

/* ---- Packets ----------------------------------------------------------------------------------------------------- */

static int digit(int c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* What follows '$', up to the two digits of the sum; false when they do not fit it, or the packet has no room. */
static bool read_packet(struct lab_gdb_link *link)
{
    unsigned sum = 0;
    bool fits = true;
    int c;
    link->length = 0;
    while ((c = next_byte(link)) != '#' && c != EOF) {
        sum += (unsigned)c;
        if (c == ESCAPE) {
            c = next_byte(link);
            sum += (unsigned)c;
            c ^= ESCAPE_BIT;
        }
        fits = fits && link->length < LAB_GDB_LONGEST_PACKET;
        if (fits)
            link->packet[link->length++] = (char)c;
    }
    int high = digit(next_byte(link)), low = digit(next_byte(link));
    link->packet[link->length] = '\0';
    return fits && high >= 0 && low >= 0 && (sum & 0xff) == (unsigned)(high * 16 + low);
}

enum lab_gdb_received lab_gdb_receive(struct lab_gdb_link *link)
{
    for (;;) {
        int c = next_byte(link);
        if (c == EOF)
            return LAB_GDB_CLOSED;
        if (c == CTRL_C)
            return LAB_GDB_INTERRUPT;
        if (c != '$')
            continue; /* an acknowledgement */
        bool good = read_packet(link);
        if (link->is_closed)
            return LAB_GDB_CLOSED;
        if (!link->without_acknowledgement)
            write_all(link, good ? "+" : "-", 1);
        if (good)
            return LAB_GDB_PACKET;
    }
}

void lab_gdb_send(struct lab_gdb_link *link, const char *bytes, size_t length)
{
    unsigned sum = 0;
    char end[4];
    for (size_t i = 0; i < length; i++)
        sum += (unsigned char)bytes[i];
    snprintf(end, sizeof end, "#%02x", sum & 0xff);
    write_all(link, "$", 1);
    write_all(link, bytes, length);
    write_all(link, end, 3);
}

bool lab_gdb_wants_attention(struct lab_gdb_link *link)
{
    fill(link, false);
    if (link->is_over != NULL && link->is_over(link->context))
        link->is_closed = true;
    if (link->is_closed)
        return true;
    for (; link->first < link->last; link->first++) { /* past acknowledgements of what guests have printed */
        if (link->arrived[link->first] == '$')
            return true;
        if (link->arrived[link->first] == CTRL_C) {
            link->first++;
            return true;
        }
    }
    return false;
}

/* ---- Digits ------------------------------------------------------------------------------------------------------ */

void lab_gdb_put_hex(FILE *reply, const void *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        fprintf(reply, "%02x", ((const unsigned char *)bytes)[i]);
}

size_t lab_gdb_get_hex(const char *text, uint8_t *bytes, size_t most)
{
    size_t count = 0;
    for (; count < most && digit(text[0]) >= 0 && digit(text[1]) >= 0; text += 2)
        bytes[count++] = (uint8_t)(digit(text[0]) * 16 + digit(text[1]));
    return count;
}

void lab_gdb_put_binary(FILE *reply, const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        bool special = bytes[i] == '$' || bytes[i] == '#' || bytes[i] == ESCAPE || bytes[i] == '*';
        if (special)
            putc(ESCAPE, reply);
        putc(special ? bytes[i] ^ ESCAPE_BIT : bytes[i], reply);
    }
}
