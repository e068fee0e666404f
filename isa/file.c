/* file.c: files that are written whole or not at all. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "isa/isa.h"

static bool write_all(int file, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t count = write(file, bytes, length);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        bytes += count;
        length -= (size_t)count;
    }
    return true;
}

/* The name itself must reach the disk, too: it stands in the folder. */
static void sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash != NULL ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    int file = folder != NULL ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (file >= 0) {
        fsync(file);
        close(file);
    }
    free(folder);
}

/* To what is there and is no file: a terminal, a pipe, /dev/null. It must not be replaced by one. */
static int write_in_place(const char *path, const void *bytes, size_t length)
{
    int file = open(path, O_WRONLY | O_CLOEXEC);
    int error = file >= 0 && write_all(file, bytes, length) ? 0 : errno;
    if (file >= 0 && close(file) != 0 && !error)
        error = errno;
    return error;
}

/* Into a new file beside `path`, onto the disk where it must last, and only then in the place of `path`, with the rights of
 * what is there. */
static int replace(const char *path, const struct stat *there, const void *bytes, size_t length, bool lasts)
{
    char *partial = NULL;
    if (asprintf(&partial, "%s.partial-%ld", path, (long)getpid()) < 0)
        return ENOMEM;
    int file = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool good = file >= 0 && (there == NULL || fchmod(file, there->st_mode & 0777) == 0) &&
                write_all(file, bytes, length) && (!lasts || fsync(file) == 0);
    int error = good ? 0 : errno;
    if (file >= 0 && close(file) != 0 && !error)
        error = errno;
    if (!error && rename(partial, path) != 0)
        error = errno;
    if (error && file >= 0)
        unlink(partial);
    if (!error && lasts)
        sync_folder(path);
    free(partial);
    return error;
}

static int write_file(const char *path, const void *bytes, size_t length, bool lasts)
{
    struct stat status;
    bool is_there = stat(path, &status) == 0;
    if (is_there && !S_ISREG(status.st_mode))
        return write_in_place(path, bytes, length);
    char *file = realpath(path, NULL); /* where a link leads, if it leads anywhere */
    int error = replace(file != NULL ? file : path, is_there ? &status : NULL, bytes, length, lasts);
    free(file);
    return error;
}

int isa_write_file(const char *path, const void *bytes, size_t length)
{
    return write_file(path, bytes, length, true);
}

int isa_write_file_for_now(const char *path, const void *bytes, size_t length)
{
    return write_file(path, bytes, length, false);
}
