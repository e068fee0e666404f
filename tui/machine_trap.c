/* machine_trap.c: a trap, drawn as it happens: the instruction, the PSW swap, the handler and where in it the processor
 * is, and back. The part that is now is bright, what is over is dim, what is to come is not there yet. */
#include "tui/machine.h"

#include <inttypes.h>
#include <string.h>

/* "main+0x10", or the address where there is no name. */
static void put_place(const struct tui_machine *screen, struct tui_text *text, enum tui_style style, unsigned program,
                      uint32_t address)
{
    const struct machine_image *image = lab_debug_program(screen->debug, program)->image;
    uint32_t offset = 0;
    const char *name = image != NULL ? machine_image_symbol(image, address, &offset) : NULL;
    if (name == NULL)
        tui_put(text, style, "%0*" PRIx32, (int)isa_word_bits(screen->isa) / 4, address);
    else
        tui_put(text, style, offset != 0 ? "%s+0x%" PRIx32 : "%s", name, offset);
}

static void put_line_number(const struct tui_machine *screen, struct tui_text *text, enum tui_style style,
                            unsigned program)
{
    const struct machine_image *image = lab_debug_program(screen->debug, program)->image;
    const char *file;
    unsigned line;
    if (image == NULL || !machine_image_line(image, machine_pc(screen->machine), &file, &line))
        return;
    const char *slash = strrchr(file, '/');
    tui_put(text, style, " %s:%u", slash != NULL ? slash + 1 : file, line);
}

static void put_arrow(struct tui *tui, struct tui_text *text)
{
    tui_put(text, TUI_TRAP, " %s%s ", tui_glyph(tui->terminal, TUI_HORIZONTAL), tui_glyph(tui->terminal, TUI_ARROW));
}

/* What trapped: the instruction's name, or the cause where it is none of its doing. */
static void put_origin(const struct tui_machine *screen, struct tui_text *text, const struct tui_event *event)
{
    const struct isa_cause *cause = isa_cause_numbered(screen->isa, event->cause);
    const struct isa_instruction *instruction = event->is_mapped ? isa_decode(screen->isa, event->word) : NULL;
    bool is_own = event->kind == MACHINE_EVENT_TRAP && instruction != NULL;
    tui_put(text, TUI_TRAP, "%s", is_own ? instruction->name : cause != NULL ? cause->name : "trap");
    tui_put(text, TUI_DIM, " at ");
    put_place(screen, text, TUI_DIM, event->program, event->pc);
}

bool tui_machine_put_trap(struct tui *tui, const struct tui_machine *screen, struct tui_text *text)
{
    unsigned past = tui_machine_past_events(screen), here = lab_debug_current(screen->debug);
    if (past == 0)
        return false;
    const struct tui_event *event = tui_machine_event(screen, past - 1);
    uint64_t since = lab_debug_steps(screen->debug) - event->steps;
    bool is_swap = since == 1, is_handled = here == event->entry_program && event->entry != 0;
    bool is_back =
        !is_swap && here == event->program && (here != event->entry_program || machine_user_mode(screen->machine));
    tui_put(text, TUI_DIM, "trap    ");
    put_origin(screen, text, event);
    put_arrow(tui, text);
    tui_put(text, is_swap ? TUI_STRONG : TUI_DIM, "PSW swap");
    if (event->entry != 0) {
        put_arrow(tui, text);
        put_place(screen, text, is_swap ? TUI_STRONG : TUI_DIM, event->entry_program, event->entry);
    }
    if (is_back) {
        put_arrow(tui, text);
        tui_put(text, TUI_STRONG, "back, at ");
        put_place(screen, text, TUI_STRONG, here, machine_pc(screen->machine));
    } else if (!is_swap && is_handled) {
        put_arrow(tui, text);
        put_place(screen, text, TUI_STRONG, here, machine_pc(screen->machine));
        put_line_number(screen, text, TUI_DIM, here);
    }
    tui_put(text, TUI_PLAIN, "\n");
    return true;
}
