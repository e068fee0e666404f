/* isa.c: instruction sets. */
#include <string.h>

#include "lab/lua/internal.h"

/* ---- Life -------------------------------------------------------------------------------------------------------- */

struct isa *lab_lua_check_isa(lua_State *L, int argument)
{
    struct lab_lua_isa *object = luaL_checkudata(L, argument, LAB_LUA_ISA);
    if (object->isa == NULL)
        luaL_error(L, "this instruction set has been freed");
    return object->isa;
}

static struct isa *push(lua_State *L, const char *name, const char *text, const char *over)
{
    struct lab_lua_isa *object = lua_newuserdatauv(L, sizeof *object, 0);
    object->isa = NULL;
    luaL_setmetatable(L, LAB_LUA_ISA);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    object->isa = text != NULL ? isa_load_text(name, text, over, diagnostics) : isa_load(name, diagnostics);
    lab_lua_settle(L, diagnostics);
    return object->isa;
}

static struct isa *push_from_table(lua_State *L, int index)
{
    static const char *const names[] = {"name", "text", "over", NULL};
    lab_lua_check_options(L, index, "pg74.isa", names);
    const char *text = lab_lua_string_field(L, index, "text", NULL);
    if (text == NULL)
        luaL_error(L, "pg74.isa{...} needs the specification: text = \"variant ...\"");
    return push(L, lab_lua_string_field(L, index, "name", "text"), text,
                lab_lua_string_field(L, index, "over", NULL));
}

struct isa *lab_lua_to_isa(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    switch (lua_type(L, index)) {
    case LUA_TNIL: case LUA_TNONE: return push(L, "pg74", NULL, NULL);
    case LUA_TSTRING: return push(L, lua_tostring(L, index), NULL, NULL);
    case LUA_TTABLE: return push_from_table(L, index);
    default: break;
    }
    struct isa *isa = lab_lua_check_isa(L, index);
    lua_pushvalue(L, index);
    return isa;
}

int lab_lua_isa(lua_State *L)
{
    luaL_checkany(L, 1);
    lab_lua_to_isa(L, 1);
    return 1;
}

int lab_lua_isas(lua_State *L)
{
    lua_newtable(L);
    for (unsigned i = 0, count = 0; i < isa_library_count(); i++)
        if (!isa_library_at(i)->part) {
            lua_pushstring(L, isa_library_at(i)->name);
            lua_rawseti(L, -2, ++count);
        }
    return 1;
}

static int collect(lua_State *L)
{
    struct lab_lua_isa *object = luaL_checkudata(L, 1, LAB_LUA_ISA);
    isa_free(object->isa);
    object->isa = NULL;
    return 0;
}

static int to_string(lua_State *L)
{
    lua_pushfstring(L, "instruction set %s", isa_name(lab_lua_check_isa(L, 1)));
    return 1;
}

/* ---- Fields ------------------------------------------------------------------------------------------------------ */

static int push_optional(lua_State *L, const char *text)
{
    lua_pushstring(L, text); /* NULL: nil */
    return 1;
}

static int get_name(lua_State *L)
{
    return push_optional(L, isa_name(lab_lua_check_isa(L, 1)));
}

static int get_title(lua_State *L)
{
    return push_optional(L, isa_title(lab_lua_check_isa(L, 1)));
}

static int get_source(lua_State *L)
{
    return push_optional(L, isa_source(lab_lua_check_isa(L, 1)));
}

static int get_parent(lua_State *L)
{
    return push_optional(L, isa_parent(lab_lua_check_isa(L, 1)));
}

static int get_word_bits(lua_State *L)
{
    lua_pushinteger(L, isa_word_bits(lab_lua_check_isa(L, 1)));
    return 1;
}

static int get_instruction_bits(lua_State *L)
{
    lua_pushinteger(L, isa_instruction_bits(lab_lua_check_isa(L, 1)));
    return 1;
}

/* ---- What it has ------------------------------------------------------------------------------------------------- */

static void set_text(lua_State *L, const char *name, const char *text)
{
    lua_pushstring(L, text);
    lua_setfield(L, -2, name);
}

static void set_number(lua_State *L, const char *name, uint64_t number)
{
    lua_pushinteger(L, (lua_Integer)number);
    lua_setfield(L, -2, name);
}

static int instructions(lua_State *L)
{
    const struct isa *isa = lab_lua_check_isa(L, 1);
    lua_newtable(L);
    for (unsigned i = 0; i < isa_instruction_count(isa); i++) {
        lua_pushstring(L, isa_instruction_at(isa, i)->name);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

static int instruction(lua_State *L)
{
    const struct isa *isa = lab_lua_check_isa(L, 1);
    const char *name = luaL_checkstring(L, 2), *found = NULL;
    const struct isa_instruction *known = isa_instruction_named(isa, name);
    unsigned best = ISA_FAR;
    for (unsigned i = 0; known == NULL && i < isa_instruction_count(isa); i++)
        found = isa_suggest(isa_instruction_at(isa, i)->name, name, strlen(name), &best, found);
    if (known == NULL)
        return luaL_error(L, "%s has no instruction '%s'%s%s%s", isa_name(isa), name, found ? "; did you mean '" : "",
                          found ? found : "", found ? "'?" : "");
    lua_newtable(L);
    set_text(L, "name", known->name);
    set_text(L, "syntax", known->syntax);
    set_text(L, "doc", known->doc);
    set_text(L, "source", known->source);
    set_text(L, "layout", known->layout);
    set_text(L, "execute", known->execute);
    set_text(L, "variant", known->variant);
    set_number(L, "mask", known->mask);
    set_number(L, "match", known->match);
    return 1;
}

static const char *role_name(enum isa_role role)
{
    static const char *const names[] = {"general", "program_counter", "mode", "relocation", "resource", "time",
                                        "guest_mode"};
    return names[role];
}

static int states(lua_State *L)
{
    const struct isa *isa = lab_lua_check_isa(L, 1);
    lua_newtable(L);
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *state = isa_state_at(isa, i);
        lua_newtable(L);
        set_text(L, "name", state->name);
        set_text(L, "doc", state->doc);
        set_text(L, "role", role_name(state->role));
        set_number(L, "width", state->width);
        set_number(L, "count", state->count);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

static int causes(lua_State *L)
{
    const struct isa *isa = lab_lua_check_isa(L, 1);
    lua_newtable(L);
    for (unsigned i = 0; i < isa_cause_count(isa); i++)
        set_number(L, isa_cause_at(isa, i)->name, isa_cause_at(isa, i)->number);
    return 1;
}

static int ports(lua_State *L)
{
    const struct isa *isa = lab_lua_check_isa(L, 1);
    lua_newtable(L);
    for (unsigned i = 0; i < isa_port_count(isa); i++)
        set_number(L, isa_port_at(isa, i)->name, isa_port_at(isa, i)->number);
    return 1;
}

static int constants(lua_State *L)
{
    const struct isa *isa = lab_lua_check_isa(L, 1);
    lua_newtable(L);
    for (unsigned i = 0; i < isa_constant_count(isa); i++)
        set_number(L, isa_constant_at(isa, i)->name, isa_constant_at(isa, i)->value);
    return 1;
}

static int costs(lua_State *L)
{
    const struct isa *isa = lab_lua_check_isa(L, 1);
    lua_newtable(L);
    for (unsigned i = 0; i < isa_cost_count(isa); i++) {
        lua_pushstring(L, isa_cost_at(isa, i)->name);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

static bool add_pattern(void *context, const char *pattern)
{
    lua_State *L = context;
    lua_pushstring(L, pattern);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
    return true;
}

static int unassigned(lua_State *L)
{
    const struct isa *isa = lab_lua_check_isa(L, 1);
    lua_newtable(L);
    isa_unassigned(isa, add_pattern, L);
    return 1;
}

static int card(lua_State *L)
{
    const struct isa *isa = lab_lua_check_isa(L, 1);
    struct lab_lua_text text;
    lab_lua_text_open(&text);
    isa_print_card(isa, text.stream);
    lab_lua_text_push(L, &text);
    return 1;
}

static int show(lua_State *L)
{
    const struct isa *isa = lab_lua_check_isa(L, 1);
    const char *name = luaL_optstring(L, 2, NULL);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct lab_lua_text text;
    lab_lua_text_open(&text);
    isa_print_instructions(isa, name, false, text.stream, diagnostics);
    lab_lua_text_push(L, &text);
    lab_lua_settle(L, diagnostics);
    return 1;
}

/* ---- Words ------------------------------------------------------------------------------------------------------- */

static void push_word(void *context, uint32_t address, uint32_t word)
{
    lua_State *L = context;
    (void)address;
    luaL_checkstack(L, 1, "too many instructions");
    lua_pushinteger(L, word);
}

static int encode(lua_State *L)
{
    const struct isa *isa = lab_lua_check_isa(L, 1);
    const struct machine_image *image = lab_lua_push_assembled(L, isa, "text", luaL_checkstring(L, 2));
    int top = lua_gettop(L);
    lab_lua_each_word(image, isa_instruction_bits(isa), push_word, L);
    return lua_gettop(L) - top;
}

static int decode(lua_State *L)
{
    const struct isa *isa = lab_lua_check_isa(L, 1);
    uint32_t word = lab_lua_word(L, 2);
    if (isa_decode(isa, word) == NULL)
        return lab_lua_nothing(L);
    lua_newtable(L);
    lab_lua_set_instruction(L, isa, word);
    return 1;
}

static int disassemble(lua_State *L)
{
    const struct isa *isa = lab_lua_check_isa(L, 1);
    char text[128];
    uint32_t address = lua_isnoneornil(L, 3) ? 0 : lab_lua_word(L, 3);
    isa_disassemble(isa, lab_lua_word(L, 2), address, NULL, NULL, text, sizeof text);
    lua_pushstring(L, text);
    return 1;
}

void lab_lua_register_isa(lua_State *L)
{
    static const luaL_Reg methods[] = {
        {"instructions", instructions}, {"instruction", instruction}, {"states", states}, {"causes", causes},
        {"ports", ports}, {"constants", constants}, {"costs", costs}, {"card", card}, {"show", show}, {"unassigned", unassigned},
        {"encode", encode}, {"decode", decode}, {"disassemble", disassemble}, {NULL, NULL}};
    static const luaL_Reg fields[] = {
        {"name", get_name}, {"title", get_title}, {"source", get_source}, {"parent", get_parent},
        {"word_bits", get_word_bits}, {"instruction_bits", get_instruction_bits}, {NULL, NULL}};
    static const luaL_Reg metamethods[] = {{"__gc", collect}, {"__tostring", to_string}, {NULL, NULL}};
    lab_lua_class(L, LAB_LUA_ISA, methods, fields, NULL, metamethods);
}
