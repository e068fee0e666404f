/* lua_binding.h: PG-74 as a module of Lua 5.4. The only public header of lab/lua/. What the module offers is written in
 * lab/lua/annotations/, from which docs/lua.md is made. */
#ifndef PG74_LAB_LUA_BINDING_H
#define PG74_LAB_LUA_BINDING_H

#include <lua.h>
#include <pthread.h>

#include "machine/machine.h"

/* Lets somebody else stop what a Lua state is doing: a thread that waits for Ctrl-C. `running` is the machine that
 * runs, or NULL; it is read and written with the lock held. */
struct lab_lua_control {
    pthread_mutex_t lock;
    struct machine *running;
    bool has_person; /* who may want an end of what takes long */
    bool asked; /* to stop: every run ends with the error "interrupted", until lab_lua_go_on */
    bool limited;  /* all runs together may take no more than `fuel` instructions and traps; then they are errors */
    uint64_t fuel; /* that is left */
    /* Or NULL: asked now and then, in the thread that runs, whether all is to end; true is as lab_lua_interrupt. */
    bool (*stops)(void *context);
    void *context;
};

/* Makes `require "pg74"` work in a Lua state. With `control` (may be NULL; must outlive the state) its runs can be
 * stopped. */
void lab_lua_open(lua_State *L, struct lab_lua_control *control);

/* Stops the machine that runs under a control, if any does, and keeps others from running. For another thread. */
void lab_lua_interrupt(struct lab_lua_control *control);
void lab_lua_go_on(struct lab_lua_control *control);
/* Has somebody asked for an end? False where there is no control. */
bool lab_lua_interrupted(lua_State *L);

/* The machine that a value at `index` is, when it does not run, and its programs: both live as long as the value. NULL: it
 * is none, or one of which the programs are not known. */
struct lab_programs;
struct machine *lab_lua_machine_at(lua_State *L, int index, const struct lab_programs **programs);

/* Loads a file's text (no bytecode) as luaL_loadbufferx does, named in messages by the last part of `path` alone. */
int lab_lua_load_chunk(lua_State *L, const char *path, const char *text, size_t length);

/* Calls the function under `arguments` values of the stack, as lua_pcall does; what `describe` makes of an error, while the stack
 * still stands where it happened, is then on top. */
int lab_lua_call(lua_State *L, int arguments, int results, lua_CFunction describe);

/* The line of that file that an error's message begins with, as in "lab.lua:3: unexpected symbol"; `message` is then moved
 * behind it. 0: the message is about no line of the file. */
unsigned lab_lua_error_line(const char *path, const char **message);

/* Pushes the module: the function that a stock interpreter calls when it loads pg74.so. */
int luaopen_pg74(lua_State *L);

#endif
