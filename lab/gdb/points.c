/* points.c: breakpoints and watchpoints. None is written into memory: a guest that reads its own code finds nothing. */
#include "lab/gdb/internal.h"

#include <stdlib.h>

static struct lab_gdb_point *find(struct lab_gdb_session *session, const struct lab_gdb_point *wanted)
{
    for (unsigned i = 0; i < session->point_count; i++) {
        struct lab_gdb_point *point = &session->points[i];
        if (point->type == wanted->type && point->context == wanted->context && point->address == wanted->address &&
            point->length == wanted->length)
            return point;
    }
    return NULL;
}

const char *lab_gdb_change_point(struct lab_gdb_session *session, const char *packet)
{
    struct lab_gdb_point point = {.type = packet[1], .context = session->general};
    char *rest;
    if (point.type < '0' || point.type > '2')
        return ""; /* what is read leaves no trace in a machine that nobody watches that closely */
    point.address = (uint32_t)strtoul(packet + 3, &rest, 16);
    if (packet[2] != ',' || *rest != ',')
        return "E22";
    point.length = (uint32_t)strtoul(rest + 1, NULL, 16);
    struct lab_gdb_point *there = find(session, &point);
    if (packet[0] == 'z') {
        if (there != NULL)
            *there = session->points[--session->point_count];
        return "OK";
    }
    if (point.type == '2' && !lab_gdb_physical(session, point.context, point.address, &point.physical))
        return "E14";
    if (there == NULL && session->point_count == LAB_GDB_MOST_POINTS)
        return "E12";
    if (there == NULL)
        session->points[session->point_count++] = point;
    return "OK";
}

unsigned lab_gdb_watched(const struct lab_gdb_session *session)
{
    unsigned kinds = 0;
    for (unsigned i = 0; i < session->point_count; i++)
        kinds |= session->points[i].type == '2' ? MACHINE_EVENT_STORE : MACHINE_EVENT_FETCH;
    return kinds;
}

static bool is_met(const struct lab_gdb_session *session, const struct lab_gdb_point *point,
                   const struct machine_event *event)
{
    if (event->kind == MACHINE_EVENT_STORE)
        return point->type == '2' && event->physical < point->physical + point->length &&
               point->physical < event->physical + event->bytes;
    return point->type != '2' && point->address == event->pc &&
           point->context == lab_gdb_context_at(session, event->pc, event->physical);
}

const struct lab_gdb_point *lab_gdb_point_met(const struct lab_gdb_session *session, const struct machine_event *event)
{
    for (unsigned i = 0; i < session->point_count; i++)
        if (is_met(session, &session->points[i], event))
            return &session->points[i];
    return NULL;
}

const struct lab_gdb_point *lab_gdb_breakpoint_here(const struct lab_gdb_session *session)
{
    struct machine_event event = {.kind = MACHINE_EVENT_FETCH, .pc = machine_pc(session->machine)};
    uint32_t word;
    if (!machine_next_word(session->machine, &word, &event.physical))
        return NULL;
    return lab_gdb_point_met(session, &event);
}
