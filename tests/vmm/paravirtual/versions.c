/* versions.c: a guest that is built for a later version of the hypercalls than there is, and goes on with what the
 * monitor speaks; or (with a 1 on its console) one that was built for the first. */
#include <hypercalls.h>

#include "common/guest.h"

uint32_t call_monitor(uint32_t function, uint32_t argument);
void event(void);
_Noreturn void told(void);

enum { LATER = PARAVIRTUAL_VERSION + 1 };

static struct paravirtual_shared shared;
static uint32_t wrong;
static bool first; /* it speaks version 1 */

static void want(const char *what, uint32_t got, uint32_t wanted)
{
    if (got == wanted)
        return;
    print("%s: %08x, not %08x\n", what, got, wanted);
    wrong++;
}

static void start(uint32_t wanted)
{
    shared.entry = (uint32_t)(uintptr_t)event;
    want("the start", call_monitor(PARAVIRTUAL_START, (uint32_t)(uintptr_t)&shared), wanted);
}

static void discover(void)
{
    want("something else", call_monitor(PARAVIRTUAL_IDENTIFY, 1234), PARAVIRTUAL_VERSION);
    want("a later version", call_monitor(PARAVIRTUAL_IDENTIFY, LATER), PARAVIRTUAL_VERSION);
    want("features of later versions", call_monitor(PARAVIRTUAL_FEATURES, 0) & ~UINT32_C(3), 0);
    start(PARAVIRTUAL_BAD_VERSION);
    want("a call before the start", call_monitor(PARAVIRTUAL_TIMER, 1), 0);
    want("the version that it speaks", call_monitor(PARAVIRTUAL_IDENTIFY, first ? 0 : PARAVIRTUAL_VERSION),
         first ? PARAVIRTUAL_OLDEST : PARAVIRTUAL_VERSION);
    start(0);
    want("a later version, after the start", call_monitor(PARAVIRTUAL_IDENTIFY, LATER), PARAVIRTUAL_VERSION);
    want("a call of later versions", call_monitor(PARAVIRTUAL_FUNCTIONS, 0), PARAVIRTUAL_BAD_FUNCTION);
}

/* The first version has no such word as `notify`: what is there is the guest's own. */
_Noreturn void told(void)
{
    want("the event", shared.cause, PG74_CAUSE_TIMER);
    want("the word behind version 1", shared.notify, first ? 8 : 0);
    print("version %u: %u wrong answers\n", first ? 1 : 2, wrong);
    system_exit(wrong != 0);
}

uint32_t main(uint32_t argument)
{
    (void)argument;
    first = pg74_in(PG74_PORT_CONSOLE_INPUT) == '1';
    if (call_monitor(PARAVIRTUAL_IDENTIFY, LATER) == 0) {
        print("there is nobody\n");
        return 0;
    }
    discover();
    shared.timer = 1000;
    shared.notify = 8;
    call_monitor(PARAVIRTUAL_WAIT, 0);
    return 99;
}
