/* side_paint.c: machines side by side, painted: a block for each. */
#include "tui/bars.h"
#include "tui/side.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lab/language.h"

/* The instruction of the guest that comes next, as far as anybody tells. */
struct next {
    bool has_pc, has_word;
    uint32_t pc, word;
};

static unsigned guest_program(const struct tui_machine *one)
{
    for (unsigned i = 0; i < lab_debug_program_count(one->debug); i++)
        if (lab_debug_program(one->debug, i)->is_guest)
            return i;
    return 0;
}

/* In a kernel's own addresses the word is in its image's place; in a process only the processor can tell where. */
static struct next next_of(const struct tui_machine *one)
{
    struct next next = {0};
    uint32_t mode = 0, physical;
    next.has_pc = checker_progress_slot(one->progress, 0, isa_program_counter(one->isa)->slot, &next.pc);
    if (checker_progress_in_guest(one->progress)) {
        next.has_word = machine_next_word(one->machine, &next.word, &physical);
        return next;
    }
    const struct lab_program *guest = lab_debug_program(one->debug, guest_program(one));
    bool is_kernel =
        next.has_pc && checker_progress_slot(one->progress, 0, isa_mode(one->isa)->slot, &mode) && mode == 0;
    next.has_word = is_kernel && next.pc < guest->size &&
                    machine_read(one->machine, guest->start + next.pc, &next.word, isa_instruction_bits(one->isa) / 8);
    return next;
}

static const char *symbol(void *context, uint32_t address, uint32_t *offset)
{
    return context != NULL ? machine_image_symbol(context, address, offset) : NULL;
}

/* "main+0x10" */
static void put_place(struct tui_text *text, enum tui_style style, const struct machine_image *image, uint32_t address)
{
    uint32_t offset = 0;
    const char *name = image != NULL ? machine_image_symbol(image, address, &offset) : NULL;
    if (name != NULL)
        tui_put(text, style, offset != 0 ? "%s+0x%" PRIx32 : "%s", name, offset);
}

static void put_next(struct tui *tui, struct tui_text *text, const struct tui_machine *one, struct next next,
                     bool differs)
{
    const struct machine_image *image = lab_debug_program(one->debug, guest_program(one))->image;
    char assembly[96] = "";
    tui_put(text, TUI_DIM, "  %s ", _("next"));
    if (!next.has_pc) {
        tui_put(text, TUI_DIM, "%s", _("the monitor does not tell"));
    } else {
        tui_put(text, differs ? TUI_CHANGED : TUI_DIM, "%0*" PRIx32, (int)isa_word_bits(one->isa) / 4, next.pc);
        if (next.has_word)
            isa_disassemble(one->isa, next.word, next.pc, symbol, (void *)(uintptr_t)image, assembly, sizeof assembly);
        tui_put(text, TUI_PLAIN, " %-30.30s ", assembly);
        put_place(text, TUI_DIM, image, next.pc);
    }
    if (!checker_progress_in_guest(one->progress)) {
        const struct lab_program *monitor = lab_debug_program(one->debug, lab_debug_current(one->debug));
        tui_put(text, TUI_DIM, "  %s ", _("by"));
        put_place(text, TUI_MONITOR, monitor->image, machine_pc(one->machine));
    }
    (void)tui;
}

static const char *state_of(const struct tui_machine *one, char *room, size_t size)
{
    uint32_t code;
    if (machine_guest_halt_code(one->machine, 0, &code))
        snprintf(room, size, "%s %" PRIu32, _("halted"), code);
    else
        snprintf(room, size, "%s",
                 one->has_ended                             ? _("stuck")
                 : checker_progress_in_guest(one->progress) ? _("in the guest")
                                                            : _("in the monitor"));
    return room;
}

static void put_causes(struct tui_text *text, const struct checker_figures *figures, int lines)
{
    for (unsigned i = 0; i < figures->cause_count && (int)i < lines; i++) {
        const struct checker_cause *cause = &figures->causes[i];
        if (cause->cycles == 0)
            continue;
        char name[TUI_CAUSE_NAME];
        tui_cause_name(cause, name, sizeof name);
        tui_put(text, TUI_PLAIN, "  %-16s %-12s", name, cause->instruction != NULL ? cause->name : "");
        tui_put_number(text, TUI_PLAIN, 10, cause->count);
        tui_put(text, TUI_DIM, " %s ", _("times"));
        tui_put_number(text, TUI_PLAIN, 13, cause->cycles);
        tui_put(text, TUI_DIM, " %s ", _("cycles"));
        tui_put(text, TUI_PLAIN, "%5.1f %%\n",
                figures->cycles ? 100.0 * (double)cause->cycles / (double)figures->cycles : 0);
    }
    if (figures->monitor_cycles == 0)
        tui_put(text, TUI_DIM, "  %s\n", _("All cycles are the guest's own."));
}

struct picture {
    struct checker_figures figures[TUI_MOST_SIDE_BY_SIDE];
    struct next next[TUI_MOST_SIDE_BY_SIDE];
    struct tui_causes causes;
    uint64_t most_cycles;
};

/* Names are of monitors: all run the same guest. */
static void put_head(struct tui *tui, struct tui_text *text, const struct tui_machine *one,
                     const struct checker_figures *figures, bool is_chosen)
{
    char state[64];
    uint64_t count = tui_side_count(one);
    tui_put(text, TUI_TRAP, "%s ", is_chosen ? tui_glyph(tui->terminal, TUI_ARROW) : " ");
    tui_put(text, TUI_STRONG, "%-22.22s", one->title);
    tui_put_number(text, TUI_PLAIN, 13, count);
    tui_put_number(text, TUI_PLAIN, 15, figures->cycles);
    if (count > 0)
        tui_put(text, TUI_PLAIN, "%10.2f", (double)figures->cycles / (double)count);
    else
        tui_put(text, TUI_DIM, "%10s", "-");
    tui_put(text, checker_progress_in_guest(one->progress) ? TUI_GUEST : TUI_MONITOR, "  %s\n",
            state_of(one, state, sizeof state));
}

static void put_block(struct tui *tui, struct tui_text *text, const struct picture *picture, unsigned number)
{
    const struct tui_side *side = tui->side;
    const struct tui_machine *one = tui->machines[number];
    const struct checker_figures *figures = &picture->figures[number];
    struct next next = picture->next[number], first = picture->next[0];
    int spare = side->height - 2;
    bool differs =
        next.has_pc && first.has_pc && next.pc != first.pc && tui_side_count(one) == tui_side_count(tui->machines[0]);
    put_head(tui, text, one, figures, number == tui->current);
    tui_put(text, TUI_PLAIN, "  ");
    tui_put_bar(tui, text, figures, &picture->causes, picture->most_cycles, tui_columns() - 4);
    tui_put(text, TUI_PLAIN, "\n");
    if (side->view == TUI_SIDE_INSTRUCTION) {
        for (unsigned i = 0; !next.has_word && next.has_pc && i < tui_side_shown(tui); i++)
            if (picture->next[i].has_word && picture->next[i].pc == next.pc)
                next = picture->next[i];
        put_next(tui, text, one, next, differs);
        tui_put(text, TUI_PLAIN, "\n");
        spare--;
    }
    spare -= spare > 2; /* a blank line between blocks */
    if (spare > 0 && side->view == TUI_SIDE_CAUSES)
        put_causes(text, figures, spare);
    else if (spare > 0)
        tui_machine_put_consoles(one, text, spare);
}

static void take_picture(struct tui *tui, struct picture *picture)
{
    picture->most_cycles = 0;
    for (unsigned i = 0; i < tui_side_shown(tui); i++) {
        struct tui_machine *one = tui->machines[i];
        checker_progress_figures(one->progress, &picture->figures[i]);
        picture->next[i] = next_of(one);
        if (picture->figures[i].cycles > picture->most_cycles)
            picture->most_cycles = picture->figures[i].cycles;
    }
    tui_choose_causes(picture->figures, tui_side_shown(tui), &picture->causes);
}

static void put_title(struct tui *tui, struct tui_text *text)
{
    const struct tui_machine *first = tui->machines[0];
    tui_put(text, TUI_TITLE, " %s  ", isa_name(first->isa));
    lab_debug_print_name(first->debug, guest_program(first), text->stream);
    if (tui->side->is_racing) {
        tui_put(text, TUI_TITLE, "  %s", _("side by side, racing by cycles"));
    } else {
        tui_put(text, TUI_TITLE, "  %s", _("side by side, in step"));
    }
    for (int i = 0; i < tui_columns(); i++)
        tui_put(text, TUI_TITLE, " ");
    tui_put(text, TUI_DIM, "\n  ");
    tui_put_cell(text, TUI_DIM, 22, _("machine"));
    tui_put_cell(text, TUI_DIM, -13, _("instructions"));
    tui_put_cell(text, TUI_DIM, -15, _("cycles"));
    tui_put_cell(text, TUI_DIM, -10, _("each"));
    tui_put(text, TUI_DIM, "  %s\n", _("now"));
}

void tui_side_paint(struct tui *tui, void *state)
{
    struct tui_side *side = state;
    struct picture *picture = malloc(sizeof *picture);
    struct tui_text text;
    int columns = tui_columns(), room = tui_lines() - 4;
    if (picture == NULL)
        abort();
    side->height = room / (int)tui_side_shown(tui);
    take_picture(tui, picture);
    tui_text_open(&text);
    put_title(tui, &text);
    tui_draw(tui->terminal, 0, 0, 2, columns, &text);
    tui_text_free(&text);
    for (unsigned i = 0; i < tui_side_shown(tui); i++) {
        tui_text_open(&text);
        put_block(tui, &text, picture, i);
        side->top[i] = 2 + (int)i * side->height;
        tui_draw(tui->terminal, side->top[i], 0, side->height, columns, &text);
        tui_text_free(&text);
    }
    int used = 2 + (int)tui_side_shown(tui) * side->height;
    tui_text_open(&text);
    for (int line = used; line < tui_lines() - 2; line++)
        tui_put(&text, TUI_PLAIN, "\n");
    tui_put_legend(tui, &text, picture->figures, tui_side_shown(tui), &picture->causes);
    tui_draw(tui->terminal, used, 0, tui_lines() - 1 - used, columns, &text);
    tui_text_free(&text);
    free(picture);
    tui->cursor_line = tui->current < tui_side_shown(tui) ? side->top[tui->current] : 2;
    tui->cursor_column = 0;
}
