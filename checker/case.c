/* case.c: a case: lines of assembly and what the devices hold; as text, as a file, and as the machine takes it.
 *
 * In a file, lines that begin with "#!" say what is not assembly (to the assembler they are comments):
 *
 *     #! guest               the next program begins; the first needs no such line
 *     #! input 68690a        its console input, in hexadecimal
 *     #! disk 4 7            its disk: sectors, and the key of the pattern on it
 */
#include "checker/check.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SECTORS = 64 };

/* ---- Random numbers ---------------------------------------------------------------------------------------------- */

uint64_t checker_random_next(struct checker_random *random)
{
    return isa_random(&random->state);
}

uint32_t checker_random_below(struct checker_random *random, uint32_t limit)
{
    return (uint32_t)((checker_random_next(random) >> 32) * limit >> 32);
}

/* ---- Lines ------------------------------------------------------------------------------------------------------- */

static void add_line(struct checker_program *program, const char *line, size_t length)
{
    if (program->line_count == program->room) {
        program->room = program->room ? 2 * program->room : 64;
        program->lines = realloc(program->lines, program->room * sizeof *program->lines);
    }
    program->lines[program->line_count++] = strndup(line, length);
}

/* What a name stands for; one that the instruction set does not have is worth nothing (and no line of it is made). */
static uint32_t value_named(const struct isa *isa, const char *name, size_t length)
{
    char copy[32];
    uint64_t value = 0;
    snprintf(copy, sizeof copy, "%.*s", (int)length, name);
    if (isa_constant_named(isa, copy, &value))
        return (uint32_t)value;
    for (unsigned i = 0; i < isa_port_count(isa); i++)
        if (strcmp(isa_port_at(isa, i)->name, copy) == 0)
            return isa_port_at(isa, i)->number;
    const struct isa_cause *cause = isa_cause_named(isa, copy);
    return cause != NULL ? cause->number : 0;
}

static void put_values(const struct isa *isa, const char *from, char *to, size_t size)
{
    size_t used = 0;
    while (*from != '\0' && used + 16 < size) {
        if (*from != '@' || isa == NULL) {
            to[used++] = *from++;
            continue;
        }
        size_t length = strspn(++from, "abcdefghijklmnopqrstuvwxyz_");
        uint32_t value = value_named(isa, from, length);
        char *end = (char *)(uintptr_t)(from + length);
        if (*end == '+')
            value += (uint32_t)strtoul(end + 1, &end, 10);
        used += (size_t)snprintf(to + used, size - used, value < 10 ? "%u" : "%#x", (unsigned)value);
        from = end;
    }
    to[used] = '\0';
}

void checker_case_say(struct checker_program *program, const char *format, ...)
{
    char said[2048], text[3072];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(said, sizeof said, format, arguments);
    va_end(arguments);
    put_values(program->isa, said, text, sizeof text);
    for (const char *line = text;;) {
        size_t length = strcspn(line, "\n");
        add_line(program, line, length);
        if (line[length] == '\0')
            return;
        line += length + 1;
    }
}

void checker_case_clear(struct checker_case *tried)
{
    for (unsigned i = 0; i < CHECKER_CASE_GUESTS; i++) {
        struct checker_program *program = &tried->programs[i];
        for (unsigned j = 0; j < program->line_count; j++)
            free(program->lines[j]);
        free(program->lines);
        *program = (struct checker_program){0};
    }
    tried->program_count = 0;
}

void checker_case_copy(struct checker_case *to, const struct checker_case *from)
{
    *to = *from;
    for (unsigned i = 0; i < CHECKER_CASE_GUESTS; i++) {
        struct checker_program *program = &to->programs[i];
        program->lines = NULL;
        program->line_count = program->room = 0;
        for (unsigned j = 0; j < from->programs[i].line_count; j++)
            add_line(program, from->programs[i].lines[j], strlen(from->programs[i].lines[j]));
    }
}

/* ---- As text ----------------------------------------------------------------------------------------------------- */

/* The "#!" lines before a program; how many there are. */
static unsigned print_directives(const struct checker_case *tried, unsigned number, FILE *stream)
{
    const struct checker_program *program = &tried->programs[number];
    unsigned count = (number > 0 ? 1u : 0) + (program->input_length > 0) + (program->disk_sectors > 0);
    if (stream == NULL)
        return count;
    if (number > 0)
        fputs("#! guest\n", stream);
    if (program->input_length > 0) {
        fputs("#! input ", stream);
        for (unsigned j = 0; j < program->input_length; j++)
            fprintf(stream, "%02x", program->input[j]);
        fputc('\n', stream);
    }
    if (program->disk_sectors > 0)
        fprintf(stream, "#! disk %u %u\n", program->disk_sectors, program->disk_key);
    return count;
}

void checker_case_print_marked(const struct checker_case *tried, unsigned program, unsigned line, FILE *stream)
{
    for (unsigned i = 0; i < tried->program_count; i++) {
        print_directives(tried, i, stream);
        for (unsigned j = 0; j < tried->programs[i].line_count; j++)
            fprintf(stream, i == program && j + 1 == line ? "%-38s# <-- here\n" : "%s\n", tried->programs[i].lines[j]);
    }
}

void checker_case_print(const struct checker_case *tried, FILE *stream)
{
    checker_case_print_marked(tried, 0, 0, stream);
}

unsigned checker_case_line(const struct checker_case *tried, unsigned program, unsigned line)
{
    unsigned before = 0;
    if (tried->programs[program].first_line > 0)
        return tried->programs[program].first_line + line - 1;
    for (unsigned i = 0; i < program; i++)
        before += print_directives(tried, i, NULL) + tried->programs[i].line_count;
    return before + print_directives(tried, program, NULL) + line;
}

static bool read_input(struct checker_program *program, const char *text, size_t length)
{
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\r'))
        length--;
    if (length % 2 != 0 || length / 2 > CHECKER_CASE_INPUT)
        return false;
    for (size_t i = 0; i < length; i += 2) {
        unsigned byte;
        if (strspn(text + i, "0123456789abcdefABCDEF") < 2 || sscanf(text + i, "%2x", &byte) != 1)
            return false;
        program->input[i / 2] = (uint8_t)byte;
    }
    program->input_length = (unsigned)(length / 2);
    return true;
}

/* A "#!" line; NULL, or what is wrong with it. */
static const char *read_directive(struct checker_case *tried, const char *line, size_t length)
{
    struct checker_program *program = &tried->programs[tried->program_count - 1];
    const char *word = line + 2 + strspn(line + 2, " ");
    size_t rest = length - (size_t)(word - line);
    if (strncmp(word, "guest", 5) == 0) {
        if (tried->program_count == CHECKER_CASE_GUESTS)
            return "a case has at most two guests";
        tried->program_count++;
    } else if (strncmp(word, "input ", 6) == 0) {
        if (!read_input(program, word + 6, rest - 6))
            return "console input is written in hexadecimal, two digits a byte, at most 64 bytes";
    } else if (strncmp(word, "disk ", 5) == 0) {
        if (sscanf(word, "disk %u %u", &program->disk_sectors, &program->disk_key) != 2 ||
            program->disk_sectors > MOST_SECTORS)
            return "a disk is written as its sectors (at most 64) and a key: #! disk 4 7";
    } else {
        return "after #! stands guest, input or disk";
    }
    return NULL;
}

bool checker_case_read(struct checker_case *tried, const char *file, const char *text,
                       struct isa_diagnostics *diagnostics)
{
    unsigned number = 0;
    *tried = (struct checker_case){.program_count = 1};
    tried->programs[0].first_line = 1;
    snprintf(tried->name, sizeof tried->name, "%s", file);
    for (const char *line = text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        number++;
        const char *wrong = NULL;
        bool directive = strncmp(line, "#!", 2) == 0;
        if (directive)
            wrong = read_directive(tried, line, length);
        struct checker_program *program = &tried->programs[tried->program_count - 1];
        if (program->first_line == 0)
            program->first_line = number + 1;
        else if (directive) /* the lines after it keep their numbers */
            add_line(program, "", 0);
        else
            add_line(program, line, length);
        if (wrong != NULL) {
            struct isa_place place = {.file = file, .text = text, .line = number, .column = 1,
                                      .length = (unsigned)length};
            isa_diagnostics_error(diagnostics, &place, ISA_EXIT_DATA, NULL, "%s", wrong);
            checker_case_clear(tried);
            return false;
        }
        line += length + (line[length] == '\n');
    }
    return true;
}

/* ---- As the machine takes it ------------------------------------------------------------------------------------- */

/* With a last label, which tells how long the program text is. */
static char *text_of(const struct checker_program *program)
{
    static const char last[] = ".text\nchecker_end:\n";
    size_t length = sizeof last;
    for (unsigned i = 0; i < program->line_count; i++)
        length += strlen(program->lines[i]) + 1;
    char *text = malloc(length), *end = text;
    for (unsigned i = 0; i < program->line_count; i++) {
        end = stpcpy(end, program->lines[i]);
        *end++ = '\n';
    }
    strcpy(end, last);
    return text;
}

static unsigned count_instructions(const struct isa *isa, const struct machine_image *image)
{
    uint32_t end = 0;
    return machine_image_address(image, "checker_end", &end) && end > CHECKER_CASE_TEXT
               ? (end - CHECKER_CASE_TEXT) / (isa_instruction_bits(isa) / 8) : 0;
}

static bool load_program(struct checker_loaded *loaded, unsigned index, const struct isa *isa,
                         const struct checker_case *tried, struct isa_diagnostics *diagnostics)
{
    const struct checker_program *program = &tried->programs[index];
    size_t length, sectors = (size_t)program->disk_sectors * CHECKER_SECTOR;
    char *text = text_of(program);
    uint8_t *bytes = isa_assemble(isa, tried->name, text, &length, diagnostics);
    if (bytes != NULL)
        loaded->images[index] = machine_image_from_bytes(tried->name, bytes, length, diagnostics);
    free(text);
    free(bytes);
    if (loaded->images[index] == NULL)
        return false;
    loaded->guests[index] = loaded->images[index];
    loaded->instructions += count_instructions(isa, loaded->images[index]);
    loaded->inputs[index] = (struct machine_input){program->input, program->input_length};
    if (sectors > 0) {
        uint8_t *disk = malloc(sectors);
        for (size_t i = 0; i < sectors; i++)
            disk[i] = (uint8_t)(37 * (i / CHECKER_SECTOR) + i + program->disk_key);
        loaded->disks[index] = (struct machine_input){disk, sectors};
    }
    return true;
}

bool checker_case_load(struct checker_loaded *loaded, const struct isa *isa, const struct checker_case *tried,
                       struct isa_diagnostics *diagnostics)
{
    *loaded = (struct checker_loaded){0};
    for (unsigned i = 0; i < tried->program_count; i++)
        if (!load_program(loaded, i, isa, tried, diagnostics)) {
            checker_loaded_free(loaded);
            return false;
        }
    loaded->options = (struct machine_options){
        .guests = loaded->guests, .guest_count = tried->program_count, .partition_size = CHECKER_CASE_MEMORY,
        .slice_limit = CHECKER_CASE_SLICE, .inputs = loaded->inputs, .input_count = tried->program_count,
        .disks = loaded->disks, .disk_count = tried->program_count};
    return true;
}

void checker_loaded_free(struct checker_loaded *loaded)
{
    for (unsigned i = 0; i < CHECKER_CASE_GUESTS; i++) {
        machine_image_free(loaded->images[i]);
        free((void *)(uintptr_t)loaded->disks[i].bytes);
    }
    *loaded = (struct checker_loaded){0};
}
