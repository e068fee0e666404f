/* program.c: where this program is, and what came with it. */
#include "lab/program.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Below the folder that this process stands in there is a way to the program, even where nobody may go to that folder by its name. */
static bool find_from_here(char path[PATH_MAX])
{
    char here[PATH_MAX];
    ssize_t got = readlink("/proc/self/exe", path, PATH_MAX - 1);
    path[got > 0 ? got : 0] = '\0';
    size_t length = getcwd(here, sizeof here) != NULL ? strlen(here) : 0;
    if (length == 0 || strncmp(path, here, length) != 0 || path[length] != '/')
        return false;
    path[0] = '.';
    memmove(path + 1, path + length, strlen(path + length) + 1);
    return true;
}

/* The file that this code was loaded from; `*shared`: it is a shared object. */
static bool own_file(char file[PATH_MAX], bool *shared)
{
    Dl_info object;
    if (dladdr((const void *)own_file, &object) == 0 || object.dli_fname == NULL)
        return false;
    *shared = strstr(object.dli_fname, ".so") != NULL; /* a program's name is what it was called by */
    return realpath(*shared ? object.dli_fname : "/proc/self/exe", file) != NULL || (!*shared && find_from_here(file));
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

/* The real path of the first of the places that there is, from a folder on; where that cannot be told, a path. */
static bool find(const char *folder, const char *const *places, char *path, size_t size)
{
    char place[PATH_MAX + 64], real[PATH_MAX];
    for (; *places != NULL; places++) {
        snprintf(place, sizeof place, "%s/%s", folder, *places);
        const char *found = realpath(place, real) != NULL ? real : access(place, F_OK) == 0 ? place : NULL;
        if (found != NULL && strlen(found) < size) {
            strcpy(path, found);
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
