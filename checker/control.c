/* control.c: what resource control forbids, in one list for all who judge by it and tell of it. */
#include "checker/internal.h"

#include <inttypes.h>

enum { BREACHES = 5 };
struct breach { uint64_t count; const char *key, *what; };

static void list_breaches(const struct checker_control *control, struct breach breaches[BREACHES])
{
    const struct breach all[BREACHES] = {
        {control->supervisor_instructions, "supervisor_instructions",
         "instructions of guests were executed in supervisor mode"},
        {control->stores_outside, "stores_outside", "stores of guests went outside their memory"},
        {control->slices_exceeded, "slices_exceeded", "times a guest ran longer than the slice limit"},
        {control->ports_reached, "ports_reached", "times a guest reached a port directly"},
        {control->transfers_outside, "transfers_outside", "transfers of devices for guests went outside their memory"},
    };
    for (unsigned i = 0; i < BREACHES; i++)
        breaches[i] = all[i];
}

bool checker_in_control(const struct checker_control *control)
{
    struct breach breaches[BREACHES];
    list_breaches(control, breaches);
    for (unsigned i = 0; i < BREACHES; i++)
        if (breaches[i].count > 0)
            return false;
    return true;
}

void checker_control_json(const struct checker_control *control, json_t *object)
{
    struct breach breaches[BREACHES];
    list_breaches(control, breaches);
    for (unsigned i = 0; i < BREACHES; i++)
        json_object_set_new(object, breaches[i].key, json_integer((json_int_t)breaches[i].count));
}

void checker_control_print(const struct checker_control *control, const char *who, const char *lead,
                           FILE *stream)
{
    struct breach breaches[BREACHES];
    list_breaches(control, breaches);
    for (unsigned i = 0; i < BREACHES; i++)
        if (breaches[i].count > 0)
            fprintf(stream, "%s%s%" PRIu64 " %s\n", who, lead, breaches[i].count, breaches[i].what);
}
