/* lab_file.c: lab.lua, and what is wrong with it. */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lab/grade/internal.h"
#include "lab/lua/lua_binding.h"

/* ---- Where something stands in the text -------------------------------------------------------------------------- */

struct reading {
    lua_State *L;
    const char *path, *text;
    struct isa_diagnostics *diagnostics;
    const char *task; /* the id of the task that is being looked at, or NULL */
};

static bool is_word(char character)
{
    return character == '_' || (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z') ||
           (character >= 'A' && character <= 'Z');
}

/* The first place of a whole word in a text, or NULL. */
static const char *find_word(const char *text, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = text; (at = strstr(at, word)) != NULL; at++)
        if ((at == text || !is_word(at[-1])) && !is_word(at[length]))
            return at;
    return NULL;
}

static void complain_at(struct reading *reading, const char *at, size_t length, const char *advice,
                        const char *message)
{
    struct isa_place place = {.file = reading->path, .text = reading->text};
    if (at != NULL)
        place = isa_place_in(reading->path, reading->text, at, length);
    isa_diagnostics_error(reading->diagnostics, &place, ISA_EXIT_DATA, advice, "%s", message);
}

/* Complains of what the field `word` says, behind the id of the task where there is one. */
static void complain(struct reading *reading, const char *word, const char *advice, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
static void complain(struct reading *reading, const char *word, const char *advice, const char *format, ...)
{
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    const char *from = reading->task != NULL ? find_word(reading->text, reading->task) : NULL;
    const char *at = find_word(from != NULL ? from : reading->text, word);
    at = at != NULL ? at : from;
    complain_at(reading, at, at == from && from != NULL ? strlen(reading->task) : strlen(word), advice, message);
}

/* An error of Lua's: "lab.lua:3: unexpected symbol near 'x'". */
static void complain_of_lua(struct reading *reading, const char *error)
{
    unsigned line = lab_lua_error_line(reading->path, &error);
    if (line == 0 || reading->text == NULL) {
        complain_at(reading, NULL, 0, NULL, error);
        return;
    }
    const char *at = reading->text, *near = strstr(error, "near '");
    for (unsigned i = 1; i < line && strchr(at, '\n') != NULL; i++)
        at = strchr(at, '\n') + 1;
    size_t width = strcspn(at, "\n");
    char token[64] = "";
    if (near != NULL)
        snprintf(token, sizeof token, "%.*s", (int)strcspn(near + 6, "'"), near + 6);
    const char *found = token[0] != '\0' ? strstr(at, token) : NULL;
    if (found != NULL && found < at + width) {
        at = found;
        width = strlen(token);
    } else {
        size_t blanks = strspn(at, " \t");
        at += blanks;
        width -= blanks < width ? blanks : width;
    }
    complain_at(reading, at, width, NULL, error);
}

/* ---- What must be in it ------------------------------------------------------------------------------------------ */

struct field { const char *name; int type; bool needed; };

static const struct field lab_fields[] = {
    {"api", LUA_TNUMBER, true}, {"title", LUA_TSTRING, true}, {"machine", LUA_TSTRING, false},
    {"hours", LUA_TNUMBER, false}, {"compiler", LUA_TSTRING, false}, {"submit", LUA_TTABLE, true},
    {"tasks", LUA_TTABLE, true}, {"derive", LUA_TTABLE, false}, {"monitor", LUA_TBOOLEAN, false},
    {"supplied", LUA_TTABLE, false}, {NULL, 0, false}};
static const struct field task_fields[] = {
    {"id", LUA_TSTRING, true}, {"title", LUA_TSTRING, false}, {"points", LUA_TNUMBER, true},
    {"visibility", LUA_TSTRING, false}, {"after", LUA_TTABLE, false}, {"hint", LUA_TSTRING, false},
    {"concern", LUA_TSTRING, false}, {"check", LUA_TFUNCTION, true}, {NULL, 0, false}};

static const char *nearest_field(const struct field *fields, const char *name)
{
    const char *nearest = NULL;
    unsigned best = ISA_FAR;
    for (; fields->name != NULL; fields++)
        nearest = isa_suggest(fields->name, name, strlen(name), &best, nearest);
    return nearest;
}

static void check_known(struct reading *reading, const struct field *fields, const char *what)
{
    lua_State *L = reading->L;
    for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING) {
            complain(reading, what, NULL, "%s has an entry without a name", what);
            continue;
        }
        const char *name = lua_tostring(L, -2), *nearest = nearest_field(fields, name);
        bool known = false;
        for (const struct field *field = fields; field->name != NULL; field++)
            known |= strcmp(field->name, name) == 0;
        char advice[96];
        snprintf(advice, sizeof advice, "did you mean '%s'?", nearest ? nearest : "");
        if (!known)
            complain(reading, name, nearest ? advice : NULL, "%s has no field '%s'", what, name);
    }
}

/* Looks at the table on top of the stack; false when it is not as it must be. */
static bool check_fields(struct reading *reading, const struct field *fields, const char *what)
{
    lua_State *L = reading->L;
    size_t before = isa_diagnostics_total(reading->diagnostics);
    check_known(reading, fields, what);
    for (; fields->name != NULL; fields++) {
        int type = lua_getfield(L, -1, fields->name);
        if (type == LUA_TNIL && fields->needed)
            complain(reading, what, NULL, "%s needs a field '%s'", what, fields->name);
        else if (type != LUA_TNIL && type != fields->type)
            complain(reading, fields->name, NULL, "'%s' is a %s, and must be a %s", fields->name,
                     lua_typename(L, type), lua_typename(L, fields->type));
        lua_pop(L, 1);
    }
    return isa_diagnostics_total(reading->diagnostics) == before;
}

/* Is the list at `field` of the table on top one of texts? */
static bool check_texts(struct reading *reading, const char *field)
{
    lua_State *L = reading->L;
    bool good = true;
    if (lua_getfield(L, -1, field) == LUA_TTABLE)
        for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, -1); i++) {
            good = good && lua_rawgeti(L, -1, i) == LUA_TSTRING;
            lua_pop(L, 1);
        }
    lua_pop(L, 1);
    if (!good)
        complain(reading, field, NULL, "'%s' is a list of names", field);
    return good;
}

/* Is there a task of this name before number `limit` in the list at `tasks`? */
static bool has_task(lua_State *L, int tasks, lua_Integer limit, const char *id)
{
    bool found = false;
    for (lua_Integer i = 1; i < limit && !found; i++) {
        if (lua_rawgeti(L, tasks, i) == LUA_TTABLE) {
            lua_getfield(L, -1, "id");
            found = lua_type(L, -1) == LUA_TSTRING && strcmp(lua_tostring(L, -1), id) == 0;
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
    }
    return found;
}

static void check_after(struct reading *reading, int tasks, lua_Integer number)
{
    lua_State *L = reading->L;
    if (!check_texts(reading, "after") || lua_getfield(L, -1, "after") != LUA_TTABLE) {
        lua_settop(L, tasks + 1);
        return;
    }
    for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, -1); i++) {
        lua_rawgeti(L, -1, i);
        if (!has_task(L, tasks, number, lua_tostring(L, -1)))
            complain(reading, lua_tostring(L, -1), "a task comes after tasks that stand before it",
                     "there is no earlier task '%s'", lua_tostring(L, -1));
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

/* The task on top of the stack. */
static void check_task(struct reading *reading, int tasks, lua_Integer number)
{
    lua_State *L = reading->L;
    reading->task = NULL;
    if (lua_getfield(L, -1, "id") == LUA_TSTRING)
        reading->task = lua_tostring(L, -1);
    lua_pop(L, 1);
    if (!check_fields(reading, task_fields, "a task"))
        return;
    if (has_task(L, tasks, number, reading->task))
        complain(reading, reading->task, NULL, "there are two tasks '%s'", reading->task);
    lua_getfield(L, -1, "points");
    if (lua_tonumber(L, -1) < 0 || lua_tonumber(L, -1) > 1e6)
        complain(reading, "points", NULL, "'points' is a number from 0 on");
    lua_pop(L, 1);
    lua_getfield(L, -1, "visibility");
    const char *visibility = luaL_optstring(L, -1, "visible");
    bool hidden = strcmp(visibility, "hidden") == 0;
    if (!hidden && strcmp(visibility, "visible") != 0)
        complain(reading, "visibility", NULL, "'visibility' is visible or hidden, not '%s'", visibility);
    lua_pop(L, 1);
    if (hidden && lua_getfield(L, -1, "concern") == LUA_TNIL)
        complain(reading, reading->task, "concern = \"what a student is told of it\"", "a hidden task needs a concern");
    lua_settop(L, tasks + 1);
    check_after(reading, tasks, number);
}

static void check_lab(struct reading *reading)
{
    lua_State *L = reading->L;
    if (!lua_istable(L, -1)) {
        complain_at(reading, NULL, 0, "end it with: return {api = 1, title = \"...\", ...}",
                    "lab.lua returns no table");
        return;
    }
    if (!check_fields(reading, lab_fields, "a lab") || !check_texts(reading, "submit") ||
        !check_texts(reading, "derive") || !check_texts(reading, "supplied"))
        return;
    lua_getfield(L, -1, "api");
    if (lua_tonumber(L, -1) != LAB_GRADE_API)
        complain(reading, "api", NULL, "this program knows labs of api %d, and this one has api %s", LAB_GRADE_API,
                 lua_tostring(L, -1));
    lua_pop(L, 1);
    lua_getfield(L, -1, "tasks");
    int tasks = lua_gettop(L);
    if (lua_rawlen(L, tasks) == 0)
        complain(reading, "tasks", NULL, "a lab needs a task");
    for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, tasks); i++) {
        lua_rawgeti(L, tasks, i);
        if (lua_istable(L, -1))
            check_task(reading, tasks, i);
        else
            complain(reading, "tasks", NULL, "'tasks' is a list of tables");
        lua_settop(L, tasks);
    }
    lua_pop(L, 1);
}

/* Of the error on top of the stack. */
static void complain_of_raised(struct reading *reading)
{
    const char *error = lua_tostring(reading->L, -1);
    complain_of_lua(reading, error != NULL ? error : "an error without a text");
}

/* Runs one of the lab's files and leaves what it returns on the stack. `reading` gets its text, which the caller
 * frees. */
static bool run_file(struct reading *reading, int folder, const char *name)
{
    size_t length;
    const char *why;
    char *text = lab_grade_read_plain(folder, name, LAB_GRADE_LARGEST_FILE, &length, &why);
    reading->text = text;
    if (text == NULL) {
        isa_diagnostics_error(reading->diagnostics, NULL, ISA_EXIT_NO_INPUT, NULL, "%s: %s", reading->path, why);
        return false;
    }
    bool good = lab_lua_load_chunk(reading->L, reading->path, text, length) == LUA_OK &&
                lua_pcall(reading->L, 0, 1, 0) == LUA_OK;
    if (!good)
        complain_of_raised(reading);
    return good;
}

static bool draw_for(struct reading *reading, bool hidden)
{
    bool good = lab_grade_begin_drawing(reading->L, hidden);
    if (!good)
        complain_of_raised(reading);
    return good;
}

/* hidden.lua returns a list of tasks, which follow those of lab.lua. The lab's table is on top of the stack. */
static void add_hidden(struct reading *reading, int folder)
{
    lua_State *L = reading->L;
    if (faccessat(folder, "hidden.lua", F_OK, 0) != 0)
        return;
    if (!draw_for(reading, true) || !run_file(reading, folder, "hidden.lua") || !draw_for(reading, false))
        return;
    if (!lua_istable(L, -1)) {
        complain_at(reading, NULL, 0, "end it with: return {{id = ..., concern = ...}, ...}",
                    "hidden.lua returns no list of tasks");
        return;
    }
    int hidden = lua_gettop(L);
    lua_getfield(L, hidden - 1, "tasks");
    int tasks = lua_gettop(L);
    for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, hidden); i++) {
        lua_Integer number = (lua_Integer)lua_rawlen(L, tasks) + 1;
        if (lua_rawgeti(L, hidden, i) == LUA_TTABLE) {
            lua_pushliteral(L, "hidden");
            lua_setfield(L, -2, "visibility");
            lua_pushvalue(L, -1);
            lua_rawseti(L, tasks, number);
            check_task(reading, tasks, number);
        } else {
            complain_at(reading, NULL, 0, NULL, "hidden.lua returns a list of tables");
        }
        lua_settop(L, tasks);
    }
    lua_settop(L, hidden - 1);
}

bool lab_grade_lab_open(lua_State *L, int folder, const char *path, struct isa_diagnostics *diagnostics)
{
    char hidden[4200];
    struct reading reading = {.L = L, .path = path, .diagnostics = diagnostics};
    snprintf(hidden, sizeof hidden, "%.*shidden.lua", (int)(strlen(path) - strlen("lab.lua")), path);
    if (run_file(&reading, folder, "lab.lua"))
        check_lab(&reading);
    free((void *)(uintptr_t)reading.text);
    if (isa_diagnostics_total(diagnostics) > 0)
        return false;
    reading = (struct reading){.L = L, .path = hidden, .diagnostics = diagnostics};
    add_hidden(&reading, folder);
    free((void *)(uintptr_t)reading.text);
    return isa_diagnostics_total(diagnostics) == 0;
}

/* ---- As JSON ----------------------------------------------------------------------------------------------------- */

/* The value on top of the stack; NULL for what JSON has not, such as functions. */
static json_t *value_of(lua_State *L)
{
    switch (lua_type(L, -1)) {
    case LUA_TSTRING: return json_string(lua_tostring(L, -1));
    case LUA_TBOOLEAN: return json_boolean(lua_toboolean(L, -1));
    case LUA_TNUMBER:
        return lua_isinteger(L, -1) ? json_integer(lua_tointeger(L, -1)) : json_real(lua_tonumber(L, -1));
    default: return NULL;
    }
}

static json_t *texts_of(lua_State *L, const char *field)
{
    json_t *list = json_array();
    if (lua_getfield(L, -1, field) == LUA_TTABLE)
        for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, -1); i++) {
            lua_rawgeti(L, -1, i);
            json_array_append_new(list, value_of(L));
            lua_pop(L, 1);
        }
    lua_pop(L, 1);
    return list;
}

static json_t *fields_of(lua_State *L, const struct field *fields)
{
    json_t *object = json_object();
    for (; fields->name != NULL; fields++) {
        if (fields->type == LUA_TTABLE) {
            if (strcmp(fields->name, "tasks") != 0)
                json_object_set_new(object, fields->name, texts_of(L, fields->name));
            continue;
        }
        lua_getfield(L, -1, fields->name);
        json_t *value = value_of(L);
        if (value != NULL)
            json_object_set_new(object, fields->name, value);
        lua_pop(L, 1);
    }
    return object;
}

json_t *lab_grade_lab_describe(lua_State *L)
{
    json_t *lab = fields_of(L, lab_fields), *tasks = json_array();
    lua_getfield(L, -1, "tasks");
    for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, -1); i++) {
        lua_rawgeti(L, -1, i);
        json_t *task = fields_of(L, task_fields);
        if (json_object_get(task, "title") == NULL)
            json_object_set(task, "title", json_object_get(task, "id"));
        if (json_object_get(task, "visibility") == NULL)
            json_object_set_new(task, "visibility", json_string("visible"));
        json_array_append_new(tasks, task);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    json_object_set_new(lab, "tasks", tasks);
    return lab;
}

/* ---- The digest -------------------------------------------------------------------------------------------------- */

/* FNV-1a (Fowler, Noll, Vo): to tell labs apart, not to withstand anybody. */
static uint64_t digest(uint64_t hash, const void *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ ((const uint8_t *)bytes)[i]) * 0x100000001b3u;
    return hash;
}

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int by_bytes(const struct dirent **left, const struct dirent **right)
{
    return strcmp((*left)->d_name, (*right)->d_name);
}

static uint64_t digest_folder(int folder, uint64_t hash)
{
    struct dirent **names = NULL;
    int count = scandirat(folder, ".", &names, visible, by_bytes);
    for (int i = 0; i < count; i++) {
        const char *why, *name = names[i]->d_name;
        size_t length;
        hash = digest(hash, name, strlen(name) + 1);
        int inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (inner >= 0) {
            hash = digest_folder(inner, hash);
            close(inner);
        } else {
            char *bytes = lab_grade_read_plain(folder, name, 64 * LAB_GRADE_LARGEST_FILE, &length, &why);
            if (bytes != NULL)
                hash = digest(hash, bytes, length);
            free(bytes);
        }
        free(names[i]);
    }
    free(names);
    return hash;
}

void lab_grade_lab_hash(int folder, char hash[17])
{
    snprintf(hash, 17, "%016" PRIx64, digest_folder(folder, 0xcbf29ce484222325u));
}
