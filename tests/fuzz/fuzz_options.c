/* Fuzzes command lines: the input is the arguments, each ending with a newline. */
#define main pg74_main
#include "lab/pg74.c"
#undef main

#include <fcntl.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"

enum { MOST_ARGUMENTS = 24 };

/* Runs in an empty folder, in which arguments name files without slashes: nothing else can be written to. */
static void prepare(void)
{
    char folder[] = "/tmp/pg74-fuzz-XXXXXX";
    int nowhere = open("/dev/null", O_RDWR);
    if (nowhere < 0 || mkdtemp(folder) == NULL || chdir(folder) != 0)
        abort();
    dup2(nowhere, STDIN_FILENO);
    dup2(nowhere, STDOUT_FILENO);
    FILE *source = fopen("guest.s", "w");
    if (source == NULL)
        abort();
    fputs(".global _start\n_start: halt zero\n", source);
    fclose(source);
    char *assemble[] = {"pg74", "asm", "guest.s", "-o", "guest.elf", NULL};
    if (pg74_main(5, assemble) != 0)
        abort();
}

/* Cuts the text at its line ends; names no folders. */
static int cut(char *text, char **arguments, int count)
{
    for (char *next = text; *next != '\0' && count <= MOST_ARGUMENTS;) {
        char *end = next + strcspn(next, "\n");
        int last = *end == '\0';
        *end = '\0';
        for (char *letter = next; *letter != '\0'; letter++)
            if (*letter == '/')
                *letter = '_';
        arguments[count++] = next;
        next = end + !last;
    }
    arguments[count] = NULL;
    return count;
}

/* Options are the target here, and not what runs: a run gets a limit, and nothing that there is gets classified. */
static int shorten(char **arguments, int count)
{
    static char limit[] = "--limit", steps[] = "10000", none[] = "none";
    if (count > 1 && (strcmp(arguments[1], "run") == 0 || strcmp(arguments[1], "compare") == 0)) {
        memmove(arguments + 4, arguments + 2, (size_t)(count - 1) * sizeof *arguments);
        arguments[2] = limit;
        arguments[3] = steps;
        return count + 2;
    }
    for (int i = 2; i < count && strcmp(arguments[1], "classify") == 0; i++)
        if (strstr(arguments[i], "74") != NULL || strstr(arguments[i], "10") != NULL || strstr(arguments[i], "pocket") != NULL)
            arguments[i] = none;
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int prepared;
    if (!prepared) {
        prepare();
        prepared = 1;
    }
    char *text = fuzz_text(data, size);
    char *arguments[MOST_ARGUMENTS + 4] = {"pg74"};
    int count = shorten(arguments, cut(text, arguments, 1));
    pg74_main(count, arguments);
    free(text);
    return 0;
}
