/* Files that are written whole or not at all (isa_write_file), and what is there and is no file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "isa/isa.h"

/* A folder of its own, which is also where the test is. */
static int enter(void **state)
{
    static const char pattern[] = "/tmp/pg74-file-XXXXXX";
    char *folder = strdup(pattern);
    *state = folder;
    return folder == NULL || mkdtemp(folder) == NULL || chdir(folder) != 0;
}

static int leave(void **state)
{
    DIR *folder = opendir(".");
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;)
        unlink(entry->d_name);
    if (folder != NULL)
        closedir(folder);
    int result = chdir("/") != 0 || rmdir(*state) != 0; /* nothing was left that cannot be unlinked */
    free(*state);
    return result;
}

static void assert_holds(const char *path, const char *text)
{
    struct isa_diagnostics *diagnostics = isa_diagnostics_new();
    char *bytes = isa_read_file(path, NULL, diagnostics);
    assert_non_null(bytes);
    assert_string_equal(bytes, text);
    free(bytes);
    isa_diagnostics_free(diagnostics);
}

static unsigned entries(void)
{
    unsigned count = 0;
    DIR *folder = opendir(".");
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count - 2; /* without . and .. */
}

static void a_new_file_and_another_in_its_place(void **state)
{
    (void)state;
    struct stat status;
    assert_int_equal(isa_write_file("file", "first", 5), 0);
    assert_holds("file", "first");
    assert_int_equal(chmod("file", 0640), 0);
    assert_int_equal(isa_write_file("file", "2nd", 3), 0);
    assert_holds("file", "2nd");
    assert_int_equal(stat("file", &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
    assert_int_equal(entries(), 1);
    assert_int_equal(isa_write_file_for_now("file", "third", 5), 0);
    assert_holds("file", "third");
    assert_int_equal(stat("file", &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
    assert_int_equal(entries(), 1);
}

static void a_link_stays_a_link(void **state)
{
    (void)state;
    struct stat status;
    assert_int_equal(isa_write_file("file", "first", 5), 0);
    assert_int_equal(symlink("file", "link"), 0);
    assert_int_equal(isa_write_file("link", "second", 6), 0);
    assert_holds("file", "second");
    assert_int_equal(lstat("link", &status), 0);
    assert_true(S_ISLNK(status.st_mode));
}

static void what_is_no_file_is_not_replaced(void **state)
{
    (void)state;
    struct stat status;
    char bytes[8];
    assert_int_equal(mkfifo("pipe", 0600), 0);
    int reader = open("pipe", O_RDONLY | O_NONBLOCK);
    assert_true(reader >= 0);
    assert_int_equal(isa_write_file("pipe", "through", 7), 0);
    assert_int_equal(read(reader, bytes, sizeof bytes), 7);
    close(reader);
    assert_int_equal(lstat("pipe", &status), 0);
    assert_true(S_ISFIFO(status.st_mode));
    assert_int_equal(isa_write_file("/dev/full", "x", 1), ENOSPC);
}

static void an_error_leaves_nothing(void **state)
{
    (void)state;
    assert_int_equal(isa_write_file("no/such", "x", 1), ENOENT);
    assert_int_equal(isa_write_file(".", "x", 1), EISDIR);
    assert_int_equal(entries(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_file_and_another_in_its_place, enter, leave),
        cmocka_unit_test_setup_teardown(a_link_stays_a_link, enter, leave),
        cmocka_unit_test_setup_teardown(what_is_no_file_is_not_replaced, enter, leave),
        cmocka_unit_test_setup_teardown(an_error_leaves_nothing, enter, leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
