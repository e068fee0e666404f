/* asm.c: `pg74 asm`: assembles a program. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isa/isa.h"
#include "lab/lab.h"

static void assemble(const char *name, const char *source, const char *output, struct isa_diagnostics *diagnostics)
{
    struct isa *isa = isa_load(name, diagnostics);
    char *text = isa ? isa_read_file(source, NULL, diagnostics) : NULL;
    size_t length = 0;
    uint8_t *image = text ? isa_assemble(isa, source, text, &length, diagnostics) : NULL;
    int error = image != NULL ? isa_write_file(output, image, length) : 0;
    if (error)
        isa_diagnostics_error(diagnostics, &(struct isa_place){.file = output}, ISA_EXIT_NO_INPUT, NULL,
                              "cannot be written: %s", strerror(error));
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
