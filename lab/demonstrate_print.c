/* demonstrate_print.c: what a demonstration showed, for people: both consoles side by side. */
#include "lab/demonstrate.h"

#include <string.h>

/* A line of a console: "NAME", spaces, "0x...", or something else (then the name is empty). */
struct line { const char *text; int length, name, value; };

static struct line line_at(const char *text)
{
    struct line line = {.text = text, .length = (int)strcspn(text, "\n")};
    int name = (int)strcspn(text, " \n"), value = name + (int)strspn(text + name, " ");
    if (name < line.length && strncmp(text + value, "0x", 2) == 0 && line.length == value + 10) {
        line.name = name;
        line.value = value;
    }
    return line;
}

static const char *after(struct line line)
{
    return line.text + line.length + (line.text[line.length] == '\n');
}

static const char *ending(const struct lab_view *view)
{
    static const char *const stops[] = {"halted", "never ends", "waits for ever", "stopped"};
    return view->stop == MACHINE_HALTED && !view->halted ? "the real machine has halted" : stops[view->stop];
}

/* Line by line; where one of them has no more, it has a dash. */
static void print_consoles(const struct lab_demonstration *demonstration, FILE *stream)
{
    const char *bare = demonstration->bare.console, *monitored = demonstration->monitored.console;
    fprintf(stream, "      %-10s %-14s under the monitor\n", "", "bare machine");
    while (*bare != '\0' || *monitored != '\0') {
        struct line left = line_at(bare), right = line_at(monitored), named = left.name > 0 ? left : right;
        bool same = left.length == right.length && strncmp(left.text, right.text, (size_t)left.length) == 0;
        fprintf(stream, "      %-10.*s %-14.*s %.*s%s\n", named.name, named.text,
                *bare != '\0' ? left.length - left.value : 1, *bare != '\0' ? left.text + left.value : "-",
                *monitored != '\0' ? right.length - right.value : 1,
                *monitored != '\0' ? right.text + right.value : "-",
                same ? "" : "   <- differs");
        bare = after(left);
        monitored = after(right);
    }
    fprintf(stream, "      %-10s %-14s %s%s\n", "end", ending(&demonstration->bare), ending(&demonstration->monitored),
            strcmp(ending(&demonstration->bare), ending(&demonstration->monitored)) == 0 ? "" : "   <- differs");
}

void lab_demonstration_print(const struct lab_demonstration *demonstration, const struct classifier_report *report,
                             unsigned instruction, FILE *stream)
{
    const char *name = isa_instruction_at(classifier_report_isa(report), instruction)->name;
    char sentence[512], word[128];
    if (demonstration->program == NULL && demonstration->tried == 0) {
        fprintf(stream, "    %s is waiting: %s.\n", name, demonstration->obstacle);
        return;
    }
    if (demonstration->program == NULL) {
        fprintf(stream, "    %s is NOT SHOWN: none of %u programs behaves otherwise under the monitor%s%s%s.\n", name,
                demonstration->tried,
                demonstration->emulated ? "; in all of them it traps, and the monitor emulates it" : "",
                demonstration->obstacle != NULL ? "; " : "",
                demonstration->obstacle != NULL ? demonstration->obstacle : "");
        return;
    }
    classifier_witness_sentence(report, demonstration->program->witness, sentence, sizeof sentence);
    isa_disassemble(classifier_report_isa(report), demonstration->program->word, 0, NULL, NULL, word, sizeof word);
    fprintf(stream, "    %s %s.\n      %s\n      The guest executes '%s' in %s mode, and prints what it then finds:\n",
            name, lab_finding_name(demonstration->finding), sentence, word,
            demonstration->program->user ? "user" : "supervisor");
    print_consoles(demonstration, stream);
    if (demonstration->finding == LAB_ESCAPES)
        fprintf(stream, "      Under the monitor %s.%s\n", demonstration->monitored.reached,
                demonstration->unseen ? " This guest alone does not see it; all guests share it." : "");
}
