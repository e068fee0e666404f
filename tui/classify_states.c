/* classify_states.c: all states of a small machine: what an instruction does for every mode and every R, registers and
 * memory as in its witness. Each cell stands for several states side by side; where they differ it shows the gravest
 * end among them. */
#include "tui/classify.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 32, LINES_OF_A_MAP = 16, VALUES = 256, MOST_MEMORY = 256 };
enum end { COMPLETES, MEMORY_TRAP, OTHER_TRAP, CHANGES, ENDS };

struct tui_classify_states {
    uint32_t word;
    uint8_t ends[2][LINES_OF_A_MAP][COLUMNS]; /* by mode, bound, base */
    uint64_t counts[2][ENDS];
};

/* Words of at most 8 bits, and R of two of them: 2 to the 17 states. */
bool tui_classify_has_states(const struct tui_classifier *screen)
{
    return isa_word_bits(screen->isa) <= 8 && isa_state_named(screen->isa, "base") != NULL &&
           isa_state_named(screen->isa, "bound") != NULL;
}

void tui_classify_forget_states(struct tui_classifier *screen)
{
    free(screen->states);
    screen->states = NULL;
}

/* ---- Executing --------------------------------------------------------------------------------------------------- */

struct bench {
    const struct isa *isa;
    const struct isa_instruction *instruction;
    uint32_t word, memory_size;
    uint8_t first[MOST_MEMORY], memory[MOST_MEMORY];
    uint32_t start[64], state[64]; /* slots */
};

static uint32_t load(void *context, uint32_t address, unsigned bytes)
{
    const struct bench *bench = context;
    (void)bytes;
    return bench->memory[address % MOST_MEMORY];
}

static void store(void *context, uint32_t address, unsigned bytes, uint32_t value)
{
    struct bench *bench = context;
    (void)bytes;
    bench->memory[address % MOST_MEMORY] = (uint8_t)value;
}

static uint32_t nothing_in(void *context, uint32_t port) { (void)context, (void)port; return 0; }
static void nothing_out(void *context, uint32_t port, uint32_t value) { (void)context, (void)port, (void)value; }
static uint32_t no_answer(void *context, uint32_t function, uint32_t argument)
{
    (void)context, (void)function, (void)argument;
    return 0;
}

/* Did it change what belongs to whoever controls the machine? */
static bool changes_control(const struct bench *bench)
{
    for (unsigned i = 0; i < isa_state_count(bench->isa); i++) {
        const struct isa_state *state = isa_state_at(bench->isa, i);
        bool is_own = state->role == ISA_ROLE_GENERAL || state->role == ISA_ROLE_PROGRAM_COUNTER;
        for (unsigned k = 0; k < state->count && !is_own; k++)
            if (bench->state[state->slot + k] != bench->start[state->slot + k])
                return true;
    }
    return false;
}

static enum end execute(struct bench *bench)
{
    const struct isa_environment environment = {.context = bench,
                                                .state = bench->state,
                                                .memory_size = bench->memory_size,
                                                .load = load,
                                                .store = store,
                                                .port_in = nothing_in,
                                                .port_out = nothing_out,
                                                .diagnose = no_answer};
    memcpy(bench->state, bench->start, sizeof bench->state);
    memcpy(bench->memory, bench->first, sizeof bench->memory);
    struct isa_outcome outcome = isa_execute(bench->isa, bench->instruction, bench->word, &environment);
    const struct isa_cause *cause = outcome.end == ISA_TRAPPED ? isa_cause_numbered(bench->isa, outcome.cause) : NULL;
    if (outcome.end == ISA_TRAPPED)
        return cause != NULL && cause->storage ? MEMORY_TRAP : OTHER_TRAP;
    return changes_control(bench) ? CHANGES : COMPLETES;
}

/* The state of the witness; where there is none, all zero, and the instruction's own bits. */
static void set_up(struct bench *bench, const struct tui_classifier *screen)
{
    const struct classifier_witness *witness = tui_classify_witness(screen);
    *bench = (struct bench){.isa = screen->isa, .memory_size = MOST_MEMORY / 2,
                            .instruction = isa_instruction_at(screen->isa, screen->order[screen->chosen])};
    bench->word = bench->instruction->match;
    if (witness == NULL)
        return;
    bench->word = classifier_witness_word(witness);
    if (classifier_witness_memory_size(witness, 0) <= MOST_MEMORY)
        bench->memory_size = classifier_witness_memory_size(witness, 0);
    for (unsigned slot = 0; slot < isa_slots(screen->isa) && slot < 64; slot++)
        bench->start[slot] = classifier_witness_slot(witness, 0, false, slot);
    for (unsigned i = 0; i < classifier_witness_bytes(witness, 0); i++) {
        uint32_t address;
        uint8_t value;
        classifier_witness_byte(witness, 0, i, &address, &value);
        if (address < MOST_MEMORY)
            bench->first[address] = value;
    }
}

static void enumerate(struct tui_classifier *screen)
{
    struct bench *bench = malloc(sizeof *bench);
    struct tui_classify_states *states = calloc(1, sizeof *states);
    if (bench == NULL || states == NULL)
        abort();
    set_up(bench, screen);
    states->word = bench->word;
    unsigned mode = isa_mode(screen->isa)->slot, base = isa_state_named(screen->isa, "base")->slot;
    unsigned bound = isa_state_named(screen->isa, "bound")->slot;
    for (unsigned state = 0; state < 2 * VALUES * VALUES; state++) {
        unsigned m = state / (VALUES * VALUES), y = state / VALUES % VALUES, x = state % VALUES;
        bench->start[mode] = m;
        bench->start[bound] = y;
        bench->start[base] = x;
        enum end end = execute(bench);
        uint8_t *cell = &states->ends[m][y * LINES_OF_A_MAP / VALUES][x * COLUMNS / VALUES];
        *cell = end > *cell ? (uint8_t)end : *cell;
        states->counts[m][end]++;
    }
    free(bench);
    screen->states = states;
}

/* ---- Drawing ----------------------------------------------------------------------------------------------------- */

static const struct {
    enum tui_glyph glyph;
    enum tui_style style;
    const char *name;
} looks[ENDS] = {
    [COMPLETES] = {TUI_EMPTY, TUI_DIM, "completes"},
    [MEMORY_TRAP] = {TUI_LIGHT, TUI_MONITOR, "memory trap"},
    [OTHER_TRAP] = {TUI_SHADE, TUI_TRAP, "other trap"},
    [CHANGES] = {TUI_FULL, TUI_WARNING, "changes mode, R or a resource"},
};

static void put_line(const struct tui *tui, struct tui_text *text, const struct tui_classify_states *states, int line)
{
    if (line == 0)
        tui_put(text, TUI_DIM, " bound  00 ");
    else if (line == LINES_OF_A_MAP - 1)
        tui_put(text, TUI_DIM, "        ff ");
    else
        tui_put(text, TUI_DIM, "           ");
    for (unsigned mode = 0; mode < 2; mode++) {
        for (unsigned column = 0; column < COLUMNS; column++) {
            unsigned end = states->ends[mode][line][column];
            tui_put(text, looks[end].style, "%s", tui_glyph(tui->terminal, looks[end].glyph));
        }
        tui_put(text, TUI_PLAIN, "   ");
    }
    tui_put(text, TUI_PLAIN, "\n");
}

static void put_legend(const struct tui *tui, struct tui_text *text, const struct tui_classify_states *states)
{
    tui_put(text, TUI_PLAIN, " ");
    for (unsigned end = 0; end < ENDS; end++) {
        uint64_t count = states->counts[0][end] + states->counts[1][end];
        if (count == 0)
            continue;
        tui_put(text, looks[end].style, "%s", tui_glyph(tui->terminal, looks[end].glyph));
        tui_put(text, TUI_PLAIN, " %s ", looks[end].name);
        tui_put_number(text, TUI_DIM, 0, count);
        tui_put(text, TUI_PLAIN, "   ");
    }
}

void tui_classify_draw_states(struct tui *tui, struct tui_classifier *screen, int top, int lines)
{
    struct tui_text text;
    char assembly[64];
    if (screen->states == NULL)
        enumerate(screen);
    tui_text_open(&text);
    isa_disassemble(screen->isa, screen->states->word, 0, NULL, NULL, assembly, sizeof assembly);
    tui_put(&text, TUI_STRONG, " %s", assembly);
    tui_put(&text, TUI_DIM, " in each mode, with each R (a cell: 8 values of base, 16 of bound)\n");
    tui_put(&text, TUI_DIM, "      base %-*s   %s\n", COLUMNS, "00    in supervisor mode     ff",
            "00       in user mode       ff");
    for (int line = 0; line < LINES_OF_A_MAP; line++)
        put_line(tui, &text, screen->states, line);
    put_legend(tui, &text, screen->states);
    tui_draw(tui->terminal, top, 0, lines, tui_columns(), &text);
    tui_text_free(&text);
}
