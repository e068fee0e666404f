/* replay.c: runs a fuzz target over the inputs that once crashed it, as a test: test_NAME replays regressions/NAME/. With
 * arguments, over those files. */
#include <dirent.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"

static void replay(const char *path)
{
    FILE *file = fopen(path, "rb");
    static uint8_t bytes[1 << 20];
    if (file == NULL) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    fprintf(stderr, "%s, %zu bytes\n", path, length);
    LLVMFuzzerTestOneInput(bytes, length);
}

static void replay_folder(const char *path)
{
    struct dirent **entries;
    int count = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char file[1024];
        snprintf(file, sizeof file, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.')
            replay(file);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

int main(int argc, char **argv)
{
    const char *base = strrchr(argv[0], '/');
    const char *name = strstr(base != NULL ? base : argv[0], "test_");
    char folder[512], root[256];
    for (int i = 1; i < argc; i++)
        replay(argv[i]);
    if (argc > 1 || name == NULL || getcwd(root, sizeof root) == NULL)
        return EXIT_SUCCESS;
    /* whole paths, because a target may leave the folder it was started in */
    snprintf(folder, sizeof folder, "%s/tests/fuzz/regressions/%s", root, name + strlen("test_"));
    replay_folder(folder);
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0); /* no input at all */
    return EXIT_SUCCESS;
}
