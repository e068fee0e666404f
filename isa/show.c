/* show.c: instructions as a reader wants them: bits, assembly, meaning and source together; or as JSON. */
#include "isa/assembler.h"
#include "isa/header.h"

#include <ctype.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* A piece of the layout as written: "0001011", "rd:5", "imm[11:5]". */
struct piece {
    const char *text;
    unsigned length, bits;
};

static unsigned read_layout(const char *layout, struct piece *pieces, unsigned most)
{
    unsigned count = 0;
    while (count < most) {
        layout += strspn(layout, " \t");
        size_t length = strcspn(layout, " \t");
        if (length == 0)
            return count;
        struct piece *piece = &pieces[count++];
        *piece = (struct piece){layout, (unsigned)length, (unsigned)length};
        unsigned high, low;
        const char *colon = memchr(layout, ':', length), *bracket = memchr(layout, '[', length);
        if (bracket && sscanf(bracket, "[%u:%u]", &high, &low) == 2)
            piece->bits = high - low + 1;
        else if (bracket)
            piece->bits = 1;
        else if (colon)
            piece->bits = (unsigned)strtoul(colon + 1, NULL, 10);
        layout += length;
    }
    return count;
}

/* The bit diagram: above each piece the numbers of its highest and lowest bit. */
static void print_diagram(const struct isa_instruction *instruction, FILE *stream)
{
    struct piece pieces[32];
    unsigned count = read_layout(instruction->layout, pieces, 32), bit = instruction->bits;
    char *numbers = NULL, *names = NULL;
    size_t size;
    FILE *above = open_memstream(&numbers, &size), *below = open_memstream(&names, &size);
    if (above && below) {
        for (unsigned i = 0; i < count && pieces[i].bits <= bit; i++) {
            unsigned high = bit - 1, low = bit - pieces[i].bits;
            char range[16];
            snprintf(range, sizeof range, high == low ? "%u" : "%u %u", high, low);
            unsigned width = pieces[i].length > strlen(range) ? pieces[i].length : (unsigned)strlen(range);
            fprintf(below, "| %-*.*s ", (int)width, (int)pieces[i].length, pieces[i].text);
            if (high == low)
                fprintf(above, "  %-*u ", (int)width, high);
            else
                fprintf(above, "  %-*u%*u ", (int)(width - (low > 9 ? 2 : 1)), high, low > 9 ? 2 : 1, low);
            bit = low;
        }
        fputs("|", below);
    }
    if (above)
        fclose(above);
    if (below)
        fclose(below);
    fprintf(stream, "    %s\n    %s\n", numbers ? numbers : "", names ? names : "");
    free(numbers);
    free(names);
}

/* The meaning as its author wrote it, moved to this page's margin. */
static void print_execute(const char *text, FILE *stream)
{
    fputs("    execute {", stream);
    if (!strchr(text, '\n')) {
        fprintf(stream, " %s }\n", text);
        return;
    }
    fputc('\n', stream);
    for (bool first = true; *text; first = false) {
        size_t margin = strspn(text, " ");
        size_t length = strcspn(text, "\n");
        /* The first line begins at its text; the others have the file's margin of four. */
        fprintf(stream, "      %*s%.*s\n", first || margin < 4 ? 0 : (int)(margin - 4), "", (int)(length - margin),
                text + margin);
        text += length;
        text += *text == '\n';
    }
    fputs("    }\n", stream);
}

static void print_text(const struct isa_instruction *instruction, FILE *stream)
{
    fprintf(stream, "%s%s%s\n", instruction->name, *instruction->syntax ? " " : "", instruction->syntax);
    if (instruction->doc)
        fprintf(stream, "    %s\n", instruction->doc);
    fprintf(stream, "    mask 0x%0*" PRIx32 "  match 0x%0*" PRIx32 "\n", (int)instruction->bits / 4, instruction->mask,
            (int)instruction->bits / 4, instruction->match);
    if (instruction->layout)
        print_diagram(instruction, stream);
    if (instruction->execute)
        print_execute(instruction->execute, stream);
    if (instruction->source)
        fprintf(stream, "    source: %s\n", instruction->source);
    fprintf(stream, "    %s:%u%s%s\n", instruction->place.file, instruction->place.line,
            instruction->variant ? ", by the variant " : "", instruction->variant ? instruction->variant : "");
}

/* The whole: title, source, and what the source says. */
static void print_heading(const struct isa *isa, FILE *stream)
{
    fprintf(stream, "%s: %s\n", isa_name(isa), isa_title(isa));
    if (isa_source(isa))
        fprintf(stream, "    source: %s\n", isa_source(isa));
    for (unsigned i = 0; i < isa_verdict_count(isa); i++) {
        fputs(i ? "    " : "    the source's verdict: ", stream);
        isa_print_verdict(isa_verdict_at(isa, i), stream);
        fputc('\n', stream);
    }
    for (unsigned i = 0; i < isa_hidden_count(isa); i++) {
        const struct isa_hidden *hidden = isa_hidden_at(isa, i);
        fprintf(stream, "    %s hides %s: %s\n", hidden->monitor, hidden->instruction, hidden->reason);
    }
    fputc('\n', stream);
}

/* ---- JSON ------------------------------------------------------------------------------------------------------- */

static json_t *text_or_null(const char *text)
{
    json_t *value = text ? json_string(text) : json_null();
    return value ? value : json_null(); /* not UTF-8 */
}

static json_t *field_object(const struct isa *isa, const struct isa_field *field)
{
    static const char *const kinds[] = {[ISA_UNSIGNED] = "unsigned",
                                        [ISA_SIGNED] = "signed",
                                        [ISA_RELATIVE] = "relative",
                                        [ISA_REGISTER] = "register",
                                        [ISA_SET] = "set"};
    json_t *object = json_object(), *pieces = json_array();
    json_object_set_new(object, "name", text_or_null(field->name));
    json_object_set_new(object, "width", json_integer(field->width));
    json_object_set_new(object, "kind", json_string(kinds[field->kind]));
    if (field->kind == ISA_REGISTER)
        json_object_set_new(object, "state", text_or_null(isa_state_at(isa, field->state)->name));
    if (field->kind == ISA_SET)
        json_object_set_new(object, "letters", text_or_null(field->letters));
    json_object_set_new(object, "in_syntax", json_boolean(field->in_syntax));
    for (unsigned i = 0; i < field->piece_count; i++) {
        const struct isa_piece *piece = &field->pieces[i];
        json_array_append_new(pieces, json_pack("{s:i, s:i, s:i}", "word_low", (int)piece->word_low, "field_low",
                                                (int)piece->field_low, "width", (int)piece->width));
    }
    json_object_set_new(object, "pieces", pieces);
    return object;
}

static json_t *instruction_object(const struct isa *isa, const struct isa_instruction *instruction)
{
    json_t *object = json_object(), *fields = json_array();
    json_object_set_new(object, "name", text_or_null(instruction->name));
    json_object_set_new(object, "syntax", text_or_null(instruction->syntax));
    json_object_set_new(object, "doc", text_or_null(instruction->doc));
    json_object_set_new(object, "source", text_or_null(instruction->source));
    json_object_set_new(object, "file", text_or_null(instruction->place.file));
    json_object_set_new(object, "line", json_integer(instruction->place.line));
    json_object_set_new(object, "variant", text_or_null(instruction->variant));
    json_object_set_new(object, "bits", json_integer(instruction->bits));
    json_object_set_new(object, "mask", json_integer(instruction->mask));
    json_object_set_new(object, "match", json_integer(instruction->match));
    json_object_set_new(object, "layout", text_or_null(instruction->layout));
    json_object_set_new(object, "execute", text_or_null(instruction->execute));
    for (unsigned i = 0; i < instruction->field_count; i++)
        json_array_append_new(fields, field_object(isa, &instruction->fields[i]));
    json_object_set_new(object, "fields", fields);
    return object;
}

static json_t *verdict_array(const struct isa *isa)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < isa_verdict_count(isa); i++) {
        const struct isa_verdict *verdict = isa_verdict_at(isa, i);
        json_t *by = json_array();
        for (unsigned k = 0; k < verdict->count; k++)
            json_array_append_new(by, json_string(verdict->by[k]));
        json_array_append_new(list, json_pack("{s:i, s:b, s:b, s:o}", "theorem", (int)verdict->theorem,
                                              "guest", (int)verdict->guest, "holds",
                                              (int)verdict->holds, "by", by));
    }
    return list;
}

static json_t *hidden_array(const struct isa *isa)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < isa_hidden_count(isa); i++) {
        const struct isa_hidden *hidden = isa_hidden_at(isa, i);
        json_t *object = json_object();
        json_object_set_new(object, "monitor", text_or_null(hidden->monitor));
        json_object_set_new(object, "instruction", text_or_null(hidden->instruction));
        json_object_set_new(object, "reason", text_or_null(hidden->reason));
        json_array_append_new(list, object);
    }
    return list;
}

static void print_json(const struct isa *isa, const struct isa_instruction *only, FILE *stream)
{
    json_t *object = json_object(), *list = json_array();
    json_object_set_new(object, "schema_version", json_integer(1));
    json_object_set_new(object, "variant", text_or_null(isa_name(isa)));
    json_object_set_new(object, "title", text_or_null(isa_title(isa)));
    json_object_set_new(object, "source", text_or_null(isa_source(isa)));
    json_object_set_new(object, "year", isa_year(isa) ? json_integer(isa_year(isa)) : json_null());
    json_object_set_new(object, "verdicts", verdict_array(isa));
    json_object_set_new(object, "hidden", hidden_array(isa));
    json_object_set_new(object, "word_bits", json_integer(isa_word_bits(isa)));
    json_object_set_new(object, "instruction_bits", json_integer(isa_instruction_bits(isa)));
    for (unsigned i = 0; i < isa_instruction_count(isa); i++)
        if (!only || only == isa_instruction_at(isa, i))
            json_array_append_new(list, instruction_object(isa, isa_instruction_at(isa, i)));
    json_object_set_new(object, "instructions", list);
    json_dumpf(object, stream, JSON_INDENT(2));
    fputc('\n', stream);
    json_decref(object);
}

int isa_print_instructions(const struct isa *isa, const char *instruction, bool json, FILE *stream,
                           struct isa_diagnostics *diagnostics)
{
    const struct isa_instruction *only = instruction ? isa_instruction_named(isa, instruction) : NULL;
    if (instruction && !only) {
        unsigned best = ISA_FAR;
        const char *near = NULL;
        char advice[96];
        for (unsigned i = 0; i < isa_instruction_count(isa); i++)
            near = isa_suggest(isa_instruction_at(isa, i)->name, instruction, strlen(instruction), &best, near);
        if (near)
            snprintf(advice, sizeof advice, "did you mean '%.60s'?", near);
        else
            snprintf(advice, sizeof advice, "`pg74 isa show %.50s` shows all of them", isa_name(isa));
        isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_DATA, advice, "%s has no instruction '%s'", isa_name(isa),
                              instruction);
        return ISA_EXIT_DATA;
    }
    if (json) {
        print_json(isa, only, stream);
        return 0;
    }
    if (!only)
        print_heading(isa, stream);
    for (unsigned i = 0; i < isa_instruction_count(isa); i++) {
        if (only && only != isa_instruction_at(isa, i))
            continue;
        print_text(isa_instruction_at(isa, i), stream);
        if (!only && i + 1 < isa_instruction_count(isa))
            fputc('\n', stream);
    }
    return 0;
}
