/* SPDX-License-Identifier: Apache-2.0 */
/* Checks in processes of their own. */
#include "probe/many.h"

#include <dirent.h>
#include <sys/wait.h>

#include "base/time.h"
#include "err_words.h"
#include "tap.h"

enum { CHECKS = 6 };

struct seen {
    unsigned times[CHECKS];
    enum check_outcome outcome[CHECKS];
    size_t order[CHECKS], count;
    size_t stop_after;
};

static int note(void *u, size_t i, const struct check_result *r)
{
    struct seen *s = u;

    ok(i < CHECKS && r->text.len > 0 && r->text.len <= CHECK_TEXT_MAX && r->at > 0,
       "check %zu: " SLICE_FMT, i, SLICE_ARG(buf_slice(&r->text)));
    s->times[i]++;
    s->outcome[i] = r->outcome;
    s->order[s->count++] = i;
    return s->stop_after && s->count >= s->stop_after ? 7 : 0;
}

#define SPEC(k, t)                                                                                 \
    {                                                                                              \
        SLICE_INIT(k), SLICE_INIT(t), {NULL, 0}, TIME_MINUTE                                       \
    }

static const struct check_spec specs[CHECKS] = {
    SPEC("dns", "localhost"), SPEC("nagios", "/bin/sleep 60"),   SPEC("tcp", "127.0.0.1:1"),
    SPEC("strange", "x"),     SPEC("nagios", "/no/such/plugin"), SPEC("dns", "localhost"),
};

static size_t descriptors(void)
{
    DIR *d = opendir("/proc/self/fd");
    size_t n = 0;

    while (d != NULL && readdir(d) != NULL)
        n++;
    if (d != NULL)
        (void)closedir(d);
    return n;
}

static void run(unsigned parallel)
{
    struct check_spec mine[CHECKS];
    struct seen s = {.count = 0};
    struct err err = ERR_INIT;

    memcpy(mine, specs, sizeof(mine));
    mine[1].timeout = 100 * (TIME_SECOND / 1000);
    is_int(probe_many(mine, CHECKS, parallel, note, &s, &err), 0, "%u at a time %s", parallel,
           err_words(&err));
    for (size_t i = 0; i < CHECKS; i++)
        is_int(s.times[i], 1, "check %zu once", i);
    is_int(s.outcome[0], CHECK_OK, "a good one");
    ok(s.outcome[1] == CHECK_CRITICAL || s.outcome[1] == CHECK_NO_ANSWER, "one that hangs");
    is_int(s.outcome[2], CHECK_CRITICAL, "a closed port");
    is_int(s.outcome[3], CHECK_NO_ANSWER, "an unknown kind");
    is_int(s.outcome[5], CHECK_OK, "the one behind them");
    if (parallel == 1)
        ok(s.order[0] == 0 && s.order[CHECKS - 1] == CHECKS - 1, "one at a time: in order");
}

int main(void)
{
    struct seen s = {.stop_after = 2};
    struct err err = ERR_INIT;
    size_t before = descriptors();

    run(1);
    run(4);
    run(1000);
    is_int(probe_many(specs, CHECKS, 6, note, &s, &err), 7, "what the caller says, ends it");
    is_int((int64_t)s.count, 2, "after two");
    ok(waitpid(-1, NULL, WNOHANG) < 0, "no process is left");
    is_int((int64_t)descriptors(), (int64_t)before, "and no descriptor");
    is_int(probe_many(specs, 0, 6, note, &s, &err), 0, "none at all");
    return tap_done();
}
