/* files.c: the programs' files. The debugger asks which file a process runs, and reads it from here: so it has every
 * program's symbols and source lines without being told where they are. Nothing else can be read. */
#include "lab/gdb/internal.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

enum { NO_SUCH_FILE = 2, BAD_FILE = 9, SIZE_OF_STATUS = 64, SIZE_FIELD = 28 /* in struct stat of the protocol */ };

/* Other address spaces have no file that we know of. An ELF header alone tells the debugger what machine they are for. */
static const uint8_t *nothing_but_a_header(size_t *length)
{
    static const Elf32_Ehdr header = {
        .e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB, EV_CURRENT}, .e_type = ET_EXEC,
        .e_machine = EM_RISCV, .e_version = EV_CURRENT, .e_ehsize = sizeof header};
    *length = sizeof header;
    return (const uint8_t *)&header;
}

/* The file of a program, which is also its handle; NULL if there is none. */
static const uint8_t *contents(const struct lab_gdb_session *session, unsigned long program, size_t *length)
{
    if (program >= lab_debug_program_count(session->debug))
        return NULL;
    const struct machine_image *image = lab_debug_program(session->debug, (unsigned)program)->image;
    return image != NULL ? machine_image_bytes(image, length) : nothing_but_a_header(length);
}

static void open_file(const struct lab_gdb_session *session, const char *hex, FILE *reply)
{
    char path[4096];
    path[lab_gdb_get_hex(hex, (uint8_t *)path, sizeof path - 1)] = '\0';
    for (unsigned i = 0; i < lab_debug_program_count(session->debug); i++) {
        char *file = lab_program_file(lab_debug_program(session->debug, i));
        bool is_meant = strcmp(path, file) == 0;
        free(file);
        if (is_meant) {
            fprintf(reply, "F%x", i);
            return;
        }
    }
    fprintf(reply, "F-1,%x", NO_SUCH_FILE);
}

static void read_part(const struct lab_gdb_session *session, const char *arguments, FILE *reply)
{
    char *rest;
    size_t length = 0;
    const uint8_t *bytes = contents(session, strtoul(arguments, &rest, 16), &length);
    size_t count = *rest == ',' ? strtoul(rest + 1, &rest, 16) : 0;
    size_t offset = *rest == ',' ? strtoul(rest + 1, &rest, 16) : 0;
    if (bytes == NULL) {
        fprintf(reply, "F-1,%x", BAD_FILE);
        return;
    }
    offset = offset < length ? offset : length;
    count = count < length - offset ? count : length - offset;
    count = count < LAB_GDB_LONGEST_PACKET / 4 ? count : LAB_GDB_LONGEST_PACKET / 4; /* any byte may need two */
    fprintf(reply, "F%zx;", count);
    lab_gdb_put_binary(reply, bytes + offset, count);
}

/* Sixteen numbers, big-endian, of which the debugger looks at the size. */
static void tell_status(const struct lab_gdb_session *session, const char *arguments, FILE *reply)
{
    uint8_t status[SIZE_OF_STATUS] = {0};
    size_t length = 0;
    if (contents(session, strtoul(arguments, NULL, 16), &length) == NULL) {
        fprintf(reply, "F-1,%x", BAD_FILE);
        return;
    }
    for (unsigned i = 0; i < 8; i++)
        status[SIZE_FIELD + i] = (uint8_t)((uint64_t)length >> (56 - 8 * i));
    fprintf(reply, "F%x;", SIZE_OF_STATUS);
    lab_gdb_put_binary(reply, status, sizeof status);
}

void lab_gdb_file(const struct lab_gdb_session *session, const char *packet, FILE *reply)
{
    const char *operation = packet + strlen("vFile:"), *arguments = strchr(operation, ':');
    if (arguments == NULL)
        return;
    arguments++;
    if (strncmp(operation, "open:", 5) == 0)
        open_file(session, arguments, reply);
    else if (strncmp(operation, "pread:", 6) == 0)
        read_part(session, arguments, reply);
    else if (strncmp(operation, "fstat:", 6) == 0)
        tell_status(session, arguments, reply);
    else if (strncmp(operation, "close:", 6) == 0 || strncmp(operation, "setfs:", 6) == 0)
        fputs("F0", reply);
}
