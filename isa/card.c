/* card.c: a machine on one page. What a trap stores and loads is read off the meaning of `on trap`, not written here
 * again. */
#include "isa/assembler.h"
#include "isa/header.h"

#include <inttypes.h>
#include <string.h>

enum { COLUMNS = 80, MOST_CELLS = 32 };

/* Prints as much of a text as fits into the rest of the line: whole, or up to the end of a sentence, a clause or a
 * word. */
static void print_cut(FILE *stream, const char *text, size_t room)
{
    static const struct {
        const char *end, *mark;
    } ends[] = {{". ", ""}, {"; ", ""}, {" ", " ..."}};
    size_t length = text ? strlen(text) : 0;
    if (length && text[length - 1] == '.')
        length--;
    for (size_t i = 0; length > room && i < sizeof ends / sizeof *ends; i++) {
        for (size_t at = room - strlen(ends[i].mark); at > room / 3; at--) {
            if (strncmp(text + at, ends[i].end, strlen(ends[i].end)) == 0) {
                fprintf(stream, "%.*s%s\n", (int)at, text, ends[i].mark);
                return;
            }
        }
    }
    fprintf(stream, "%.*s\n", (int)(length > room ? room : length), text ? text : "");
}

/* A line: a name of `width` columns, and what is said about it. */
static void print_line(FILE *stream, int width, const char *name, const char *text)
{
    int used = fprintf(stream, "  %-*s ", width, name);
    print_cut(stream, text, used < COLUMNS - 8 ? (size_t)(COLUMNS - used) : 8);
}

/* ---- The trap area ---------------------------------------------------------------------------------------------- */

/* A word of memory that `on trap` stores or loads, and what it holds, as "mode (bit 0), enable (bit 1)". */
struct cell {
    uint64_t address;
    char text[64];
};

struct area {
    const struct isa *isa;
    const struct isa_program *program;
    struct cell stored[MOST_CELLS], loaded[MOST_CELLS];
    unsigned stored_count, loaded_count;
};

static struct cell *cell_at(struct cell *cells, unsigned *count, uint64_t address)
{
    for (unsigned i = 0; i < *count; i++)
        if (cells[i].address == address)
            return &cells[i];
    if (*count == MOST_CELLS)
        return NULL;
    unsigned at = (*count)++;
    for (; at > 0 && cells[at - 1].address > address; at--)
        cells[at] = cells[at - 1];
    cells[at] = (struct cell){.address = address};
    return &cells[at];
}

static void add_part(struct cell *cell, const char *name, unsigned width, unsigned low, unsigned word)
{
    size_t used = strlen(cell->text);
    if (width == word)
        snprintf(cell->text + used, sizeof cell->text - used, "%s%s", used ? ", " : "", name);
    else
        snprintf(cell->text + used, sizeof cell->text - used, "%s%s (bit %u)", used ? ", " : "", name, low);
}

/* What a stored value is made of, from its bit `low` up. */
static void describe_stored(const struct area *area, struct cell *cell, unsigned number, unsigned low)
{
    static const char *const parameters[] = {"cause", "value", "access"};
    const struct isa_node *node = &area->program->nodes[number];
    unsigned word = isa_word_bits(area->isa);
    if (node->operator== ISA_CONCATENATE) {
        describe_stored(area, cell, node->b, low);
        describe_stored(area, cell, node->a, low + area->program->nodes[node->b].width);
    } else if (node->operator== ISA_ZERO_EXTEND) {
        describe_stored(area, cell, node->a, low);
    } else if (node->operator== ISA_READ && node->b == ISA_NONE) {
        add_part(cell, isa_state_at(area->isa, node->a)->name, node->width, low, word);
    } else if (node->operator== ISA_PARAMETER && node->a<3) {
        add_part(cell, parameters[node->a], node->width, low, word);
    } else if (node->operator!= ISA_CONSTANT) {
        add_part(cell, "(computed)", word, 0, word);
    }
}

/* The constant address that a written value was loaded from, and the lowest bit that is taken of it. */
static bool find_load(const struct isa_program *program, unsigned number, unsigned low, uint64_t *address,
                      unsigned *bit)
{
    const struct isa_node *node = &program->nodes[number];
    switch (node->operator) {
    case ISA_LOAD:
        *address = program->nodes[node->a].constant;
        *bit = low;
        return program->nodes[node->a].operator== ISA_CONSTANT;
    case ISA_EXTRACT: return find_load(program, node->a, low + (unsigned)node->constant, address, bit);
    case ISA_ZERO_EXTEND: return find_load(program, node->a, low, address, bit);
    case ISA_AND: /* bits that read as zero */
        return find_load(program, node->a, low, address, bit) || find_load(program, node->b, low, address, bit);
    default: return false;
    }
}

static void find_cells(struct area *area)
{
    for (unsigned i = 0; i < area->program->count; i++) {
        const struct isa_node *node = &area->program->nodes[i];
        uint64_t address;
        unsigned bit;
        if (node->operator== ISA_STORE && area->program->nodes[node->a].operator== ISA_CONSTANT) {
            struct cell *cell = cell_at(area->stored, &area->stored_count, area->program->nodes[node->a].constant);
            if (cell)
                describe_stored(area, cell, node->b, 0);
        } else if (node->operator== ISA_WRITE && node->b == ISA_NONE &&
                   find_load(area->program, node->c, 0, &address, &bit)) {
            const struct isa_state *state = isa_state_at(area->isa, node->a);
            struct cell *cell = cell_at(area->loaded, &area->loaded_count, address);
            if (cell)
                add_part(cell, state->name, state->width, bit, isa_word_bits(area->isa));
        }
    }
}

static void print_trap_area(const struct isa *isa, FILE *stream)
{
    struct area area = {.isa = isa, .program = isa_paragraph(isa, ISA_ON_TRAP)};
    find_cells(&area);
    fprintf(stream, "%-40s%s\n", "A TRAP STORES (physical addresses)", "AND LOADS");
    for (unsigned i = 0; i < area.loaded_count; i++) {
        char left[80] = "";
        if (i < area.stored_count)
            snprintf(left, sizeof left, "0x%02" PRIx64 "  %s", area.stored[i].address, area.stored[i].text);
        fprintf(stream, "  %-38s  0x%02" PRIx64 "  %s\n", left, area.loaded[i].address, area.loaded[i].text);
    }
    /* What is stored beside the PSW: on one line. */
    for (unsigned i = area.loaded_count; i < area.stored_count; i++)
        fprintf(stream, "%s0x%02" PRIx64 "  %s", i == area.loaded_count ? "  " : "     ", area.stored[i].address,
                area.stored[i].text);
    fputs(area.stored_count > area.loaded_count ? "\n" : "", stream);
}

/* ---- The other parts -------------------------------------------------------------------------------------------- */

static void print_states(const struct isa *isa, FILE *stream)
{
    fprintf(stream, "STATE (words of %u bits)\n", isa_word_bits(isa));
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *state = isa_state_at(isa, i);
        char name[48];
        if (state->is_array)
            snprintf(name, sizeof name, "%s[%u] : %u", state->name, state->count, state->width);
        else
            snprintf(name, sizeof name, "%s : %u", state->name, state->width);
        print_line(stream, 20, name, state->doc);
    }
}

static void print_causes(const struct isa *isa, FILE *stream)
{
    enum { FIRST_INTERRUPT = 16 };
    int used = 0;
    fputs("CAUSES\n", stream);
    for (unsigned i = 0; i < isa_cause_count(isa); i++) {
        const struct isa_cause *cause = isa_cause_at(isa, i);
        char name[48];
        snprintf(name, sizeof name, "%2u %s", cause->number, cause->name);
        if (cause->number < FIRST_INTERRUPT)
            print_line(stream, 20, name, cause->doc);
    }
    for (unsigned i = 0; i < isa_cause_count(isa); i++) {
        const struct isa_cause *cause = isa_cause_at(isa, i);
        if (cause->number >= FIRST_INTERRUPT)
            used += fprintf(stream, "%s%2u %s", used ? "   " : "  interrupts: ", cause->number, cause->name);
    }
    fputs(used ? "\n" : "", stream);
}

/* Many of them, and everybody who knows RISC-V knows them. */
static void print_standard(const struct isa *isa, FILE *stream)
{
    int column = 0;
    for (unsigned i = 0; i < isa_instruction_count(isa); i++) {
        const struct isa_instruction *instruction = isa_instruction_at(isa, i);
        if (!isa_is_standard(instruction))
            continue;
        if (column == 0)
            column = fprintf(stream, "RISC-V'S:");
        if (column + (int)strlen(instruction->name) + 1 > COLUMNS)
            column = fprintf(stream, "\n ") - 1;
        column += fprintf(stream, " %s", instruction->name);
    }
    fputs(column ? "\n" : "", stream);
}

static void print_own(const struct isa *isa, FILE *stream)
{
    bool first = true;
    for (unsigned i = 0; i < isa_instruction_count(isa); i++) {
        const struct isa_instruction *instruction = isa_instruction_at(isa, i);
        char name[64];
        if (isa_is_standard(instruction))
            continue;
        if (first)
            fputs("INSTRUCTIONS OF THIS MACHINE\n", stream);
        first = false;
        snprintf(name, sizeof name, "%s %s", instruction->name, instruction->syntax);
        print_line(stream, 20, name, instruction->doc);
    }
}

static void print_ports(const struct isa *isa, FILE *stream)
{
    for (unsigned i = 0; i < isa_port_count(isa); i++) {
        const struct isa_port *port = isa_port_at(isa, i);
        char name[64];
        if (i == 0)
            fputs("PORTS\n", stream);
        snprintf(name, sizeof name, "0x%02x %s", port->number, port->name);
        print_line(stream, 22, name, port->doc);
    }
}

void isa_print_card(const struct isa *isa, FILE *stream)
{
    fprintf(stream, "%s - ", isa_name(isa));
    print_cut(stream, isa_title(isa), COLUMNS - 16);
    print_states(isa, stream);
    print_trap_area(isa, stream);
    print_causes(isa, stream);
    print_own(isa, stream);
    print_standard(isa, stream);
    print_ports(isa, stream);
}
