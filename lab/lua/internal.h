/* internal.h: what the files of lab/lua/ share. Private to it.
 *
 *     module.c   the module's table
 *     class.c    userdata with methods and fields
 *     support.c  errors, options, JSON
 *     isa.c      instruction sets          image.c    programs
 *     options.c  what a machine is made from
 *     machine.c  a machine: its life and fields     machine_look.c  its memory, programs, devices
 *     run.c      running, going back
 *     show.c     a machine on the screen, and for a debugger
 *     event.c    events as tables      observe.c  observers      tally.c  counting events
 *     state.c    registers by number and name
 *     snapshot.c moments, saving, restoring
 *     hosted.c   hosted monitors: virtual processors
 *     results.c  compare, classify, check    job.c      work that Ctrl-C can end, what commands do
 *     course.c   grade, lab                  lesson.c   lessons
 *
 * An object of PG-74 is a userdata. What it needs to stay alive (the instruction set of a machine, its images) is
 * referred to by its user values, so that the collector frees them in the right order. */
#ifndef PG74_LAB_LUA_INTERNAL_H
#define PG74_LAB_LUA_INTERNAL_H

#include <lauxlib.h>
#include <jansson.h>

#include "checker/checker.h"
#include "lab/debug/debug.h"
#include "lab/lua/lua_binding.h"

/* ---- Classes: class.c -------------------------------------------------------------------------------------------- */

#define LAB_LUA_ISA "pg74.isa"
#define LAB_LUA_IMAGE "pg74.image"
#define LAB_LUA_MACHINE "pg74.machine"
#define LAB_LUA_SNAPSHOT "pg74.snapshot"
#define LAB_LUA_STATE "pg74.state"
#define LAB_LUA_HOST "pg74.host"
#define LAB_LUA_CPU "pg74.cpu"

/* Makes a metatable: `methods`, `fields` (functions that get the object and push a value) and `setters` (get the
 * object and a value) by name, and metamethods. Each array ends with a NULL name; all but the first may be NULL. */
void lab_lua_class(lua_State *L, const char *name, const luaL_Reg *methods, const luaL_Reg *fields,
                   const luaL_Reg *setters, const luaL_Reg *metamethods);

void lab_lua_register_isa(lua_State *L);
void lab_lua_register_image(lua_State *L);
void lab_lua_register_machine(lua_State *L);
void lab_lua_register_snapshot(lua_State *L);
void lab_lua_register_state(lua_State *L);
void lab_lua_register_hosted(lua_State *L);

/* ---- Support: support.c ------------------------------------------------------------------------------------------ */

/* Raises the diagnostics as an error, with the position in Lua, and frees them. Does not return. */
int lab_lua_raise(lua_State *L, struct isa_diagnostics *diagnostics);

/* Frees diagnostics that are empty; raises others. */
void lab_lua_settle(lua_State *L, struct isa_diagnostics *diagnostics);

/* Makes sure that a table has no field but these (a list that ends with NULL): "there is no option 'gest'". */
void lab_lua_check_options(lua_State *L, int table, const char *what, const char *const *names);

/* Puts an empty table in the place of options that were not given: the last argument, at `index`. */
void lab_lua_use_no_options(lua_State *L, int index);

/* A field of a table, or what stands for it when it is nil. Errors name the field. */
const char *lab_lua_string_field(lua_State *L, int table, const char *name, const char *otherwise);
lua_Integer lab_lua_integer_field(lua_State *L, int table, const char *name, lua_Integer otherwise, lua_Integer least,
                                  lua_Integer most);
bool lab_lua_boolean_field(lua_State *L, int table, const char *name, bool otherwise);

/* Pushes nil, for what is not there, and returns 1. */
int lab_lua_nothing(lua_State *L);

/* An argument that must be in a range. */
lua_Integer lab_lua_integer(lua_State *L, int argument, lua_Integer least, lua_Integer most);
uint32_t lab_lua_word(lua_State *L, int argument); /* -2^31 to 2^32 - 1 */

/* What four bytes are as a word of the machine. */
uint32_t lab_lua_little_endian(const uint8_t bytes[4]);

/* Pushes what JSON text says: null becomes nil. */
void lab_lua_push_json(lua_State *L, json_t *value);

/* What somebody prints, as text: open, print to the stream, then push (which closes), all without an error between. */
struct lab_lua_text { char *bytes; size_t length; FILE *stream; };
void lab_lua_text_open(struct lab_lua_text *text);
void lab_lua_text_push(lua_State *L, struct lab_lua_text *text);

/* ---- Work without Lua: job.c ------------------------------------------------------------------------------------- */

/* Fills `result`: "table" is what the work is about, all else are further fields of that table ("text": what tostring gives).
 * Says in the diagnostics why it could not. It leaves nothing behind but its result. */
typedef void lab_lua_work(void *context, json_t *result, struct isa_diagnostics *diagnostics);
/* Does it, and pushes the table; errors are raised. */
int lab_lua_do(lua_State *L, lab_lua_work *work, void *context);
/* What a command of the program does: it may print, and returns the exit code. Fills `result` as a lab_lua_work does; what it
 * prints is "text", and what it says on standard error "messages". */
typedef int lab_lua_command(void *context, json_t *result);
/* Does it in a process apart, and pushes the table; what it says is raised when the exit code is not 0. */
int lab_lua_do_command(lua_State *L, lab_lua_command *command, void *context);
/* The same of one that is shown: it has the terminal meanwhile, and a NULL for its result. */
void lab_lua_do_shown(lua_State *L, lab_lua_command *command, void *context);
/* What was printed, without line ends at its end, as a member of an object. */
void lab_lua_text_set(json_t *object, const char *key, struct lab_lua_text *text);
/* The table on top is a result: tostring gives its field "text". */
void lab_lua_set_result(lua_State *L);

/* ---- Instruction sets and images: isa.c, image.c ----------------------------------------------------------------- */

struct lab_lua_isa { struct isa *isa; };
struct lab_lua_image { struct machine_image *image; };

struct isa *lab_lua_check_isa(lua_State *L, int argument);
/* Pushes the instruction set that a value stands for: one, a name, a table {text=, name=}; nil: pg74. */
struct isa *lab_lua_to_isa(lua_State *L, int index);

const struct machine_image *lab_lua_check_image(lua_State *L, int argument);
/* Pushes the image that a value stands for: one, or the name of a file or of a program of that kind that is built in.
 * */
enum lab_lua_kind { LAB_LUA_GUEST, LAB_LUA_MONITOR };
const struct machine_image *lab_lua_to_image(lua_State *L, int index, enum lab_lua_kind kind);
/* Pushes the image that a text assembles to. */
const struct machine_image *lab_lua_push_assembled(lua_State *L, const struct isa *isa, const char *name,
                                                   const char *text);
/* Calls `each` for every word of its code, in order. */
void lab_lua_each_word(const struct machine_image *image, unsigned bits,
                       void (*each)(void *context, uint32_t address, uint32_t word), void *context);

int lab_lua_isa(lua_State *L);      /* pg74.isa(...) */
int lab_lua_isas(lua_State *L);     /* pg74.isas() */
int lab_lua_assemble(lua_State *L); /* pg74.assemble(...) */
int lab_lua_load(lua_State *L);     /* pg74.load(...) */

/* ---- Machines: options.c, machine.c, run.c, snapshot.c ----------------------------------------------------------- */

enum { LAB_LUA_MOST_MONITORS = 16 };

/* What a table of options says. It points to what a table, pushed with it, keeps alive. */
struct lab_lua_options {
    struct isa *isa;
    struct machine_options machine;
    uint64_t limit, history;
    const struct machine_image *guests[MACHINE_MOST_UNITS];
    struct machine_input inputs[MACHINE_MOST_UNITS], disks[MACHINE_MOST_UNITS];
    /* Monitors to compare: of each the images from the outside in. A machine has one at most. */
    unsigned monitor_count, levels[LAB_LUA_MOST_MONITORS];
    const char *monitor_names[LAB_LUA_MOST_MONITORS];
    const struct machine_image *monitors[LAB_LUA_MOST_MONITORS][MACHINE_MOST_LEVELS];
};

/* Reads the table at `index`, in which other names than those of a machine's options may stand if they are in `more`
 * (ends with NULL). Pushes a table that keeps alive what was read; its field "isa" is the instruction set. */
void lab_lua_read_options(lua_State *L, int index, const char *what, const char *const *more,
                          struct lab_lua_options *options);

struct lab_lua_observer;

/* User values: 1 a table of what it needs, 2 the observers' functions. */
struct lab_lua_machine {
    struct machine *machine; /* NULL: closed */
    bool borrowed;           /* somebody else frees it */
    bool failed;             /* a callback has raised an error, which stands in user value 2 under "error" */
    lua_State *L;            /* runs it; NULL: it does not run */
    int index;               /* of this object on that stack */
    const struct machine_image *monitor; /* or NULL */
    const struct machine_image *guests[MACHINE_MOST_UNITS];
    struct lab_programs *programs;       /* or NULL: they are not known */
    struct lab_lua_observer *observers;
    FILE *trace;             /* where the run is being written to, or NULL */
};

/* A machine that is not closed; `still`: and does not run. */
struct lab_lua_machine *lab_lua_check_machine(lua_State *L, int argument, bool still);

/* Pushes an object for a machine; the table at `kept` keeps alive what it needs. `options` may be NULL. */
struct lab_lua_machine *lab_lua_push_machine(lua_State *L, struct machine *machine, int kept,
                                             const struct lab_lua_options *options);
void lab_lua_close_machine(lua_State *L, struct lab_lua_machine *object);

int lab_lua_machine(lua_State *L); /* pg74.machine{...} */
int lab_lua_restore(lua_State *L); /* pg74.restore(...) */

/* Runs a machine whose object stands at `index`; errors of callbacks, and an interruption, are raised after. */
enum machine_stop lab_lua_run_machine(lua_State *L, int index, uint64_t fuel);
/* From `enter` to `leave` the machine, whose object stands at `index`, belongs to its run; Ctrl-C stops it. False: it was
 * pressed already. `leave` raises what has happened meanwhile. */
struct lab_lua_control *lab_lua_control(lua_State *L); /* or NULL */
bool lab_lua_enter(lua_State *L, int index, struct lab_lua_machine *object, struct lab_lua_control *control);
void lab_lua_leave(lua_State *L, struct lab_lua_machine *object, struct lab_lua_control *control);
const char *lab_lua_stop_name(enum machine_stop stop);
/* "trap", or several: "trap interrupt". Raises an error that suggests a name. */
unsigned lab_lua_check_kinds(lua_State *L, int argument);
/* With the word that trapped, while the machine still stands there. Then the event as a table. */
struct machine_event lab_lua_whole_event(const struct machine *machine, const struct machine_event *event);
void lab_lua_push_event(lua_State *L, const struct isa *isa, const struct machine_event *event);
/* Pushes {name=..., operands={...}} fields of a word into the table on top: instruction, operands. */
void lab_lua_set_instruction(lua_State *L, const struct isa *isa, uint32_t word);

int lab_lua_machine_snapshot(lua_State *L);
int lab_lua_machine_restore(lua_State *L);
int lab_lua_machine_save(lua_State *L);
int lab_lua_machine_symbols(lua_State *L);
int lab_lua_machine_tally(lua_State *L);
void lab_lua_forget_observers(struct lab_lua_machine *object);
/* The methods of a machine that are not machine.c's own. */
extern const luaL_Reg lab_lua_run_methods[], lab_lua_observe_methods[], lab_lua_look_methods[];

/* ---- State by name: state.c -------------------------------------------------------------------------------------- */

/* How to reach slots: of a machine, or of a virtual processor. `owner` is the userdata's memory. */
struct lab_lua_slots {
    const struct isa *(*isa)(lua_State *L, void *owner, bool write); /* raises when the owner is closed, or runs */
    uint32_t (*get)(const void *owner, unsigned slot);
    void (*set)(void *owner, unsigned slot, uint32_t value);
};
/* Pushes an object through which states are reached by name, or (with `array`) the elements of one; `index`: the
 * owner. */
void lab_lua_push_state(lua_State *L, int index, const struct lab_lua_slots *slots, const struct isa_state *array);

/* ---- Hosted monitors and results: hosted.c, results.c ------------------------------------------------------------ */

int lab_lua_hosted(lua_State *L); /* pg74.hosted{...} */

/* Runs a Lua function as the hosted monitor of a machine: for the checker. The function stands at `function`. Leaves
 * nothing on the stack; an error's text goes to `error`. */
enum machine_stop lab_lua_run_hosted(lua_State *L, int function, int kept, struct machine *machine, uint64_t fuel,
                                     char *error, size_t size);
/* Pushes the image of a machine with a hosted monitor. */
const struct machine_image *lab_lua_push_host_image(lua_State *L, const struct isa *isa);

/* ---- For eyes: show.c; courses: course.c, lesson.c --------------------------------------------------------------- */

int lab_lua_gdb(lua_State *L); /* pg74.gdb(...) */
int lab_lua_tui(lua_State *L); /* pg74.tui(...) */

/* The options that say how a screen is shown (ends with NULL), and what they say of it. */
struct tui_options;
extern const char *const lab_lua_screen_names[];
void lab_lua_read_screen(lua_State *L, int options, struct tui_options *screen);

/* In the shell another thread waits for Ctrl-C: while `show` runs, what it shows is to have it. Returns what that returns. */
int lab_lua_lend_terminal(int (*show)(void *context), void *context);

int lab_lua_grade(lua_State *L);         /* pg74.grade{...} */
void lab_lua_push_lab(lua_State *L);     /* the table pg74.lab */
void lab_lua_push_lessons(lua_State *L); /* the table pg74.lesson */

int lab_lua_compare(lua_State *L);
int lab_lua_classify(lua_State *L);
int lab_lua_difference(lua_State *L);
int lab_lua_check(lua_State *L);
int lab_lua_host(lua_State *L);

#endif
