/* state.c: where what a reader did is kept, and files that are written whole or not at all. */
#include "lab/lesson/internal.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
}

char *lab_lesson_state_path(const char *folder, const char *name)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    char *path = NULL;
    if (state != NULL && state[0] == '/')
        path = lab_lesson_format("%s/pg74/%s/%s", state, folder, name);
    else if (home != NULL && home[0] == '/')
        path = lab_lesson_format("%s/.local/state/pg74/%s/%s", home, folder, name);
    if (path != NULL)
        make_folders(path);
    return path;
}

bool lab_lesson_write_file(const char *path, const void *bytes, size_t length)
{
    char *folders = lab_lesson_format("%s", path);
    make_folders(folders);
    free(folders);
    return isa_write_file(path, bytes, length) == 0;
}

bool lab_lesson_copy_file(const char *from, const char *to)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    size_t length;
    char *bytes = isa_read_file(from, &length, diagnostics);
    bool good = bytes != NULL && lab_lesson_write_file(to, bytes, length);
    free(bytes);
    isa_diagnostics_free(diagnostics);
    return good;
}

void lab_lesson_remove_folder(const char *folder)
{
    DIR *stream = opendir(folder);
    struct dirent *entry;
    while (stream != NULL && (entry = readdir(stream)) != NULL) {
        char *path = lab_lesson_format("%s/%s", folder, entry->d_name);
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 && unlink(path) != 0)
            lab_lesson_remove_folder(path);
        free(path);
    }
    if (stream != NULL)
        closedir(stream);
    rmdir(folder);
}

char *lab_lesson_temporary(const char *suffix)
{
    const char *folder = getenv("TMPDIR");
    char *path = lab_lesson_format("%s/pg74-lesson-XXXXXX%s", folder != NULL && *folder != '\0' ? folder : "/tmp", suffix);
    int file = *suffix != '\0' ? mkstemps(path, (int)strlen(suffix)) : -1;
    if (file >= 0)
        close(file);
    if (file >= 0 || (*suffix == '\0' && mkdtemp(path) != NULL))
        return path;
    free(path);
    return NULL;
}
