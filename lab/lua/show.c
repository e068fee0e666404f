/* show.c: a machine for somebody's eyes: on the screen, or under a debugger. Both take it as it stands, with the way that it
 * remembers, and give it back as they leave it. */
#include <signal.h>
#include <string.h>

#include "lab/gdb/gdb.h"
#include "lab/lua/internal.h"
#include "tui/tui.h"

/* A machine that can be shown: its programs are known, and it is nobody else's. */
static struct lab_lua_machine *check_shown(lua_State *L, int index, const struct lab_lua_control *control)
{
    struct lab_lua_machine *object = lab_lua_check_machine(L, index, true);
    if (object->borrowed)
        luaL_error(L, "this machine is the checker's: nobody else can run it");
    if (object->programs == NULL)
        luaL_error(L, "this machine comes from a file, and which programs it runs is not known");
    if (control != NULL && control->limited)
        luaL_error(L, "here machines have a limit, and somebody who watches would not");
    return object;
}

/* ---- Under a debugger -------------------------------------------------------------------------------------------- */

struct session {
    struct lab_lua_machine *object;
    struct lab_lua_control *control;
};

/* A callback has failed, or Ctrl-C was pressed. */
static bool is_over(void *context)
{
    const struct session *session = context;
    if (session->object->failed)
        return true;
    if (session->control == NULL)
        return false;
    pthread_mutex_lock(&session->control->lock);
    bool asked = session->control->asked;
    pthread_mutex_unlock(&session->control->lock);
    return asked;
}

int lab_lua_gdb(lua_State *L)
{
    static const char *const names[] = {"port", NULL};
    struct lab_lua_control *control = lab_lua_control(L);
    lua_settop(L, 2);
    struct lab_lua_machine *object = check_shown(L, 1, control);
    lab_lua_use_no_options(L, 2);
    lab_lua_check_options(L, 2, "pg74.gdb", names);
    unsigned port = (unsigned)lab_lua_integer_field(L, 2, "port", LAB_GDB_PORT, 0, LAB_GDB_HIGHEST_PORT);
    struct session session = {object, control};
    struct lab_consoles consoles = {.stream = stdout};
    for (unsigned i = 0; i < machine_guest_count(object->machine); i++)
        machine_console(object->machine, i, &consoles.printed[i]); /* what is new alone */
    const struct lab_gdb_target target = {object->machine, object->programs, is_over, &session, &consoles};
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    if (!lab_gdb_suits(machine_isa(object->machine), diagnostics))
        return lab_lua_raise(L, diagnostics);
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    bool good = !lab_lua_enter(L, 1, object, control) || lab_gdb_serve_port(&target, port, diagnostics);
    if (good)
        isa_diagnostics_free(diagnostics);
    lab_lua_leave(L, object, control);
    return good ? 0 : lab_lua_raise(L, diagnostics);
}

/* ---- On the screen ----------------------------------------------------------------------------------------------- */

const char *const lab_lua_screen_names[] = {"ascii", "mouse", "keys", "export", "columns", "lines", NULL};

void lab_lua_read_screen(lua_State *L, int options, struct tui_options *screen)
{
    screen->ascii = lab_lua_boolean_field(L, options, "ascii", false);
    screen->no_mouse = !lab_lua_boolean_field(L, options, "mouse", true);
    screen->keys = lab_lua_string_field(L, options, "keys", NULL);
    screen->export = lab_lua_string_field(L, options, "export", NULL);
    screen->columns = (unsigned)lab_lua_integer_field(L, options, "columns", 0, 1, 500);
    screen->lines = (unsigned)lab_lua_integer_field(L, options, "lines", 0, 1, 200);
    if (screen->export != NULL && screen->keys == NULL)
        screen->keys = "";
}

/* "nucleus under trap_and_emulate"; of several machines, what tells them apart. The string stays on the stack. */
static const char *push_title(lua_State *L, const struct lab_lua_machine *object, bool is_alone)
{
    const char *monitor = object->monitor != NULL ? machine_image_name(object->monitor) : NULL;
    if (!is_alone)
        return lua_pushstring(L, monitor != NULL ? monitor : "bare machine");
    const char *guest = machine_image_name(object->guests[0]);
    return monitor != NULL ? lua_pushfstring(L, "%s under %s", guest, monitor) : lua_pushstring(L, guest);
}

int lab_lua_lend_terminal(int (*show)(void *context), void *context)
{
    sigset_t interrupts, before;
    void (*handler)(int) = signal(SIGINT, SIG_IGN);
    sigemptyset(&interrupts);
    sigaddset(&interrupts, SIGINT);
    pthread_sigmask(SIG_UNBLOCK, &interrupts, &before);
    fflush(stdout);
    int result = show(context);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    signal(SIGINT, handler);
    return result;
}

static int show(void *context) { return tui_show(context); }

/* pg74.tui(machine | {machine, ...} | "isa" [, options]). */
int lab_lua_tui(lua_State *L)
{
    struct lab_lua_control *control = lab_lua_control(L);
    struct tui_open open[TUI_MOST_SIDE_BY_SIDE];
    struct lab_lua_machine *objects[TUI_MOST_SIDE_BY_SIDE];
    struct tui_options screen = {.machines = open};
    const char *why;
    lua_settop(L, 2);
    lab_lua_use_no_options(L, 2);
    lab_lua_check_options(L, 2, "pg74.tui", lab_lua_screen_names);
    lab_lua_read_screen(L, 2, &screen);
    if (screen.keys == NULL && !tui_can_show(&why))
        return luaL_error(L, "pg74.tui: %s; with keys, or export, it works without", why);
    if (lua_type(L, 1) == LUA_TSTRING) {
        lab_lua_to_isa(L, 1); /* which says what is wrong with it */
        screen.isa = lua_tostring(L, 1);
        return lab_lua_lend_terminal(show, &screen) == 0 ? 0 : luaL_error(L, "pg74.tui: the screen could not be shown");
    }
    bool is_list = lua_istable(L, 1);
    unsigned count = is_list ? (unsigned)lua_rawlen(L, 1) : 1;
    if (count == 0 || count > TUI_MOST_SIDE_BY_SIDE)
        return luaL_error(L, "pg74.tui shows from 1 to %d machines", TUI_MOST_SIDE_BY_SIDE);
    luaL_checkstack(L, LUA_MINSTACK + 2 * TUI_MOST_SIDE_BY_SIDE, NULL);
    for (unsigned i = 0; i < count; i++) {
        if (is_list)
            lua_rawgeti(L, 1, (lua_Integer)i + 1);
        else
            lua_pushvalue(L, 1);
        objects[i] = check_shown(L, -1, control);
        for (unsigned k = 0; k < i; k++)
            if (objects[k] == objects[i])
                return luaL_error(L, "pg74.tui: the same machine stands twice in the list");
        open[i] = (struct tui_open){objects[i]->machine, objects[i]->programs, push_title(L, objects[i], count == 1)};
    }
    screen.machine_count = count;
    int first = lua_gettop(L) - 2 * (int)count + 1;
    for (unsigned i = 0; i < count; i++)
        lab_lua_enter(L, first + 2 * (int)i, objects[i], NULL);
    int code = lab_lua_lend_terminal(show, &screen);
    for (unsigned i = 0; i < count; i++)
        objects[i]->L = NULL;
    for (unsigned i = 0; i < count; i++)
        lab_lua_leave(L, objects[i], NULL);
    return code == 0 ? 0 : luaL_error(L, "pg74.tui: the screen could not be shown");
}
