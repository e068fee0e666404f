/* classify_detail.c: one instruction: where it stands and why, and the witness: the states in which it shows. */
#include "tui/classify.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static unsigned chosen(const struct tui_classifier *screen) { return screen->order[screen->chosen]; }

const struct classifier_witness *tui_classify_witness(const struct tui_classifier *screen)
{
    return screen->property < CLASSIFIER_INNOCUOUS
               ? classifier_witness_of(screen->report, chosen(screen), screen->property)
               : NULL;
}

void tui_classify_next_witness(struct tui_classifier *screen)
{
    enum classifier_property first = screen->property;
    for (unsigned i = 1; i <= CLASSIFIER_INNOCUOUS; i++) {
        /* sensitivities before the privilege: they are the question */
        unsigned next = (first >= CLASSIFIER_INNOCUOUS ? 0 : (unsigned)first) + i;
        screen->property = (enum classifier_property)(next % CLASSIFIER_INNOCUOUS);
        if (tui_classify_witness(screen) != NULL)
            return;
    }
    screen->property = CLASSIFIER_PROPERTIES;
}

/* Words up to so many columns a line; returns the number of lines. */
static int put_folded(struct tui_text *text, enum tui_style style, const char *words, int columns, int most)
{
    int lines = 1, column = 1;
    tui_put(text, style, " ");
    while (*words != '\0') {
        int length = (int)strcspn(words, " ");
        if (column + length >= columns) {
            if (lines == most)
                break;
            tui_put(text, style, "\n ");
            lines++;
            column = 1;
        }
        tui_put(text, style, "%.*s ", length, words);
        column += length + 1;
        words += length;
        words += strspn(words, " ");
    }
    tui_put(text, style, "\n");
    return lines;
}

/* "privileged, control sensitive" */
static void put_properties(const struct tui_classifier *screen, struct tui_text *text)
{
    bool any = false;
    tui_put(text, TUI_PLAIN, " ");
    for (enum classifier_property property = 0; property < CLASSIFIER_PROPERTIES; property++) {
        if (classifier_has(screen->report, chosen(screen), property) != CLASSIFIER_YES)
            continue;
        tui_put(text, TUI_DIM, any ? ", " : "");
        tui_put(text, property == screen->property ? TUI_KEY : TUI_PLAIN, "%s", "");
        for (const char *letter = classifier_property_name(property); *letter != '\0'; letter++)
            fputc(*letter == '_' ? ' ' : *letter, text->stream);
        any = true;
    }
    fflush(text->stream);
    tui_put(text, TUI_DIM, any ? "\n" : "none of the properties\n");
}

static const char *end_of(const struct tui_classifier *screen, const struct classifier_witness *witness, unsigned state)
{
    struct isa_outcome outcome = classifier_witness_outcome(witness, state);
    const struct isa_cause *cause = outcome.end == ISA_TRAPPED ? isa_cause_numbered(screen->isa, outcome.cause) : NULL;
    return outcome.end != ISA_TRAPPED ? "no trap" : cause != NULL ? cause->name : "trap";
}

static void put_value(struct tui_text *text, const struct isa_state *state, uint32_t value, bool differs, int columns)
{
    int digits = (int)(state->width + 3) / 4;
    tui_put(text, differs ? TUI_CHANGED : TUI_PLAIN, "%0*" PRIx32, digits, value);
    tui_put(text, TUI_PLAIN, "%*s", columns - digits, "");
}

/* A line for each part of the state that differs between the states, or is changed. */
static int put_states(const struct tui_classifier *screen, struct tui_text *text,
                      const struct classifier_witness *witness, int most)
{
    unsigned count = classifier_witness_states(witness);
    int lines = 0;
    for (unsigned i = 0; i < isa_state_count(screen->isa); i++) {
        const struct isa_state *state = isa_state_at(screen->isa, i);
        for (unsigned k = 0; k < state->count && lines < most; k++) {
            uint32_t before[2], after[2];
            char name[32];
            for (unsigned s = 0; s < 2; s++) {
                before[s] = classifier_witness_slot(witness, s < count ? s : 0, false, state->slot + k);
                after[s] = classifier_witness_slot(witness, s < count ? s : 0, true, state->slot + k);
            }
            if (before[0] == after[0] && before[1] == after[1] && before[0] == before[1])
                continue;
            snprintf(name, sizeof name, state->is_array ? "%s%u" : "%s", state->name, k);
            if (state->names != NULL && state->names[k] != NULL)
                snprintf(name, sizeof name, "%s", state->names[k]);
            tui_put(text, TUI_DIM, " %-14s", name);
            for (unsigned s = 0; s < count; s++) {
                put_value(text, state, before[s], s == 1 && before[0] != before[1], 12);
                put_value(text, state, after[s], after[s] != before[s], 16);
            }
            tui_put(text, TUI_PLAIN, "\n");
            lines++;
        }
    }
    return lines;
}

static void put_witness(const struct tui_classifier *screen, struct tui_text *text, int lines)
{
    const struct classifier_witness *witness = tui_classify_witness(screen);
    char sentence[512], assembly[96];
    if (witness == NULL) {
        tui_put(text, TUI_DIM, " Proved for all its words and all states; no state refutes it.\n");
        return;
    }
    classifier_witness_sentence(screen->report, witness, sentence, sizeof sentence);
    lines -= put_folded(text, TUI_PLAIN, sentence, tui_columns() - 2, 3);
    isa_disassemble(screen->isa, classifier_witness_word(witness), 0, NULL, NULL, assembly, sizeof assembly);
    if (lines < 3)
        return;
    tui_put(text, TUI_STRONG, " %-13.13s ", assembly);
    for (unsigned s = 0; s < classifier_witness_states(witness); s++)
        tui_put(text, TUI_DIM, "%-12s%-16s", s == 0 ? "state A" : "state B", "after");
    tui_put(text, TUI_PLAIN, "\n");
    put_states(screen, text, witness, lines - 2);
    tui_put(text, TUI_DIM, " %-14s", "it ends with");
    for (unsigned s = 0; s < classifier_witness_states(witness); s++)
        tui_put(text, TUI_TRAP, "%-12s%-16s", "", end_of(screen, witness, s));
    tui_put(text, TUI_PLAIN, "\n");
}

void tui_classify_draw_detail(struct tui *tui, struct tui_classifier *screen, int top, int lines)
{
    const struct isa_instruction *instruction = isa_instruction_at(screen->isa, chosen(screen));
    struct tui_text text;
    tui_text_open(&text);
    tui_put(&text, TUI_STRONG, " %s %s", instruction->name, instruction->syntax);
    for (unsigned i = 0; i < screen->flip_count; i++)
        if (strcmp(screen->flips[i], instruction->name) == 0)
            tui_put(&text, TUI_CHANGED, "  flipped");
    tui_put(&text, TUI_DIM, "  %s\n", instruction->doc != NULL ? instruction->doc : "");
    put_properties(screen, &text);
    put_witness(screen, &text, lines - 2);
    tui_draw(tui->terminal, top, 0, lines, tui_columns(), &text);
    tui_text_free(&text);
}
