/* machine.h: the parts of the machine screen.
 *
 *   machine_screen.c  where each part stands, and its commands
 *   machine_moves.c   forwards and backwards, and what to say about it
 *   machine_code.c    source and disassembly, and the cursor in them
 *   machine_trap.c    the way of a trap
 *   machine_panes.c   registers, PSW, memory, events, consoles
 *   timeline.c, map.c, translation.c other screens over the same machine
 *   machine_copy.c    a machine once more, and machines in files */
#ifndef PG74_TUI_MACHINE_H
#define PG74_TUI_MACHINE_H

#include "tui/internal.h"

enum { TUI_EVENTS = 1024, TUI_SLOWEST = 1, TUI_FASTEST = 1 << 14 /* steps a second */, TUI_TICK = 50 /* ms */ };

/* A trap, an interrupt, or a change of mode. */
struct tui_event {
    enum machine_event_kind kind;
    uint64_t steps; /* before it */
    uint32_t pc, cause, value, word; /* word: of the instruction at pc */
    unsigned program;
    uint32_t entry;          /* where the PSW swap leads, and in which program; 0: not seen */
    unsigned entry_program;
    bool is_mapped; /* is there an instruction at pc? Else there is no program, either */
};

/* A source file, read when first shown. */
struct tui_source {
    char *path, *text;
    unsigned line_count;
    const char **lines; /* where each begins; one more than there are */
};

struct tui_machine {
    char *title;
    const struct lab_programs *programs;
    struct machine *own; /* the machine itself, where it was opened by a screen; else NULL */
    struct tui_owned *owned; /* what else must go when it goes, or NULL */
    const struct isa *isa;
    struct machine *machine;
    int recorder; /* the observer that records events */
    struct lab_debug *debug;
    struct checker_progress *progress;
    bool has_gone_back; /* since the progress was last right */
    bool has_ended;     /* it has halted, or waits for ever */
    uint32_t *before; /* every slot of the state, before the last move */
    unsigned slot_count;

    unsigned program;       /* the cursor is at this address of this program */
    uint32_t address;
    int lines_down;         /* in the source, so many lines from that of the address */
    bool shows_disassembly;
    enum { TUI_REGISTERS, TUI_MEMORY, TUI_DEVICES, TUI_PANES } pane;
    int code_lines;         /* as last painted */
    unsigned memory_program;
    uint32_t memory_address;
    struct tui_source source;
    char search[64]; /* the last text that was looked for */

    struct tui_event events[TUI_EVENTS]; /* a ring, by time; those to come, too, once they were seen */
    unsigned first_event, event_count;
    int event_cursor;  /* in the timeline: so many events after the last that is over */
    int translated;    /* in the translation cache: the block that is looked at; -1: that of the processor */
    int translation_line; /* of a long block: the first that is shown */
    int map_line;      /* of the map: the first that is shown */
    bool is_paced;
    unsigned pace; /* steps a second */
};

/* ---- machine_screen.c -------------------------------------------------------------------------------------------- */

/* The machine that is looked at, for the `state` of screens that show it; NULL after saying that there is none. */
void *tui_current_machine(struct tui *tui);
/* Its progress, counted anew if it has gone back. */
struct checker_progress *tui_machine_progress(struct tui *tui, struct tui_machine *screen);
/* To be called when it was moved by other means, which leave its progress right. */
void tui_machine_moved(struct tui_machine *screen);
/* The commands that all screens over a machine have: those that move it, the pace, stops at traps and modes. */
bool tui_machine_command(struct tui *tui, struct tui_machine *screen, enum tui_command command);
int tui_machine_pace(void *state);

/* ---- machine_moves.c --------------------------------------------------------------------------------------------- */

bool tui_machine_move(struct tui *tui, struct tui_machine *screen, enum tui_command command);
void tui_machine_tick(struct tui *tui, void *state);
/* Goes to a moment, given as steps since the start. */
void tui_machine_go_to(struct tui *tui, struct tui_machine *screen, uint64_t steps);
/* The number-th event on record, and how many of them are over. */
const struct tui_event *tui_machine_event(const struct tui_machine *screen, unsigned number);
unsigned tui_machine_past_events(const struct tui_machine *screen);
/* Keeps the state for comparison, before a move. */
void tui_machine_remember(struct tui_machine *screen);
/* Records events from now on. */
void tui_machine_record(struct tui_machine *screen);

/* ---- machine_code.c ---------------------------------------------------------------------------------------------- */

/* Puts the cursor where the processor is. */
void tui_machine_look_here(struct tui_machine *screen);
void tui_machine_move_cursor(struct tui_machine *screen, int lines);
/* The address of what the cursor is at; false on a line without code. */
bool tui_machine_cursor_address(struct tui_machine *screen, uint32_t *address);
/* Lines of code around the cursor; returns which of them the cursor is in. */
int tui_machine_put_source(struct tui *tui, struct tui_machine *screen, struct tui_text *text, int lines);
int tui_machine_put_disassembly(struct tui *tui, struct tui_machine *screen, struct tui_text *text, int lines);
/* Moves the cursor to the next line below it that has the text in it; false if none has. */
bool tui_machine_search(struct tui_machine *screen, const char *text);
/* Is there a source file to show where the cursor is? */
bool tui_machine_has_source(struct tui_machine *screen);
void tui_machine_free_source(struct tui_machine *screen);

/* ---- machine_find.c ---------------------------------------------------------------------------------------------- */

/* What a text means. `note` says of which program, " of nucleus (or trap_and_emulate:start)", where that is not plain. */
struct tui_found {
    unsigned program;
    uint32_t address;
    char note[128];
};
/* An address, or the name of a function or object: of the program that the cursor is in, or else of the first that has it, or
 * "PROGRAM:NAME". */
bool tui_machine_find(const struct tui_machine *screen, const char *text, struct tui_found *found);
/* Asks for one; false when there is none, which it says. (machine_screen.c) */
bool tui_machine_ask(struct tui *tui, const struct tui_machine *screen, const char *question, struct tui_found *found);

/* ---- machine_copy.c ---------------------------------------------------------------------------------------------- */

struct tui_owned;
void tui_machine_free_owned(struct tui_owned *owned);
/* A machine that is as this one is now; NULL with diagnostics. `path` is a file to do it by. */
struct tui_machine *tui_machine_clone(const struct tui_machine *screen, struct isa_diagnostics *diagnostics);
/* What is in a file that was saved of a machine with the same programs. NULL with diagnostics. */
struct tui_machine *tui_machine_open_file(const struct tui_machine *like, const char *path,
                                          struct isa_diagnostics *diagnostics);

/* ---- machine_trap.c ---------------------------------------------------------------------------------------------- */

/* The way of the last trap: where it came from, the PSW swap, where its handler is now, and the return. False: no trap
 * yet. */
bool tui_machine_put_trap(struct tui *tui, const struct tui_machine *screen, struct tui_text *text);

/* ---- machine_panes.c --------------------------------------------------------------------------------------------- */

void tui_machine_put_title(const struct tui_machine *screen, struct tui_text *text);
void tui_machine_put_psw(const struct tui_machine *screen, struct tui_text *text);
void tui_machine_put_registers(const struct tui_machine *screen, struct tui_text *text, int lines);
void tui_machine_put_devices(const struct tui_machine *screen, struct tui_text *text, int lines);
void tui_machine_put_memory(const struct tui_machine *screen, struct tui_text *text, int lines);
void tui_machine_put_map(struct tui *tui, const struct tui_machine *screen, struct tui_text *text, int columns);
void tui_machine_put_event(const struct tui_machine *screen, struct tui_text *text, const struct tui_event *event);
/* A program's name, in its colour. */
void tui_machine_put_name(const struct tui_machine *screen, struct tui_text *text, unsigned program);
void tui_machine_put_events(const struct tui_machine *screen, struct tui_text *text, int lines);
void tui_machine_put_consoles(const struct tui_machine *screen, struct tui_text *text, int lines);

#endif
