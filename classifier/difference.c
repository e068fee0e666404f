/* difference.c: two reports beside each other: what a change of an instruction set did to each instruction and to the
 * theorems. Instructions are the same where their names are. */
#include "classifier/internal.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { ABSENT = -1 };

/* An instruction of either set, or of both. */
struct twin {
    const char *name;
    int number[2]; /* in each set, or ABSENT */
    bool meaning;  /* it is in both, and means something else */
};

/* Are the states of the one the first states of the other? Then equal programs mean the same. */
static bool same_states(const struct isa *a, const struct isa *b)
{
    unsigned count = isa_state_count(a) < isa_state_count(b) ? isa_state_count(a) : isa_state_count(b);
    for (unsigned i = 0; i < count; i++) {
        const struct isa_state *x = isa_state_at(a, i), *y = isa_state_at(b, i);
        if (strcmp(x->name, y->name) != 0 || x->width != y->width || x->count != y->count || x->role != y->role)
            return false;
    }
    return true;
}

static bool same_meaning(const struct isa *a, const struct isa_instruction *x, const struct isa *b,
                         const struct isa_instruction *y)
{
    if (x->mask != y->mask || x->match != y->match)
        return false;
    return same_states(a, b) ? isa_program_equal(&x->program, &y->program) : strcmp(x->execute, y->execute) == 0;
}

/* All instructions of the first, in its order, and then what the second alone has. */
static struct twin *pair_up(const struct isa *const isas[2], unsigned *count)
{
    unsigned most = isa_instruction_count(isas[0]) + isa_instruction_count(isas[1]);
    struct twin *twins = calloc(most + 1, sizeof *twins);
    *count = 0;
    for (unsigned side = 0; side < 2 && twins != NULL; side++)
        for (unsigned i = 0; i < isa_instruction_count(isas[side]); i++) {
            const struct isa_instruction *own = isa_instruction_at(isas[side], i),
                                         *other = isa_instruction_named(isas[!side], own->name);
            if (side == 1 && other != NULL)
                continue;
            struct twin *twin = &twins[(*count)++];
            twin->name = own->name;
            twin->number[side] = (int)i;
            twin->number[!side] = other != NULL ? (int)isa_instruction_number(isas[!side], other) : ABSENT;
            twin->meaning = other != NULL && !same_meaning(isas[side], own, isas[!side], other);
        }
    return twins;
}

static enum classifier_answer has(const struct classifier_report *report, const struct twin *twin, unsigned side,
                                  enum classifier_property property)
{
    return report->findings[twin->number[side]].has[property];
}

static bool in_both(const struct twin *twin)
{
    return twin->number[0] != ABSENT && twin->number[1] != ABSENT;
}

/* Did some class change? */
static bool reclassified(const struct classifier_report *const reports[2], const struct twin *twin)
{
    for (unsigned p = 0; p < CLASSIFIER_PROPERTIES && in_both(twin); p++)
        if (has(reports[0], twin, 0, p) != has(reports[1], twin, 1, p))
            return true;
    return false;
}

static const char *const paragraphs[ISA_PARAGRAPHS] = {
    [ISA_ON_RESET] = "on reset", [ISA_ON_TRAP] = "on trap",       [ISA_ON_INTERRUPT] = "on interrupt",
    [ISA_ON_FETCH] = "on fetch", [ISA_ON_ILLEGAL] = "on illegal", [ISA_ON_TRANSLATE] = "translate",
};

static bool paragraph_differs(const struct isa *const isas[2], enum isa_paragraph paragraph)
{
    return !same_states(isas[0], isas[1]) ||
           !isa_program_equal(isa_paragraph(isas[0], paragraph), isa_paragraph(isas[1], paragraph));
}

/* ---- Text -------------------------------------------------------------------------------------------------------- */

static void print_property(const struct classifier_report *report, enum classifier_property property, FILE *stream)
{
    const char *name = classifier_property_key(report, property);
    for (const char *c = strcmp(name, "exits") == 0 ? "exiting" : name; *c != '\0'; c++)
        fputc(*c == '_' ? ' ' : *c, stream);
}

/* The classes that it has: "privileged, control sensitive". */
static void print_classes(const struct classifier_report *report, const struct twin *twin, unsigned side, FILE *stream)
{
    bool any = false;
    for (unsigned p = 0; p < CLASSIFIER_PROPERTIES; p++) {
        enum classifier_answer answer = has(report, twin, side, p);
        if (answer == CLASSIFIER_NO)
            continue;
        fprintf(stream, "%s%s", any ? ", " : "", answer == CLASSIFIER_UNKNOWN ? "perhaps " : "");
        print_property(report, p, stream);
        any = true;
    }
    if (!any)
        fputs("in no class", stream);
}

static void print_changes(const struct classifier_report *const reports[2], const struct twin *twin, FILE *stream)
{
    bool any = false;
    for (unsigned p = 0; p < CLASSIFIER_PROPERTIES; p++) {
        enum classifier_answer before = has(reports[0], twin, 0, p), after = has(reports[1], twin, 1, p);
        if (before == after)
            continue;
        fputs(any ? ", " : "", stream);
        if (before == CLASSIFIER_UNKNOWN || after == CLASSIFIER_UNKNOWN)
            fprintf(stream, "%s ", after == CLASSIFIER_UNKNOWN ? "perhaps" : after ? "certainly" : "certainly not");
        else
            fprintf(stream, "%s ", after == CLASSIFIER_YES ? "now" : "no longer");
        print_property(reports[1], p, stream);
        any = true;
    }
    if (!any)
        fputs("means something else; its classes are the same", stream);
}

/* "theorems 1, 2": those that the instruction violates; NULL for none. */
static const char *violated(const struct classifier_report *report, const struct twin *twin, unsigned side)
{
    static const char *const lists[] = {NULL,        "theorem 1",      "theorem 2",      "theorems 1, 2",
                                        "theorem 3", "theorems 1, 3", "theorems 2, 3", "theorems 1, 2, 3"};
    unsigned which = 0;
    for (enum classifier_theorem theorem = 0; theorem < CLASSIFIER_THEOREMS && twin->number[side] != ABSENT; theorem++)
        if (classifier_violates(report, (unsigned)twin->number[side], theorem, false))
            which |= 1u << theorem;
    return lists[which];
}

/* What the change did to the theorems by this instruction. */
static void print_violations(const struct classifier_report *const reports[2], const struct twin *twin, FILE *stream)
{
    const char *before = violated(reports[0], twin, 0), *after = violated(reports[1], twin, 1);
    if (before != NULL && before == after)
        fprintf(stream, "; it violates %s as before", after);
    else if (before != NULL && after != NULL)
        fprintf(stream, "; it violated %s, and violates %s", before, after);
    else if (before != NULL)
        fprintf(stream, "; it violated %s, and no longer does", before);
    else if (after != NULL)
        fprintf(stream, "; so it violates %s", after);
}

/* A line about an instruction, folded; and its sentence before and after, where that differs. */
static void print_twin(const struct classifier_report *const reports[2], const struct twin *twin, int width,
                       FILE *stream)
{
    char *text = NULL;
    size_t size;
    FILE *buffer = open_memstream(&text, &size);
    const char *docs[2] = {NULL, NULL};
    if (buffer == NULL)
        abort();
    if (twin->number[0] == ABSENT) {
        fputs("added: ", buffer);
        print_classes(reports[1], twin, 1, buffer);
    } else if (twin->number[1] == ABSENT) {
        fputs("removed: was ", buffer);
        print_classes(reports[0], twin, 0, buffer);
    } else {
        print_changes(reports, twin, buffer);
    }
    print_violations(reports, twin, buffer);
    fclose(buffer);
    fprintf(stream, "  %-*s  ", width, twin->name);
    isa_fold(text, (unsigned)width + 4, (unsigned)width + 4, stream);
    free(text);
    for (unsigned i = 0; i < 2; i++)
        if (twin->number[i] != ABSENT)
            docs[i] = isa_instruction_at(reports[i]->isa, (unsigned)twin->number[i])->doc;
    for (unsigned i = 0; i < 2 && docs[0] != NULL && docs[1] != NULL && strcmp(docs[0], docs[1]) != 0; i++) {
        fprintf(stream, "%*s%s", width + 6, "", i == 0 ? "was: " : "is:  ");
        isa_fold(docs[i], (unsigned)width + 11, (unsigned)width + 11, stream);
    }
}

static void print_violators(const struct classifier_report *report, enum classifier_theorem theorem, FILE *stream)
{
    bool any = false;
    for (unsigned i = 0; i < isa_instruction_count(report->isa); i++)
        if (classifier_violates(report, i, theorem, false)) {
            fprintf(stream, "%s%s", any ? ", " : " for ", isa_instruction_at(report->isa, i)->name);
            any = true;
        }
}

static void print_theorem(const struct classifier_report *const reports[2], enum classifier_theorem theorem,
                          FILE *stream)
{
    static const char *const words[] = {"not guaranteed", "guaranteed", "unknown"};
    enum classifier_answer before = classifier_theorem(reports[0], theorem, false),
                           after = classifier_theorem(reports[1], theorem, false);
    char *text = NULL;
    size_t size;
    FILE *buffer = open_memstream(&text, &size);
    if (buffer == NULL)
        abort();
    fprintf(buffer, "Theorem %d: %s %s", (int)theorem + 1, before == after ? "still" : "was", words[before]);
    if (before != after) {
        print_violators(reports[0], theorem, buffer);
        fprintf(buffer, ", is %s", words[after]);
    }
    print_violators(reports[1], theorem, buffer);
    fputs(".", buffer);
    fclose(buffer);
    fputs("  ", stream);
    isa_fold(text, 2, 4, stream);
    free(text);
}

/* Is there nothing to say of it but that it means something else, in words that have not changed? */
static bool is_quiet(const struct classifier_report *const reports[2], const struct twin *twin)
{
    const char *docs[2] = {NULL, NULL};
    if (!in_both(twin) || reclassified(reports, twin) || violated(reports[0], twin, 0) != NULL ||
        violated(reports[1], twin, 1) != NULL)
        return false;
    for (unsigned i = 0; i < 2; i++)
        docs[i] = isa_instruction_at(reports[i]->isa, (unsigned)twin->number[i])->doc;
    return docs[0] != NULL && docs[1] != NULL && strcmp(docs[0], docs[1]) == 0;
}

/* These in one list. */
static unsigned print_quiet(const struct classifier_report *const reports[2], const struct twin *twins, unsigned count,
                            FILE *stream)
{
    unsigned shown = 0;
    char *text = NULL;
    size_t size;
    FILE *buffer = open_memstream(&text, &size);
    if (buffer == NULL)
        abort();
    for (unsigned i = 0; i < count; i++)
        if (twins[i].meaning && is_quiet(reports, &twins[i]))
            fprintf(buffer, "%s%s", shown++ > 0 ? ", " : "In the same classes, with another meaning: ", twins[i].name);
    fputc('.', buffer);
    fclose(buffer);
    if (shown > 0) {
        fputs("  ", stream);
        isa_fold(text, 2, 4, stream);
    }
    free(text);
    return shown;
}

/* Every instruction that has changed. Returns how many. In guest mode its classes count, and not its meaning. */
static unsigned print_twins(const struct classifier_report *const reports[2], const struct twin *twins, unsigned count,
                            FILE *stream)
{
    unsigned shown = 0;
    int width = 0;
    bool of_guest = reports[0]->view != NULL;
    for (unsigned i = 0; i < count; i++)
        width = (int)strlen(twins[i].name) > width ? (int)strlen(twins[i].name) : width;
    for (unsigned i = 0; i < count; i++) {
        const struct twin *twin = &twins[i];
        bool differs = reclassified(reports, twin) || (!in_both(twin) && !of_guest);
        for (unsigned side = 0; side < 2 && of_guest && !in_both(twin); side++)
            differs = differs || (twin->number[side] != ABSENT &&
                                  has(reports[side], twin, side, CLASSIFIER_INNOCUOUS) != CLASSIFIER_YES);
        if (differs || (twin->meaning && !of_guest && !is_quiet(reports, twin))) {
            print_twin(reports, twin, width, stream);
            shown++;
        }
    }
    return shown + (of_guest ? 0 : print_quiet(reports, twins, count, stream));
}

/* What guest mode has come to: new, gone, or changed. */
static void print_guest_difference(const struct classifier_report *before, const struct classifier_report *after,
                                   const struct twin *twins, unsigned count, FILE *stream)
{
    const struct classifier_report *const guests[2] = {before->guest_mode, after->guest_mode};
    if (guests[0] == NULL && guests[1] != NULL)
        classifier_print_guest_verdicts(after, stream);
    if (guests[0] != NULL && guests[1] == NULL)
        fputs("\n  There is no guest mode any more.\n", stream);
    if (guests[0] == NULL || guests[1] == NULL)
        return;
    fputs("\n  In guest mode:\n", stream);
    for (enum classifier_theorem theorem = 0; theorem < CLASSIFIER_THEOREMS; theorem++)
        print_theorem(guests, theorem, stream);
    if (print_twins(guests, twins, count, stream) == 0)
        fputs("  No instruction's classes have changed in it.\n", stream);
}

void classifier_print_difference(const struct classifier_report *before, const struct classifier_report *after,
                                 FILE *stream)
{
    const struct classifier_report *const reports[2] = {before, after};
    const struct isa *const isas[2] = {before->isa, after->isa};
    unsigned count;
    struct twin *twins = pair_up(isas, &count);
    if (twins == NULL)
        abort();
    for (unsigned i = 0; i < 2; i++) {
        unsigned column = (unsigned)fprintf(stream, "%s%s: ", i == 0 ? "From " : "  to ", isa_name(isas[i]));
        isa_fold(isa_title(isas[i]), column, 5, stream);
    }
    for (enum classifier_theorem theorem = 0; theorem < CLASSIFIER_THEOREMS; theorem++)
        print_theorem(reports, theorem, stream);
    print_guest_difference(before, after, twins, count, stream);
    fputc('\n', stream);
    unsigned shown = print_twins(reports, twins, count, stream);
    fprintf(stream,
            shown == 0      ? "  No instruction has changed.\n"
            : shown < count ? "  The other %u are as they were.\n"
                            : "",
            count - shown);
    for (enum isa_paragraph i = 0; i < ISA_PARAGRAPHS; i++)
        if (paragraph_differs(isas, i))
            fprintf(stream, "  '%s' has changed.\n", paragraphs[i]);
    free(twins);
}

/* ---- JSON -------------------------------------------------------------------------------------------------------- */

static json_t *truth(enum classifier_answer answer)
{
    return answer == CLASSIFIER_UNKNOWN ? json_null() : json_boolean(answer == CLASSIFIER_YES);
}

static json_t *classes_json(const struct classifier_report *report, const struct twin *twin, unsigned side)
{
    if (report == NULL || twin->number[side] == ABSENT)
        return json_null();
    json_t *object = json_object();
    for (unsigned p = 0; p < CLASSIFIER_PROPERTIES; p++)
        json_object_set_new(object, classifier_property_key(report, p), truth(has(report, twin, side, p)));
    return object;
}

static const char *change_name(const struct classifier_report *const reports[2], const struct twin *twin)
{
    return twin->number[0] == ABSENT     ? "added"
           : twin->number[1] == ABSENT   ? "removed"
           : reclassified(reports, twin) ? "classes"
           : twin->meaning               ? "meaning"
                                         : "none";
}

/* Of a report that may be NULL. */
static json_t *verdict_json(const struct classifier_report *report, enum classifier_theorem theorem)
{
    return report == NULL ? json_null() : truth(classifier_theorem(report, theorem, false));
}

static json_t *theorems_json(const struct classifier_report *before, const struct classifier_report *after)
{
    json_t *theorems = json_object();
    for (enum classifier_theorem theorem = 0; theorem < CLASSIFIER_THEOREMS; theorem++) {
        char key[16];
        snprintf(key, sizeof key, "theorem%d", (int)theorem + 1);
        json_object_set_new(theorems, key, json_pack("{s:o,s:o}", "before", verdict_json(before, theorem), "after",
                                                     verdict_json(after, theorem)));
    }
    return theorems;
}

/* Guest mode, where one of the two has it. */
static json_t *guest_json(const struct classifier_report *before, const struct classifier_report *after,
                          const struct twin *twins, unsigned count)
{
    json_t *instructions = json_array();
    for (unsigned i = 0; i < count; i++)
        json_array_append_new(instructions, json_pack("{s:s,s:o,s:o}", "name", twins[i].name, "before",
                                                      classes_json(before, &twins[i], 0), "after",
                                                      classes_json(after, &twins[i], 1)));
    return json_pack("{s:b,s:b,s:o,s:o}", "before", before != NULL, "after", after != NULL, "instructions", instructions,
                     "theorems", theorems_json(before, after));
}

char *classifier_difference_json(const struct classifier_report *before, const struct classifier_report *after)
{
    const struct classifier_report *const reports[2] = {before, after};
    const struct isa *const isas[2] = {before->isa, after->isa};
    unsigned count;
    struct twin *twins = pair_up(isas, &count);
    if (twins == NULL)
        abort();
    json_t *instructions = json_array(), *changed = json_array();
    for (unsigned i = 0; i < count; i++)
        json_array_append_new(instructions,
                              json_pack("{s:s,s:s,s:o,s:o}", "name", twins[i].name, "change",
                                        change_name(reports, &twins[i]), "before", classes_json(before, &twins[i], 0),
                                        "after", classes_json(after, &twins[i], 1)));
    for (enum isa_paragraph i = 0; i < ISA_PARAGRAPHS; i++)
        if (paragraph_differs(isas, i))
            json_array_append_new(changed, json_string(paragraphs[i]));
    json_t *root = json_pack("{s:i,s:s,s:s,s:o,s:o,s:o}", "schema_version", 1, "before", isa_name(isas[0]), "after",
                             isa_name(isas[1]), "instructions", instructions, "paragraphs", changed, "theorems",
                             theorems_json(before, after));
    if (before->guest_mode != NULL || after->guest_mode != NULL)
        json_object_set_new(root, "guest_mode", guest_json(before->guest_mode, after->guest_mode, twins, count));
    char *text = json_dumps(root, JSON_INDENT(1));
    json_decref(root);
    free(twins);
    return text;
}
