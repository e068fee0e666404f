/* machine_code.c: source and disassembly, and the cursor in them. */
#include "tui/machine.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- Source files ------------------------------------------------------------------------------------------------ */

void tui_machine_free_source(struct tui_machine *screen)
{
    free(screen->source.path);
    free(screen->source.text);
    free(screen->source.lines);
    screen->source = (struct tui_source){0};
}

/* Reads a file and finds its lines. One that cannot be read has none. */
static void open_source(struct tui_machine *screen, const char *path)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    struct tui_source *source = &screen->source;
    size_t length = 0;
    if (source->path != NULL && strcmp(source->path, path) == 0) {
        isa_diagnostics_free(diagnostics);
        return;
    }
    tui_machine_free_source(screen);
    source->path = strdup(path);
    source->text = isa_read_file(path, &length, diagnostics);
    isa_diagnostics_free(diagnostics);
    if (source->text == NULL)
        return;
    for (size_t i = 0; i < length; i++)
        source->line_count += source->text[i] == '\n';
    source->lines = calloc(source->line_count + 2, sizeof *source->lines);
    if (source->lines == NULL)
        abort();
    source->lines[0] = source->text;
    unsigned line = 0;
    for (size_t i = 0; i < length; i++)
        if (source->text[i] == '\n')
            source->lines[++line] = source->text + i + 1;
}

/* The line of an address of the cursor's program, whose file is then open; 0 if there is none to show. */
static unsigned source_line(struct tui_machine *screen, uint32_t address)
{
    const struct machine_image *image = lab_debug_program(screen->debug, screen->program)->image;
    const char *file;
    unsigned line;
    if (image == NULL || !machine_image_line(image, address, &file, &line))
        return 0;
    open_source(screen, file);
    return screen->source.text != NULL && line <= screen->source.line_count ? line : 0;
}

bool tui_machine_has_source(struct tui_machine *screen) { return source_line(screen, screen->address) != 0; }

/* ---- Words ------------------------------------------------------------------------------------------------------- */

static uint32_t instruction_bytes(const struct tui_machine *screen) { return isa_instruction_bits(screen->isa) / 8; }

static bool read_word(const struct tui_machine *screen, uint32_t address, uint32_t *word)
{
    uint32_t physical;
    *word = 0;
    return lab_debug_physical(screen->debug, screen->program, address, &physical) &&
           machine_read(screen->machine, physical, word, instruction_bytes(screen));
}

static const char *symbol_at(void *context, uint32_t address, uint32_t *offset)
{
    return machine_image_symbol(context, address, offset);
}

/* ---- The cursor -------------------------------------------------------------------------------------------------- */

static bool follows_source(struct tui_machine *screen)
{
    return !screen->shows_disassembly && tui_machine_has_source(screen);
}

void tui_machine_look_here(struct tui_machine *screen)
{
    screen->program = lab_debug_current(screen->debug);
    screen->address = machine_pc(screen->machine);
    screen->lines_down = 0;
}

void tui_machine_move_cursor(struct tui_machine *screen, int lines)
{
    if (!follows_source(screen)) {
        screen->address += (uint32_t)lines * instruction_bytes(screen);
        return;
    }
    int line = (int)source_line(screen, screen->address) + screen->lines_down, last = (int)screen->source.line_count;
    int wanted = line + lines < 1 ? 1 : line + lines > last ? last : line + lines;
    screen->lines_down += wanted - line;
}

/* The first instruction that was made from a line of the open file. */
static bool address_of_line(const struct tui_machine *screen, unsigned wanted, uint32_t *address)
{
    const struct machine_image *image = lab_debug_program(screen->debug, screen->program)->image;
    for (*address = 0; *address < machine_image_end(image); *address += instruction_bytes(screen)) {
        const char *file;
        unsigned line;
        if (machine_image_line(image, *address, &file, &line) && line == wanted &&
            strcmp(file, screen->source.path) == 0)
            return true;
    }
    return false;
}

bool tui_machine_cursor_address(struct tui_machine *screen, uint32_t *address)
{
    *address = screen->address;
    if (screen->lines_down == 0 || !follows_source(screen))
        return true;
    return address_of_line(screen, source_line(screen, screen->address) + (unsigned)screen->lines_down, address);
}

static bool search_source(struct tui_machine *screen, const char *text)
{
    int line = (int)source_line(screen, screen->address) + screen->lines_down;
    for (int i = line + 1; i <= (int)screen->source.line_count; i++) {
        const char *start = screen->source.lines[i - 1], *end = screen->source.lines[i];
        if (memmem(start, (size_t)(end - start), text, strlen(text)) != NULL) {
            screen->lines_down += i - line;
            return true;
        }
    }
    return false;
}

/* As far as the program's image reaches. */
static bool search_disassembly(struct tui_machine *screen, const char *text)
{
    const struct machine_image *image = lab_debug_program(screen->debug, screen->program)->image;
    uint32_t bytes = instruction_bytes(screen), end = image != NULL ? machine_image_end(image) : 0;
    for (uint32_t address = screen->address + bytes; address < end; address += bytes) {
        char assembly[128];
        uint32_t word;
        if (!read_word(screen, address, &word))
            continue;
        isa_disassemble(screen->isa, word, address, symbol_at, (void *)(uintptr_t)image, assembly, sizeof assembly);
        if (strstr(assembly, text) != NULL) {
            screen->address = address;
            screen->lines_down = 0;
            return true;
        }
    }
    return false;
}

bool tui_machine_search(struct tui_machine *screen, const char *text)
{
    return follows_source(screen) ? search_source(screen, text) : search_disassembly(screen, text);
}

/* ---- Putting it -------------------------------------------------------------------------------------------------- */

static bool has_breakpoint(const struct tui_machine *screen, uint32_t address)
{
    for (unsigned i = 0; i < lab_debug_point_count(screen->debug); i++) {
        const struct lab_debug_point *point = lab_debug_point(screen->debug, i);
        if (point->kind == LAB_DEBUG_BREAKPOINT && point->program == screen->program && point->address == address)
            return true;
    }
    return false;
}

static bool line_has_breakpoint(const struct tui_machine *screen, unsigned wanted)
{
    const struct machine_image *image = lab_debug_program(screen->debug, screen->program)->image;
    for (unsigned i = 0; i < lab_debug_point_count(screen->debug); i++) {
        const struct lab_debug_point *point = lab_debug_point(screen->debug, i);
        const char *file;
        unsigned line;
        if (point->kind == LAB_DEBUG_BREAKPOINT && point->program == screen->program &&
            machine_image_line(image, point->address, &file, &line) && line == wanted &&
            strcmp(file, screen->source.path) == 0)
            return true;
    }
    return false;
}

static void put_marks(struct tui *tui, struct tui_text *text, bool breaks, bool here)
{
    tui_put(text, TUI_WARNING, "%s", breaks ? tui_glyph(tui->terminal, TUI_BULLET) : " ");
    tui_put(text, TUI_TRAP, "%s", here ? tui_glyph(tui->terminal, TUI_ARROW) : " ");
}

int tui_machine_put_source(struct tui *tui, struct tui_machine *screen, struct tui_text *text, int lines)
{
    int at = (int)source_line(screen, screen->address), cursor = at + screen->lines_down;
    bool is_current = screen->program == lab_debug_current(screen->debug);
    unsigned pc_line = 0;
    const char *file;
    const struct machine_image *image = lab_debug_program(screen->debug, screen->program)->image;
    if (!is_current || !machine_image_line(image, machine_pc(screen->machine), &file, &pc_line) ||
        strcmp(file, screen->source.path) != 0)
        pc_line = 0;
    tui_put(text, TUI_DIM, "  %s\n", screen->source.path);
    int first = cursor - (lines - 1) / 2;
    first = first < 1 ? 1 : first;
    for (int line = first; line < first + lines - 1; line++) {
        if (line > (int)screen->source.line_count) {
            tui_put(text, TUI_PLAIN, "\n");
            continue;
        }
        const char *start = screen->source.lines[line - 1];
        put_marks(tui, text, line_has_breakpoint(screen, (unsigned)line), line == (int)pc_line);
        tui_put(text, TUI_DIM, "%4d ", line);
        tui_put(text, line == (int)pc_line ? TUI_STRONG : TUI_PLAIN, "%.*s\n",
                (int)(screen->source.lines[line] - start - 1), start);
    }
    return cursor - first + 1;
}

int tui_machine_put_disassembly(struct tui *tui, struct tui_machine *screen, struct tui_text *text, int lines)
{
    const struct machine_image *image = lab_debug_program(screen->debug, screen->program)->image;
    uint32_t bytes = instruction_bytes(screen), middle = (uint32_t)(lines - 1) / 2, offset = 0;
    uint32_t first = screen->address >= middle * bytes ? screen->address - middle * bytes : screen->address % bytes;
    const char *function = image != NULL ? machine_image_symbol(image, screen->address, &offset) : NULL;
    tui_put(text, TUI_DIM, "  %s", function != NULL ? function : "no symbols");
    tui_put(text, TUI_DIM, offset ? "+0x%" PRIx32 "\n" : "\n", offset);
    for (uint32_t address = first; address < first + (uint32_t)(lines - 1) * bytes; address += bytes) {
        char assembly[128];
        uint32_t word;
        bool is_there = read_word(screen, address, &word);
        bool is_here = address == machine_pc(screen->machine) && screen->program == lab_debug_current(screen->debug);
        put_marks(tui, text, has_breakpoint(screen, address), is_here);
        tui_put(text, TUI_DIM, "%08" PRIx32 " ", address);
        if (is_there)
            isa_disassemble(screen->isa, word, address, image != NULL ? symbol_at : NULL, (void *)(uintptr_t)image,
                            assembly, sizeof assembly);
        tui_put(text, is_here ? TUI_STRONG : TUI_PLAIN, "%s\n", is_there ? assembly : "(no memory)");
    }
    return (int)((screen->address - first) / bytes) + 1;
}
