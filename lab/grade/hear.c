/* hear.c: what a judge says, line by line, and what becomes of a report by it. The parent believes a judge's words, but
 * not that they are whole or well formed: a judge may die within one. */
#include <stdlib.h>
#include <string.h>

#include "lab/grade/internal.h"

enum { LONGEST_LINE = 8 << 20 };

static void hear_task(struct lab_grade_hearing *hearing, json_t *said, const json_t *number)
{
    size_t count = json_array_size(json_object_get(hearing->report, "tasks"));
    json_int_t task = json_is_integer(number) ? json_integer_value(number) : -1;
    if (task < 0 || (size_t)task >= count)
        return;
    hearing->next = (size_t)task + 1;
    hearing->begun = false;
    json_t *result = json_incref(said);
    json_object_del(result, "end");
    lab_grade_report_task(hearing->report, (size_t)task, result);
}

/* Does the report change by it? */
static bool hear_line(struct lab_grade_hearing *hearing, const char *line, size_t length)
{
    json_t *said = json_loadb(line, length, 0, NULL), *value;
    bool begins = json_object_get(said, "begin") != NULL;
    if ((value = json_object_get(said, "lab")) != NULL) {
        lab_grade_report_lab(hearing->report, json_incref(value));
    } else if (json_object_get(said, "bad_lab") != NULL) {
        fputs(lab_grade_string(said, "bad_lab"), stderr);
        lab_grade_report_error(hearing->report, "the lab itself is wrong");
        hearing->code = (int)json_integer_value(json_object_get(said, "code"));
        hearing->given_up = true;
    } else if (json_object_get(said, "broken") != NULL) {
        lab_grade_report_error(hearing->report, lab_grade_string(said, "broken"));
        hearing->given_up = true;
    } else if (begins) {
        hearing->begun = true;
    } else if ((value = json_object_get(said, "end")) != NULL) {
        hear_task(hearing, said, value);
    } else if (json_object_get(said, "done") != NULL) {
        hearing->done = true;
    }
    json_decref(said);
    return !begins;
}

static bool make_room(struct lab_grade_hearing *hearing, size_t length)
{
    if (length <= hearing->room)
        return true;
    char *line = realloc(hearing->line, 2 * length);
    if (line == NULL)
        return false;
    hearing->line = line;
    hearing->room = 2 * length;
    return true;
}

bool lab_grade_hear(struct lab_grade_hearing *hearing, const char *bytes, size_t length)
{
    size_t taken = 0;
    bool changed = false;
    if (length == 0 || hearing->length + length > LONGEST_LINE || !make_room(hearing, hearing->length + length))
        return false;
    memcpy(hearing->line + hearing->length, bytes, length);
    hearing->length += length;
    for (char *end; (end = memchr(hearing->line + taken, '\n', hearing->length - taken)) != NULL;) {
        size_t width = (size_t)(end - hearing->line) + 1 - taken;
        changed |= hear_line(hearing, hearing->line + taken, width);
        taken += width;
    }
    memmove(hearing->line, hearing->line + taken, hearing->length - taken);
    hearing->length -= taken;
    return changed;
}
