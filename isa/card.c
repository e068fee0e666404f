/* card.c: a machine on one page. What a trap stores and loads is read off the meaning of `on trap`, not written here
 * again. A variant whose card would not fit says in full what is its own, and names the rest. */
#include "isa/assembler.h"
#include "isa/header.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 80, MOST_CELLS = 32 };

struct card {
    const struct isa *isa;
    FILE *stream;
    unsigned brief; /* what a variant has from its parent is named only: 1 ports and causes, 2 all of it */
};

/* Whether a declaration of `variant` (NULL: of no variant) is said in full as long as the card is less brief. */
static bool in_full(const struct card *card, const char *variant, unsigned brief)
{
    const char *own = isa_name(card->isa);
    size_t length = strcspn(own, ":"); /* "x86:pg74" is x86 */
    return card->brief < brief || (variant && strlen(variant) == length && strncmp(variant, own, length) == 0);
}

/* Prints one of several texts that follow each other on lines, "  TITLE one   two"; `column` is 0 before the first. */
static void print_flowing(const struct card *card, int *column, const char *title, const char *text)
{
    if (*column == 0)
        *column = fprintf(card->stream, "  %s", title);
    else if (*column + 3 + (int)strlen(text) > COLUMNS)
        *column = fprintf(card->stream, "\n   ") - 1;
    else
        *column += fprintf(card->stream, "  ");
    *column += fprintf(card->stream, " %s", text);
}

static void end_flowing(const struct card *card, int column)
{
    if (column)
        fputc('\n', card->stream);
}

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

/* The first of the loaded cells that holds what is stored in `stored`, or NULL. */
static const struct cell *same_contents(const struct area *area, const struct cell *stored)
{
    for (unsigned i = 0; i < area->loaded_count; i++)
        if (strcmp(area->loaded[i].text, stored->text) == 0)
            return &area->loaded[i];
    return NULL;
}

static void print_trap_area(const struct card *card)
{
    struct area area = {.isa = card->isa, .program = isa_paragraph(card->isa, ISA_ON_TRAP)};
    FILE *stream = card->stream;
    bool loaded[MOST_CELLS] = {false};
    int column = 0;
    find_cells(&area);
    fputs("A TRAP STORES AT, AND LOADS FROM (physical addresses)\n", stream);
    for (unsigned i = 0; i < area.stored_count; i++) {
        const struct cell *same = same_contents(&area, &area.stored[i]);
        if (!same)
            continue;
        loaded[same - area.loaded] = true;
        fprintf(stream, "  0x%02" PRIx64 "  0x%02" PRIx64 "  %s\n", area.stored[i].address, same->address,
                area.stored[i].text);
    }
    for (unsigned i = 0; i < area.loaded_count; i++)
        if (!loaded[i])
            fprintf(stream, "        0x%02" PRIx64 "  %s\n", area.loaded[i].address, area.loaded[i].text);
    for (unsigned i = 0; i < area.stored_count; i++) { /* what is stored beside the PSW: on one line */
        char text[96];
        snprintf(text, sizeof text, "0x%02" PRIx64 "  %s", area.stored[i].address, area.stored[i].text);
        if (!same_contents(&area, &area.stored[i]))
            print_flowing(card, &column, "stored:", text);
    }
    end_flowing(card, column);
}

/* ---- The other parts -------------------------------------------------------------------------------------------- */

static void print_states(const struct card *card)
{
    int column = 0;
    fprintf(card->stream, "STATE (words of %u bits)\n", isa_word_bits(card->isa));
    for (unsigned i = 0; i < isa_state_count(card->isa); i++) {
        const struct isa_state *state = isa_state_at(card->isa, i);
        char name[48];
        if (state->is_array)
            snprintf(name, sizeof name, "%s[%u] : %u", state->name, state->count, state->width);
        else
            snprintf(name, sizeof name, "%s : %u", state->name, state->width);
        if (in_full(card, state->variant, 2))
            print_line(card->stream, 20, name, state->doc);
    }
    for (unsigned i = 0; i < isa_state_count(card->isa); i++)
        if (!in_full(card, isa_state_at(card->isa, i)->variant, 2))
            print_flowing(card, &column, "as before:", isa_state_at(card->isa, i)->name);
    end_flowing(card, column);
}

static void print_exits(const struct card *card)
{
    int column = 0;
    for (unsigned i = 0; i < isa_cause_count(card->isa); i++) {
        const struct isa_cause *cause = isa_cause_at(card->isa, i);
        char name[48];
        snprintf(name, sizeof name, "%u %s", cause->number, cause->name);
        if (cause->exit)
            print_flowing(card, &column, "exits:", name);
    }
    end_flowing(card, column);
}

static void print_causes(const struct card *card)
{
    enum { FIRST_INTERRUPT = 16 };
    int below = 0, interrupts = 0;
    fputs("CAUSES\n", card->stream);
    for (unsigned i = 0; i < isa_cause_count(card->isa); i++) {
        const struct isa_cause *cause = isa_cause_at(card->isa, i);
        char name[48];
        snprintf(name, sizeof name, "%2u %s", cause->number, cause->name);
        if (cause->number < FIRST_INTERRUPT && !card->brief)
            print_line(card->stream, 20, name, cause->doc);
        else if (cause->number < FIRST_INTERRUPT)
            print_flowing(card, &below, "traps:", name + (name[0] == ' '));
    }
    end_flowing(card, below);
    for (unsigned i = 0; i < isa_cause_count(card->isa); i++) {
        const struct isa_cause *cause = isa_cause_at(card->isa, i);
        char name[48];
        snprintf(name, sizeof name, "%u %s", cause->number, cause->name);
        if (cause->number >= FIRST_INTERRUPT && !cause->exit)
            print_flowing(card, &interrupts, "interrupts:", name);
    }
    end_flowing(card, interrupts);
    print_exits(card);
}

/* Many of them, and everybody who knows RISC-V knows them. */
static void print_standard(const struct card *card)
{
    int column = 0;
    for (unsigned i = 0; i < isa_instruction_count(card->isa); i++) {
        const struct isa_instruction *instruction = isa_instruction_at(card->isa, i);
        if (!isa_is_standard(instruction))
            continue;
        if (column == 0)
            column = fprintf(card->stream, "RISC-V'S:");
        if (column + (int)strlen(instruction->name) + 1 > COLUMNS)
            column = fprintf(card->stream, "\n ") - 1;
        column += fprintf(card->stream, " %s", instruction->name);
    }
    end_flowing(card, column);
}

static void print_own(const struct card *card)
{
    int column = 0;
    bool first = true;
    for (unsigned pass = 0; pass < 2; pass++)
        for (unsigned i = 0; i < isa_instruction_count(card->isa); i++) {
            const struct isa_instruction *instruction = isa_instruction_at(card->isa, i);
            char name[64];
            if (isa_is_standard(instruction) || in_full(card, instruction->variant, 2) != (pass == 0))
                continue;
            if (first)
                fputs("INSTRUCTIONS OF THIS MACHINE\n", card->stream);
            first = false;
            snprintf(name, sizeof name, "%s%s%s", instruction->name, *instruction->syntax ? " " : "", instruction->syntax);
            if (pass == 0)
                print_line(card->stream, 20, name, instruction->doc);
            else
                print_flowing(card, &column, "as before:", name);
        }
    end_flowing(card, column);
}

/* Two ports for the words of one number, such as "cycles_low" and "cycles_high", share a line. */
static bool is_high_of(const struct isa_port *high, const struct isa_port *low)
{
    size_t length = strlen(low->name);
    return length > 4 && strcmp(low->name + length - 4, "_low") == 0 &&
           strncmp(low->name, high->name, length - 4) == 0 && strcmp(high->name + length - 4, "_high") == 0;
}

static void print_port(const struct card *card, unsigned number, const char *name)
{
    const struct isa_port *port = isa_port_at(card->isa, number), *next = NULL;
    char doc[256];
    if (number + 1 < isa_port_count(card->isa))
        next = isa_port_at(card->isa, number + 1);
    if (number > 0 && is_high_of(port, isa_port_at(card->isa, number - 1)))
        return;
    if (next && is_high_of(next, port))
        snprintf(doc, sizeof doc, "%.200s; 0x%02x: high word", port->doc ? port->doc : "", next->number);
    print_line(card->stream, 22, name, next && is_high_of(next, port) ? doc : port->doc);
}

static void print_ports(const struct card *card)
{
    int column = 0;
    for (unsigned pass = 0; pass < 2; pass++)
        for (unsigned i = 0; i < isa_port_count(card->isa); i++) {
            const struct isa_port *port = isa_port_at(card->isa, i);
            char name[64];
            if (pass == 0 && i == 0)
                fputs("PORTS\n", card->stream);
            snprintf(name, sizeof name, "0x%02x %s", port->number, port->name);
            if (in_full(card, port->variant, 1) && pass == 0)
                print_port(card, i, name);
            else if (!in_full(card, port->variant, 1) && pass == 1)
                print_flowing(card, &column, "as before:", name);
        }
    end_flowing(card, column);
}

static void print_card(const struct isa *isa, FILE *stream, unsigned brief)
{
    const struct card card = {.isa = isa, .stream = stream, .brief = brief};
    fprintf(stream, "%s - ", isa_name(isa));
    print_cut(stream, isa_title(isa), COLUMNS - strlen(isa_name(isa)) - 3);
    if (brief)
        fprintf(stream, "(\"as before\" is as on %s: pg74 isa card %s)\n", isa_parent(isa), isa_parent(isa));
    print_states(&card);
    print_trap_area(&card);
    print_causes(&card);
    print_own(&card);
    print_standard(&card);
    print_ports(&card);
}

/* The lines that the card would have. */
static unsigned count_lines(const struct isa *isa, unsigned brief)
{
    char *text = NULL;
    size_t length = 0;
    unsigned lines = 0;
    FILE *memory = open_memstream(&text, &length);
    if (!memory)
        return 0;
    print_card(isa, memory, brief);
    fclose(memory);
    for (size_t i = 0; i < length; i++)
        lines += text[i] == '\n';
    free(text);
    return lines;
}

void isa_print_card(const struct isa *isa, FILE *stream)
{
    unsigned brief = 0;
    while (isa_parent(isa) && brief < 2 && count_lines(isa, brief) > ISA_CARD_LINES)
        brief++;
    print_card(isa, stream, brief);
}
