/* shell_complete.c: what a name that has been begun can become: a global, a field, a method, a register, a symbol. The
 * names before it are looked up without calling anything but the fields of PG-74's own objects. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lab/run_options.h"
#include "lab/shell.h"

enum { MOST_WORDS = 2000 };

struct words {
    char **list;
    unsigned count;
    const char *start; /* what comes before the name in each of them, `start_length` characters */
    size_t start_length;
    const char *begun; /* of the name itself */
};

static void add(struct words *words, const char *name)
{
    char *word;
    if (strncmp(name, words->begun, strlen(words->begun)) != 0 || words->count == MOST_WORDS)
        return;
    for (unsigned i = 0; i < words->count; i++)
        if (strcmp(words->list[i] + words->start_length, name) == 0)
            return;
    if (asprintf(&word, "%.*s%s", (int)words->start_length, words->start, name) < 0)
        abort();
    words->list = realloc(words->list, (words->count + 2) * sizeof *words->list);
    if (words->list == NULL)
        abort();
    words->list[words->count++] = word;
    words->list[words->count] = NULL;
}

/* The keys of the table on top of the stack that are names; with `functions` those of functions alone. */
static void add_keys(lua_State *L, struct words *words, bool functions)
{
    lua_pushnil(L);
    while (lua_next(L, -2) != 0) {
        if (lua_type(L, -2) == LUA_TSTRING && (!functions || lua_isfunction(L, -1)))
            add(words, lua_tostring(L, -2));
        lua_pop(L, 1);
    }
}

/* A table of the metatable of the value on top: "methods", "fields", ... */
static bool push_part(lua_State *L, const char *part)
{
    if (!lua_getmetatable(L, -1))
        return false;
    lua_getfield(L, -1, part);
    lua_remove(L, -2);
    if (lua_istable(L, -1))
        return true;
    lua_pop(L, 1);
    return false;
}

/* What the object's own pairs gives: states and registers by name. */
static void add_pairs(lua_State *L, struct words *words)
{
    if (luaL_getmetafield(L, -1, "__pairs") == LUA_TNIL)
        return;
    lua_pushvalue(L, -2);
    lua_call(L, 1, 1);
    for (;;) {
        lua_pushvalue(L, -1);
        lua_call(L, 0, 2);
        bool more = !lua_isnil(L, -2);
        if (more && lua_type(L, -2) == LUA_TSTRING)
            add(words, lua_tostring(L, -2));
        lua_pop(L, 2);
        if (!more)
            break;
    }
    lua_pop(L, 1);
}

/* The names within the value on top. */
static void add_names(lua_State *L, struct words *words, bool methods)
{
    static const char *const parts[] = {"methods", "fields"};
    if (lua_type(L, -1) == LUA_TTABLE)
        add_keys(L, words, methods);
    for (unsigned i = 0; i < (methods ? 1 : 2); i++)
        if (lua_type(L, -1) == LUA_TUSERDATA && push_part(L, parts[i])) {
            add_keys(L, words, false);
            lua_pop(L, 1);
        }
    if (lua_type(L, -1) == LUA_TUSERDATA && !methods)
        add_pairs(L, words);
    if (lua_type(L, -1) == LUA_TSTRING && push_part(L, "__index")) {
        add_keys(L, words, true);
        lua_pop(L, 1);
    }
}

/* Replaces the value on top by what it has under a name. */
static void go_into(lua_State *L, const char *name, size_t length)
{
    lua_pushlstring(L, name, length);
    if (lua_istable(L, -2)) {
        lua_rawget(L, -2);
    } else if (lua_isuserdata(L, -2)) {
        lua_gettable(L, -2); /* of PG-74 */
    } else {
        lua_pop(L, 1);
        lua_pushnil(L);
    }
    lua_remove(L, -2);
}

static void add_keywords(struct words *words)
{
    static const char *const keywords[] = {
        "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil",
        "not", "or", "repeat", "return", "then", "true", "until", "while"};
    for (unsigned i = 0; i < sizeof keywords / sizeof keywords[0]; i++)
        add(words, keywords[i]);
    for (unsigned i = 0; lab_shell_command_name(i) != NULL; i++)
        add(words, lab_shell_command_name(i));
}

static bool in_path(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.' || c == ':';
}

/* Pushes what stands before the name that begins at `name` in `text`. */
static void push_path(lua_State *L, const char *text, const char *name)
{
    lua_pushglobaltable(L);
    while (text < name) {
        size_t length = strcspn(text, ".:");
        go_into(L, text, length);
        text += length + 1;
    }
}

/* Within a string: the symbols of the object whose method `address` is being called; else a file's name. */
static bool add_symbols(lua_State *L, const char *line, struct words *words)
{
    static const char call[] = ":address";
    const char *quote = line + strlen(line);
    while (quote > line && *quote != '"' && *quote != '\'')
        quote--;
    while (quote > line && (quote[-1] == ' ' || quote[-1] == '('))
        quote--;
    size_t length = sizeof call - 1;
    if (quote < line + length || strncmp(quote - length, call, length) != 0)
        return false;
    const char *end = quote - length, *path = end;
    while (path > line && in_path(path[-1]))
        path--;
    char *text = strndup(path, (size_t)(end - path) + 1);
    if (text == NULL)
        abort();
    text[end - path] = '.';
    lua_pushstring(L, text); /* which keeps it, should what follows fail */
    free(text);
    const char *kept = lua_tostring(L, -1);
    push_path(L, kept, kept + (end - path) + 1);
    go_into(L, "symbols", sizeof "symbols" - 1);
    if (lua_istable(L, -1))
        add_keys(L, words, false);
    return true;
}

static void add_name(void *context, const char *name) { add(context, name); }

/* What the string is for: the name of the field that it is given to, or of the function; also as an element of a list.
 * Steps back from the quote over what may stand between. */
static const char *purpose_of(const char *line, size_t *length)
{
    const char *end = line + strlen(line);
    while (end > line && *end != '"' && *end != '\'')
        end--;
    while (end > line && strchr(" ={(,\"'/", end[-1]) != NULL) {
        bool is_after_element = end[-1] == '"' || end[-1] == '\'';
        char quote = *--end;
        while (is_after_element && end > line && *--end != quote)
            continue;
    }
    const char *start = end;
    while (start > line && (isalnum((unsigned char)start[-1]) || start[-1] == '_'))
        start--;
    *length = (size_t)(end - start);
    return start;
}

static bool is_among(const char *word, size_t length, const char *names)
{
    for (; *names != '\0'; names += strcspn(names, " "), names += strspn(names, " "))
        if (strcspn(names, " ") == length && strncmp(names, word, length) == 0)
            return true;
    return false;
}

/* Within a string that names a guest, a monitor (perhaps one under another), or an instruction set. */
static bool add_built(const char *line, struct words *words)
{
    size_t length;
    const char *purpose = purpose_of(line, &length), *slash = strrchr(words->begun, '/');
    if (is_among(purpose, length, "vmm inner") && slash != NULL) {
        words->start_length = (size_t)(slash + 1 - words->begun);
        words->begun = slash + 1;
    }
    if (is_among(purpose, length, "guest guests load"))
        lab_each_built(false, add_name, words);
    else if (is_among(purpose, length, "vmm inner"))
        lab_each_built(true, add_name, words);
    else if (is_among(purpose, length, "isa classify difference tui"))
        for (unsigned i = 0; i < isa_library_count(); i++)
            if (!isa_library_at(i)->part)
                add(words, isa_library_at(i)->name);
    return words->count > 0;
}

struct question { const char *line, *text; bool *file; struct words *words; };

/* Are there an odd number of quotes before the cursor? */
static bool in_string(const char *line)
{
    char open = 0;
    for (; *line != '\0'; line++) {
        if (open != 0 && *line == '\\' && line[1] != '\0')
            line++;
        else if (open != 0 && *line == open)
            open = 0;
        else if (open == 0 && (*line == '"' || *line == '\''))
            open = *line;
    }
    return open != 0;
}

static int find(lua_State *L)
{
    const struct question *question = lua_touserdata(L, 1);
    struct words *words = question->words;
    const char *text = question->text, *name = text + strlen(text);
    if (in_string(question->line)) {
        words->begun = text;
        *question->file = !add_symbols(L, question->line, words) && !add_built(question->line, words);
        return 0;
    }
    if (strncmp(question->line, ":load ", 6) == 0 || strncmp(question->line, ":edit ", 6) == 0) {
        *question->file = true;
        return 0;
    }
    while (name > text && (isalnum((unsigned char)name[-1]) || name[-1] == '_'))
        name--;
    const char *path = name; /* text can begin with another operand: 2*m.x.a0 */
    while (path > text && in_path(path[-1]))
        path--;
    if (name == path + 1 && *path == ':') /* a command of the shell */
        name = path;
    *words = (struct words){.start = text, .start_length = (size_t)(name - text), .begun = name};
    push_path(L, path, name);
    add_names(L, words, name > path && name[-1] == ':');
    if (name == path)
        add_keywords(words);
    return 0;
}

static int alphabetical(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char **lab_shell_complete(lua_State *L, const char *line, const char *text, bool *file)
{
    struct words words = {.start = text};
    struct question question = {line, text, file, &words};
    int top = lua_gettop(L);
    lua_pushcfunction(L, find);
    lua_pushlightuserdata(L, &question);
    lua_pcall(L, 1, 0, 0); /* an error means that nothing more can be said */
    lua_settop(L, top);
    if (words.count > 1)
        qsort(words.list, words.count, sizeof *words.list, alphabetical);
    return words.list;
}
