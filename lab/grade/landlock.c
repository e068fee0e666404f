/* landlock.c: the kernel's Landlock: from now on this process and those that it starts reach only some files, and no
 * network. See the kernel's userspace-api/landlock. */
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lab/grade/contain.h"

/* What later versions added, for headers that are older than the kernel. */
#define REFER (1ull << 13)     /* version 2 */
#define TRUNCATE (1ull << 14)  /* version 3 */
#define DEVICES (1ull << 15)   /* version 5 */
#define NETWORK 3ull           /* version 4: to bind, to connect */
#define SCOPES 3ull            /* version 6: sockets without a name, signals to others */
enum { EVERY_VERSION = (1 << 13) - 1 };

/* The attribute as of version 6; older kernels take its beginning. */
struct attribute { uint64_t files, network, scopes; };

static const uint64_t READ = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
static const uint64_t MAKE_NO_DEVICE =
    ~(uint64_t)(LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SOCK);

static const char *const system_paths[] = {"/usr", "/lib", "/lib32", "/lib64", "/bin", "/etc/ld.so.cache",
                                           "/etc/alternatives", "/dev/null", "/dev/zero", "/dev/urandom",
#ifdef __SANITIZE_ADDRESS__
                                           "/proc/self", /* where it looks for its own stack */
#endif
                                           NULL};

int lab_grade_landlock_version(void)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_CREATE_RULESET_VERSION);
    return version > 0 ? (int)version : 0;
}

static uint64_t handled(int version)
{
    return EVERY_VERSION | (version >= 2 ? REFER : 0) | (version >= 3 ? TRUNCATE : 0) | (version >= 5 ? DEVICES : 0);
}

/* Lets the process do `access` under what is open there. */
static bool allow_open(int rules, int descriptor, uint64_t access)
{
    struct stat status;
    if (fstat(descriptor, &status) == 0 && !S_ISDIR(status.st_mode))
        access &= LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | TRUNCATE;
    struct landlock_path_beneath_attr beneath = {.allowed_access = access, .parent_fd = descriptor};
    return syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) == 0;
}

/* The same under a path. One that is not there needs no rule. */
static bool allow(int rules, const char *path, uint64_t access)
{
    int descriptor = open(path, O_PATH | O_CLOEXEC);
    if (descriptor < 0)
        return true;
    bool good = allow_open(rules, descriptor, access);
    close(descriptor);
    return good;
}

bool lab_grade_landlock(int version, int program, bool writes_here)
{
    uint64_t all = handled(version);
    struct attribute attribute = {all, version >= 4 ? NETWORK : 0, version >= 6 ? SCOPES : 0};
    size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
    int rules = (int)syscall(SYS_landlock_create_ruleset, &attribute, size, 0);
    if (rules < 0)
        return false;
    bool good = true;
    for (size_t i = 0; system_paths[i] != NULL; i++)
        good = good && allow(rules, system_paths[i], READ);
    good = good && allow(rules, "/dev/null", LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE);
    good = good && allow_open(rules, program, READ);
    if (writes_here)
        good = good && allow(rules, ".", all & MAKE_NO_DEVICE & ~DEVICES);
    good = good && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    close(rules);
    return good;
}
