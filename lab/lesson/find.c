/* find.c: where lessons are. */
#include "lab/lesson/internal.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lab/lab.h"
#include "lab/program.h"

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* build/pg74 has the lessons in lessons/ beside build/, PREFIX/bin/pg74 in PREFIX/share/pg74/lessons. */
static char *find_folder(const char *folder)
{
    static const char *const places[] = {"../lessons", "../share/pg74/lessons", NULL};
    const char *told = folder != NULL ? folder : getenv("PG74_LESSONS");
    char path[PATH_MAX];
    if (told != NULL && *told != '\0')
        return lab_lesson_must(strdup(told));
    return lab_beside_program(places, path, sizeof path) && is_folder(path) ? lab_lesson_must(strdup(path)) : NULL;
}

/* The order that stands in the head of its text, without reading all of it. */
static unsigned order_of(const char *folder)
{
    char *path = lab_lesson_format("%s/en.md", folder), line[256];
    FILE *stream = fopen(path, "r");
    unsigned order = 10000, lines = 0;
    free(path);
    while (stream != NULL && fgets(line, sizeof line, stream) != NULL && lines++ < 20)
        if (sscanf(line, "order: %u", &order) == 1)
            break;
    if (stream != NULL)
        fclose(stream);
    return order;
}

struct found {
    char *path;
    unsigned order;
};

static int compare(const void *left, const void *right)
{
    const struct found *a = left, *b = right;
    return a->order != b->order ? (a->order > b->order) - (a->order < b->order) : strcmp(a->path, b->path);
}

static bool is_lesson(const char *path)
{
    char *text = lab_lesson_format("%s/en.md", path);
    bool is_there = access(text, F_OK) == 0;
    free(text);
    return is_there;
}

char **lab_lesson_find_all(const char *folder)
{
    struct found *found = NULL;
    struct dirent *entry;
    unsigned count = 0;
    char *root = find_folder(folder);
    DIR *stream = root != NULL ? opendir(root) : NULL;
    while (stream != NULL && (entry = readdir(stream)) != NULL) {
        char *path = lab_lesson_format("%s/%s", root, entry->d_name);
        if (entry->d_name[0] != '.' && is_lesson(path)) {
            found = lab_lesson_grow(found, count, sizeof *found);
            found[count++] = (struct found){path, order_of(path)};
        } else {
            free(path);
        }
    }
    if (stream != NULL)
        closedir(stream);
    free(root);
    if (count > 0)
        qsort(found, count, sizeof *found, compare);
    char **list = lab_lesson_must(calloc(count + 1, sizeof *list));
    for (unsigned i = 0; i < count; i++)
        list[i] = found[i].path;
    free(found);
    return list;
}

void lab_lesson_free_list(char **list)
{
    for (unsigned i = 0; list[i] != NULL; i++)
        free(list[i]);
    free(list);
}

static void not_found(char **list, const char *name, struct isa_diagnostics *diagnostics)
{
    unsigned count = 0;
    while (list[count] != NULL)
        count++;
    const char **names = lab_lesson_must(calloc(count + 1, sizeof *names));
    for (unsigned i = 0; i < count; i++)
        names[i] = strrchr(list[i], '/') + 1;
    const char *near = lab_nearest(name, names);
    char *advice = near != NULL ? lab_lesson_format("did you mean '%s'?", near)
                                : lab_lesson_must(strdup("'pg74 lesson list' lists them"));
    isa_diagnostics_error(diagnostics, NULL, ISA_EXIT_NO_INPUT, advice, "there is no lesson '%s'", name);
    free(advice);
    free(names);
}

char *lab_lesson_find(const char *folder, const char *name, struct isa_diagnostics *diagnostics)
{
    char **list = lab_lesson_find_all(folder), *path = NULL, *end;
    unsigned long number = strtoul(name, &end, 10);
    bool is_number = *name != '\0' && *end == '\0';
    for (unsigned i = 0; path == NULL && list[i] != NULL; i++)
        if (strcmp(strrchr(list[i], '/') + 1, name) == 0 || (is_number && number == i + 1))
            path = lab_lesson_must(strdup(list[i]));
    if (path == NULL && strchr(name, '/') != NULL && is_lesson(name))
        path = realpath(name, NULL);
    if (path == NULL)
        not_found(list, name, diagnostics);
    lab_lesson_free_list(list);
    return path;
}
