/* host.c: the sensitive instructions of the x86 that can safely be tried in user mode, on the real processor. Each is
 * executed in a child process, which a trap may kill; what it shows comes back through a pipe. */
#include "lab/host.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#if defined(__x86_64__) && defined(__linux__)

#include <cpuid.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    REPETITIONS = 64,
    EMULATED = 600,         /* cycles: more than any of these takes by itself, less than a trap and back */
    SECONDS = 5,            /* a child that takes longer is stopped */
    KERNEL_SELECTOR = 0x10, /* Linux's kernel code segment */
    INTERRUPT_FLAG = 0x200
};

typedef struct {
    uint64_t value, other;
} shown;

struct instruction {
    const char *name;
    shown (*execute)(void);
    void (*describe)(shown result, char *text, size_t size);
};

/* ---- One function an instruction: what it gives in user mode --------------------------------------------------------
 */

struct descriptor_table {
    uint16_t limit;
    uint64_t base;
} __attribute__((packed));

static shown sgdt(void)
{
    struct descriptor_table table = {0, 0};
    __asm__ volatile("sgdt %0" : "=m"(table));
    return (shown){table.base, table.limit};
}

static shown sidt(void)
{
    struct descriptor_table table = {0, 0};
    __asm__ volatile("sidt %0" : "=m"(table));
    return (shown){table.base, table.limit};
}

static shown sldt(void)
{
    uint64_t value = 0;
    __asm__ volatile("sldt %0" : "=r"(value));
    return (shown){value & 0xffff, 0};
}

static shown str(void)
{
    uint64_t value = 0;
    __asm__ volatile("str %0" : "=r"(value));
    return (shown){value & 0xffff, 0};
}

static shown smsw(void)
{
    uint64_t value = 0;
    __asm__ volatile("smsw %0" : "=r"(value));
    return (shown){value & 0xffff, 0};
}

static shown pushf(void)
{
    return (shown){__builtin_ia32_readeflags_u64(), 0};
}

/* Asks for interrupts to be off, and looks what has become of it. */
static shown popf(void)
{
    unsigned long long before = __builtin_ia32_readeflags_u64();
    __builtin_ia32_writeeflags_u64(before & ~(unsigned long long)INTERRUPT_FLAG);
    unsigned long long after = __builtin_ia32_readeflags_u64();
    __builtin_ia32_writeeflags_u64(before);
    return (shown){before, after};
}

static uint64_t code_segment(void)
{
    uint64_t selector;
    __asm__ volatile("mov %%cs, %0" : "=r"(selector));
    return selector & 0xffff;
}

static shown lar(void)
{
    uint64_t rights = 0, own = code_segment(), kernel = KERNEL_SELECTOR;
    uint8_t allowed;
    __asm__ volatile("lar %1, %0" : "+r"(rights) : "r"(own) : "cc");
    __asm__ volatile("lar %1, %1\n\tsetz %0" : "=q"(allowed), "+r"(kernel) : : "cc");
    return (shown){rights, allowed};
}

static shown lsl(void)
{
    uint64_t limit = 0, own = code_segment(), kernel = KERNEL_SELECTOR;
    uint8_t allowed;
    __asm__ volatile("lsl %1, %0" : "+r"(limit) : "r"(own) : "cc");
    __asm__ volatile("lsl %1, %1\n\tsetz %0" : "=q"(allowed), "+r"(kernel) : : "cc");
    return (shown){limit, allowed};
}

static shown verr(void)
{
    uint8_t own, kernel;
    __asm__ volatile("verr %w1\n\tsetz %0" : "=q"(own) : "r"((uint32_t)code_segment()) : "cc");
    __asm__ volatile("verr %w1\n\tsetz %0" : "=q"(kernel) : "r"(KERNEL_SELECTOR) : "cc");
    return (shown){own, kernel};
}

static shown verw(void)
{
    uint64_t stack;
    uint8_t own, kernel;
    __asm__ volatile("mov %%ss, %0" : "=r"(stack));
    __asm__ volatile("verw %w1\n\tsetz %0" : "=q"(own) : "r"((uint32_t)stack) : "cc");
    __asm__ volatile("verw %w1\n\tsetz %0" : "=q"(kernel) : "r"(KERNEL_SELECTOR + 8) : "cc");
    return (shown){own, kernel};
}

static shown mov(void)
{
    return (shown){code_segment(), 0};
}

static shown identify(void)
{
    unsigned a = 0, b = 0, c = 0, d = 0;
    __cpuid(1, a, b, c, d);
    return (shown){a, c >> 31};
}

static shown rdtsc(void)
{
    return (shown){__builtin_ia32_rdtsc(), 0};
}

/* ---- What came out, in words ----------------------------------------------------------------------------------------
 */

static void describe_table(shown result, char *text, size_t size)
{
    snprintf(text, size, "base 0x%" PRIx64 ", limit 0x%" PRIx64, result.value, result.other);
}

static void describe_selector(shown result, char *text, size_t size)
{
    snprintf(text, size, "selector 0x%" PRIx64, result.value);
}

static void describe_word(shown result, char *text, size_t size)
{
    snprintf(text, size, "machine status word 0x%" PRIx64, result.value);
}

static void describe_flags(shown result, char *text, size_t size)
{
    snprintf(text, size, "interrupt flag %d", (result.value & INTERRUPT_FLAG) != 0);
}

static void describe_ignored(shown result, char *text, size_t size)
{
    bool kept = ((result.value ^ result.other) & INTERRUPT_FLAG) == 0;
    snprintf(text, size, "%s",
             kept ? "clearing the interrupt flag is ignored, without a trap" : "the interrupt flag changes");
}

static void describe_rights(shown result, char *text, size_t size)
{
    snprintf(text, size, "rights 0x%" PRIx64 "; the kernel's segment %s", result.value,
             result.other ? "is shown, too" : "is kept back");
}

static void describe_limit(shown result, char *text, size_t size)
{
    snprintf(text, size, "limit 0x%" PRIx64 "; the kernel's segment %s", result.value,
             result.other ? "is shown, too" : "is kept back");
}

static void describe_access(shown result, char *text, size_t size)
{
    snprintf(text, size, "own segment %s, the kernel's %s", result.value ? "yes" : "no", result.other ? "yes" : "no");
}

static void describe_level(shown result, char *text, size_t size)
{
    snprintf(text, size, "cs 0x%" PRIx64 ": privilege level %d", result.value, (int)(result.value & 3));
}

static void describe_processor(shown result, char *text, size_t size)
{
    snprintf(text, size, "signature 0x%" PRIx64 "; %s", result.value,
             result.other ? "says that there is a hypervisor" : "names no hypervisor");
}

static void describe_time(shown result, char *text, size_t size)
{
    snprintf(text, size, "%s", result.value != 0 ? "the time stamp counter" : "a counter that stands at 0");
}

static const struct instruction instructions[] = {
    {"sgdt", sgdt, describe_table},          {"sidt", sidt, describe_table},  {"sldt", sldt, describe_selector},
    {"str", str, describe_selector},         {"smsw", smsw, describe_word},   {"pushf", pushf, describe_flags},
    {"popf", popf, describe_ignored},        {"lar", lar, describe_rights},   {"lsl", lsl, describe_limit},
    {"verr", verr, describe_access},         {"verw", verw, describe_access}, {"mov", mov, describe_level},
    {"cpuid", identify, describe_processor}, {"rdtsc", rdtsc, describe_time},
};
enum { INSTRUCTIONS = sizeof instructions / sizeof instructions[0] };

/* ---- Trying -------------------------------------------------------------------------------------------------------
 */

struct message {
    shown result;
    uint64_t cycles;
};

/* The child's whole life. Signals do what they do by default, whatever handlers the parent has. */
static _Noreturn void execute(const struct instruction *instruction, int pipe)
{
    static const int signals[] = {SIGSEGV, SIGILL, SIGBUS, SIGFPE, SIGTRAP, SIGSYS};
    struct rlimit none = {0, 0};
    struct message message = {.cycles = UINT64_MAX};
    for (unsigned i = 0; i < sizeof signals / sizeof signals[0]; i++)
        signal(signals[i], SIG_DFL);
    setrlimit(RLIMIT_CORE, &none);
    alarm(SECONDS);
    message.result = instruction->execute();
    for (unsigned i = 0; i < REPETITIONS; i++) {
        uint64_t start = __builtin_ia32_rdtsc();
        instruction->execute();
        uint64_t cycles = __builtin_ia32_rdtsc() - start;
        message.cycles = cycles < message.cycles ? cycles : message.cycles;
    }
    _exit(write(pipe, &message, sizeof message) == (ssize_t)sizeof message ? 0 : 1);
}

static void try_one(const struct instruction *instruction, struct lab_host_try *try)
{
    int ends[2], status = 0;
    struct message message = {.cycles = 0};
    *try = (struct lab_host_try){.name = instruction->name, .end = LAB_HOST_FAILED};
    if (pipe(ends) != 0)
        return;
    pid_t child = fork();
    if (child == 0)
        execute(instruction, ends[1]);
    close(ends[1]);
    ssize_t length = child > 0 ? read(ends[0], &message, sizeof message) : 0;
    close(ends[0]);
    if (child < 0 || waitpid(child, &status, 0) != child)
        return;
    if (WIFSIGNALED(status)) {
        try->end = LAB_HOST_BLOCKED;
        try->signal = WTERMSIG(status);
    } else if (length == (ssize_t)sizeof message) {
        try->end = message.cycles >= EMULATED ? LAB_HOST_EMULATED : LAB_HOST_RUNS;
        try->cycles = message.cycles;
        instruction->describe(message.result, try->shows, sizeof try->shows);
    }
}

bool lab_host_known(void)
{
    return true;
}

bool lab_host_has_umip(void)
{
    unsigned a = 0, b = 0, c = 0, d = 0;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (c & 4) != 0;
}

unsigned lab_host_try_all(struct lab_host_try tries[LAB_HOST_MOST])
{
    for (unsigned i = 0; i < INSTRUCTIONS; i++)
        try_one(&instructions[i], &tries[i]);
    return INSTRUCTIONS;
}

#else

bool lab_host_known(void)
{
    return false;
}

bool lab_host_has_umip(void)
{
    return false;
}

unsigned lab_host_try_all(struct lab_host_try tries[LAB_HOST_MOST])
{
    (void)tries;
    return 0;
}

#endif
