/* interrupt.c: Ctrl-C that waits until somebody looks. */
#include "lab/interrupt.h"

#include <stddef.h>

static sigset_t interrupts(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    return set;
}

void lab_interrupt_hold(sigset_t *before)
{
    const sigset_t set = interrupts();
    pthread_sigmask(SIG_BLOCK, &set, before);
}

bool lab_interrupt_is_pending(void *unused)
{
    sigset_t pending;
    (void)unused;
    return sigpending(&pending) == 0 && sigismember(&pending, SIGINT) == 1;
}

/* First the disposition: a handler of ours would take what has waited. */
void lab_interrupt_pass_on(void)
{
    sigset_t none;
    sigemptyset(&none);
    signal(SIGINT, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

void lab_interrupt_let(const sigset_t *before)
{
    const sigset_t set = interrupts();
    int number;
    if (lab_interrupt_is_pending(NULL))
        sigwait(&set, &number);
    pthread_sigmask(SIG_SETMASK, before, NULL);
}
