/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A foreign check that speaks the Nagios plugin protocol: exit status 0 to 3, one line of text,
 * performance data behind '|' (https://nagios-plugins.org/doc/guidelines.html). The plugin gets no
 * shell, no standard input and an environment with PATH and LANG only. The value is the first
 * number of its performance data.
 */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "lang/err_check.h"
#include "os/child.h"
#include "probe/plugin.h"
#include "probe/probe.h"
#include "probe/probe_run.h"

enum { ARGS_MAX = 63, OUTPUT_MAX = 65536 };

static int split_command(const char *target, struct buf *texts, char **argv)
{
    struct slice rest = slice_str(target), word;
    size_t at[ARGS_MAX], n = 0;

    while (slice_cut(&rest, ' ', &word)) {
        if (word.n == 0)
            continue;
        if (n == ARGS_MAX)
            return -CE_TOO_BIG;
        at[n++] = texts->len;
        buf_append_slice(texts, word);
        buf_putc(texts, 0);
    }
    if (n == 0 || texts->err != 0 || texts->p[0] != '/')
        return -CE_SYNTAX;
    for (size_t i = 0; i < n; i++)
        argv[i] = (char *)texts->p + at[i];
    argv[n] = NULL;
    return 0;
}

/* 'label'=value[unit];… : the first value. */
static double first_value(struct slice perfdata)
{
    size_t at = slice_find_byte(perfdata, '='), n = 0;
    double d = NAN;

    if (at == SIZE_MAX)
        return 0;
    perfdata = slice_from(perfdata, at + 1);
    while (n < perfdata.n && strchr("0123456789.-", perfdata.p[n]) != NULL && perfdata.p[n] != 0)
        n++;
    return num_double(slice_head(perfdata, n), &d) < 0 ? 0 : d;
}

static void nagios_judge(struct probe_run *run, int status, struct slice output)
{
    static const uint8_t outcomes[] = {CHECK_OK, CHECK_WARNING, CHECK_CRITICAL, CHECK_NO_ANSWER};
    struct slice line = output, perfdata = SLICE_NULL;
    struct buf said = BUF_INIT(OUTPUT_MAX + 1);
    size_t at = slice_find_byte(output, '\n');

    if (at != SIZE_MAX)
        line = slice_head(output, at);
    at = slice_find_byte(line, '|');
    if (at != SIZE_MAX) {
        perfdata = slice_from(line, at + 1);
        line = slice_head(line, at);
    }
    buf_append_slice(&said, slice_trim(line));
    if (status >= 0 && status < (int)sizeof(outcomes))
        probe_report(run, outcomes[status], first_value(perfdata), RESULT_PLUGIN,
                     RESULT_TEXT(buf_cstr(&said)));
    else
        probe_report(run, CHECK_NO_ANSWER, 0, RESULT_PLUGIN_STATUS, RESULT_NUMBER(status, 0),
                     RESULT_TEXT(buf_cstr(&said)));
    buf_done(&said);
}

static bool may_run(struct probe_run *run, const char *path, char real[PATH_MAX])
{
    enum plugin_refusal why = plugin_examine(path, real);

    if (why == PLUGIN_MISSING)
        probe_report_errno(run, CHECK_NO_ANSWER, 0, ENOENT);
    else if (why != PLUGIN_FINE)
        probe_report_args(run, CHECK_NO_ANSWER, 0,
                          why == PLUGIN_ELSEWHERE ? RESULT_PLUGIN_ELSEWHERE
                                                  : RESULT_PLUGIN_WRITABLE,
                          NULL, 0);
    return why == PLUGIN_FINE;
}

int probe_admit(const struct check_kind *kind, struct slice target, struct err *err)
{
    char path[PATH_MAX], real[PATH_MAX];
    struct slice rest = target, word = SLICE_NULL;

    if (kind->reach != CHECK_REACHES_PROGRAM || !slice_cut(&rest, ' ', &word) || word.n == 0 ||
        word.p[0] != '/' || word.n >= sizeof(path))
        return 0; /* what the kind says of its target, check/ says */
    memcpy(path, word.p, word.n);
    path[word.n] = 0;
    return plugin_examine(path, real) == PLUGIN_ELSEWHERE
               ? err_fail(err, CE_DENIED, ERR_CHECK_PLUGIN_ELSEWHERE, word)
               : 0;
}

void probe_run_nagios(struct probe_run *run)
{
    struct buf texts = BUF_INIT(CHECK_TARGET_MAX * 2), output = BUF_INIT(OUTPUT_MAX);
    char *argv[ARGS_MAX + 1], real[PATH_MAX];
    struct child child = {.argv = argv,
                          .file = real,
                          .in = -1,
                          .timeout = run->deadline - probe_monotonic()};
    struct err err = ERR_INIT;
    int status, r;

    if (split_command(run->target, &texts, argv) < 0) {
        probe_report(run, CHECK_NO_ANSWER, 0, RESULT_UNUSABLE,
                     RESULT_TEXT("a plugin is an absolute path and at most 63 arguments"));
    } else if (may_run(run, argv[0], real)) {
        r = child_run(&child, &output, &status, &err);
        if (r == 0)
            nagios_judge(run, status, buf_slice(&output));
        else if (r == -CE_BUSY)
            probe_report_args(run, CHECK_NO_ANSWER, 0, RESULT_PLUGIN_TIMEOUT, NULL, 0);
        else
            probe_report_errno(run, CHECK_NO_ANSWER, 0, r == -CE_NOT_FOUND ? ENOENT : err.sys);
    }
    buf_done(&texts);
    buf_done(&output);
}
