/* program.h: where this program is, and what came with it. */
#ifndef PG74_LAB_PROGRAM_H
#define PG74_LAB_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

/* The folder of the file that this code was loaded from: the program's, or that of pg74.so in another program. False: it
 * cannot be told, or `size` is too small for it. */
bool lab_own_folder(char *folder, size_t size);

/* The program pg74, to be started: the one that runs, or, where this is pg74.so, the one that came with it: build/pg74 with
 * build/lua/pg74.so, PREFIX/bin/pg74 with PREFIX/lib/lua/5.4/pg74.so. False: there is none. */
bool lab_program_path(char *path, size_t size);

/* The first of `places` (ends with NULL), seen from the folder of the program pg74, at which there is something: its real
 * path. False: at none of them. */
bool lab_beside_program(const char *const *places, char *path, size_t size);

#endif
