/* report_html.c: reports as one page that needs nothing else: tables, witnesses, the drawing of the sets. */
#include "classifier/internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char style[] =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#1b1b1b;"
    "background:#fff}\n"
    "h1{font-size:1.6em}h2{margin-top:2em;border-bottom:2px solid #888}\n"
    "table{border-collapse:collapse;margin:1em 0}td,th{border:1px solid #bbb;padding:.15em .6em;text-align:left}\n"
    "th{background:#eee}td.yes{background:#dbe9f6}td.bad,.no{background:#f8d7d2}.ok{background:#d9efd7}\n"
    "pre{background:#f5f5f5;padding:.8em;overflow-x:auto;font-size:.85em;line-height:1.35}\n"
    "svg{width:100%;height:auto}svg text{font:14px ui-monospace,monospace;fill:#1b1b1b}\n"
    "svg .set{font:italic 14px system-ui,sans-serif}svg .bad{fill:#a3180a;font-weight:bold}\n"
    "rect{stroke:#555;stroke-width:1.5;fill-opacity:.35}rect.privileged{fill:#a9cfa5}rect.sensitive{fill:#f3c9a0}\n"
    "rect.user{fill:#eda39a;stroke-dasharray:5 3}\n";

void classifier_html_escaped(const char *text, FILE *stream)
{
    for (; *text != '\0'; text++)
        switch (*text) {
        case '&': fputs("&amp;", stream); break;
        case '<': fputs("&lt;", stream); break;
        case '>': fputs("&gt;", stream); break;
        case '"': fputs("&quot;", stream); break;
        default: fputc(*text, stream);
        }
}

static void element(const char *tag, const char *text, FILE *stream)
{
    fprintf(stream, "<%s>", tag);
    classifier_html_escaped(text, stream);
    fprintf(stream, "</%s>\n", tag);
}

/* The opening tag of a link to an instruction, or of its heading; no two on the page are alike. */
static void write_anchor(const char *start, const struct classifier_report *report, const char *name, FILE *stream)
{
    fprintf(stream, "<%s", start);
    classifier_html_escaped(isa_name(report->isa), stream);
    fprintf(stream, "-%s\">", name);
}

static const char *verdict(enum classifier_answer answer)
{
    return answer == CLASSIFIER_YES ? "guaranteed" : answer == CLASSIFIER_NO ? "not guaranteed" : "unknown";
}

static void write_verdict(enum classifier_answer answer, FILE *stream)
{
    fprintf(stream, "<td class=\"%s\">%s</td>", answer == CLASSIFIER_YES ? "ok" : "no", verdict(answer));
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
            fprintf(stream, "%s</a>", name);
            any = true;
        }
    fputs(any ? "</td>" : "-</td>", stream);
}

static void write_repair(const struct repair *repair, FILE *stream)
{
    if (repair->text == NULL)
        fputs("<td>-</td>", stream);
    else
        fprintf(stream, "<td>make them privileged: %s</td>",
                repair->obstacle != NULL ? "cannot be built" : verdict(repair->holds));
}

static void write_theorems(const struct classifier_report *report, FILE *stream)
{
    static const char *const titles[] = {"1: a monitor can be built", "2: it can run under itself",
                                         "3: a hybrid monitor can be built"};
    fputs("<table><tr><th>Theorem</th><th>verdict</th><th>in the paper's own model</th><th>broken by</th>"
          "<th>cheapest repair</th></tr>\n",
          stream);
    for (enum classifier_theorem theorem = 0; theorem < CLASSIFIER_THEOREMS; theorem++) {
        fprintf(stream, "<tr><td>%s</td>", titles[theorem]);
        write_verdict(classifier_theorem(report, theorem, false), stream);
        if (theorem == CLASSIFIER_THEOREM_2)
            fputs("<td>-</td>", stream);
        else
            write_verdict(classifier_theorem(report, theorem, true), stream);
        write_violators(report, theorem, stream);
        write_repair(&report->repairs[theorem], stream);
        fputs("</tr>\n", stream);
    }
    fputs("</table>\n", stream);
}

/* Innocuous instructions are counted, not listed. */
static void write_instructions(const struct classifier_report *report, FILE *stream)
{
    static const char *const columns[] = {"privileged", "control", "mode", "location", "resource", "time", "user"};
    unsigned innocuous = 0;
    fputs("<table><tr><th>instruction</th>", stream);
    for (unsigned p = 0; p < CLASSIFIER_INNOCUOUS; p++)
        fprintf(stream, "<th>%s</th>", columns[p]);
    fputs("</tr>\n", stream);
    for (unsigned i = 0; i < isa_instruction_count(report->isa); i++) {
        const enum classifier_answer *has = report->findings[i].has;
        if (has[CLASSIFIER_INNOCUOUS] == CLASSIFIER_YES) {
            innocuous++;
            continue;
        }
        bool bad = classifier_reason(report, i) != NULL;
        fprintf(stream, "<tr><td%s>%s</td>", bad ? " class=\"bad\"" : "", isa_instruction_at(report->isa, i)->name);
        for (unsigned p = 0; p < CLASSIFIER_INNOCUOUS; p++)
            fprintf(stream, has[p] == CLASSIFIER_YES  ? "<td class=\"yes\">yes</td>"
                            : has[p] == CLASSIFIER_NO ? "<td>-</td>"
                                                      : "<td class=\"bad\">unknown</td>");
        fputs("</tr>\n", stream);
    }
    fprintf(stream, "</table>\n<p>The other %u are innocuous.</p>\n", innocuous);
}

static void write_violation(const struct classifier_report *report, unsigned instruction, FILE *stream)
{
    const struct classifier_witness *witness = classifier_reason(report, instruction);
    const struct findings *findings = &report->findings[instruction];
    const struct isa_instruction *i = isa_instruction_at(report->isa, instruction);
    char *text = NULL;
    size_t size;
    FILE *buffer = open_memstream(&text, &size);
    if (buffer == NULL)
        return;
    classifier_print_witness(report, witness, buffer);
    fclose(buffer);
    write_anchor("h3 id=\"", report, i->name, stream);
    fprintf(stream, "%s</h3>\n", i->name);
    element("p", i->doc != NULL ? i->doc : "", stream);
    element("pre", text, stream);
    free(text);
    if (findings->condition != NULL)
        fprintf(stream, "<p>Only for words in which %s.</p>\n", findings->condition);
    if (findings->where != NULL) {
        fputs("<p>Only where <code>", stream);
        classifier_html_escaped(findings->where, stream);
        fputs("</code>.</p>\n", stream);
    }
    fputs("<p>What copes: ", stream);
    classifier_html_escaped(classifier_remedy_text(classifier_remedy(report, instruction)), stream);
    fputs("</p>\n", stream);
    if (i->source != NULL)
        element("p", i->source, stream);
}

static void write_report(const struct classifier_report *report, FILE *stream)
{
    char heading[256];
    snprintf(heading, sizeof heading, "%s: %s", isa_name(report->isa), isa_title(report->isa));
    element("h2", heading, stream);
    if (isa_source(report->isa) != NULL)
        element("p", isa_source(report->isa), stream);
    if (report->only < 0)
        write_theorems(report, stream);
    classifier_draw(report, stream);
    write_instructions(report, stream);
    for (unsigned i = 0; i < isa_instruction_count(report->isa); i++)
        if (classifier_reason(report, i) != NULL)
            write_violation(report, i, stream);
    for (enum classifier_theorem theorem = CLASSIFIER_THEOREMS; theorem-- > 0;)
        if (report->repairs[theorem].text != NULL) { /* the one of the most instructions */
            element("h3", "The repaired variant", stream);
            element("pre", report->repairs[theorem].text, stream);
            break;
        }
}

void classifier_html(const struct classifier_report *const *reports, unsigned count, classifier_page_part *part,
                     void *context, FILE *stream)
{
    (void)part, (void)context;
    fprintf(stream,
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Classified by PG-74</title>\n"
            "<meta name=\"viewport\" content=\"width=device-width\">\n<style>\n%s</style></head><body>\n"
            "<h1>What Popek and Goldberg's theorems say</h1>\n"
            "<p>The theorems are sufficient conditions. Guaranteed means proved for every word and every state; not "
            "guaranteed means that a word breaks the condition, and here it is.</p>\n",
            style);
    for (unsigned i = 0; i < count; i++)
        write_report(reports[i], stream);
    fputs("</body></html>\n", stream);
}
