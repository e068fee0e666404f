/* machine_look.c: what one can ask a machine for and put into it: its memory, its programs by name and line, its devices. */
#include <errno.h>
#include <string.h>

#include "lab/internal.h"
#include "lab/lua/internal.h"

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

static int read_bytes(lua_State *L)
{
    const struct machine *machine = lab_lua_check_machine(L, 1, false)->machine;
    uint32_t address = lab_lua_word(L, 2);
    uint32_t length = (uint32_t)lab_lua_integer(L, 3, 0, UINT32_MAX);
    luaL_Buffer buffer;
    if (length > machine_memory_size(machine) || address > machine_memory_size(machine) - length)
        return luaL_error(L, "there is no memory at %p to %p", (void *)(uintptr_t)address,
                          (void *)((uintptr_t)address + length));
    char *bytes = luaL_buffinitsize(L, &buffer, length);
    machine_read(machine, address, bytes, length);
    luaL_pushresultsize(&buffer, length);
    return 1;
}

static int write_bytes(lua_State *L)
{
    struct machine *machine = lab_lua_check_machine(L, 1, true)->machine;
    uint32_t address = lab_lua_word(L, 2);
    size_t length;
    const char *bytes = luaL_checklstring(L, 3, &length);
    if (length > UINT32_MAX || !machine_write(machine, address, bytes, (uint32_t)length))
        return luaL_error(L, "there is no memory at %p for %d bytes", (void *)(uintptr_t)address, (int)length);
    return 0;
}

/* m:word(address [, value]), and the same of halfwords and bytes. */
static int access_number(lua_State *L, unsigned bytes)
{
    uint32_t address = lab_lua_word(L, 2);
    uint8_t little[4] = {0};
    bool write = !lua_isnoneornil(L, 3), there;
    if (write) {
        uint32_t value = lab_lua_word(L, 3);
        for (unsigned i = 0; i < bytes; i++)
            little[i] = (uint8_t)(value >> (8 * i));
        there = machine_write(lab_lua_check_machine(L, 1, true)->machine, address, little, bytes);
    } else {
        there = machine_read(lab_lua_check_machine(L, 1, false)->machine, address, little, bytes);
    }
    if (!there)
        return luaL_error(L, "there is no memory at %p", (void *)(uintptr_t)address);
    if (write)
        return 0;
    lua_pushinteger(L, lab_lua_little_endian(little));
    return 1;
}

static int word(lua_State *L) { return access_number(L, 4); }
static int half(lua_State *L) { return access_number(L, 2); }
static int byte(lua_State *L) { return access_number(L, 1); }

static int translate(lua_State *L)
{
    static const char *const accesses[] = {"fetch", "load", "store", NULL};
    const struct machine *machine = lab_lua_check_machine(L, 1, false)->machine;
    uint32_t address = lab_lua_word(L, 2), physical;
    unsigned access = (unsigned)luaL_checkoption(L, 3, "load", accesses) + 1;
    unsigned size = lua_isnoneornil(L, 4) ? 1 : (unsigned)lab_lua_integer(L, 4, 1, 1 << 20);
    if (!machine_translate(machine, address, size, access, &physical))
        return lab_lua_nothing(L);
    lua_pushinteger(L, physical);
    return 1;
}

/* ---- Programs ---------------------------------------------------------------------------------------------------- */

/* The image in which an address that the processor uses now lies, and which address it has there. A machine from a file knows
 * none. */
static const struct machine_image *image_at(const struct lab_lua_machine *object, uint32_t address, uint32_t *own)
{
    return object->programs != NULL ? lab_programs_image(object->programs, object->machine, address, own) : NULL;
}

static int symbol(lua_State *L)
{
    const struct lab_lua_machine *object = lab_lua_check_machine(L, 1, false);
    uint32_t own, offset, at = lua_isnoneornil(L, 2) ? machine_pc(object->machine) : lab_lua_word(L, 2);
    const struct machine_image *image = image_at(object, at, &own);
    const char *name = image ? machine_image_symbol(image, own, &offset) : NULL;
    if (name == NULL)
        return lab_lua_nothing(L);
    lua_pushstring(L, name);
    lua_pushinteger(L, offset);
    lua_pushstring(L, machine_image_name(image));
    return 3;
}

static int line(lua_State *L)
{
    const struct lab_lua_machine *object = lab_lua_check_machine(L, 1, false);
    uint32_t own, at = lua_isnoneornil(L, 2) ? machine_pc(object->machine) : lab_lua_word(L, 2);
    const struct machine_image *image = image_at(object, at, &own);
    const char *file;
    unsigned number;
    if (image == NULL || !machine_image_line(image, own, &file, &number))
        return lab_lua_nothing(L);
    lua_pushstring(L, file);
    lua_pushinteger(L, number);
    return 2;
}

static int address(lua_State *L)
{
    const struct lab_lua_machine *object = lab_lua_check_machine(L, 1, false);
    const char *name = luaL_checkstring(L, 2);
    uint32_t found;
    if ((object->monitor != NULL && machine_image_address(object->monitor, name, &found)) ||
        (object->guests[0] != NULL && machine_image_address(object->guests[0], name, &found))) {
        lua_pushinteger(L, found);
        return 1;
    }
    return lab_lua_nothing(L);
}

static void add_symbols(lua_State *L, const struct machine_image *image)
{
    const char *name;
    uint32_t at;
    for (size_t i = 0; image != NULL && (name = machine_image_symbol_at(image, i, &at)) != NULL; i++) {
        lua_pushinteger(L, at);
        lua_setfield(L, -2, name);
    }
}

/* As `address` finds them: where guest and monitor share a name, it is the monitor's. */
int lab_lua_machine_symbols(lua_State *L)
{
    const struct lab_lua_machine *object = lab_lua_check_machine(L, 1, false);
    lua_newtable(L);
    add_symbols(L, object->guests[0]);
    add_symbols(L, object->monitor);
    return 1;
}

struct naming { const struct lab_lua_machine *object; };

static const char *name_address(void *context, uint32_t at, uint32_t *offset)
{
    const struct naming *naming = context;
    uint32_t own;
    const struct machine_image *image = image_at(naming->object, at, &own);
    return image ? machine_image_symbol(image, own, offset) : NULL;
}

/* m:disassembly([count [, address]]): lines of text, from pc. */
static int disassembly(lua_State *L)
{
    const struct lab_lua_machine *object = lab_lua_check_machine(L, 1, false);
    const struct isa *isa = machine_isa(object->machine);
    unsigned bytes = isa_instruction_bits(isa) / 8;
    lua_Integer count = lua_isnoneornil(L, 2) ? 1 : lab_lua_integer(L, 2, 1, 10000);
    uint32_t at = lua_isnoneornil(L, 3) ? machine_pc(object->machine) : lab_lua_word(L, 3);
    struct naming naming = {object};
    lua_newtable(L);
    for (lua_Integer i = 1; i <= count; i++, at += bytes) {
        uint8_t little[4] = {0};
        uint32_t physical;
        char text[128];
        if (!machine_translate(object->machine, at, bytes, 1, &physical) ||
            !machine_read(object->machine, physical, little, bytes))
            break;
        isa_disassemble(isa, lab_lua_little_endian(little), at, name_address, &naming, text, sizeof text);
        lua_pushstring(L, text);
        lua_rawseti(L, -2, i);
    }
    return 1;
}

/* ---- Guests and devices ------------------------------------------------------------------------------------------ */

/* A guest's number, from 1. */
static unsigned guest(lua_State *L, int argument, const struct machine *machine)
{
    if (lua_isnoneornil(L, argument))
        return 0;
    return (unsigned)lab_lua_integer(L, argument, 1, machine_guest_count(machine)) - 1;
}

static int console(lua_State *L)
{
    size_t length;
    const struct machine *machine = lab_lua_check_machine(L, 1, false)->machine;
    const uint8_t *bytes = machine_console(machine, guest(L, 2, machine), &length);
    lua_pushlstring(L, length ? (const char *)bytes : "", length);
    return 1;
}

static int disk(lua_State *L)
{
    size_t length;
    const struct machine *machine = lab_lua_check_machine(L, 1, false)->machine;
    const uint8_t *bytes = machine_disk(machine, guest(L, 2, machine), &length);
    lua_pushlstring(L, length ? (const char *)bytes : "", length);
    return 1;
}

static int guest_halt_code(lua_State *L)
{
    const struct machine *machine = lab_lua_check_machine(L, 1, false)->machine;
    uint32_t code;
    if (!machine_guest_halt_code(machine, guest(L, 2, machine), &code))
        return lab_lua_nothing(L);
    lua_pushinteger(L, code);
    return 1;
}

static int push_statistics(lua_State *L)
{
    lab_lua_push_json(L, lua_touserdata(L, 1));
    return 1;
}

static int statistics(lua_State *L)
{
    const struct lab_lua_machine *object = lab_lua_check_machine(L, 1, false);
    unsigned number = guest(L, 2, object->machine);
    json_t *counted = object->monitor != NULL ? lab_statistics(object->machine, object->monitor, number) : NULL;
    if (counted == NULL)
        return lab_lua_nothing(L);
    lua_pushcfunction(L, push_statistics);
    lua_pushlightuserdata(L, counted);
    int status = lua_pcall(L, 1, 1, 0);
    json_decref(counted);
    return status == LUA_OK ? 1 : lua_error(L);
}

static int partition(lua_State *L)
{
    const struct machine *machine = lab_lua_check_machine(L, 1, false)->machine;
    uint32_t start, size;
    machine_partition(machine, guest(L, 2, machine), &start, &size);
    lua_pushinteger(L, start);
    lua_pushinteger(L, size);
    return 2;
}

static int deliver(lua_State *L)
{
    struct machine *machine = lab_lua_check_machine(L, 1, true)->machine;
    size_t length;
    unsigned unit = guest(L, 2, machine);
    const char *bytes = luaL_checklstring(L, 3, &length);
    if (length < MACHINE_LEAST_FRAME || length > MACHINE_LONGEST_FRAME)
        return luaL_argerror(L, 3, "a frame has 14 to 1514 bytes");
    lua_pushboolean(L, machine_network_deliver(machine, unit, (const uint8_t *)bytes, (uint32_t)length));
    return 1;
}

static int request(lua_State *L)
{
    struct machine *machine = lab_lua_check_machine(L, 1, true)->machine;
    const struct isa_cause *cause =
        lua_type(L, 2) == LUA_TSTRING ? isa_cause_named(machine_isa(machine), lua_tostring(L, 2))
                                      : isa_cause_numbered(machine_isa(machine), (unsigned)luaL_checkinteger(L, 2));
    if (cause == NULL || cause->number < 16)
        return luaL_argerror(L, 2, "not the cause of an interrupt");
    machine_request(machine, cause->number);
    return 0;
}

static int complete_disk(lua_State *L)
{
    struct machine *machine = lab_lua_check_machine(L, 1, true)->machine;
    lua_pushboolean(L, machine_disk_complete(machine, guest(L, 2, machine)));
    return 1;
}

static int time_now(lua_State *L)
{
    struct machine_time time = machine_time(lab_lua_check_machine(L, 1, false)->machine);
    lua_createtable(L, 0, 4);
    lua_pushinteger(L, (lua_Integer)time.instructions);
    lua_setfield(L, -2, "instructions");
    lua_pushinteger(L, (lua_Integer)time.traps);
    lua_setfield(L, -2, "traps");
    lua_pushinteger(L, (lua_Integer)time.idle);
    lua_setfield(L, -2, "idle");
    lua_pushinteger(L, (lua_Integer)time.cycles);
    lua_setfield(L, -2, "cycles");
    return 1;
}

static int trace(lua_State *L)
{
    struct lab_lua_machine *object = lab_lua_check_machine(L, 1, true);
    const char *path = luaL_checkstring(L, 2);
    if (object->borrowed)
        return luaL_error(L, "this machine is the checker's: its run cannot be written to a file");
    if (object->trace != NULL)
        return luaL_error(L, "this machine's run is being written to a file already");
    object->trace = fopen(path, "w");
    if (object->trace == NULL)
        return luaL_error(L, "%s: cannot be written: %s", path, strerror(errno));
    setvbuf(object->trace, NULL, _IOLBF, BUFSIZ);
    lab_trace(object->machine, object->trace);
    return 0;
}

static int digest(lua_State *L)
{
    char text[24];
    snprintf(text, sizeof text, "%016llx", (unsigned long long)machine_digest(lab_lua_check_machine(L, 1, false)->machine));
    lua_pushstring(L, text);
    return 1;
}

const luaL_Reg lab_lua_look_methods[] = {
    {"read", read_bytes}, {"write", write_bytes}, {"word", word}, {"half", half}, {"byte", byte},
    {"translate", translate}, {"symbol", symbol}, {"line", line}, {"address", address},
    {"disassembly", disassembly}, {"console", console}, {"disk", disk}, {"guest_halt_code", guest_halt_code},
    {"statistics", statistics}, {"partition", partition}, {"deliver", deliver}, {"request", request}, {"complete_disk", complete_disk},
    {"time", time_now}, {"digest", digest}, {"trace", trace}, {NULL, NULL}};
