/* event.c: what a machine tells its observers, as names and tables. */
#include <string.h>

#include "lab/lua/internal.h"

/* ---- Kinds of events --------------------------------------------------------------------------------------------- */

static const struct { const char *name; enum machine_event_kind kind; } kinds[] = {
    {"trap", MACHINE_EVENT_TRAP}, {"interrupt", MACHINE_EVENT_INTERRUPT}, {"psw", MACHINE_EVENT_PSW},
    {"port", MACHINE_EVENT_PORT}, {"retire", MACHINE_EVENT_RETIRE}, {"store", MACHINE_EVENT_STORE},
    {"fetch", MACHINE_EVENT_FETCH}, {"load", MACHINE_EVENT_LOAD}, {"stop", MACHINE_EVENT_STOP}, {"frame", MACHINE_EVENT_FRAME}};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static unsigned kind_named(lua_State *L, const char *name, size_t length)
{
    const char *found = NULL;
    unsigned best = ISA_FAR;
    for (unsigned i = 0; i < KINDS; i++)
        if (strlen(kinds[i].name) == length && strncmp(kinds[i].name, name, length) == 0)
            return kinds[i].kind;
    for (unsigned i = 0; i < KINDS; i++)
        found = isa_suggest(kinds[i].name, name, length, &best, found);
    lua_pushlstring(L, name, length);
    return (unsigned)luaL_error(L, "there is no event '%s'%s%s%s", lua_tostring(L, -1), found ? "; did you mean '" : "",
                                found ? found : "", found ? "'?" : "");
}

/* "trap", or several: "trap interrupt". */
unsigned lab_lua_check_kinds(lua_State *L, int argument)
{
    const char *text = luaL_checkstring(L, argument);
    unsigned sum = 0;
    while (*(text += strspn(text, " ,")) != '\0') {
        size_t length = strcspn(text, " ,");
        sum |= kind_named(L, text, length);
        text += length;
    }
    if (sum == 0)
        luaL_argerror(L, argument, "no event is named");
    return sum;
}

static const char *kind_name(enum machine_event_kind kind)
{
    for (unsigned i = 0; i < KINDS; i++)
        if (kinds[i].kind == kind)
            return kinds[i].name;
    return "none";
}

const char *lab_lua_stop_name(enum machine_stop stop)
{
    static const char *const names[] = {"halted", "limit", "deadlock", "stopped"};
    return names[stop];
}

/* ---- An event as a table ----------------------------------------------------------------------------------------- */

static void set_number(lua_State *L, const char *name, uint32_t value)
{
    lua_pushinteger(L, value);
    lua_setfield(L, -2, name);
}

static void set_boolean(lua_State *L, const char *name, bool value)
{
    lua_pushboolean(L, value);
    lua_setfield(L, -2, name);
}

static void set_string(lua_State *L, const char *name, const char *value)
{
    lua_pushstring(L, value);
    lua_setfield(L, -2, name);
}

static lua_Integer field_value(const struct isa_field *field, uint32_t word)
{
    uint32_t value = isa_field_get(field, word);
    bool is_signed = field->kind == ISA_SIGNED || field->kind == ISA_RELATIVE;
    return is_signed ? (lua_Integer)isa_signed(value, field->width) : (lua_Integer)value;
}

void lab_lua_set_instruction(lua_State *L, const struct isa *isa, uint32_t word)
{
    char text[128];
    const struct isa_instruction *instruction = isa_decode(isa, word);
    isa_disassemble(isa, word, 0, NULL, NULL, text, sizeof text);
    set_number(L, "word", word);
    set_string(L, "text", text);
    set_string(L, "instruction", instruction ? instruction->name : NULL);
    if (instruction == NULL)
        return;
    lua_createtable(L, 0, (int)instruction->field_count);
    for (unsigned i = 0; i < instruction->field_count; i++) {
        lua_pushinteger(L, field_value(&instruction->fields[i], word));
        lua_setfield(L, -2, instruction->fields[i].name);
    }
    lua_setfield(L, -2, "operands");
}

static void set_cause(lua_State *L, const struct isa *isa, const struct machine_event *event)
{
    static const char *const accesses[] = {"none", "fetch", "load", "store"};
    const struct isa_cause *cause = isa_cause_numbered(isa, event->cause);
    set_string(L, "cause", cause ? cause->name : "unknown");
    set_number(L, "number", event->cause);
    if (event->kind == MACHINE_EVENT_INTERRUPT)
        return;
    set_number(L, "value", event->value);
    set_string(L, "access", accesses[event->access < 4 ? event->access : 0]);
    if (cause != NULL && !cause->storage)
        lab_lua_set_instruction(L, isa, event->word);
}

struct machine_event lab_lua_whole_event(const struct machine *machine, const struct machine_event *event)
{
    struct machine_event whole = *event;
    uint32_t physical;
    if (event->kind == MACHINE_EVENT_TRAP && !machine_next_word(machine, &whole.word, &physical))
        whole.word = 0;
    return whole;
}

static void set_port(lua_State *L, const struct isa *isa, const struct machine_event *event)
{
    const struct isa_port *port = isa_port_numbered(isa, event->port % MACHINE_PORTS_OF_A_UNIT);
    set_number(L, "port", event->port);
    set_string(L, "name", port != NULL ? port->name : NULL);
    set_number(L, "unit", event->port / MACHINE_PORTS_OF_A_UNIT + 1);
    set_number(L, "value", event->value);
    set_boolean(L, "write", event->is_write);
}

void lab_lua_push_event(lua_State *L, const struct isa *isa, const struct machine_event *event)
{
    lua_createtable(L, 0, 12);
    set_string(L, "kind", kind_name(event->kind));
    set_number(L, "pc", event->pc);
    set_boolean(L, "user", event->user);
    set_boolean(L, "guest", event->guest);
    switch (event->kind) {
    case MACHINE_EVENT_TRAP: case MACHINE_EVENT_INTERRUPT: set_cause(L, isa, event); break;
    case MACHINE_EVENT_PORT: set_port(L, isa, event); break;
    case MACHINE_EVENT_RETIRE: case MACHINE_EVENT_FETCH:
        set_number(L, "physical", event->physical);
        lab_lua_set_instruction(L, isa, event->word);
        break;
    case MACHINE_EVENT_STORE: case MACHINE_EVENT_LOAD:
        set_number(L, "physical", event->physical);
        set_number(L, "address", event->virtual_address);
        set_number(L, "bytes", event->bytes);
        set_number(L, "value", event->value);
        set_boolean(L, "by_device", event->by_device);
        break;
    case MACHINE_EVENT_FRAME:
        set_number(L, "unit", event->value + 1);
        set_number(L, "physical", event->physical);
        set_number(L, "bytes", event->bytes);
        set_boolean(L, "sent", event->is_write);
        break;
    case MACHINE_EVENT_STOP: set_string(L, "reason", lab_lua_stop_name((enum machine_stop)event->value)); break;
    case MACHINE_EVENT_PSW: break;
    }
}
