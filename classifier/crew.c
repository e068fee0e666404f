/* crew.c: work shared out to threads. Each takes the next task until there is none, and has a solver, which tasks may
 * use one after the other; it is made when the first of them asks for it. */
#include "classifier/internal.h"

#include <stdatomic.h>
#include <unistd.h>

enum { MOST_THREADS = 8 };

struct crew {
    const struct classifier_options *options;
    classifier_task *task;
    void *context;
    unsigned count;
    atomic_uint next;
};

static void *work_on(void *context)
{
    struct crew *crew = context;
    struct classifier solver = {.options = *crew->options};
    for (unsigned i; (i = atomic_fetch_add(&crew->next, 1)) < crew->count;)
        crew->task(crew->context, i, &solver);
    classifier_close(&solver);
    return NULL;
}

static unsigned thread_count(const struct classifier_options *options, unsigned tasks)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned count = options->threads;
    if (count == 0)
        count = processors < 1 ? 1 : processors > MOST_THREADS ? MOST_THREADS : (unsigned)processors;
    count = count > MOST_THREADS ? MOST_THREADS : count;
    return count < tasks ? count : tasks;
}

/* Where no thread can be had, this one does all. */
void classifier_share_out(const struct classifier_options *options, unsigned count, classifier_task *task, void *context)
{
    struct crew crew = {.options = options, .task = task, .context = context, .count = count};
    pthread_t threads[MOST_THREADS];
    unsigned started = 0, wanted = thread_count(options, count);
    while (started + 1 < wanted && pthread_create(&threads[started], NULL, work_on, &crew) == 0)
        started++;
    if (count > 0)
        work_on(&crew);
    for (unsigned i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
}
