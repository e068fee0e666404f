/* machine.h: the parts of the machine screen.
 *
 *   machine_screen.c  where each part stands, and its commands
 *   machine_moves.c   forwards and backwards, and what to say about it
 *   machine_code.c    source and disassembly, and the cursor in them
 *   machine_panes.c   registers, PSW, memory, events, consoles
 *   timeline.c, map.c other screens over the same machine */
#ifndef PG74_TUI_MACHINE_H
#define PG74_TUI_MACHINE_H

#include "tui/internal.h"

enum { TUI_EVENTS = 1024 };

/* A trap, an interrupt, or a change of mode. */
struct tui_event {
    enum machine_event_kind kind;
    uint64_t steps; /* before it */
    uint32_t pc, cause, value;
    unsigned program;
    bool is_mapped; /* is there an instruction at pc? Else there is no program, either */
};

/* A source file, read when first shown. */
struct tui_source {
    char *path, *text;
    unsigned line_count;
    const char **lines; /* where each begins; one more than there are */
};

struct tui_machine {
    const struct tui_options *options;
    const struct isa *isa;
    struct machine *machine;
    struct lab_debug *debug;
    uint32_t *before; /* every slot of the state, before the last move */
    unsigned slot_count;

    unsigned program;       /* the cursor is at this address of this program */
    uint32_t address;
    int lines_down;         /* in the source, so many lines from that of the address */
    bool shows_disassembly, shows_memory;
    unsigned memory_program;
    uint32_t memory_address;
    struct tui_source source;

    struct tui_event events[TUI_EVENTS]; /* a ring, by time; those to come, too, once they were seen */
    unsigned first_event, event_count;
    int event_cursor;  /* in the timeline: so many events after the last that is over */
    int map_line;      /* of the map: the first that is shown */
    bool is_paced;
    unsigned pace; /* steps a second */
};

/* ---- machine_screen.c -------------------------------------------------------------------------------------------- */

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
/* Is there a source file to show where the cursor is? */
bool tui_machine_has_source(struct tui_machine *screen);
/* An address or the name of a function or object of the program that the cursor is in. */
bool tui_machine_find(const struct tui_machine *screen, const char *text, uint32_t *address);
void tui_machine_free_source(struct tui_machine *screen);

/* ---- machine_panes.c --------------------------------------------------------------------------------------------- */

void tui_machine_put_title(const struct tui_machine *screen, struct tui_text *text);
void tui_machine_put_psw(const struct tui_machine *screen, struct tui_text *text);
void tui_machine_put_registers(const struct tui_machine *screen, struct tui_text *text, int lines);
void tui_machine_put_memory(const struct tui_machine *screen, struct tui_text *text, int lines);
void tui_machine_put_map(struct tui *tui, const struct tui_machine *screen, struct tui_text *text, int columns);
void tui_machine_put_event(const struct tui_machine *screen, struct tui_text *text, const struct tui_event *event);
/* A program's name, in its colour. */
void tui_machine_put_name(const struct tui_machine *screen, struct tui_text *text, unsigned program);
void tui_machine_put_events(const struct tui_machine *screen, struct tui_text *text, int lines);
void tui_machine_put_consoles(const struct tui_machine *screen, struct tui_text *text, int lines);

#endif
