/* verdict.c: what a variant's source says about Popek and Goldberg's theorems, in a form that a test can hold the classifier to:
 *
 *     verdict theorem1 fails by popf, pushf        the source names exactly these instructions
 *     verdict theorem3 fails                       it says so, and does not say by which
 *     verdict theorem2 holds
 *     verdict guest theorem1 holds                 of guest mode in the place of user mode
 */
#include "isa/internal.h"

#include <string.h>

static const char *const theorems[] = {"theorem1", "theorem2", "theorem3"};
enum { THEOREMS = sizeof theorems / sizeof *theorems };

static unsigned parse_theorem(struct parser *parser, const struct unit *unit, bool guest)
{
    const struct token *at = parser->token;
    const char *name = isa_parser_name(parser, "theorem1, theorem2 or theorem3");
    for (unsigned i = 0; i < unit->verdict_count; i++)
        if (unit->verdicts[i].guest == guest && strcmp(theorems[unit->verdicts[i].theorem - 1], name) == 0)
            isa_parser_error(parser, at, NULL, "there is a verdict about `%s` already", name);
    for (unsigned i = 0; i < THEOREMS; i++)
        if (strcmp(name, theorems[i]) == 0)
            return i + 1;
    isa_parser_error(parser, at, "write theorem1, theorem2 or theorem3", "`%s` is not a theorem", name);
    return 1;
}

static void parse_names(struct parser *parser, struct isa_verdict *verdict)
{
    unsigned capacity = 0;
    do {
        isa_arena_grow(parser->arena, (void **)&verdict->by, verdict->count, &capacity, sizeof *verdict->by);
        verdict->by[verdict->count++] = isa_parser_name(parser, "the name of an instruction");
    } while (isa_parser_accept(parser, ","));
}

void isa_parse_verdict(struct parser *parser, struct unit *unit)
{
    struct isa_verdict verdict = {.place = parser->token->place, .guest = isa_parser_accept(parser, "guest")};
    verdict.theorem = parse_theorem(parser, unit, verdict.guest);
    verdict.holds = isa_parser_accept(parser, "holds");
    if (!verdict.holds && isa_parser_expect(parser, "fails", "write `holds`, `fails`, or `fails by` and instructions") &&
        isa_parser_accept(parser, "by"))
        parse_names(parser, &verdict);
    if (!parser->failed)
        unit->verdicts[unit->verdict_count++] = verdict;
}

void isa_check_verdicts(const struct isa *isa, struct isa_diagnostics *diagnostics)
{
    for (unsigned i = 0; i < isa->verdict_count; i++)
        if (isa->verdicts[i].guest && isa->guest_mode < 0)
            isa_diagnostics_error(diagnostics, &isa->verdicts[i].place, ISA_EXIT_DATA, NULL,
                                  "the verdict is about guest mode, and the machine has none");
    for (unsigned i = 0; i < isa->verdict_count; i++)
        for (unsigned k = 0; k < isa->verdicts[i].count; k++)
            if (!isa_instruction_named(isa, isa->verdicts[i].by[k]))
                isa_diagnostics_error(diagnostics, &isa->verdicts[i].place, ISA_EXIT_DATA, NULL,
                                      "the verdict names `%s`, which is no instruction", isa->verdicts[i].by[k]);
}

unsigned isa_year(const struct isa *isa) { return isa->year; }
unsigned isa_verdict_count(const struct isa *isa) { return isa->verdict_count; }
const struct isa_verdict *isa_verdict_at(const struct isa *isa, unsigned index) { return &isa->verdicts[index]; }

void isa_print_verdict(const struct isa_verdict *verdict, FILE *stream)
{
    fprintf(stream, "%s%s %s", verdict->guest ? "guest " : "", theorems[verdict->theorem - 1], verdict->holds ? "holds" : "fails");
    for (unsigned i = 0; i < verdict->count; i++)
        fprintf(stream, "%s%s", i ? ", " : " by ", verdict->by[i]);
}
