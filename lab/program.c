/* program.c: where this program is, and what came with it. */
#include "lab/program.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The file that this code was loaded from; `*shared`: it is a shared object. */
static bool own_file(char file[PATH_MAX], bool *shared)
{
    Dl_info object;
    if (dladdr((const void *)own_file, &object) == 0 || object.dli_fname == NULL)
        return false;
    *shared = strstr(object.dli_fname, ".so") != NULL; /* a program's name is what it was called by */
    return realpath(*shared ? object.dli_fname : "/proc/self/exe", file) != NULL;
}

bool lab_own_folder(char *folder, size_t size)
{
    bool shared;
    char file[PATH_MAX];
    if (!own_file(file, &shared) || strlen(file) >= size)
        return false;
    *strrchr(file, '/') = '\0';
    strcpy(folder, file);
    return true;
}

/* The real path of the first of the places that there is, from a folder on. */
static bool find(const char *folder, const char *const *places, char *path, size_t size)
{
    char place[PATH_MAX + 64], real[PATH_MAX];
    for (; *places != NULL; places++) {
        snprintf(place, sizeof place, "%s/%s", folder, *places);
        if (realpath(place, real) != NULL && strlen(real) < size) {
            strcpy(path, real);
            return true;
        }
    }
    return false;
}

bool lab_program_path(char *path, size_t size)
{
    static const char *const places[] = {"../pg74", "../../../bin/pg74", NULL};
    bool shared;
    char file[PATH_MAX];
    if (!own_file(file, &shared))
        return false;
    if (!shared) {
        snprintf(path, size, "%s", file);
        return strlen(file) < size;
    }
    *strrchr(file, '/') = '\0';
    return find(file, places, path, size) && access(path, X_OK) == 0;
}

bool lab_beside_program(const char *const *places, char *path, size_t size)
{
    char program[PATH_MAX];
    if (!lab_program_path(program, sizeof program))
        return false;
    *strrchr(program, '/') = '\0';
    return find(program, places, path, size);
}
