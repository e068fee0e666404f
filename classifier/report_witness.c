/* report_witness.c: a witness for people: the sentence, the word, and a table of two columns, in which what differs is
 * marked. Of a pair the columns are the two states; of one state they are before and after. */
#include "classifier/internal.h"

#include <inttypes.h>
#include <string.h>

static struct witness_row *add_row(struct witness_table *table, const char *name)
{
    struct witness_row *row = APPEND(table->pool, &table->rows);
    *row = (struct witness_row){.cells = {"-", "-"}};
    snprintf(row->name, sizeof row->name, "%s", name);
    return row;
}

static void number(char cell[LONGEST_CELL], uint32_t value)
{
    snprintf(cell, LONGEST_CELL, "0x%" PRIx32, value);
}

static bool trapped(const struct classifier_witness *witness, unsigned state)
{
    return witness->effects[state].outcome.end == ISA_TRAPPED;
}

/* The value of a slot in a column. */
static uint32_t slot(const struct classifier_witness *witness, unsigned state, bool after, unsigned number)
{
    return after ? witness->effects[state].slots[number] : witness->states[state].slots[number];
}

static bool slot_changes(const struct classifier_witness *witness, unsigned number)
{
    for (unsigned i = 0; i < witness->state_count; i++)
        if (!trapped(witness, i) && slot(witness, i, true, number) != slot(witness, i, false, number))
            return true;
    return false;
}

/* ---- Columns ----------------------------------------------------------------------------------------------------- */

/* What stands in the two columns: state, and before or after. */
struct columns {
    unsigned state[2];
    bool after[2];
};

static void fill(const struct isa *isa, const struct classifier_witness *witness, struct columns columns, bool is_mode,
                 unsigned number_of_slot, struct witness_row *row)
{
    for (unsigned k = 0; k < 2; k++) {
        if (columns.after[k] && trapped(witness, columns.state[k]))
            continue;
        uint32_t value = slot(witness, columns.state[k], columns.after[k], number_of_slot);
        if (is_mode)
            snprintf(row->cells[k], LONGEST_CELL, "%s", classifier_mode_name(isa, value));
        else
            number(row->cells[k], value);
    }
}

/* Mode, R and pc always; of the rest what is not zero in a column (before), and what the execution changes. */
static void add_slots(const struct isa *isa, const struct classifier_witness *witness, struct columns columns,
                      bool only_changes, struct witness_table *table)
{
    char name[64];
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *s = isa_state_at(isa, i);
        bool is_mode = s->role == ISA_ROLE_MODE;
        bool always = is_mode || s->role == ISA_ROLE_RELOCATION || s->role == ISA_ROLE_PROGRAM_COUNTER;
        for (unsigned k = 0; k < s->count; k++) {
            unsigned at = s->slot + k;
            bool shown = slot_changes(witness, at) && (only_changes || columns.after[1]);
            for (unsigned j = 0; j < witness->state_count && !only_changes; j++)
                shown = shown || always || slot(witness, j, false, at) != 0;
            if (shown)
                fill(isa, witness, columns, is_mode, at,
                     add_row(table, classifier_state_name(isa, i, k, name, sizeof name)));
        }
    }
}

static bool stored(const struct effects *effects, uint32_t address, uint8_t *value)
{
    bool found = false;
    for (unsigned i = 0; i < effects->stores.count; i++)
        if (effects->stores.items[i].address == address) {
            *value = effects->stores.items[i].value;
            found = true;
        }
    return found;
}

static bool has_row(const struct witness_table *table, const char *name)
{
    for (unsigned i = 0; i < table->rows.count; i++)
        if (strcmp(table->rows.items[i].name, name) == 0)
            return true;
    return false;
}

static void add_byte(const struct classifier_witness *witness, struct columns columns, uint32_t address,
                     struct witness_table *table)
{
    char name[64];
    snprintf(name, sizeof name, "memory[0x%" PRIx32 "]", address);
    if (has_row(table, name))
        return;
    struct witness_row *row = add_row(table, name);
    for (unsigned k = 0; k < 2; k++) {
        uint8_t value = classifier_memory_byte(&witness->states[columns.state[k]], address);
        if (columns.after[k] && trapped(witness, columns.state[k]))
            continue;
        if (columns.after[k])
            stored(&witness->effects[columns.state[k]], address, &value);
        number(row->cells[k], value);
    }
}

static void add_memory(const struct classifier_witness *witness, struct columns columns, bool only_changes,
                       struct witness_table *table)
{
    for (unsigned i = 0; i < witness->state_count; i++) {
        const struct concrete *state = &witness->states[i];
        for (unsigned k = 0; k < state->bytes.count && !only_changes; k++)
            if (state->bytes.items[k].value != 0)
                add_byte(witness, columns, state->bytes.items[k].address, table);
        for (unsigned k = 0; k < witness->effects[i].stores.count && columns.after[1]; k++) {
            const struct byte *byte = &witness->effects[i].stores.items[k];
            if (byte->value != classifier_memory_byte(state, byte->address))
                add_byte(witness, columns, byte->address, table);
        }
    }
}

static void add_devices(const struct classifier_witness *witness, struct columns columns, struct witness_table *table)
{
    uint32_t values[2];
    bool shown = false;
    for (unsigned k = 0; k < 2; k++) {
        unsigned i = columns.state[k];
        values[k] = columns.after[k] ? witness->effects[i].device : witness->states[i].device;
        shown = shown || values[k] != 0;
    }
    if (!shown)
        return;
    struct witness_row *row = add_row(table, "devices");
    for (unsigned k = 0; k < 2; k++)
        if (!columns.after[k] || !trapped(witness, columns.state[k]))
            number(row->cells[k], values[k]);
}

static void add_ends(const struct isa *isa, const struct classifier_witness *witness, struct witness_table *table)
{
    struct witness_row *row = add_row(table, "ends with");
    for (unsigned i = 0; i < 2; i++) {
        const struct isa_outcome *outcome = &witness->effects[i].outcome;
        const struct isa_cause *cause = isa_cause_numbered(isa, outcome->cause);
        if (!trapped(witness, i))
            snprintf(row->cells[i], LONGEST_CELL, "no trap");
        else if (cause != NULL)
            snprintf(row->cells[i], LONGEST_CELL, "trap %s", cause->name);
        else
            snprintf(row->cells[i], LONGEST_CELL, "trap %" PRIu32, outcome->cause);
    }
}

/* ---- The table --------------------------------------------------------------------------------------------------- */

struct witness_table classifier_witness_table(const struct classifier_report *report,
                                              const struct classifier_witness *witness, struct pool *pool)
{
    const struct isa *isa = report->isa;
    bool pair = witness->state_count == 2;
    struct columns before = {{0, pair ? 1 : 0}, {false, !pair}}, after = {{0, 1}, {true, true}};
    struct witness_table table = {.pool = pool, .titles = {pair ? "first" : "before", pair ? "second" : "after"}};
    add_slots(isa, witness, before, false, &table);
    add_memory(witness, before, false, &table);
    add_devices(witness, before, &table);
    table.middle = table.rows.count;
    if (!pair)
        return table;
    struct witness_table afterwards = {.pool = pool}; /* of its own: the same names come again */
    add_ends(isa, witness, &afterwards);
    add_slots(isa, witness, after, true, &afterwards);
    add_memory(witness, after, true, &afterwards);
    add_devices(witness, after, &afterwards);
    for (unsigned i = 0; i < afterwards.rows.count; i++)
        *APPEND(pool, &table.rows) = afterwards.rows.items[i];
    return table;
}

/* ---- Printing ---------------------------------------------------------------------------------------------------- */

enum { INDENT = 8 };

static void print_rows(const struct witness_table *table, unsigned from, unsigned to, int name, int cell, FILE *stream)
{
    for (unsigned i = from; i < to; i++) {
        const struct witness_row *row = &table->rows.items[i];
        bool differs = strcmp(row->cells[0], row->cells[1]) != 0;
        fprintf(stream, "%s%*s%-*s  %-*s  %-*s%s%s\n", differs ? isa_colour("\033[1m", stream) : "", INDENT, "",
                name, row->name, cell, row->cells[0], differs ? cell : 0, row->cells[1], differs ? "  *" : "",
                differs ? isa_colour("\033[0m", stream) : "");
    }
}

static int widest(const struct witness_table *table, bool cells)
{
    size_t width = cells ? strlen("before") : strlen("afterwards");
    for (unsigned i = 0; i < table->rows.count; i++) {
        const struct witness_row *row = &table->rows.items[i];
        for (unsigned k = 0; k < 2 && cells; k++)
            width = strlen(row->cells[k]) > width ? strlen(row->cells[k]) : width;
        width = !cells && strlen(row->name) > width ? strlen(row->name) : width;
    }
    return (int)width;
}

void classifier_print_states(const struct classifier_report *report, const struct classifier_witness *witness,
                             FILE *stream)
{
    struct pool *pool = classifier_pool_new();
    struct witness_table table = classifier_witness_table(report, witness, pool);
    int name = widest(&table, false), cell = widest(&table, true);
    fprintf(stream, "%*s%-*s  %-*s  %s\n", INDENT, "", name, table.middle < table.rows.count ? "before" : "", cell,
            table.titles[0], table.titles[1]);
    print_rows(&table, 0, table.middle, name, cell, stream);
    if (table.middle < table.rows.count)
        fprintf(stream, "%*safterwards\n", INDENT, "");
    print_rows(&table, table.middle, table.rows.count, name, cell, stream);
    classifier_pool_free(pool);
}

void classifier_print_witness(const struct classifier_report *report, const struct classifier_witness *witness,
                              FILE *stream)
{
    char sentence[512];
    classifier_witness_sentence(report, witness, sentence, sizeof sentence);
    fputs("      ", stream);
    isa_fold(sentence, 6, 6, stream);
    fprintf(stream, "      word 0x%0*" PRIx32 "\n", (int)witness->instruction->bits / 4, witness->word);
    classifier_print_states(report, witness, stream);
}
