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

const char *lab_view_end(const struct lab_view *view)
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
    fprintf(stream, "      %-10s %-14s %s%s\n", "end", lab_view_end(&demonstration->bare), lab_view_end(&demonstration->monitored),
            strcmp(lab_view_end(&demonstration->bare), lab_view_end(&demonstration->monitored)) == 0 ? "" : "   <- differs");
}

enum lab_status lab_demonstration_status(const struct lab_demonstration *demonstration)
{
    return demonstration->program != NULL                                 ? LAB_SHOWN
           : demonstration->tried == 0 || demonstration->reached == 0 ? LAB_WAITING
           : demonstration->emulated                                  ? LAB_HIDDEN
                                                                      : LAB_NOT_SHOWN;
}

void lab_demonstration_reason(const struct lab_demonstration *demonstration, char *text, size_t size)
{
    const char *obstacle = demonstration->obstacle;
    switch (lab_demonstration_status(demonstration)) {
    case LAB_WAITING:
        if (demonstration->tried == 0)
            snprintf(text, size, "%s", obstacle);
        else
            snprintf(text, size, "the monitor does not run this machine's guests%s%s%s",
                     demonstration->refusal[0] != '\0' ? " (" : "", demonstration->refusal,
                     demonstration->refusal[0] != '\0' ? ")" : "");
        break;
    case LAB_HIDDEN:
        snprintf(text, size, "in all of %u programs it traps where it is sensitive, and the monitor emulates it: %s",
                 demonstration->tried,
                 demonstration->hidden != NULL ? demonstration->hidden : "the guest pays for each time, and sees nothing");
        break;
    case LAB_NOT_SHOWN:
        snprintf(text, size, "none of %u programs behaves otherwise under the monitor%s%s", demonstration->tried,
                 obstacle != NULL ? "; " : "", obstacle != NULL ? obstacle : "");
        break;
    default:
        text[0] = '\0';
    }
}

/* A paragraph, indented. */
static void print_folded(const char *text, unsigned indent, FILE *stream)
{
    fprintf(stream, "%*s", (int)indent, "");
    isa_fold(text, indent, indent, stream);
}

void lab_demonstration_print(const struct lab_demonstration *demonstration, const struct classifier_report *report,
                             unsigned instruction, FILE *stream)
{
    static const char *const statuses[LAB_STATUSES] = {"", "is hidden", "is NOT SHOWN", "is waiting"};
    const char *name = isa_instruction_at(classifier_report_isa(report), instruction)->name;
    enum lab_status status = lab_demonstration_status(demonstration);
    char sentence[512], word[128], text[1024];
    if (status != LAB_SHOWN) {
        lab_demonstration_reason(demonstration, sentence, sizeof sentence);
        snprintf(text, sizeof text, "%s %s: %s.", name, statuses[status], sentence);
        print_folded(text, 4, stream);
        return;
    }
    classifier_witness_sentence(report, demonstration->program->witness, sentence, sizeof sentence);
    isa_disassemble(classifier_report_isa(report), demonstration->program->word, 0, NULL, NULL, word, sizeof word);
    fprintf(stream, "    %s %s.\n", name, lab_finding_name(demonstration->finding));
    print_folded(sentence, 6, stream);
    snprintf(text, sizeof text, "The guest executes '%s' in %s mode, and prints what it then finds:", word,
             demonstration->program->user ? "user" : "supervisor");
    print_folded(text, 6, stream);
    print_consoles(demonstration, stream);
    if (demonstration->finding == LAB_ESCAPES) {
        snprintf(text, sizeof text, "Under the monitor %s.%s", demonstration->monitored.reached,
                 demonstration->unseen ? " This guest alone does not see it; all guests share it." : "");
        print_folded(text, 6, stream);
    }
}

void lab_demonstration_markdown(const struct lab_demonstration *demonstration, const struct classifier_report *report,
                                unsigned instruction, FILE *stream)
{
    bool is_shown = lab_demonstration_status(demonstration) == LAB_SHOWN;
    fprintf(stream, "\n%s\n\n```\n", is_shown ? "A guest shows it, bare and under the monitor `" LAB_DEMONSTRATION_MONITOR "`:"
                                             : "No guest shows it:");
    lab_demonstration_print(demonstration, report, instruction, stream);
    fputs("```\n", stream);
    if (is_shown)
        fprintf(stream, "\n<details><summary>The guest's program</summary>\n\n```\n%s```\n\n</details>\n", demonstration->program->text);
}
