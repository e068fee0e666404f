/* sandbox.h: a Lua for programs that come from outside. Private to lab/grade/.
 *
 *     sandbox.c          its life: memory, fuel, how it ends
 *     sandbox_library.c  the functions that it has: a list of what is allowed, and nothing else
 *     sandbox_order.c    pairs, in an order that is the same everywhere
 *     sandbox_program.c  a hosted monitor in it
 *
 * What happens in it depends on nothing but the program: not on addresses, time, or the order of a hash table. Each
 * step costs fuel, each byte that is allocated too; where fuel ends the process ends, so that no handler, finalizer or
 * metamethod of the program can go on. */
#ifndef PG74_LAB_GRADE_SANDBOX_H
#define PG74_LAB_GRADE_SANDBOX_H

#include <jansson.h>
#include <lauxlib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lab_grade_sandbox {
    lua_State *L;
    int64_t fuel;                /* that is left: instructions of Lua, and what stands for them */
    size_t memory, most_memory;  /* bytes in use, and that may be */
    /* Called once, when the fuel has ended: `where` is the line. Must not return. */
    void (*exhausted)(void *context, const char *where);
    void *context;
    char printed[4096];          /* what the program printed, as far as there is room */
    size_t printed_length;
};

/* Makes the Lua state; the other fields have been set. NULL when there is no memory. */
lua_State *lab_grade_sandbox_open(struct lab_grade_sandbox *sandbox);
void lab_grade_sandbox_close(struct lab_grade_sandbox *sandbox);

/* Uses up fuel; ends the process where there is none. `L` says where. */
void lab_grade_sandbox_charge(lua_State *L, int64_t cost);
struct lab_grade_sandbox *lab_grade_sandbox_of(lua_State *L);

/* Pushes the table of all that a program can name. */
void lab_grade_sandbox_push_library(lua_State *L);
/* Lets each call of a method of a class (lab/lua/internal.h) cost so much. */
void lab_grade_sandbox_price_methods(lua_State *L, const char *class, lua_Integer price);
int lab_grade_sandbox_pairs(lua_State *L);

/* Gives the state its globals, and the classes of PG-74 but for the processor's methods in `without` (a list of names, or
 * NULL); pushes the instruction set `isa`, of which `isa_text` is the text where it is none that is built in. */
void lab_grade_sandbox_furnish(lua_State *L, const char *isa, const char *isa_text, const json_t *without);
/* Runs a program's text and leaves the monitor, a function, on the stack. An error of the program's is one of Lua's. */
void lab_grade_sandbox_load(lua_State *L, const char *file, const char *source, size_t length);

#endif
