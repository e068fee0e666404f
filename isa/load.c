/* load.c: from a name to an instruction set: finds texts, follows `include` and `of`, and puts all declarations together. */
#include "isa/internal.h"

#include <stdlib.h>
#include <string.h>

enum { DEEPEST_PARENT = 16 };

struct loading {
    struct arena *arena;
    struct isa_diagnostics *diagnostics;
    unsigned depth;
    const struct unit *base; /* the isa at the root */
    struct declaration *declarations;
};

static bool is_file_name(const char *name)
{
    size_t length = strlen(name);
    return strchr(name, '/') || (length > 4 && strcmp(name + length - 4, ".isa") == 0);
}

static const struct isa_library_entry *find_in_library(const char *name)
{
    for (unsigned i = 0; i < isa_library_count(); i++) {
        const struct isa_library_entry *entry = isa_library_at(i);
        const char *base = strrchr(entry->file, '/');
        if (strcmp(entry->name, name) == 0 || strcmp(base ? base + 1 : entry->file, name) == 0)
            return entry;
    }
    return NULL;
}

/* A path named in the file `from`: beside it. */
static char *beside(struct arena *arena, const char *from, const char *name)
{
    const char *slash = from ? strrchr(from, '/') : NULL;
    size_t folder = slash && name[0] != '/' ? (size_t)(slash - from) + 1 : 0;
    char *path = isa_arena_allocate(arena, folder + strlen(name) + 1);
    if (folder)
        memcpy(path, from, folder);
    strcpy(path + folder, name);
    return path;
}

static const char *read_text(struct loading *loading, const char *path, const struct isa_place *place)
{
    size_t length = 0;
    struct isa_diagnostics *own = isa_diagnostics_new();
    char *bytes = isa_read_file(path, &length, own);
    const char *text = NULL;
    if (!bytes) {
        isa_diagnostics_error(loading->diagnostics, place, (enum isa_exit)isa_diagnostics_exit_code(own), NULL, "%s%s%s",
                              place && place->line ? path : "", place && place->line ? ": " : "",
                              isa_diagnostics_message(own, 0));
    } else if (strlen(bytes) != length) {
        struct isa_place whole = {.file = path};
        isa_diagnostics_error(loading->diagnostics, &whole, ISA_EXIT_DATA, NULL, "this is not text: it has a zero byte");
    } else {
        text = isa_arena_text(loading->arena, bytes, length);
    }
    free(bytes);
    isa_diagnostics_free(own);
    return text;
}

static void unknown_name(struct loading *loading, const char *name, const struct isa_place *place)
{
    unsigned best = ISA_FAR;
    const char *nearest = NULL;
    char advice[128] = "`pg74 isa list` shows what there is; a file ends in .isa";
    for (unsigned i = 0; i < isa_library_count(); i++)
        nearest = isa_suggest(isa_library_at(i)->name, name, strlen(name), &best, nearest);
    if (nearest)
        snprintf(advice, sizeof advice, "did you mean `%s`?", nearest);
    isa_diagnostics_error(loading->diagnostics, place, ISA_EXIT_NO_INPUT, advice, "no instruction set is called `%s`", name);
}

/* Finds a text by name: a file where the name looks like one and is there, else in the library. */
static const char *find_text(struct loading *loading, const char *name, const struct isa_place *place, const char *from,
                             const char **file)
{
    const struct isa_library_entry *entry = find_in_library(name);
    if (is_file_name(name)) {
        char *path = beside(loading->arena, from, name);
        FILE *stream = fopen(path, "rb");
        if (stream)
            fclose(stream);
        if (stream || !entry || !from) {
            struct isa_place whole = {.file = path};
            *file = path;
            return read_text(loading, path, place ? place : &whole);
        }
    }
    if (entry) {
        *file = entry->file;
        return entry->text;
    }
    unknown_name(loading, name, place);
    return NULL;
}

/* ---- Putting together -------------------------------------------------------------------------------------------------- */

static struct unit *load_unit(struct loading *loading, const char *file, const char *text, const char *over, const char **name);

static bool too_deep(struct loading *loading, const struct isa_place *place)
{
    if (++loading->depth <= DEEPEST_PARENT)
        return false;
    isa_diagnostics_error(loading->diagnostics, place, ISA_EXIT_DATA, "look for a file that includes itself, or is its own parent",
                          "files follow each other too deep");
    return true;
}

/* What a variant includes counts as its own. */
static void include(struct loading *loading, const char *from, const struct include *wanted, const char *variant)
{
    const char *file;
    if (too_deep(loading, &wanted->place))
        return;
    const char *text = find_text(loading, wanted->file, &wanted->place, from, &file);
    if (text) {
        struct unit *part = isa_parse(loading->arena, file, text, loading->diagnostics);
        if (part->kind != UNIT_PART)
            isa_diagnostics_error(loading->diagnostics, &wanted->place, ISA_EXIT_DATA, "begin that file with `part \"NAME\"`",
                                  "only a part can be included");
        for (unsigned i = 0; i < part->include_count; i++)
            include(loading, file, &part->includes[i], variant);
        loading->declarations = isa_merge(loading->declarations, part->declarations, variant, loading->diagnostics);
    }
    loading->depth--;
}

/* Loads "NAME" or "NAME:PARENT". */
static struct unit *load_named(struct loading *loading, const char *name, const struct isa_place *place, const char *from,
                               const char **full_name)
{
    const char *colon = strchr(name, ':'), *file;
    const char *own = colon ? isa_arena_text(loading->arena, name, (size_t)(colon - name)) : name;
    if (too_deep(loading, place))
        return NULL;
    const char *text = find_text(loading, own, place, from, &file);
    struct unit *unit = text ? load_unit(loading, file, text, colon ? colon + 1 : NULL, full_name) : NULL;
    loading->depth--;
    return unit;
}

static const char *joined(struct arena *arena, const char *variant, const char *parent)
{
    char *name = isa_arena_allocate(arena, strlen(variant) + strlen(parent) + 2);
    return strcat(strcat(strcpy(name, variant), ":"), parent);
}

static struct unit *load_unit(struct loading *loading, const char *file, const char *text, const char *over, const char **name)
{
    struct unit *unit = isa_parse(loading->arena, file, text, loading->diagnostics);
    *name = unit->name;
    if (unit->kind == UNIT_VARIANT && unit->parent && unit->parent[0]) {
        const char *parent_name = NULL;
        if (!load_named(loading, over ? over : unit->parent, over ? NULL : &unit->parent_place, file, &parent_name))
            return NULL;
        if (over)
            *name = joined(loading->arena, unit->name, parent_name);
    } else if (unit->kind == UNIT_PART) {
        isa_diagnostics_error(loading->diagnostics, &unit->place, ISA_EXIT_DATA, "it is there to be included",
                              "`%s` is only a part of an instruction set", unit->name);
    } else if (over) {
        isa_diagnostics_error(loading->diagnostics, &unit->place, ISA_EXIT_DATA, "only a variant has a parent",
                              "`%s` is not a variant, and cannot be put over `%s`", unit->name, over);
    } else {
        loading->base = unit;
    }
    const char *variant = unit->kind == UNIT_VARIANT ? unit->name : NULL;
    for (unsigned i = 0; i < unit->include_count; i++)
        include(loading, file, &unit->includes[i], variant);
    loading->declarations = isa_merge(loading->declarations, unit->declarations, variant, loading->diagnostics);
    return unit;
}

/* ---- The whole --------------------------------------------------------------------------------------------------------- */

static unsigned whole_bytes(unsigned bits)
{
    return (bits + 7) / 8 * 8;
}

static struct isa *make_isa(struct loading *loading, const struct unit *unit, const char *name)
{
    struct isa *isa = isa_arena_allocate(loading->arena, sizeof *isa);
    const struct unit *base = loading->base ? loading->base : unit;
    isa->arena = loading->arena;
    isa->name = name;
    isa->place = unit->place;
    isa->title = unit->title ? unit->title : "";
    isa->source = unit->source;
    isa->year = unit->year;
    isa->verdicts = unit->verdicts;
    isa->verdict_count = unit->verdict_count;
    isa->hidden = unit->hidden;
    isa->hidden_count = unit->hidden_count;
    isa->parent = unit->parent;
    isa->word_bits = unit->word ? unit->word : base->word ? base->word : 32;
    unsigned bits = unit->instruction_bits ? unit->instruction_bits : base->instruction_bits;
    isa->instruction_bits = whole_bytes(bits ? bits : isa->word_bits);
    if (bits && bits != isa->instruction_bits) {
        isa_diagnostics_error(loading->diagnostics, &unit->place, ISA_EXIT_DATA, NULL,
                              "the length of an instruction is 8, 16, 24 or 32 bits");
        return isa;
    }
    size_t errors_before = isa_diagnostics_total(loading->diagnostics);
    isa_elaborate(isa, loading->declarations, loading->diagnostics);
    isa_check_verdicts(isa, loading->diagnostics);
    isa_check_hidden(isa, loading->diagnostics);
    if (isa->instruction_count == 0 && isa_diagnostics_total(loading->diagnostics) == errors_before)
        isa_diagnostics_error(loading->diagnostics, &unit->place, ISA_EXIT_DATA, NULL, "there is no instruction");
    return isa;
}

static struct isa *finish(struct loading *loading, const struct unit *unit, const char *name, size_t errors_before)
{
    struct isa *isa = NULL;
    /* names that were not understood would only bring more errors that mean nothing */
    if (unit && isa_diagnostics_total(loading->diagnostics) == errors_before)
        isa = make_isa(loading, unit, name);
    if (isa && isa_diagnostics_total(loading->diagnostics) == errors_before) {
        isa_make_decoder(isa);
        return isa;
    }
    isa_arena_free(loading->arena);
    return NULL;
}

struct isa *isa_load(const char *name, struct isa_diagnostics *diagnostics)
{
    struct loading loading = {.arena = isa_arena_new(), .diagnostics = diagnostics};
    size_t before = isa_diagnostics_total(diagnostics);
    const char *full_name = NULL;
    struct unit *unit = load_named(&loading, name, NULL, NULL, &full_name);
    return finish(&loading, unit, full_name, before);
}

struct isa *isa_load_text(const char *file, const char *text, const char *over, struct isa_diagnostics *diagnostics)
{
    struct loading loading = {.arena = isa_arena_new(), .diagnostics = diagnostics};
    size_t before = isa_diagnostics_total(diagnostics);
    const char *full_name = NULL;
    /* places point into the text and the file's name: they must live as long as the isa */
    file = isa_arena_text(loading.arena, file, strlen(file));
    text = isa_arena_text(loading.arena, text, strlen(text));
    over = over ? isa_arena_text(loading.arena, over, strlen(over)) : NULL;
    struct unit *unit = load_unit(&loading, file, text, over, &full_name);
    return finish(&loading, unit, full_name, before);
}

void isa_free(struct isa *isa)
{
    if (isa)
        isa_arena_free(isa->arena);
}
