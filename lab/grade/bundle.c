/* bundle.c: folders made from a lab: a new one, what students get, what platforms want. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <lualib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lab/grade/author.h"
#include "lab/grade/internal.h"
#include "lab/lesson/lesson.h"
#include "lab/lua/lua_binding.h"
#include "lab/program.h"

static int cannot(const char *what, const char *path)
{
    fprintf(stderr, "pg74 lab: cannot %s %s: %s\n", what, path, strerror(errno));
    return ISA_EXIT_INTERNAL;
}

/* Does a path that is not there yet lie in a lab's folder? What is copied there would be copied with it, and so on. */
static bool is_in_lab(const char *path, const char *lab)
{
    char *copy = strdup(path), *parent = realpath(dirname(copy), NULL), *folder = realpath(lab, NULL);
    size_t length = folder != NULL ? strlen(folder) : 0;
    bool is = parent != NULL && folder != NULL && strncmp(parent, folder, length) == 0 &&
              (parent[length] == '/' || parent[length] == '\0');
    free(copy);
    free(parent);
    free(folder);
    if (is)
        fprintf(stderr, "pg74 lab: %s lies in the lab's own folder, which is copied: name one elsewhere\n", path);
    return is;
}

/* Makes a folder that is not there yet, and opens it; -1 after a message. */
static int make_folder(const char *path)
{
    int folder = mkdir(path, 0777) == 0 ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (folder < 0)
        cannot("make the folder", path);
    return folder;
}

static bool write_file(int folder, const char *name, const char *bytes, size_t length, mode_t mode)
{
    int file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    bool good = file >= 0 && write(file, bytes, length) == (ssize_t)length;
    if (file >= 0)
        close(file);
    if (!good)
        cannot("write", name);
    return good;
}

static bool write_text(int folder, const char *name, const char *text, mode_t mode)
{
    return write_file(folder, name, text, strlen(text), mode);
}

/* ---- Copies ------------------------------------------------------------------------------------------------------ */

/* What students never get, at the top of a lab's folder. */
static bool is_withheld(const char *name)
{
    static const char *const names[] = {"solution", "hidden", "hidden.lua", "supplied", "secret", NULL};
    for (unsigned i = 0; names[i] != NULL; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static bool copy_folder(int from, int to, bool withhold, const char *suffix);

static bool copy_entry(int from, int to, const char *name)
{
    size_t length;
    const char *why;
    int inner = openat(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (inner >= 0) {
        int made = mkdirat(to, name, 0777) == 0 ? openat(to, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
        if (made < 0)
            cannot("make the folder", name);
        bool good = made >= 0 && copy_folder(inner, made, false, NULL);
        close(inner);
        if (made >= 0)
            close(made);
        return good;
    }
    char *bytes = lab_grade_read_plain(from, name, 64 * LAB_GRADE_LARGEST_FILE, &length, &why);
    if (bytes == NULL) {
        fprintf(stderr, "pg74 lab: %s: %s\n", name, why);
        return false;
    }
    bool good = write_file(to, name, bytes, length, 0666);
    free(bytes);
    return good;
}

static bool ends_with(const char *name, const char *suffix)
{
    size_t length = strlen(name), end = strlen(suffix);
    return length >= end && strcmp(name + length - end, suffix) == 0;
}

/* `suffix`: of the names that are copied; NULL: all. */
static bool copy_folder(int from, int to, bool withhold, const char *suffix)
{
    bool good = true;
    int again = openat(from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC); /* `from` may have been read before */
    DIR *entries = again >= 0 ? fdopendir(again) : NULL;
    for (struct dirent *entry; entries != NULL && good && (entry = readdir(entries)) != NULL;)
        if (entry->d_name[0] != '.' && !(withhold && is_withheld(entry->d_name)) &&
            (suffix == NULL || ends_with(entry->d_name, suffix)))
            good = copy_entry(from, to, entry->d_name);
    if (entries != NULL)
        closedir(entries);
    return good && entries != NULL;
}

bool lab_grade_copy_folder(int from, int to)
{
    return copy_folder(from, to, false, NULL);
}

static int open_lab(const char *lab)
{
    int folder = open(lab, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0 && faccessat(folder, "lab.lua", R_OK, 0) == 0)
        return folder;
    fprintf(stderr, "pg74 lab: there is no lab: %s/lab.lua\n", lab);
    if (folder >= 0)
        close(folder);
    return -1;
}

/* ---- What students get ------------------------------------------------------------------------------------------- */

/* Writes the string at `index` as a file, if it is one. */
static bool write_string(lua_State *L, int index, int folder, const char *name)
{
    size_t length;
    const char *bytes = lua_tolstring(L, index, &length);
    return bytes == NULL || write_file(folder, name, bytes, length, 0666);
}

/* Writes what is made of a lab's files: the course's machine, and its pg74.h, where the lab has one; and the object that
 * it supplies. Its sources are the author's own: they are compiled wherever limits can be set. */
static int write_made(const char *lab, int lab_folder, const char *secret, int folder)
{
    static const char program[] = "local name, text = lab.machine_text() "
                                  "local own = text and name == 'machine.isa' "
                                  "return own and text or nil, own and lab.header() or nil, lab.supplied()";
    struct lab_grade_options options = {.lab = lab, .secret = secret};
    struct lab_grade_judge judge = {.options = &options, .lab = lab_folder,
                                    .containment = lab_grade_containment_find(NULL, true)};
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    char path[4096];
    int code = 0;
    lua_State *L = luaL_newstate();
    luaL_openlibs(L);
    lab_lua_open(L, NULL);
    snprintf(path, sizeof path, "%s/lab.lua", lab);
    if (luaL_dostring(L, "pg74 = require 'pg74'") != LUA_OK || !lab_grade_open_checks(L, &judge)) {
        fprintf(stderr, "pg74 lab: %s\n", lua_tostring(L, -1));
        code = ISA_EXIT_INTERNAL;
    } else if (!lab_grade_lab_open(L, lab_folder, path, diagnostics)) {
        isa_diagnostics_print(diagnostics, stderr);
        code = isa_diagnostics_exit_code(diagnostics);
    } else {
        lab_grade_push_lab(L);
        lua_pushvalue(L, -2);
        lua_setfield(L, -2, "definition");
        if (luaL_dostring(L, program) != LUA_OK) {
            fprintf(stderr, "%s: %s\n", path, lua_tostring(L, -1));
            code = ISA_EXIT_DATA;
        } else if (!write_string(L, -3, folder, "machine.isa") || !write_string(L, -2, folder, "pg74.h") ||
                   !write_string(L, -1, folder, "supplied.o")) {
            code = ISA_EXIT_INTERNAL;
        }
    }
    isa_diagnostics_free(diagnostics);
    lab_grade_scratch_free(judge.scratch);
    lua_close(L);
    return code;
}

int lab_grade_export(const char *lab, const char *folder, const char *secret)
{
    int from = open_lab(lab), code = ISA_EXIT_INTERNAL;
    if (from >= 0 && is_in_lab(folder, lab)) {
        close(from);
        return ISA_EXIT_USAGE;
    }
    int to = from >= 0 ? make_folder(folder) : -1;
    if (to >= 0 && copy_folder(from, to, true, NULL))
        code = write_made(lab, from, secret, to);
    if (to >= 0)
        close(to);
    if (from < 0)
        return ISA_EXIT_NO_INPUT;
    close(from);
    return code;
}

/* ---- A new lab --------------------------------------------------------------------------------------------------- */

static const char new_lab[] =
    "-- A lab: what there is to do, and how it is judged. docs/lab-author.md is the manual.\n"
    "return {\n"
    "  api = 1,\n"
    "  title = \"A first program\",\n"
    "  machine = \"pg74\",\n"
    "  hours = 1,\n"
    "  submit = {\"program.s\"},\n"
    "  tasks = {\n"
    "    {id = \"halts\", title = \"The program comes to its end\", points = 1,\n"
    "     check = lab.program {file = \"program.s\"}},\n"
    "    {id = \"sum\", title = \"It halts with the sum of 1 to 10\", points = 4, after = {\"halts\"},\n"
    "     hint = \"add the numbers in a loop, and give the sum to halt\",\n"
    "     check = lab.program {file = \"program.s\", halt = 55}},\n"
    "  },\n"
    "}\n";
static const char new_hidden[] =
    "-- Tasks that students see no more of than what they concern. This file is never exported.\n"
    "return {\n"
    "  {id = \"short\", title = \"In less than 100 instructions\", points = 1, after = {\"sum\"},\n"
    "   concern = \"how many instructions the program takes\",\n"
    "   check = lab.program {file = \"program.s\", halt = 55, fuel = 100}},\n"
    "}\n";
static const char new_handout[] = "# A first program\n\nExpected: 1 hour.\n\n"
                                  "Write a program in assembly, `program.s`, that adds the numbers from 1 to 10 and\n"
                                  "halts with the sum. To try it:\n\n    pg74 grade . starter\n";
static const char new_starter[] = "# Your program.\n_start: li a0, 0\n        j _start\n";
static const char new_solution[] = "_start: li a0, 10\nagain:  add a1, a1, a0\n        addi a0, a0, -1\n"
                                   "        bnez a0, again\n        halt a1\n";

static bool write_in(int folder, const char *inner, const char *name, const char *text)
{
    int made = mkdirat(folder, inner, 0777) == 0 ? openat(folder, inner, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    bool good = made >= 0 && write_text(made, name, text, 0666);
    if (made >= 0)
        close(made);
    return good;
}

int lab_grade_new(const char *path)
{
    int folder = make_folder(path);
    if (folder < 0)
        return ISA_EXIT_INTERNAL;
    bool good = write_text(folder, "lab.lua", new_lab, 0666) && write_text(folder, "hidden.lua", new_hidden, 0666) &&
                write_text(folder, "handout.md", new_handout, 0666) &&
                write_in(folder, "starter", "program.s", new_starter) &&
                write_in(folder, "solution", "program.s", new_solution);
    close(folder);
    return good ? 0 : ISA_EXIT_INTERNAL;
}

/* ---- Packages ---------------------------------------------------------------------------------------------------- */

/* Gradescope runs setup.sh when the image is made, and run_autograder for each submission, as root, in a folder
 * /autograder ("Autograder Specifications"). AUTOGRADER stands for that, so that it can be tried elsewhere. */
static const char gradescope_setup[] =
    "#!/bin/sh\n# Run once, when the image is made: what the grader needs. PG-74 lies in pg74/, built for Debian 12:\n"
    "# choose such an image, or put a program built for yours there.\n"
    "set -e\nroot=${AUTOGRADER:-/autograder}\n"
    "if ! \"$root/source/pg74/bin/pg74\" --version >/dev/null 2>&1; then\n"
    "    apt-get update\n"
    "    apt-get install -y --no-install-recommends gcc-riscv64-unknown-elf libz3-4 libdw1 libelf1 libjansson4 \\\n"
    "        liblua5.4-0 libreadline8 libncursesw6 libcmark0.30.2\n"
    "fi\n"
    "chmod -R go-rwx \"$root/source/lab\"\n\"$root/source/pg74/bin/pg74\" --version\n";
static const char gradescope_run[] =
    "#!/bin/sh\n# Run for each submission: writes results/results.json, which is whole at every moment.\n"
    "root=${AUTOGRADER:-/autograder}\nmkdir -p \"$root/results\"\n"
    "exec \"$root/source/pg74/bin/pg74\" grade --format gradescope -o \"$root/results/results.json\" \\\n"
    "    \"$root/source/lab\" \"$root/submission\"\n";
/* Autolab copies autograde.tar and autograde-Makefile beside the submission, makes `all`, and reads the last line. */
static const char autolab_makefile[] =
    "# Autolab: \"make -f autograde-Makefile\" beside autograde.tar and the submission; the last line has scores.\n"
    "all:\n\ttar xf autograde.tar\n\tchmod -R go-rwx lab\n"
    "\tmkdir -p submission && { test ! -f handin.tar || tar xf handin.tar -C submission; }\n"
    "\tfor file in *; do case $$file in autograde.tar|handin.tar|[Mm]akefile|autograde-Makefile) ;; \\\n"
    "\t    *) test ! -f \"$$file\" || cp \"$$file\" submission ;; esac; done\n"
    "\tpg74/bin/pg74 grade --format autolab lab submission\n";

/* The lessons, whose records a lab may be about. A program without any has none to give. */
static bool copy_lessons(int folder)
{
    char **all = lab_lesson_find_all(NULL), *end = all[0] != NULL ? strrchr(all[0], '/') : NULL;
    bool good = true;
    if (end != NULL) {
        *end = '\0';
        good = mkdirat(folder, "share", 0777) == 0 && mkdirat(folder, "share/pg74", 0777) == 0 &&
               mkdirat(folder, "share/pg74/lessons", 0777) == 0;
        int to = good ? openat(folder, "share/pg74/lessons", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
        for (unsigned i = 0; good && all[i] != NULL; i++) {
            int lesson = open(all[0], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
            good = lesson >= 0 && copy_entry(lesson, to, i == 0 ? end + 1 : strrchr(all[i], '/') + 1);
            close(lesson);
        }
        close(to);
    }
    lab_lesson_free_list(all);
    return good;
}

bool lab_grade_copy_program(int folder, const char *suffix)
{
    char program[4096], build[4096];
    size_t length;
    const char *why;
    static const char *const libraries[] = {"vmm", "guests"};
    if (!lab_program_path(program, sizeof program)) {
        fputs("pg74 lab: the program pg74 is not where it belongs\n", stderr);
        return false;
    }
    snprintf(build, sizeof build, "%.*s", (int)(strrchr(program, '/') - program), program);
    int from = open(build, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    char *bytes = lab_grade_read_plain(AT_FDCWD, program, 256 * (size_t)LAB_GRADE_LARGEST_FILE, &length, &why);
    mkdirat(folder, "bin", 0777);
    mkdirat(folder, "include", 0777);
    bool good = bytes != NULL && write_file(folder, "bin/pg74", bytes, length, 0777);
    free(bytes);
    bytes = lab_grade_read_plain(from, "include/pg74.h", LAB_GRADE_LARGEST_FILE, &length, &why);
    if (bytes == NULL)
        bytes = lab_grade_read_plain(from, "../include/pg74.h", LAB_GRADE_LARGEST_FILE, &length, &why);
    good = good && bytes != NULL && write_file(folder, "include/pg74.h", bytes, length, 0666);
    free(bytes);
    for (unsigned i = 0; i < 2; i++) {
        char path[32];
        snprintf(path, sizeof path, "%s%s", faccessat(from, "vmm", F_OK, 0) == 0 ? "" : "../lib/pg74/", libraries[i]);
        int library = openat(from, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        mkdirat(folder, "lib", 0777);
        mkdirat(folder, "lib/pg74", 0777);
        snprintf(path, sizeof path, "lib/pg74/%s", libraries[i]);
        mkdirat(folder, path, 0777);
        int to = openat(folder, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        good = good && library >= 0 && to >= 0 && copy_folder(library, to, false, suffix);
        close(library);
        close(to);
    }
    close(from);
    return good;
}

/* The whole lab but its solution, in `lab`, and the program, in `pg74`. */
static bool fill_package(int from, int folder)
{
    if (mkdirat(folder, "lab", 0700) != 0 || mkdirat(folder, "pg74", 0777) != 0)
        return false;
    int lab = openat(folder, "lab", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int program = openat(folder, "pg74", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = copy_folder(from, lab, true, NULL) && lab_grade_copy_program(program, NULL) && copy_lessons(program);
    static const char *const kept[] = {"hidden.lua", "hidden", "supplied", "secret"};
    for (unsigned i = 0; i < sizeof kept / sizeof *kept && good; i++)
        if (faccessat(from, kept[i], F_OK, 0) == 0)
            good = copy_entry(from, lab, kept[i]);
    close(lab);
    close(program);
    return good;
}

int lab_grade_package(const char *lab, const char *path, const char *platform)
{
    bool gradescope = strcmp(platform, "gradescope") == 0;
    int from = open_lab(lab);
    if (from < 0)
        return ISA_EXIT_NO_INPUT;
    bool is_elsewhere = !is_in_lab(path, lab);
    int folder = is_elsewhere ? make_folder(path) : -1;
    if (folder < 0) {
        close(from);
        return is_elsewhere ? ISA_EXIT_INTERNAL : ISA_EXIT_USAGE;
    }
    bool good = fill_package(from, folder);
    if (good && gradescope) {
        good = write_text(folder, "setup.sh", gradescope_setup, 0777) &&
               write_text(folder, "run_autograder", gradescope_run, 0777);
        printf("%s is complete. To upload it: cd %s && zip -r ../%s.zip .\n", path, path, path);
    } else if (good) {
        good = write_text(folder, "autograde-Makefile", autolab_makefile, 0666);
        printf("%s is complete. To upload it: cd %s && tar cf autograde.tar lab pg74\n", path, path);
    }
    close(folder);
    close(from);
    return good ? 0 : ISA_EXIT_INTERNAL;
}

/* ---- Questions ---------------------------------------------------------------------------------------------------- */

int lab_grade_question(const char *student, const char *paper, const char *key)
{
    lua_State *L = luaL_newstate();
    int code = ISA_EXIT_INTERNAL;
    luaL_openlibs(L);
    lab_lua_open(L, NULL);
    if (luaL_loadbufferx(L, lab_grade_questions, strlen(lab_grade_questions), "@questions.lua", "t") == LUA_OK &&
        luaL_dostring(L, "return require 'pg74'") == LUA_OK) {
        lua_settop(L, 2); /* require gives a second value */
        lua_pushstring(L, student);
        lua_pushcfunction(L, lab_grade_generator);
        if (lua_pcall(L, 3, 2, 0) == LUA_OK)
            code = write_text(AT_FDCWD, paper, lua_tostring(L, -2), 0666) &&
                           write_text(AT_FDCWD, key, lua_tostring(L, -1), 0600) ? 0 : ISA_EXIT_INTERNAL;
        else
            fprintf(stderr, "pg74 lab: %s\n", lua_tostring(L, -1));
    }
    lua_close(L);
    return code;
}
