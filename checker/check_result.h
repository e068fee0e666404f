/* check_result.h: what `pg74 check` has found out, for check.c, which finds it, and check_report.c, which says it. */
#ifndef PG74_CHECKER_CHECK_RESULT_H
#define PG74_CHECKER_CHECK_RESULT_H

#include "checker/check.h"

/* Of a program that only computes, so much must be executed by the hardware ("a statistically dominant subset"). */
#define CHECKER_DIRECT_SHARE 0.9

/* A case that fails, made as small as possible. */
struct checker_counterexample {
    char name[80]; /* of the case that it comes from */
    struct checker_case shown;
    struct checker_trial trial;
};

struct checker_check {
    const struct isa *isa;
    uint64_t seed;
    unsigned directed, generated;         /* cases tried that say something */
    struct checker_counterexample *differs, *escapes, *interference; /* NULL: the property holds, as far as tried */
    char interfered[96];                  /* how the first guest can tell */
    bool stopped;                         /* before its end: */
    unsigned done, wanted;                /* so many had been tried, of so many */
    bool claims_efficiency, efficient;
    bool network;                         /* it gives its guests one */
    bool idle;                            /* the monitor has not executed anything of the program that only computes */
    double direct_share, overhead;        /* of the program that only computes */

    /* checker_check_case alone. */
    bool only_case, unsuited;
    struct checker_counterexample *fitted;
};

/* A program that computes in user mode, and one system call at its end: efficiency.c. It is tried before all others,
 * and tells, too, how long this monitor may take to start: it sets the supply's patience. */
void checker_efficiency_make(struct checker_case *made, const struct isa *isa);
struct checker_trial checker_efficiency_try(struct checker_supply *supply, const struct checker_monitor *monitor);

#endif
