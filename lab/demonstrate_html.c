/* demonstrate_html.c: a demonstration as a part of a page: both consoles side by side, and the program. */
#include "lab/demonstrate.h"

#include <string.h>

static const char *next_line(const char *text)
{
    const char *end = strchr(text, '\n');
    return end != NULL ? end + 1 : text + strlen(text);
}

/* A line of a console as a cell; what two consoles have in common, the name before a number, is a cell of its own. */
static void write_cell(const char *line, size_t skip, FILE *stream)
{
    char text[256];
    size_t length = strcspn(line, "\n");
    skip = skip < length ? skip : length;
    snprintf(text, sizeof text, "%.*s", (int)(length - skip), line + skip);
    fputs("<td>", stream);
    isa_print_markup(*line != '\0' ? text : "-", stream);
    fputs("</td>", stream);
}

static size_t name_length(const char *line)
{
    const char *number = strstr(line, " 0x");
    return number != NULL && number < next_line(line) ? (size_t)(number - line) + 1 : 0;
}

static void write_row(const char *name, size_t length, const char *bare, const char *monitored, FILE *stream)
{
    size_t left = strcspn(bare, "\n"), right = strcspn(monitored, "\n");
    bool same = left == right && memcmp(bare, monitored, left) == 0;
    char text[64];
    snprintf(text, sizeof text, "%.*s", (int)strcspn(name, " \n"), length > 0 ? name : "");
    fprintf(stream, "<tr%s><th scope=\"row\">", same ? "" : " class=\"differs\"");
    isa_print_markup(text, stream);
    fputs("</th>", stream);
    write_cell(bare, length, stream);
    write_cell(monitored, length, stream);
    fputs("</tr>\n", stream);
}

static void write_consoles(const struct lab_demonstration *demonstration, FILE *stream)
{
    const char *bare = demonstration->bare.console, *monitored = demonstration->monitored.console,
               *ends[] = {lab_view_end(&demonstration->bare), lab_view_end(&demonstration->monitored)};
    fputs("<table class=\"states\">\n<tr><td></td><th scope=\"col\">bare machine</th>"
          "<th scope=\"col\">under the monitor</th></tr>\n", stream);
    while (*bare != '\0' || *monitored != '\0') {
        const char *named = *bare != '\0' ? bare : monitored;
        write_row(named, name_length(named), bare, monitored, stream);
        bare = next_line(bare);
        monitored = next_line(monitored);
    }
    fprintf(stream, "<tr%s><th scope=\"row\">end</th><td>%s</td><td>%s</td></tr>\n</table>\n",
            strcmp(ends[0], ends[1]) == 0 ? "" : " class=\"differs\"", ends[0], ends[1]);
}

void lab_demonstration_html(const struct lab_demonstration *demonstration, const struct classifier_report *report,
                            const char *machine, unsigned instruction, FILE *stream)
{
    char text[512], word[128];
    if (lab_demonstration_status(demonstration) != LAB_SHOWN) {
        lab_demonstration_reason(demonstration, text, sizeof text);
        fputs("<p><b>No demonstration:</b> ", stream);
        isa_print_markup(text, stream);
        fputs(".</p>\n", stream);
        return;
    }
    isa_disassemble(classifier_report_isa(report), demonstration->program->word, 0, NULL, NULL, word, sizeof word);
    fprintf(stream, "<div class=\"run\">\n<p><b>It %s.</b> A guest of ", lab_finding_name(demonstration->finding));
    isa_print_markup(machine, stream);
    fputs(" executes <code>", stream);
    isa_print_markup(word, stream);
    fprintf(stream, "</code> in %s mode, and prints what it then finds, on the bare machine and under the monitor "
                    "trap_and_emulate:</p>\n", demonstration->program->user ? "user" : "supervisor");
    write_consoles(demonstration, stream);
    if (demonstration->finding == LAB_ESCAPES) {
        fputs("<p>Under the monitor ", stream);
        isa_print_markup(demonstration->monitored.reached, stream);
        fprintf(stream, ".%s</p>\n",
                demonstration->unseen ? " This guest alone does not see it; all guests share it." : "");
    }
    fprintf(stream, "<details><summary>The guest's program, %s</summary>\n<pre>",
            isa_instruction_at(classifier_report_isa(report), instruction)->name);
    isa_print_markup(demonstration->program->text, stream);
    fputs("</pre></details>\n</div>\n", stream);
}
