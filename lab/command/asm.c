/* asm.c: `pg74 asm`: assembles a program. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "isa/isa.h"
#include "lab/lab.h"

/* Under another name first: whoever waits for the program never sees half of it. (What is there and is no file, such as
 * /dev/stdout, is written as it is.) */
static bool write_program(const char *path, const uint8_t *image, size_t length, struct isa_diagnostics *diagnostics)
{
    struct isa_place place = {path, NULL, 0, 0, 0};
    struct stat status;
    bool in_place = stat(path, &status) == 0 && !S_ISREG(status.st_mode);
    char *temporary = NULL;
    if (asprintf(&temporary, "%s%s", path, in_place ? "" : ".new") < 0)
        return false;
    FILE *file = fopen(temporary, "wb");
    bool good = file != NULL && fwrite(image, 1, length, file) == length;
    if (file != NULL && fclose(file) != 0)
        good = false;
    good = good && (in_place || rename(temporary, path) == 0);
    if (!good) {
        isa_diagnostics_error(diagnostics, &place, ISA_EXIT_NO_INPUT, NULL, "cannot be written: %s", strerror(errno));
        if (file != NULL && !in_place)
            remove(temporary);
    }
    free(temporary);
    return good;
}

static void assemble(const char *name, const char *source, const char *output, struct isa_diagnostics *diagnostics)
{
    struct isa *isa = isa_load(name, diagnostics);
    char *text = isa ? isa_read_file(source, NULL, diagnostics) : NULL;
    size_t length = 0;
    uint8_t *image = text ? isa_assemble(isa, source, text, &length, diagnostics) : NULL;
    if (image != NULL)
        write_program(output, image, length, diagnostics);
    free(image);
    free(text);
    isa_free(isa);
}

int lab_command_asm(int argc, char **argv)
{
    const char *source = NULL, *output = NULL, *isa = "pg74";
    for (int i = 1; i < argc; i++) {
        const char **option = strcmp(argv[i], "-o") == 0 ? &output : strcmp(argv[i], "--isa") == 0 ? &isa : NULL;
        if (option != NULL && i + 1 == argc)
            return lab_usage_error("asm", "%s needs a value", argv[i]);
        if (option != NULL)
            *option = argv[++i];
        else if (argv[i][0] == '-' && argv[i][1] != '\0')
            return lab_usage_error("asm", "there is no option '%s'", argv[i]);
        else if (source != NULL)
            return lab_usage_error("asm", "one source file at a time: '%s' and '%s'", source, argv[i]);
        else
            source = argv[i];
    }
    if (source == NULL || output == NULL)
        return lab_usage_error("asm", "%s", source == NULL ? "a source file is needed" : "-o FILE.elf is needed");
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    assemble(isa, source, output, diagnostics);
    isa_diagnostics_print(diagnostics, stderr);
    int code = isa_diagnostics_exit_code(diagnostics);
    isa_diagnostics_free(diagnostics);
    return code;
}
