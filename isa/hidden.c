/* hidden.c: where a monitor hides a violation of Theorem 1 from every guest, in a form that a test can hold the monitor to:
 *
 *     hidden "trap_and_emulate" lw, sw "why no guest sees it"
 */
#include "isa/internal.h"

#include <string.h>

void isa_parse_hidden(struct parser *parser, struct unit *unit)
{
    const char *monitor = isa_parser_string(parser, "the name of a monitor");
    unsigned first = unit->hidden_count;
    do {
        isa_arena_grow(parser->arena, (void **)&unit->hidden, unit->hidden_count, &unit->hidden_capacity, sizeof *unit->hidden);
        struct isa_hidden *hidden = &unit->hidden[unit->hidden_count];
        *hidden = (struct isa_hidden){.place = parser->token->place, .monitor = monitor};
        hidden->instruction = isa_parser_name(parser, "the name of an instruction");
        unit->hidden_count += !parser->failed;
    } while (isa_parser_accept(parser, ","));
    const char *reason = isa_parser_string(parser, "a sentence saying why");
    for (unsigned i = first; i < unit->hidden_count; i++)
        unit->hidden[i].reason = reason;
}

void isa_check_hidden(const struct isa *isa, struct isa_diagnostics *diagnostics)
{
    for (unsigned i = 0; i < isa->hidden_count; i++) {
        const struct isa_hidden *hidden = &isa->hidden[i];
        if (!isa_instruction_named(isa, hidden->instruction))
            isa_diagnostics_error(diagnostics, &hidden->place, ISA_EXIT_DATA, NULL, "there is no instruction `%s` to be hidden",
                                  hidden->instruction);
        for (unsigned k = 0; k < i; k++)
            if (strcmp(isa->hidden[k].monitor, hidden->monitor) == 0 &&
                strcmp(isa->hidden[k].instruction, hidden->instruction) == 0)
                isa_diagnostics_error(diagnostics, &hidden->place, ISA_EXIT_DATA, NULL,
                                      "it is said already why \"%s\" hides `%s`", hidden->monitor, hidden->instruction);
    }
}

unsigned isa_hidden_count(const struct isa *isa) { return isa->hidden_count; }
const struct isa_hidden *isa_hidden_at(const struct isa *isa, unsigned index) { return &isa->hidden[index]; }

const char *isa_hidden_by(const struct isa *isa, const char *monitor, const char *instruction)
{
    for (unsigned i = 0; i < isa->hidden_count; i++)
        if (strcmp(isa->hidden[i].monitor, monitor) == 0 && strcmp(isa->hidden[i].instruction, instruction) == 0)
            return isa->hidden[i].reason;
    return NULL;
}
