/* seccomp.c: which calls of the kernel a child may make. A closed one has a short list of what it may; a compiler,
 * which is several programs, a list of what it may not: no network, no other process to stop or look into, no mounting,
 * no other user or namespace. */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "lab/grade/contain.h"

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#ifdef ARCHITECTURE

enum { LONGEST = 128, X32 = 0x40000000 };

static const int closed_may[] = {
    SYS_read, SYS_write, SYS_readv, SYS_writev, SYS_exit, SYS_exit_group, SYS_brk, SYS_mmap, SYS_munmap, SYS_mremap,
    SYS_mprotect, SYS_madvise, SYS_futex, SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_clock_gettime,
    SYS_gettimeofday, SYS_getrandom, SYS_fstat, SYS_newfstatat, SYS_lseek, SYS_close, SYS_getpid, SYS_gettid,
    SYS_sched_yield, SYS_sched_getaffinity, SYS_sysinfo, SYS_restart_syscall, SYS_sigaltstack,
};

static const int compiler_may_not[] = {
    SYS_socket, SYS_socketpair, SYS_connect, SYS_bind, SYS_listen, SYS_accept, SYS_accept4, SYS_sendto, SYS_sendmsg,
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kill, SYS_tkill, SYS_pidfd_open,
    SYS_pidfd_send_signal, SYS_rt_sigqueueinfo, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_unshare,
    SYS_setns, SYS_mknodat, SYS_keyctl, SYS_add_key, SYS_request_key, SYS_bpf, SYS_perf_event_open, SYS_userfaultfd,
    SYS_io_uring_setup, SYS_setsid, SYS_setpgid, SYS_reboot, SYS_swapon, SYS_init_module, SYS_finit_module,
    SYS_kexec_load, SYS_open_by_handle_at, SYS_quotactl, SYS_acct, SYS_settimeofday, SYS_prlimit64, SYS_setpriority,
#ifdef SYS_mknod
    SYS_mknod,
#endif
};

struct filter { struct sock_filter lines[LONGEST]; unsigned short count; };

static void add(struct filter *filter, unsigned code, unsigned char yes, unsigned char no, uint32_t value)
{
    if (filter->count < LONGEST)
        filter->lines[filter->count++] = (struct sock_filter){(unsigned short)code, yes, no, value};
}

static void when_call(struct filter *filter, uint32_t call, uint32_t answer)
{
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, call);
    add(filter, BPF_RET | BPF_K, 0, 0, answer);
}

static void load(struct filter *filter, size_t offset)
{
    add(filter, BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)offset);
}

static void begin(struct filter *filter)
{
    load(filter, offsetof(struct seccomp_data, arch));
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, ARCHITECTURE);
    add(filter, BPF_RET | BPF_K, 0, 0, SECCOMP_RET_KILL_PROCESS);
    load(filter, offsetof(struct seccomp_data, nr));
    add(filter, BPF_JMP | BPF_JGE | BPF_K, 0, 1, X32);
    add(filter, BPF_RET | BPF_K, 0, 0, SECCOMP_RET_KILL_PROCESS);
}

/* clone may make processes, and no namespaces; what clone3 is asked a filter cannot see, and libraries do without. */
static void add_clone(struct filter *filter)
{
    const uint32_t spaces = CLONE_NEWNS | CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS |
                            CLONE_NEWCGROUP;
    when_call(filter, SYS_clone3, SECCOMP_RET_ERRNO | ENOSYS);
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 4, SYS_clone);
    load(filter, offsetof(struct seccomp_data, args[0]));
    add(filter, BPF_JMP | BPF_JSET | BPF_K, 0, 1, spaces);
    add(filter, BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | EPERM);
    add(filter, BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW);
}

bool lab_grade_seccomp(enum lab_grade_profile profile)
{
    struct filter filter = {.count = 0};
    begin(&filter);
    if (profile == LAB_GRADE_CLOSED) {
        for (size_t i = 0; i < sizeof closed_may / sizeof *closed_may; i++)
            when_call(&filter, (uint32_t)closed_may[i], SECCOMP_RET_ALLOW);
        add(&filter, BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | EPERM);
    } else {
        for (size_t i = 0; i < sizeof compiler_may_not / sizeof *compiler_may_not; i++)
            when_call(&filter, (uint32_t)compiler_may_not[i], SECCOMP_RET_ERRNO | EPERM);
        add_clone(&filter);
        add(&filter, BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW);
    }
    struct sock_fprog program = {.len = filter.count, .filter = filter.lines};
    return filter.count < LONGEST && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

/* A filter that is NULL is refused with EFAULT where there are filters at all. */
bool lab_grade_seccomp_is_there(void)
{
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL, 0, 0) != 0 && errno == EFAULT;
}

#else

bool lab_grade_seccomp(enum lab_grade_profile profile)
{
    (void)profile;
    return false;
}

bool lab_grade_seccomp_is_there(void)
{
    return false;
}

#endif
