/* report_html.c: reports as one page that needs nothing else: tables, witnesses, the drawing of the sets. */
#include "classifier/internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void element(const char *tag, const char *text, FILE *stream)
{
    fprintf(stream, "<%s>", tag);
    isa_print_markup(text, stream);
    fprintf(stream, "</%s>\n", tag);
}

/* The opening tag of a link to an instruction, or of its heading; no two on the page are alike. */
static void write_anchor(const char *start, const struct classifier_report *report, const char *name, FILE *stream)
{
    fprintf(stream, "<%s", start);
    isa_print_markup(isa_name(report->isa), stream);
    fprintf(stream, "%s%s%s\">", report->view != NULL ? "-in-guest-mode" : "", *name != '\0' ? "-" : "", name);
}

/* ---- Verdicts ---------------------------------------------------------------------------------------------------- */

static const char *verdict(enum classifier_answer answer)
{
    return answer == CLASSIFIER_YES ? "guaranteed" : answer == CLASSIFIER_NO ? "not guaranteed" : "unknown";
}

static void write_verdict(enum classifier_answer answer, FILE *stream)
{
    static const char *const classes[] = {"no", "ok", "open"};
    fprintf(stream, "<td class=\"%s\">%s</td>", classes[answer], verdict(answer));
}

static void write_violators(const struct classifier_report *report, enum classifier_theorem theorem, FILE *stream)
{
    bool any = false;
    fputs("<td>", stream);
    for (unsigned i = 0; i < isa_instruction_count(report->isa); i++)
        if (classifier_violates(report, i, theorem, false)) {
            const char *name = isa_instruction_at(report->isa, i)->name;
            fputs(any ? ", " : "", stream);
            write_anchor("a href=\"#", report, name, stream);
            fprintf(stream, "<code>%s</code></a>", name);
            any = true;
        }
    fputs(any ? "</td>" : "none</td>", stream);
}

static void write_repair(const struct classifier_report *report, enum classifier_theorem theorem, FILE *stream)
{
    const struct repair *repair = &report->repairs[theorem];
    if (repair->text == NULL)
        fputs("<td>not needed</td>", stream);
    else
        fprintf(stream, "<td>%s: %s</td>", report->view != NULL ? "let them exit" : "make them privileged",
                repair->obstacle != NULL ? "cannot be built" : verdict(repair->holds));
}

static void write_theorems(const struct classifier_report *report, FILE *stream)
{
    static const char *const titles[] = {"1: a virtual machine monitor can be built", "2: it can run under itself",
                                         "3: a hybrid monitor can be built"};
    fputs("<div class=\"wide\"><table>\n<thead><tr><th>Theorem</th><th>verdict</th><th>in the paper's own model</th>"
          "<th>broken by</th><th>cheapest repair</th></tr></thead>\n<tbody>\n",
          stream);
    for (enum classifier_theorem theorem = 0; theorem < CLASSIFIER_THEOREMS; theorem++) {
        fprintf(stream, "<tr><th scope=\"row\">%s</th>", titles[theorem]);
        write_verdict(classifier_theorem(report, theorem, false), stream);
        if (theorem == CLASSIFIER_THEOREM_2 || report->view != NULL)
            fputs(report->view != NULL ? "<td>has no guest mode</td>" : "<td>has no time</td>", stream);
        else
            write_verdict(classifier_theorem(report, theorem, true), stream);
        write_violators(report, theorem, stream);
        write_repair(report, theorem, stream);
        fputs("</tr>\n", stream);
    }
    fputs("</tbody></table></div>\n", stream);
}

static void write_overview(const struct classifier_report *const *reports, unsigned count, FILE *stream)
{
    fputs("<div class=\"wide\"><table>\n<thead><tr><th>instruction set</th><th>Theorem 1</th><th>Theorem 2</th>"
          "<th>Theorem 3</th></tr></thead>\n<tbody>\n", stream);
    for (unsigned i = 0; i < count; i++) {
        fputs("<tr><th scope=\"row\">", stream);
        write_anchor("a href=\"#", reports[i], "", stream);
        isa_print_markup(isa_name(reports[i]->isa), stream);
        fputs("</a></th>", stream);
        for (enum classifier_theorem theorem = 0; theorem < CLASSIFIER_THEOREMS; theorem++)
            write_verdict(classifier_theorem(reports[i], theorem, false), stream);
        fputs("</tr>\n", stream);
    }
    fputs("</tbody></table></div>\n", stream);
}

/* ---- Classes ----------------------------------------------------------------------------------------------------- */

static void write_diagram(const struct classifier_report *report, FILE *stream)
{
    fputs("<figure>\n", stream);
    classifier_draw(report, stream);
    fputs("<figcaption>Theorem 1 asks that the sensitive instructions all lie inside of the privileged ones, Theorem 3 "
          "that the user sensitive ones do. What lies outside is written in bold. An instruction is in a set if some "
          "of its words are, and privileged if all are.</figcaption>\n</figure>\n", stream);
}

/* Innocuous instructions are counted, and drawn, but not listed. */
static void write_instructions(const struct classifier_report *report, FILE *stream)
{
    static const char *const columns[] = {"privileged", "control", "mode", "location", "resource", "time", "user"};
    unsigned innocuous = 0, classes = CLASSIFIER_INNOCUOUS;
    fprintf(stream,
            "<div class=\"wide\"><table class=\"classes\">\n<thead><tr><th rowspan=\"2\">instruction</th>"
            "<th rowspan=\"2\">%s</th><th colspan=\"%u\">sensitive</th></tr>\n<tr>",
            report->view != NULL ? "exits" : "privileged", classes - 1);
    for (unsigned p = 1; p < classes; p++)
        fprintf(stream, "<th>%s</th>", columns[p]);
    fputs("</tr></thead>\n<tbody>\n", stream);
    for (unsigned i = 0; i < isa_instruction_count(report->isa); i++) {
        const enum classifier_answer *has = report->findings[i].has;
        if (has[CLASSIFIER_INNOCUOUS] == CLASSIFIER_YES) {
            innocuous++;
            continue;
        }
        fprintf(stream, "<tr%s><th scope=\"row\"><code>%s</code></th>",
                classifier_reason(report, i) != NULL ? " class=\"bad\"" : "", isa_instruction_at(report->isa, i)->name);
        for (unsigned p = 0; p < classes; p++)
            fprintf(stream, has[p] == CLASSIFIER_YES  ? "<td>yes</td>"
                            : has[p] == CLASSIFIER_NO ? "<td>-</td>"
                                                      : "<td class=\"open\">unknown</td>");
        fputs("</tr>\n", stream);
    }
    fprintf(stream, "</tbody></table></div>\n<p>The other %u are innocuous.</p>\n", innocuous);
}

/* ---- Violations -------------------------------------------------------------------------------------------------- */

static void write_states(const struct classifier_report *report, const struct classifier_witness *witness, FILE *stream)
{
    struct pool *pool = classifier_pool_new();
    struct witness_table table = classifier_witness_table(report, witness, pool);
    bool pair = table.middle < table.rows.count;
    fprintf(stream, "<table class=\"states\">\n<thead><tr><th>%s</th><th>%s%s</th><th>%s%s</th></tr></thead>\n<tbody>\n",
            pair ? "before" : "", table.titles[0], pair ? " state" : "", table.titles[1], pair ? " state" : "");
    for (unsigned i = 0; i < table.rows.count; i++) {
        const struct witness_row *row = &table.rows.items[i];
        if (pair && i == table.middle)
            fputs("<tr><th class=\"part\" colspan=\"3\">afterwards</th></tr>\n", stream);
        fprintf(stream, "<tr%s><th scope=\"row\">%s</th><td>%s</td><td>%s</td></tr>\n",
                strcmp(row->cells[0], row->cells[1]) != 0 ? " class=\"differs\"" : "", row->name, row->cells[0],
                row->cells[1]);
    }
    fputs("</tbody></table>\n", stream);
    classifier_pool_free(pool);
}

static void write_condition(const struct findings *findings, FILE *stream)
{
    char words[512];
    if (classifier_words_sentence(findings, words, sizeof words))
        element("p", words, stream);
    if (!classifier_states_sentence(findings, "\n", "\n", words, sizeof words))
        return;
    fputs("<p>", stream);
    bool is_formula = false;
    for (char *rest = words, *part; (part = strsep(&rest, "\n")) != NULL; is_formula = !is_formula) {
        fputs(is_formula ? "<code>" : "", stream);
        isa_print_markup(part, stream);
        fputs(is_formula ? "</code>" : "", stream);
    }
    fputs("</p>\n", stream);
}

static void write_violation(const struct classifier_report *report, unsigned instruction, FILE *stream)
{
    const struct classifier_witness *witness = classifier_reason(report, instruction);
    const struct isa_instruction *i = isa_instruction_at(report->isa, instruction);
    char sentence[512];
    classifier_witness_sentence(report, witness, sentence, sizeof sentence);
    write_anchor("h3 id=\"", report, i->name, stream);
    fprintf(stream, "<code>%s</code></h3>\n<p class=\"quiet\">", i->name);
    isa_print_markup(i->doc != NULL ? i->doc : "", stream);
    fputs("</p>\n", stream);
    element("p", sentence, stream);
    write_condition(&report->findings[instruction], stream);
    fprintf(stream, "<div class=\"side\">\n<div>\n<p>The witness, word <code>0x%0*" PRIx32 "</code>:</p>\n",
            (int)i->bits / 4, witness->word);
    write_states(report, witness, stream);
    fputs("</div>\n", stream);
}

static void write_remedy(const struct classifier_report *report, unsigned instruction, FILE *stream)
{
    const char *source = isa_instruction_at(report->isa, instruction)->source;
    fputs("<p>What copes: ", stream);
    isa_print_markup(classifier_remedy_text(classifier_remedy(report, instruction)), stream);
    fputs("</p>\n", stream);
    if (source == NULL)
        return;
    fputs("<p class=\"quiet\">Source: ", stream);
    isa_print_markup(source, stream);
    fputs("</p>\n", stream);
}

/* ---- The page ---------------------------------------------------------------------------------------------------- */

/* Of the repaired variants the one of the most instructions. */
static void write_repaired(const struct classifier_report *report, FILE *stream)
{
    for (enum classifier_theorem theorem = CLASSIFIER_THEOREMS; theorem-- > 0;)
        if (report->repairs[theorem].text != NULL) {
            element("h3", "The repair", stream);
            fprintf(stream, "<p>With these instructions %s, Theorem %d is %s: the variant was loaded and "
                            "classified.</p>\n<details><summary>Its text</summary>\n",
                    report->view != NULL ? "exiting" : "privileged", (int)theorem + 1, verdict(report->repairs[theorem].holds));
            element("pre", report->repairs[theorem].text, stream);
            fputs("</details>\n", stream);
            return;
        }
}

/* Guest mode in the place of user mode. */
static void write_guest_mode(const struct classifier_report *guest, FILE *stream)
{
    fputs("<h3>In guest mode</h3>\n<p>Guest mode in the place of user mode, exits in that of privileged traps, the host's "
          "relocation and resources.</p>\n", stream);
    if (guest->only < 0)
        write_theorems(guest, stream);
    write_instructions(guest, stream);
    if (guest->trap_entry != NULL) {
        char text[1024];
        classifier_entry_sentence(guest->trap_entry, text, sizeof text);
        element("p", text, stream);
    }
    for (unsigned i = 0; i < isa_instruction_count(guest->isa); i++) {
        if (classifier_reason(guest, i) == NULL)
            continue;
        write_violation(guest, i, stream);
        fputs("</div>\n", stream);
        write_remedy(guest, i, stream);
    }
    write_repaired(guest, stream);
}

static void write_report(const struct classifier_report *report, unsigned number, classifier_page_part *part,
                         void *context, FILE *stream)
{
    const char *name = isa_name(report->isa);
    write_anchor("h2 id=\"", report, "", stream);
    isa_print_markup(name, stream);
    fputs(": ", stream);
    isa_print_markup(isa_title(report->isa), stream);
    fputs("</h2>\n", stream);
    if (report->only < 0)
        write_theorems(report, stream);
    if (isa_source(report->isa) != NULL) {
        fputs("<p class=\"quiet\">Source: ", stream);
        isa_print_markup(isa_source(report->isa), stream);
        fputs("</p>\n", stream);
    }
    write_diagram(report, stream);
    write_instructions(report, stream);
    for (unsigned i = 0; i < isa_instruction_count(report->isa); i++) {
        if (classifier_reason(report, i) == NULL)
            continue;
        write_violation(report, i, stream);
        if (part != NULL)
            part(context, number, i, stream);
        fputs("</div>\n", stream);
        write_remedy(report, i, stream);
    }
    write_repaired(report, stream);
    if (report->guest_mode != NULL)
        write_guest_mode(report->guest_mode, stream);
    fprintf(stream, "<p class=\"quiet\">%u witnesses replayed; %" PRIu64 " test situations refute no answer.</p>\n",
            report->replayed, report->trials);
}

void classifier_html(const struct classifier_report *const *reports, unsigned count, classifier_page_part *part,
                     void *context, FILE *stream)
{
    fprintf(stream,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Classified by PG-74</title>\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<style>\n%s</style>\n</head>\n"
            "<body>\n<h1>Can it be virtualized? What Popek and Goldberg's theorems say</h1>\n"
            "<p>The theorems are sufficient conditions. Guaranteed means proved for every word and every state; not "
            "guaranteed means that a word breaks the condition, and here it is.</p>\n",
            classifier_style);
    if (count > 1)
        write_overview(reports, count, stream);
    for (unsigned i = 0; i < count; i++)
        write_report(reports[i], i, part, context, stream);
    fputs("</body>\n</html>\n", stream);
}
