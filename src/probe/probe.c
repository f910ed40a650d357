/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/probe.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/time.h"
#include "lang/error.h"
#include "probe/probe_run.h"

typedef void run_fn(struct probe_run *run);

#define X(name, run) {name, run},
static const struct {
    const char *kind;
    run_fn *run;
} kinds[] = {PROBES(X)};
#undef X

static void run_unknown(struct probe_run *run)
{
    probe_report(run, CHECK_NO_ANSWER, 0, RESULT_NOT_RUN, RESULT_TEXT(run->kind->name));
}

static run_fn *find_run(const struct check_kind *kind)
{
    for (size_t i = 0; i < CANH_LEN(kinds); i++)
        if (strcmp(kinds[i].kind, kind->name) == 0)
            return kinds[i].run;
    return run_unknown;
}

int64_t probe_monotonic(void)
{
    struct timespec ts;

    if (clock_gettime(CLOCK_MONOTONIC, &ts) != 0)
        abort();
    return (int64_t)ts.tv_sec * TIME_SECOND + ts.tv_nsec;
}

double probe_ms_since(int64_t start)
{
    return (double)(probe_monotonic() - start) / 1e6;
}

void probe_execute(const struct check_spec *spec, struct check_result *ret)
{
    struct probe_run run = {.result = ret};
    struct buf texts = BUF_INIT(CHECK_PARAMS_MAX), target = BUF_INIT(CHECK_TARGET_MAX + 1);
    struct err err = ERR_INIT;
    int64_t start = probe_monotonic();

    *ret = (struct check_result){.outcome = CHECK_NO_ANSWER,
                                 .at = time_now(),
                                 .text = BUF_INIT(CHECK_TEXT_MAX)};
    if (check_prepare(spec, &run.kind, &texts, run.values, &err) < 0) {
        struct buf why = BUF_INIT(CHECK_TEXT_MAX);

        error_write(&why, LANG_EN, &err);
        probe_report(&run, CHECK_NO_ANSWER, 0, RESULT_UNUSABLE, RESULT_TEXT(buf_cstr(&why)));
        buf_done(&why);
    } else {
        buf_append_slice(&target, spec->target);
        run.target = buf_cstr(&target);
        run.deadline = start + spec->timeout;
        find_run(run.kind)(&run);
    }
    ret->took = probe_monotonic() - start;
    buf_done(&texts);
    buf_done(&target);
}

const char *probe_text(const struct probe_run *run, const char *name)
{
    int i = check_param_index(run->kind, slice_str(name));

    return run->values[i] ? run->values[i] : run->kind->params[i].fallback;
}

double probe_number(const struct probe_run *run, const char *name)
{
    double d = NAN;

    (void)check_is_number(probe_text(run, name), &d);
    return d;
}

long probe_time_left_ms(const struct probe_run *run)
{
    int64_t left = (run->deadline - probe_monotonic()) / (TIME_SECOND / 1000);

    return (long)CANH_MAX(left, 1);
}

void probe_report_args(struct probe_run *run, enum check_outcome outcome, double value,
                       enum result_text code, const struct result_arg *args, size_t count)
{
    run->result->outcome = outcome;
    run->result->value = value;
    buf_clear(&run->result->text);
    result_text_write(&run->result->text, code, args, count);
}

void probe_worsen_args(struct probe_run *run, enum check_outcome outcome, enum result_text code,
                       const struct result_arg *args, size_t count)
{
    if (run->result->outcome >= outcome)
        return;
    run->result->outcome = outcome;
    result_text_write(&run->result->text, code, args, count);
}

void probe_detail(struct probe_run *run, const char *text)
{
    if (text[0])
        result_text_write(&run->result->text, RESULT_DETAIL, &RESULT_TEXT(text), 1);
}

void probe_report_errno(struct probe_run *run, enum check_outcome outcome, double value, int error)
{
    static const struct {
        int error;
        enum result_text code;
    } known[] = {{ECONNREFUSED, RESULT_REFUSED},
                 {ETIMEDOUT, RESULT_TIMEOUT},
                 {ENETUNREACH, RESULT_UNREACHABLE},
                 {EHOSTUNREACH, RESULT_UNREACHABLE}};

    for (size_t i = 0; i < CANH_LEN(known); i++) {
        if (known[i].error == error) {
            probe_report_args(run, outcome, value, known[i].code, NULL, 0);
            return;
        }
    }
    probe_report_args(run, outcome, value,
                      outcome == CHECK_NO_ANSWER ? RESULT_NOT_RUN : RESULT_FAILED, NULL, 0);
    probe_detail(run, strerror(error));
}
