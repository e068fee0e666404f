/* pg74.c: the program. One table of commands, from which the dispatch, the list and the help are made. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "isa/isa.h"
#include "lab/lab.h"


struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary; /* one line for the list */
    const char *usage;   /* what follows the name; several forms on several lines */
    const char *details; /* the options, and what the exit codes mean */
};

#define MACHINE_OPTIONS                                                                                                \
    "  --isa V          the instruction set: a name, NAME:PARENT or FILE.isa (pg74)\n"                                 \
    "  --engine E       fast or reference (fast)\n"                                                                    \
    "  --input FILE     console input; the n-th belongs to guest n\n"                                                  \
    "  --disk FILE      disk contents; the n-th belongs to guest n\n"                                                  \
    "  --memory SIZE    bytes of each guest's memory, as 65536, 256K or 4M (1M)\n"                                     \
    "  --cost PRESET    how cycles are counted: classic, uniform or modern (classic)\n"

#define RUN_OPTIONS                                                                                                    \
    MACHINE_OPTIONS "  --limit N        stop after so many instructions and traps\n"                                  \
                    "  --json           print one JSON object\n"

static const struct command commands[] = {
    {"isa", lab_command_isa, "show instruction sets, or check one of your own",
     "list\nshow VARIANT [INSTRUCTION] [--json]\ncard VARIANT\ncheck FILE.isa",
     "  list             the instruction sets that are built in\n"
     "  show             every instruction, or one, with its bits and its meaning\n"
     "  card             the whole machine on one page\n"
     "  check            is this file a good specification? Exit 65 if not\n"},
    {"asm", lab_command_asm, "assemble a program", "FILE.s -o FILE.elf [--isa V]",
     "  -o FILE.elf      where the program goes\n"
     "  --isa V          the instruction set (pg74)\n"},
    {"dis", lab_command_dis, "disassemble a program, or one word", "FILE.elf|WORD [--isa V]",
     "  --isa V          the instruction set (pg74)\n"},
    {"run", lab_command_run, "run a guest on the bare machine, or guests under a monitor",
     "[options] GUEST...",
     "A guest is an ELF file, or the name of one that came with the program (nucleus, hello).\n\n"
     "  --vmm NAME       the monitor: a name (trap_and_emulate) or FILE.elf\n" RUN_OPTIONS
     "  --trace FILE     write every trap, PSW load and port access to FILE\n"
     "  --console DIR    write what each guest prints to a file of its own: DIR/guest-1.txt, ...\n\n"
     "Exits with the low 8 bits of the first halt code that is not 0; 124 at the limit or in a deadlock.\n"},
    {"compare", lab_command_compare, "run guests bare and under monitors, and compare",
     "[options] GUEST...",
     "  --vmm NAME,NAME  the monitors to compare with the bare machine\n" RUN_OPTIONS
     "  --no-check       measure only: fast, and without looking whether the guests behave the same\n"
     "  --breakdown      where each monitor's cycles went, by what it was entered for\n"
     "  --method M       how to look: lockstep (instruction by instruction), final (only what remains in the end), or\n"
     "                   automatic, which chooses by how the monitor works (automatic)\n"
     "\nExits with 1 when a guest does not behave as it does on the bare machine.\n"},
    {"check", lab_command_check, "judge a monitor: equivalence, resource control, efficiency",
     "[options] VMM.elf|NAME[/INNER...]",
     "  --isa V          the instruction set: a name, NAME:PARENT or FILE.isa (pg74)\n"
     "  --guests N       how many guests to generate, besides the directed ones (1000)\n"
     "  --seed S         the same seed gives the same guests (1)\n"
     "  --save FILE      write the smallest guest that shows what is wrong\n"
     "  --case FILE      try such a guest alone\n"
     "  --part K/N       only the Kth of N parts of all these guests (1/1)\n"
     "  --jobs N         guests to try at a time (as there are processors); the result does not depend on it\n"
     "  --json           print one JSON object\n"
     "\nExits with 1 when the monitor fails a property that it claims to have.\n"},
    {"lesson", lab_command_lesson, "lessons: virtualization from the start, with a machine beside the text",
     "[options] [NAME]\nlist [options]\nreset NAME\nexport [-o FILE] [NAME]\nverify FILE\ncheck [options] [NAME]",
     "  list             the lessons, and what you have done; NAME may be a number there\n"
     "  reset            forget what was done in a lesson\n"
     "  export           a record of what was done, for somebody who verifies it\n"
     "  verify           judge again all that stands in a record; exit 1 if something is not so\n"
     "  check            is a lesson all right? Exit 65 if not\n"
     "  --plain          as a dialogue, line by line, as on terminals without a screen\n"
     "  --ascii, --no-mouse, --export FILE, --keys KEYS, --size CxL   as for tui\n"
     "  --lang LANGUAGE  the language of the text, as ru (what the environment says, or en)\n"
     "  --lessons DIR    where the lessons are ($PG74_LESSONS, or those that came with the program)\n"
     "\ndocs/lesson-author.md tells how to write one.\n"},
    {"tui", lab_command_tui, "machines on the screen: step through a guest and its monitor, forwards and backwards; several side by side; an instruction set",
     "[options] [GUEST...]",
     "  --vmm NAME,...   the monitor, as for run; several, or `none` for the bare machine, side by side\n" MACHINE_OPTIONS
     "  --ascii          draw with ASCII characters only\n"
     "  --no-mouse       leave the mouse to the terminal\n"
     "  --export FILE    write the screen to FILE, .txt or .html, and leave\n"
     "  --keys KEYS      type these keys first\n"
     "  --size CxL       the size of what is exported (80x24)\n"
     "  --plain          print the screen, and leave\n"
     "\nWith --isa and no guest: the instruction set, its classes and the theorems. On the screen, ? lists the keys.\n"},
    {"gdb", lab_command_gdb, "debug a guest, or the monitor under it, with gdb-multiarch",
     "[options] [--port N | --stdio] GUEST...",
     "  --vmm NAME       the monitor, as for run\n" MACHINE_OPTIONS
     "  --port N         listen there, on this computer (1234); 0: on any that is free\n"
     "  --stdio          speak over standard input and output: target remote | pg74 gdb --stdio GUEST\n"
     "\nIt prints what to type in another terminal. docs/debugging.md tells what the debugger sees.\n"},
    {"classify", lab_command_classify, "decide what Popek and Goldberg's theorems say of an instruction set",
     "[options] VARIANT|FILE.isa ...\n--diff A B [--json]\n--host [--json]",
     "  --instruction I  this instruction only, with its witnesses\n"
     "  --demonstrate    for each violation, run a guest that shows it: on the bare machine and under trap_and_emulate\n"
     "  --save DIR       keep the programs of --demonstrate there\n"
     "  --diff A B       what the change from A to B did to each instruction, and to the theorems\n"
     "  --host           what this processor does with the x86's sensitive instructions in user mode (x86-64 Linux)\n"
     "  --json           print one JSON object\n"
     "  --markdown       print the report in Markdown; with --demonstrate each violation with the run that shows it\n"
     "  --html FILE      write one page with tables, witnesses and a drawing of the sets, instead of printing\n\n"
     "Exits with 0 on any verdict, 70 when there is none.\n"},
    {"grade", lab_command_grade, "grade a submission to a lab", "[options] LAB SUBMISSION\n--batch FOLDER -o RESULTS [-j N] [--compare OLD.csv] [options] LAB",
     "  --format F       text, json, junit, tap, gradescope, autolab, prairielearn or github (text)\n"
     "  -o FILE          write the result there, anew after every task; without it, print it at the end\n"
     "  --seed S         for what a lab makes at random (1)\n"
     "  --batch FOLDER   every submission in it: a file for each in RESULTS, with results.csv and results.html; what is\n"
     "                   there already is not graded again\n"
     "  -j N             so many at a time (1); the results do not depend on it\n"
     "  --compare FILE   print which scores are others than in this results.csv\n"
     "  --task ID        this task alone\n"
     "  --all            show all failures in full, not only the first three\n"
     "  --seconds N      a check that takes longer is a grader error (120)\n"
     "  --secret TEXT    the course's secret, in the place of the lab's file `secret`\n"
     "  --any-compiler   grade with another compiler than the lab declares\n"
     "  --uncontained    grade even where a submission cannot be closed in: only for what you wrote yourself\n"
     "\nA lab is a folder with a lab.lua; a submission is a folder, or the one file that the lab wants. Exits with 0 when\n"
     "it has been graded, whatever the score. docs/instructor.md tells the rest.\n"},
    {"lab", lab_command_lab, "for authors of labs: a new one, is it sound, what students and platforms get",
     "new LAB\ncheck LAB\nexport LAB -o FOLDER [--secret TEXT]\npackage LAB -o FOLDER --for gradescope|autolab\n"
     "questions --seed STUDENT -o PAPER.md --key KEY.md",
     "  new              makes a lab that works, to be changed\n"
     "  check            is it sound? Exit 1 if not\n"
     "  export           makes what students get: without solutions, hidden checks and the secret\n"
     "  package          makes what a platform for courses wants\n"
     "  questions        makes questions about an unfamiliar machine for one student, and the key\n"
     "  --secret TEXT    the course's secret, in the place of the lab's file `secret`\n"
     "\ndocs/lab-author.md tells how a lab is written.\n"},
    {"shell", lab_command_shell, "Lua with all of PG-74 in it: line by line, or a script", "[FILE.lua [ARG...]]",
     "Without a file it reads lines from a terminal, with editing, history and completion (':help' there says more), or\n"
     "a script from standard input. docs/lua.md describes the module pg74.\n\n"
     "Exits with 0, or 65 when the script has an error, or with what os.exit is given.\n"},
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static const struct command *command_named(const char *name)
{
    for (unsigned i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static int unknown_command(const char *name)
{
    const char *names[COMMANDS + 2];
    unsigned count = 0;
    for (unsigned i = 0; i < COMMANDS; i++)
        names[count++] = commands[i].name;
    names[count++] = "help";
    names[count] = NULL;
    const char *nearest = lab_nearest(name, names);
    fprintf(stderr, "pg74: there is no command '%s'", name);
    if (nearest != NULL)
        fprintf(stderr, "; did you mean '%s'?", nearest);
    fputs("\n  advice: 'pg74 --help' lists the commands\n", stderr);
    return ISA_EXIT_USAGE;
}

static void print_help(FILE *stream)
{
    fputs("PG-74: a laboratory for virtualization\n\nusage: pg74 COMMAND [ARGUMENT...]\n\n", stream);
    for (unsigned i = 0; i < COMMANDS; i++)
        fprintf(stream, "  %-10s %s\n", commands[i].name, commands[i].summary);
    fputs("\n  pg74 help COMMAND   how a command is used\n  pg74 --version      the version\n", stream);
}

static int print_help_on(const char *name)
{
    const struct command *command = command_named(name);
    if (command == NULL)
        return unknown_command(name);
    printf("pg74 %s: %s\n\n", command->name, command->summary);
    const char *lead = "usage:";
    for (const char *form = command->usage; *form != '\0';) {
        size_t length = strcspn(form, "\n");
        printf("%s pg74 %s %.*s\n", lead, command->name, (int)length, form);
        form += length + (form[length] == '\n');
        lead = "      ";
    }
    printf("\n%s", command->details);
    return 0;
}

static int dispatch(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : NULL;
    if (name == NULL) {
        print_help(stderr);
        return ISA_EXIT_USAGE;
    }
    if (strcmp(name, "--version") == 0) {
        puts("pg74 " LAB_VERSION);
        return 0;
    }
    bool help = strcmp(name, "help") == 0 || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0;
    if (help && argc > 2)
        return print_help_on(argv[2]);
    if (help) {
        print_help(stdout);
        return 0;
    }
    const struct command *command = command_named(name);
    if (command == NULL)
        return unknown_command(name);
    if (argc > 2 && strcmp(argv[2], "--help") == 0)
        return print_help_on(name);
    return command->run(argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
    int code = dispatch(argc, argv);
    /* A full disk or a closed pipe must not look like success. */
    if ((fflush(stdout) != 0 || ferror(stdout)) && code == 0) {
        fputs("pg74: cannot write to standard output\n", stderr);
        code = ISA_EXIT_INTERNAL;
    }
    return code;
}
