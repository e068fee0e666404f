/* options.c: what a machine is made from: the table given to pg74.machine, pg74.hosted, pg74.compare. */
#include <string.h>

#include "lab/lua/internal.h"
#include "lab/run_options.h"

enum { MOST_NAMES = 32 };

/* Puts the value on top of the stack, and takes it off, among what is kept alive. */
static void keep(lua_State *L, int kept)
{
    lua_rawseti(L, kept, (lua_Integer)lua_rawlen(L, kept) + 1);
}

/* ---- Guests and their devices ------------------------------------------------------------------------------------ */

/* Calls `read` with each value of a list at field `many`, or with the one at field `one`. */
static unsigned read_list(lua_State *L, int table, const char *one, const char *many, int kept,
                          struct lab_lua_options *options,
                          void (*read)(lua_State *L, int kept, struct lab_lua_options *options, unsigned number))
{
    unsigned count = 0;
    if (lua_getfield(L, table, one) != LUA_TNIL) {
        read(L, kept, options, count++);
        lua_pop(L, 1);
    } else if (lua_pop(L, 1), lua_getfield(L, table, many) == LUA_TTABLE) {
        count = (unsigned)lua_rawlen(L, -1);
        if (count > MACHINE_MOST_UNITS)
            luaL_error(L, "option '%s': at most %d, not %d", many, MACHINE_MOST_UNITS, (int)count);
        for (unsigned i = 0; i < count; i++) {
            lua_rawgeti(L, -1, (lua_Integer)i + 1);
            read(L, kept, options, i);
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
    } else {
        if (!lua_isnil(L, -1))
            luaL_error(L, "option '%s' must be a list, not %s", many, luaL_typename(L, -1));
        lua_pop(L, 1);
    }
    return count;
}

static void read_guest(lua_State *L, int kept, struct lab_lua_options *options, unsigned number)
{
    options->guests[number] = lab_lua_to_image(L, -1, LAB_LUA_GUEST);
    keep(L, kept);
}

static struct machine_input read_bytes(lua_State *L, int kept, const char *what)
{
    struct machine_input bytes;
    if (lua_type(L, -1) != LUA_TSTRING)
        luaL_error(L, "%s must be a string with the bytes themselves, not %s", what, luaL_typename(L, -1));
    bytes.bytes = (const uint8_t *)lua_tolstring(L, -1, &bytes.length);
    lua_pushvalue(L, -1);
    keep(L, kept);
    return bytes;
}

static void read_input(lua_State *L, int kept, struct lab_lua_options *options, unsigned number)
{
    options->inputs[number] = read_bytes(L, kept, "console input");
}

static void read_disk(lua_State *L, int kept, struct lab_lua_options *options, unsigned number)
{
    options->disks[number] = read_bytes(L, kept, "a disk");
}

/* ---- Monitors ---------------------------------------------------------------------------------------------------- */

static void add_level(lua_State *L, int kept, struct lab_lua_options *options, unsigned number,
                      const struct machine_image *image)
{
    if (options->levels[number] == MACHINE_MOST_LEVELS)
        luaL_error(L, "at most %d monitors, one under the other", MACHINE_MOST_LEVELS);
    options->monitors[number][options->levels[number]++] = image;
    keep(L, kept);
}

/* OUTER/INNER..., as on the command line. */
static void open_names(lua_State *L, int kept, struct lab_lua_options *options, unsigned number, const char *names)
{
    struct lab_monitor opened = {0};
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    if (!lab_monitor_open(&opened, names, diagnostics)) {
        lab_monitor_close(&opened);
        lab_lua_raise(L, diagnostics);
    }
    isa_diagnostics_free(diagnostics);
    for (unsigned i = 0; i < opened.count; i++) {
        struct lab_lua_image *object = lua_newuserdatauv(L, sizeof *object, 0);
        object->image = opened.images[i];
        luaL_setmetatable(L, LAB_LUA_IMAGE);
        add_level(L, kept, options, number, object->image);
    }
}

/* A monitor on top of the stack: an image or a name. */
static void read_monitor(lua_State *L, int kept, struct lab_lua_options *options, unsigned number)
{
    if (number >= LAB_LUA_MOST_MONITORS)
        luaL_error(L, "option 'vmm': at most %d monitors", LAB_LUA_MOST_MONITORS);
    options->monitor_count = number + 1;
    if (lua_type(L, -1) == LUA_TSTRING) {
        options->monitor_names[number] = lua_tostring(L, -1);
        lua_pushvalue(L, -1);
        keep(L, kept);
        open_names(L, kept, options, number, options->monitor_names[number]);
    } else {
        const struct machine_image *image = lab_lua_to_image(L, -1, LAB_LUA_MONITOR);
        options->monitor_names[number] = machine_image_name(image);
        add_level(L, kept, options, number, image);
    }
}

static void read_inner(lua_State *L, int kept, struct lab_lua_options *options, unsigned number)
{
    (void)number;
    add_level(L, kept, options, 0, lab_lua_to_image(L, -1, LAB_LUA_MONITOR));
}

/* Several: a list, or names with commas between them. */
static void read_monitors(lua_State *L, int table, int kept, struct lab_lua_options *options)
{
    if (lua_getfield(L, table, "vmm") == LUA_TTABLE) {
        unsigned count = (unsigned)lua_rawlen(L, -1);
        for (unsigned i = 0; i < count; i++) {
            lua_rawgeti(L, -1, (lua_Integer)i + 1);
            read_monitor(L, kept, options, i);
            lua_pop(L, 1);
        }
    } else if (lua_type(L, -1) == LUA_TSTRING) {
        for (const char *name = lua_tostring(L, -1); name != NULL;) {
            const char *comma = strchr(name, ',');
            lua_pushlstring(L, name, comma ? (size_t)(comma - name) : strlen(name));
            read_monitor(L, kept, options, options->monitor_count);
            lua_pop(L, 1);
            name = comma ? comma + 1 : NULL;
        }
    } else if (!lua_isnil(L, -1)) {
        read_monitor(L, kept, options, 0);
    }
    lua_pop(L, 1);
    if (options->monitor_count > 0)
        read_list(L, table, "", "inner", kept, options, read_inner);
}

/* ---- All together ------------------------------------------------------------------------------------------------ */

static void check_names(lua_State *L, int table, const char *what, const char *const *more)
{
    static const char *const shared[] = {"isa", "guest", "guests", "vmm", "inner", "memory", "engine", "input",
                                         "inputs", "disk", "disks", "cost", "identification", "slice", "limit", NULL};
    const char *names[MOST_NAMES];
    unsigned count = 0;
    for (unsigned i = 0; shared[i] != NULL; i++)
        names[count++] = shared[i];
    for (unsigned i = 0; more != NULL && more[i] != NULL; i++)
        names[count++] = more[i];
    names[count] = NULL;
    lab_lua_check_options(L, table, what, names);
}

static enum machine_engine read_engine(lua_State *L, int table)
{
    const char *name = lab_lua_string_field(L, table, "engine", "fast");
    if (strcmp(name, "fast") != 0 && strcmp(name, "reference") != 0)
        luaL_error(L, "option 'engine' is \"fast\" or \"reference\", not \"%s\"", name);
    return strcmp(name, "fast") == 0 ? MACHINE_FAST : MACHINE_REFERENCE;
}

static void read_machine(lua_State *L, int table, struct lab_lua_options *options)
{
    struct machine_options *machine = &options->machine;
    machine->engine = read_engine(L, table);
    machine->partition_size = (uint32_t)lab_lua_integer_field(L, table, "memory", 0, 1, UINT32_MAX);
    machine->slice_limit = (uint32_t)lab_lua_integer_field(L, table, "slice", 0, 1, UINT32_MAX);
    machine->identification = (uint32_t)lab_lua_integer_field(L, table, "identification", 0, 0, UINT32_MAX);
    machine->manual_events = lab_lua_boolean_field(L, table, "manual_events", false);
    machine->cost = lab_lua_string_field(L, table, "cost", NULL);
    if (machine->cost != NULL && isa_cost_named(options->isa, machine->cost) == NULL)
        luaL_error(L, "%s has no cost preset '%s'", isa_name(options->isa), machine->cost);
    options->limit = (uint64_t)lab_lua_integer_field(L, table, "limit", 0, 1, INT64_MAX);
}

void lab_lua_read_options(lua_State *L, int index, const char *what, const char *const *more,
                          struct lab_lua_options *options)
{
    struct machine_options *machine = &options->machine;
    int table = lua_absindex(L, index);
    *options = (struct lab_lua_options){0};
    check_names(L, table, what, more);
    lua_newtable(L);
    int kept = lua_gettop(L);
    lua_pushvalue(L, table);
    lua_setfield(L, kept, "options"); /* which has strings that are used */
    lua_getfield(L, table, "isa");
    options->isa = lab_lua_to_isa(L, -1);
    lua_setfield(L, kept, "isa");
    lua_pop(L, 1);
    machine->guest_count = read_list(L, table, "guest", "guests", kept, options, read_guest);
    machine->input_count = read_list(L, table, "input", "inputs", kept, options, read_input);
    machine->disk_count = read_list(L, table, "disk", "disks", kept, options, read_disk);
    machine->guests = options->guests;
    machine->inputs = options->inputs;
    machine->disks = options->disks;
    read_monitors(L, table, kept, options);
    read_machine(L, table, options);
    if (machine->guest_count == 0)
        luaL_error(L, "%s needs a guest: guest = NAME, or guests = {...}", what);
}
