/* measure.c: runs the workloads natively, on the machine and, where it is installed, under qemu's user mode, in turn,
 * so that a host that changes its speed changes it for all; and prints medians of processor time. Results must be the
 * same everywhere. The machine runs them twice: as pg74, and as pg74p with every address translated by a table. usage: measure BUILD */
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { RUNS = 5, STARTS = 21, OUTPUT = 4096, MOST_MACHINES = 64 };

struct measured {
    double processor, elapsed; /* seconds */
    long kilobytes;            /* most memory in use */
    uint64_t instructions;     /* in user mode; 0 where the processor's counter cannot be had */
    int status;
    char output[OUTPUT];
};

static void fail(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

/* Counts the instructions of this process and of those that it starts; -1 where that cannot be done (in many virtual
 * machines). */
static int open_counter(void)
{
    struct perf_event_attr attributes = {.type = PERF_TYPE_HARDWARE, .size = sizeof attributes,
                                         .config = PERF_COUNT_HW_INSTRUCTIONS, .inherit = 1, .exclude_kernel = 1,
                                         .exclude_hv = 1};
    return (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0);
}

static uint64_t close_counter(int counter)
{
    uint64_t count = 0;
    if (counter < 0)
        return 0;
    if (read(counter, &count, sizeof count) != sizeof count)
        count = 0;
    close(counter);
    return count;
}

/* Runs a command to its end; NULL ends the arguments. */
static struct measured run(const char *const *arguments)
{
    struct measured result = {0};
    struct timespec start, end;
    struct rusage usage;
    int pipes[2];
    if (pipe(pipes) != 0)
        fail("no pipe");
    int counter = open_counter();
    clock_gettime(CLOCK_MONOTONIC, &start);
    pid_t child = fork();
    if (child == 0) {
        dup2(pipes[1], 1);
        execvp(arguments[0], (char *const *)(uintptr_t)arguments);
        _exit(127);
    }
    close(pipes[1]);
    size_t length = 0;
    ssize_t got;
    while ((got = read(pipes[0], result.output + length, OUTPUT - 1 - length)) > 0)
        length += (size_t)got;
    close(pipes[0]);
    if (child < 0 || wait4(child, &result.status, 0, &usage) != child)
        fail("no child process");
    clock_gettime(CLOCK_MONOTONIC, &end);
    result.instructions = close_counter(counter);
    result.processor = (double)usage.ru_utime.tv_sec + 1e-6 * (double)usage.ru_utime.tv_usec +
                       (double)usage.ru_stime.tv_sec + 1e-6 * (double)usage.ru_stime.tv_usec;
    result.elapsed = (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec);
    result.kilobytes = usage.ru_maxrss;
    return result;
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return left < right ? -1 : left > right;
}

static double median(double *values, unsigned count)
{
    qsort(values, count, sizeof *values, compare);
    return values[count / 2];
}

static bool exists(const char *path)
{
    return access(path, X_OK) == 0;
}

static double number_after(const char *text, const char *name)
{
    const char *found = strstr(text, name);
    return found ? strtod(found + strlen(name), NULL) : 0;
}

static void measure_workload(const char *build, const char *name)
{
    char native[256], guest[256], paged[256], linux_guest[256], pg74[256];
    snprintf(native, sizeof native, "%s/bench/%s", build, name);
    snprintf(guest, sizeof guest, "%s/bench/%s.elf", build, name);
    snprintf(paged, sizeof paged, "%s/bench/%s-pages.elf", build, name);
    snprintf(linux_guest, sizeof linux_guest, "%s/bench/%s.linux", build, name);
    snprintf(pg74, sizeof pg74, "%s/pg74", build);
    const char *const commands[4][10] = {
        {native}, {pg74, "run", "--json", "--memory", "16M", guest},
        {pg74, "run", "--json", "--isa", "pg74p", "--memory", "16M", paged}, {"qemu-riscv32", linux_guest}};
    bool qemu = exists("/usr/bin/qemu-riscv32") || exists("/usr/local/bin/qemu-riscv32");
    double seconds[4][RUNS], instructions = 0;
    for (unsigned i = 0; i < RUNS; i++) {
        char expected[16] = "";
        for (unsigned k = 0; k < (qemu ? 4 : 3); k++) {
            struct measured measured = run(commands[k]);
            seconds[k][i] = measured.processor;
            if (k == 0)
                snprintf(expected, sizeof expected, "%.8s", measured.output);
            if (measured.status != 0 || strlen(expected) != 8 || !strstr(measured.output, expected))
                fail("the results differ, or a command failed");
            if (k == 1)
                instructions = number_after(measured.output, "\"instructions\":");
        }
    }
    double own = median(seconds[1], RUNS), base = median(seconds[0], RUNS), translated = median(seconds[2], RUNS);
    printf("%-10s %9.3f %9.3f %8.1f %10.0f %9.3f %8.2f", name, base, own, own / base, instructions / own / 1e6, translated,
           translated / own);
    if (qemu) {
        double other = median(seconds[3], RUNS);
        printf(" %9.3f %8.2f", other, own / other);
    } else {
        printf("  qemu-riscv32 is not installed");
    }
    printf("\n");
    fflush(stdout);
}

static void measure_start(const char *build)
{
    char pg74[256], guest[256];
    double seconds[STARTS];
    long small = 0, large = 0;
    snprintf(pg74, sizeof pg74, "%s/pg74", build);
    snprintf(guest, sizeof guest, "%s/bench/trivial.elf", build);
    const char *const plain[] = {pg74, "run", guest, NULL}, *const big[] = {pg74,  "run", "--memory",
                                                                            "16M", guest, NULL};
    for (unsigned i = 0; i < STARTS; i++) {
        struct measured measured = run(plain);
        if (measured.status != 0)
            fail("the trivial guest failed");
        seconds[i] = measured.elapsed;
        small = measured.kilobytes;
        large = run(big).kilobytes;
    }
    printf("\nstart: `pg74 run` on a guest that halts at once takes %.1f ms\n", 1000 * median(seconds, STARTS));
    printf("memory: %ld KiB with a machine of 1 MiB, %ld KiB with one of 16 MiB\n", small, large);
}

struct machine { char *name; struct measured alone; };

static int slower(const void *a, const void *b)
{
    double left = ((const struct machine *)a)->alone.elapsed, right = ((const struct machine *)b)->alone.elapsed;
    return left > right ? -1 : left < right;
}

static void print_measured(const char *what, const struct measured *measured)
{
    printf("%-24s %6.2f s  %6.2f s of processor time  %7ld KiB at most", what, measured->elapsed, measured->processor,
           measured->kilobytes);
    if (measured->instructions > 0)
        printf("  %.2f thousand million instructions", 1e-9 * (double)measured->instructions);
    putchar('\n');
}

/* The classifier on every machine of `pg74 isa list` in one run, and on each alone, of which the slowest are shown. The page
 * that it writes is thrown away. */
static void measure_classifier(const char *build)
{
    enum { SHOWN = 3 };
    char pg74[256], title[64], *rest = NULL;
    struct machine machines[MOST_MACHINES];
    const char *all[MOST_MACHINES + 8] = {pg74, "classify", "--html", "/dev/null"};
    unsigned count = 0;
    snprintf(pg74, sizeof pg74, "%s/pg74", build);
    struct measured list = run((const char *const[]){pg74, "isa", "list", NULL});
    for (char *line = strtok_r(list.output, "\n", &rest); line && count < MOST_MACHINES; line = strtok_r(NULL, "\n", &rest)) {
        line[strcspn(line, " ")] = '\0';
        machines[count].name = line;
        all[4 + count++] = line;
    }
    struct measured whole = run(all);
    if (count < SHOWN || whole.status != 0)
        fail("the classifier failed");
    for (unsigned i = 0; i < count; i++)
        machines[i].alone = run((const char *const[]){pg74, "classify", "--html", "/dev/null", machines[i].name, NULL});
    qsort(machines, count, sizeof *machines, slower);
    printf("\nclassify, and of its machines alone the slowest\n");
    snprintf(title, sizeof title, "all %u in one run", count);
    print_measured(title, &whole);
    for (unsigned i = 0; i < SHOWN; i++)
        print_measured(machines[i].name, &machines[i].alone);
}

int main(int argc, char **argv)
{
    static const char *const workloads[] = {"compute", "mix", "pointer"};
    if (argc != 2)
        fail("usage: measure BUILD");
    printf("medians of %d runs in turn, in seconds of processor time; ratios: how many times longer (pg74 than native, pg74p\n"
           "with pages than pg74, pg74 than qemu)\n\n", RUNS);
    printf("%-10s %9s %9s %8s %10s %9s %8s %9s %8s\n", "workload", "native", "pg74", "ratio", "MIPS", "pg74p", "ratio", "qemu",
           "ratio");
    for (unsigned i = 0; i < sizeof workloads / sizeof *workloads; i++)
        measure_workload(argv[1], workloads[i]);
    measure_start(argv[1]);
    measure_classifier(argv[1]);
    return 0;
}
