/* image.c: programs: assembled here, or from ELF files. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lab/lua/internal.h"
#include "lab/run_options.h"

/* ---- Life -------------------------------------------------------------------------------------------------------- */

const struct machine_image *lab_lua_check_image(lua_State *L, int argument)
{
    struct lab_lua_image *object = luaL_checkudata(L, argument, LAB_LUA_IMAGE);
    if (object->image == NULL)
        luaL_error(L, "this image has been freed");
    return object->image;
}

/* An object without its image yet: what is opened later cannot be lost by an error. */
static struct lab_lua_image *push_empty(lua_State *L)
{
    struct lab_lua_image *object = lua_newuserdatauv(L, sizeof *object, 0);
    object->image = NULL;
    luaL_setmetatable(L, LAB_LUA_IMAGE);
    return object;
}

const struct machine_image *lab_lua_to_image(lua_State *L, int index, enum lab_lua_kind kind)
{
    index = lua_absindex(L, index);
    if (lua_type(L, index) == LUA_TSTRING) {
        const char *name = lua_tostring(L, index);
        struct lab_lua_image *object = push_empty(L);
        struct isa_diagnostics *diagnostics = isa_diagnostics_new();
        object->image = kind == LAB_LUA_GUEST ? lab_open_guest(name, diagnostics) : lab_open_monitor(name, diagnostics);
        lab_lua_settle(L, diagnostics);
        return object->image;
    }
    if (luaL_testudata(L, index, LAB_LUA_IMAGE) == NULL)
        luaL_error(L, "a program is wanted: an image, or a name; not %s", luaL_typename(L, index));
    const struct machine_image *image = lab_lua_check_image(L, index);
    lua_pushvalue(L, index);
    return image;
}

const struct machine_image *lab_lua_push_assembled(lua_State *L, const struct isa *isa, const char *name,
                                                   const char *text)
{
    size_t length;
    struct lab_lua_image *object = push_empty(L);
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    uint8_t *bytes = isa_assemble(isa, name, text, &length, diagnostics);
    if (bytes != NULL)
        object->image = machine_image_from_bytes(name, bytes, length, diagnostics);
    free(bytes);
    lab_lua_settle(L, diagnostics);
    return object->image;
}

int lab_lua_assemble(lua_State *L)
{
    static const char *const names[] = {"isa", "name", NULL};
    const char *text = luaL_checkstring(L, 1), *name = "text";
    lua_settop(L, 2);
    if (lua_isnil(L, 2)) {
        lua_pushnil(L);
    } else {
        lab_lua_check_options(L, 2, "pg74.assemble", names);
        name = lab_lua_string_field(L, 2, "name", name);
        lua_getfield(L, 2, "isa");
    }
    lab_lua_push_assembled(L, lab_lua_to_isa(L, 3), name, text);
    return 1;
}

int lab_lua_load(lua_State *L)
{
    static const char *const kinds[] = {"guest", "monitor", NULL};
    luaL_checkstring(L, 1);
    lab_lua_to_image(L, 1, luaL_checkoption(L, 2, "guest", kinds) == 0 ? LAB_LUA_GUEST : LAB_LUA_MONITOR);
    return 1;
}

static int collect(lua_State *L)
{
    struct lab_lua_image *object = luaL_checkudata(L, 1, LAB_LUA_IMAGE);
    machine_image_free(object->image);
    object->image = NULL;
    return 0;
}

static int to_string(lua_State *L)
{
    lua_pushfstring(L, "image %s", machine_image_name(lab_lua_check_image(L, 1)));
    return 1;
}

/* ---- What is in it ----------------------------------------------------------------------------------------------- */

static uint32_t little(const uint8_t *bytes, unsigned count)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < count; i++)
        value |= (uint32_t)bytes[i] << (8 * i);
    return value;
}

/* The image has been checked when it was opened: its program headers and segments lie in the file. */
void lab_lua_each_word(const struct machine_image *image, unsigned bits,
                       void (*each)(void *context, uint32_t address, uint32_t word), void *context)
{
    enum { HEADERS = 28, HEADER_SIZE = 42, HEADER_COUNT = 44, OFFSET = 4, ADDRESS = 8, LENGTH = 16, FLAGS = 24,
           LOADED = 1, EXECUTABLE = 1 };
    size_t length;
    const uint8_t *bytes = machine_image_bytes(image, &length);
    for (uint32_t i = 0; i < little(bytes + HEADER_COUNT, 2); i++) {
        const uint8_t *header = bytes + little(bytes + HEADERS, 4) + i * little(bytes + HEADER_SIZE, 2);
        const uint8_t *segment = bytes + little(header + OFFSET, 4);
        if (little(header, 4) != LOADED || !(little(header + FLAGS, 4) & EXECUTABLE))
            continue;
        for (uint32_t at = 0; at + bits / 8 <= little(header + LENGTH, 4); at += bits / 8)
            each(context, little(header + ADDRESS, 4) + at, little(segment + at, bits / 8));
    }
}

static int get_name(lua_State *L)
{
    lua_pushstring(L, machine_image_name(lab_lua_check_image(L, 1)));
    return 1;
}

static int get_entry(lua_State *L)
{
    lua_pushinteger(L, machine_image_entry(lab_lua_check_image(L, 1)));
    return 1;
}

static int get_limit(lua_State *L)
{
    lua_pushinteger(L, machine_image_end(lab_lua_check_image(L, 1)));
    return 1;
}

static int get_symbols(lua_State *L)
{
    const struct machine_image *image = lab_lua_check_image(L, 1);
    const char *name;
    uint32_t address;
    lua_newtable(L);
    for (size_t i = 0; (name = machine_image_symbol_at(image, i, &address)) != NULL; i++) {
        lua_pushinteger(L, address);
        lua_setfield(L, -2, name);
    }
    return 1;
}

static int address(lua_State *L)
{
    uint32_t found;
    if (!machine_image_address(lab_lua_check_image(L, 1), luaL_checkstring(L, 2), &found))
        return lab_lua_nothing(L);
    lua_pushinteger(L, found);
    return 1;
}

static int symbol(lua_State *L)
{
    uint32_t offset;
    const char *name = machine_image_symbol(lab_lua_check_image(L, 1), lab_lua_word(L, 2), &offset);
    if (name == NULL)
        return lab_lua_nothing(L);
    lua_pushstring(L, name);
    lua_pushinteger(L, offset);
    return 2;
}

static int line(lua_State *L)
{
    const char *file;
    unsigned number;
    if (!machine_image_line(lab_lua_check_image(L, 1), lab_lua_word(L, 2), &file, &number))
        return lab_lua_nothing(L);
    lua_pushstring(L, file);
    lua_pushinteger(L, number);
    return 2;
}

struct listing {
    lua_State *L;
    const struct isa *isa;
    const struct machine_image *image;
    lua_Integer count;
};

static const char *name_address(void *context, uint32_t at, uint32_t *offset)
{
    const struct listing *listing = context;
    return machine_image_symbol(listing->image, at, offset);
}

static void list_word(void *context, uint32_t at, uint32_t word)
{
    struct listing *listing = context;
    lua_State *L = listing->L;
    char text[128];
    isa_disassemble(listing->isa, word, at, name_address, listing, text, sizeof text);
    lua_createtable(L, 0, 3);
    lua_pushinteger(L, at);
    lua_setfield(L, -2, "address");
    lua_pushinteger(L, word);
    lua_setfield(L, -2, "word");
    lua_pushstring(L, text);
    lua_setfield(L, -2, "text");
    lua_rawseti(L, -2, ++listing->count);
}

static int disassembly(lua_State *L)
{
    struct listing listing = {.L = L, .image = lab_lua_check_image(L, 1)};
    lua_settop(L, 2);
    listing.isa = lab_lua_to_isa(L, 2);
    lua_newtable(L);
    lab_lua_each_word(listing.image, isa_instruction_bits(listing.isa), list_word, &listing);
    return 1;
}

static int save(lua_State *L)
{
    size_t length;
    const uint8_t *bytes = machine_image_bytes(lab_lua_check_image(L, 1), &length);
    const char *path = luaL_checkstring(L, 2);
    FILE *stream = fopen(path, "wb");
    bool good = stream != NULL && fwrite(bytes, 1, length, stream) == length;
    good = stream != NULL && fclose(stream) == 0 && good;
    return good ? 0 : luaL_error(L, "%s: cannot be written: %s", path, strerror(errno));
}

void lab_lua_register_image(lua_State *L)
{
    static const luaL_Reg methods[] = {{"address", address}, {"symbol", symbol}, {"line", line},
                                       {"disassembly", disassembly}, {"save", save}, {NULL, NULL}};
    static const luaL_Reg fields[] = {
        {"name", get_name}, {"entry", get_entry}, {"limit", get_limit}, {"symbols", get_symbols}, {NULL, NULL}};
    static const luaL_Reg metamethods[] = {{"__gc", collect}, {"__tostring", to_string}, {NULL, NULL}};
    lab_lua_class(L, LAB_LUA_IMAGE, methods, fields, NULL, metamethods);
}
