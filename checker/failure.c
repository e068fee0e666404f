/* failure.c: a difference, put into words: where, what, expected, got, and what happened just before. */
#include "checker/internal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_FIRST = 3, PATH_LAST = 6 }; /* functions of a monitor's way that are told */

/* The public structure with room for its texts behind it. */
struct text_room {
    struct checker_failure public;
    char what[96], expected[160], got[160], disassembly[96], symbol[96], file[192], state[512], path[640];
    char lines[CHECKER_NOTES][192];
    const char *events[CHECKER_NOTES];
};

struct checker_failure *checker_failure_new(unsigned guest, const char *what)
{
    struct text_room *room = calloc(1, sizeof *room);
    room->public.guest = guest;
    snprintf(room->what, sizeof room->what, "%s", what);
    room->public.what = room->what;
    room->public.expected = room->expected;
    room->public.got = room->got;
    room->public.disassembly = room->disassembly;
    room->public.events = room->events;
    return &room->public;
}

void checker_failure_free(struct checker_failure *failure)
{
    free(failure);
}

static struct text_room *room_of(struct checker_failure *failure)
{
    return (struct text_room *)(void *)failure; /* `public` is its first member */
}

void checker_failure_expected(struct checker_failure *failure, const char *format, ...)
{
    struct text_room *room = room_of(failure);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(room->expected, sizeof room->expected, format, arguments);
    va_end(arguments);
}

void checker_failure_got(struct checker_failure *failure, const char *format, ...)
{
    struct text_room *room = room_of(failure);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(room->got, sizeof room->got, format, arguments);
    va_end(arguments);
}

static const char *symbol_of(void *context, uint32_t address, uint32_t *offset)
{
    const struct machine_image *image = context;
    return image ? machine_image_symbol(image, address, offset) : NULL;
}

static void disassemble(const struct isa *isa, const struct machine_image *image, uint32_t pc, uint32_t word,
                        bool fetched, char *buffer, size_t size)
{
    union { const struct machine_image *image; void *context; } cast = {.image = image}; /* only read by symbol_of */
    if (fetched)
        isa_disassemble(isa, word, pc, symbol_of, cast.context, buffer, size);
    else
        snprintf(buffer, size, "(an address that cannot be fetched from)");
}

void checker_failure_at(struct checker_failure *failure, const struct isa *isa, const struct machine_image *image,
                        uint32_t pc, uint32_t word, bool fetched)
{
    struct text_room *room = room_of(failure);
    uint32_t offset = 0;
    const char *symbol = image ? machine_image_symbol(image, pc, &offset) : NULL;
    failure->has_pc = true;
    failure->pc = pc;
    failure->word = word;
    disassemble(isa, image, pc, word, fetched, room->disassembly, sizeof room->disassembly);
    if (symbol != NULL) {
        snprintf(room->symbol, sizeof room->symbol, offset ? "%s+0x%" PRIx32 : "%s", symbol, offset);
        failure->symbol = room->symbol;
    }
    const char *file;
    if (image == NULL || !machine_image_line(image, pc, &file, &failure->line))
        return;
    snprintf(room->file, sizeof room->file, "%s", file); /* the failure may outlive the image */
    failure->file = room->file;
}

/* Appends to a text of a room, as far as there is room. */
static void append(char *text, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void append(char *text, size_t size, const char *format, ...)
{
    size_t used = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + used, size - used, format, arguments);
    va_end(arguments);
}

void checker_failure_state(struct checker_failure *failure, const struct isa *isa, const uint32_t *state)
{
    struct text_room *room = room_of(failure);
    for (unsigned i = 0; i < isa_state_count(isa); i++) {
        const struct isa_state *one = isa_state_at(isa, i);
        for (unsigned j = 0; j < one->count && one->role != ISA_ROLE_PROGRAM_COUNTER; j++) {
            const char *comma = room->state[0] != '\0' ? ", " : "";
            if (state[one->slot + j] == 0 || (int)j == one->zero)
                continue;
            if (one->names != NULL)
                append(room->state, sizeof room->state, "%s%s %#" PRIx32, comma, one->names[j], state[one->slot + j]);
            else if (one->is_array)
                append(room->state, sizeof room->state, "%s%s[%u] %#" PRIx32, comma, one->name, j,
                       state[one->slot + j]);
            else
                append(room->state, sizeof room->state, "%s%s %#" PRIx32, comma, one->name, state[one->slot]);
        }
    }
    if (room->state[0] == '\0')
        append(room->state, sizeof room->state, "all zero");
    failure->state = room->state;
}

void checker_failure_path(struct checker_failure *failure, const struct machine_image *image,
                          const struct checker_path *path, unsigned count)
{
    struct text_room *room = room_of(failure);
    for (unsigned i = 0; i < count; i++) {
        const char *file, *slash;
        unsigned line;
        if (i == PATH_FIRST && count > PATH_FIRST + PATH_LAST) { /* how it began, and what it did last */
            append(room->path, sizeof room->path, ", ...");
            i = count - PATH_LAST;
        }
        append(room->path, sizeof room->path, "%s%s", i > 0 ? ", " : "", path[i].function);
        if (!machine_image_line(image, path[i].pc, &file, &line))
            continue;
        slash = strrchr(file, '/');
        append(room->path, sizeof room->path, " (%s:%u)", slash ? slash + 1 : file, line);
    }
    failure->path = count > 0 ? room->path : NULL;
}

const char *checker_cause_name(const struct isa *isa, uint32_t cause)
{
    const struct isa_cause *found = isa_cause_numbered(isa, cause);
    return found ? found->name : "unknown";
}

void checker_failure_note(struct checker_failure *failure, const struct isa *isa, const struct machine_image *image,
                          const struct checker_note *note)
{
    struct text_room *room = room_of(failure);
    if (failure->event_count == CHECKER_NOTES)
        return;
    char instruction[96];
    const char *cause = checker_cause_name(isa, note->cause);
    disassemble(isa, image, note->pc, note->word, note->fetched, instruction, sizeof instruction);
    char *line = room->lines[failure->event_count];
    size_t size = sizeof room->lines[0];
    switch (note->kind) {
    case CHECKER_NOTE_TRAP:
        snprintf(line, size, "0x%08" PRIx32 "  %-28s  trapped to the monitor (%s)", note->pc, instruction, cause);
        break;
    case CHECKER_NOTE_EMULATED:
        snprintf(line, size, "0x%08" PRIx32 "  %-28s  to be emulated by the monitor", note->pc, instruction);
        break;
    case CHECKER_NOTE_REFLECTED:
        snprintf(line, size, "0x%08" PRIx32 "  %-28s  to be given to the guest as a trap (%s)", note->pc, instruction,
                 cause);
        break;
    case CHECKER_NOTE_DELIVERED:
        snprintf(line, size, "0x%08" PRIx32 "  %-28s  interrupt given to the guest (%s)", note->pc, "before this:",
                 cause);
        break;
    case CHECKER_NOTE_NONE:
        return;
    }
    room->events[failure->event_count++] = line;
}

/* ---- Telling it -------------------------------------------------------------------------------------------------- */

static void print_place(const struct checker_failure *failure, const char *place, FILE *stream)
{
    const char *slash = failure->file != NULL ? strrchr(failure->file, '/') : NULL;
    fprintf(stream, "    at         0x%08" PRIx32 "  %s", failure->pc, failure->disassembly);
    if (failure->symbol != NULL)
        fprintf(stream, "   in %s", failure->symbol);
    if (place != NULL)
        fprintf(stream, "   (%s)", place);
    else if (failure->file != NULL)
        fprintf(stream, "   (%s:%u)", slash ? slash + 1 : failure->file, failure->line);
    fprintf(stream, "\n    after      %" PRIu64 " instruction%s of the guest\n", failure->instruction,
            failure->instruction == 1 ? "" : "s");
}

void checker_failure_print(const struct checker_failure *failure, unsigned guests, const char *place, FILE *stream)
{
    if (guests > 1)
        fprintf(stream, "    guest      %u\n", failure->guest + 1);
    fprintf(stream, "    differs    %s\n    expected   %s\n    got        %s\n", failure->what, failure->expected,
            failure->got);
    if (failure->excuse != NULL)
        fprintf(stream, "    but        %s\n", failure->excuse);
    if (failure->has_pc)
        print_place(failure, place, stream);
    if (failure->state != NULL)
        fprintf(stream, "    in         %s\n", failure->state);
    if (failure->path != NULL)
        fprintf(stream, "    monitor    %s\n", failure->path);
    for (unsigned i = 0; i < failure->event_count; i++)
        fprintf(stream, "    %-10s %s\n", i == 0 ? "before" : "", failure->events[i]);
}

json_t *checker_failure_json(const struct checker_failure *failure)
{
    json_t *events = json_array();
    for (unsigned i = 0; i < failure->event_count; i++)
        json_array_append_new(events, json_string(failure->events[i]));
    json_t *json = json_pack("{s:i, s:s, s:s, s:s, s:s?, s:I, s:s?, s:s?, s:o}", "guest", (int)failure->guest + 1,
                             "differs", failure->what, "expected", failure->expected, "got", failure->got, "excuse",
                             failure->excuse, "after_instructions", (json_int_t)failure->instruction, "state",
                             failure->state, "monitor", failure->path, "before", events);
    json_t *place = json_null();
    if (failure->has_pc)
        place = json_pack("{s:I, s:s, s:s?, s:s?, s:o}", "pc", (json_int_t)failure->pc, "instruction",
                          failure->disassembly, "symbol", failure->symbol, "file", failure->file, "line",
                          failure->file != NULL ? json_integer((json_int_t)failure->line) : json_null());
    json_object_set_new(json, "at", place);
    return json;
}
