/* SPDX-License-Identifier: Apache-2.0 */
/* What watch and keep say of themselves (wire/status.h) as findings, and as metrics. */
#include "base/hex.h"
#include "base/time.h"
#include "control/doctor.h"
#include "lang/err_doctor.h"
#include "node/desk/doctor.h"
#include "node/wire/status.h"
#include "state/sources.h"

#define WATCH_SILENT (20 * TIME_SECOND)
enum { MIB_SHIFT = 20, GIB_SHIFT = 30, UNHEARD_MINUTES = 10 };

static uint64_t of_watch(const char *key)
{
    return status_get(ROLE_STATUS_FD, STATUS_RUNS, key, 0);
}

static uint64_t of_keep(const char *key)
{
    return status_get(ROLE_STATUS_FD, STATUS_KEEP, key, 0);
}

static int64_t minutes_since(uint64_t t)
{
    return CANH_MAX(time_now() - (int64_t)t, INT64_C(0)) / TIME_MINUTE;
}

static int report_watch(struct control_job *job)
{
    struct err what = ERR_INIT;
    int64_t age = time_now() - (int64_t)of_watch("written");
    uint64_t files = of_watch("files"), open = of_watch("files open");

    if (age > WATCH_SILENT)
        (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_WATCH_SILENT, age / TIME_SECOND);
    else if (open < files)
        (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_FILES_OPENING, open, files - open);
    else
        (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_FILES, files);
    return doctor_report(job,
                         age > WATCH_SILENT ? DOCTOR_BAD
                         : open < files     ? DOCTOR_WARN
                                            : DOCTOR_OK,
                         DOCTOR_SOURCES, SLICE("watch"), &what);
}

static int report_rules(struct control_job *job)
{
    struct err what = ERR_INIT;
    uint64_t all = of_watch("rules");

    (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_RULES, all, of_watch("own rules"),
                   of_watch("rules refused"));
    return doctor_report(job, all ? DOCTOR_OK : DOCTOR_BAD, DOCTOR_RULES, SLICE(""), &what);
}

static int report_refused(struct control_job *job)
{
    struct err what = ERR_INIT;
    uint64_t at = status_get(ROLE_STATUS_FD, STATUS_REFUSED, "time", 0);
    uint64_t line = status_get(ROLE_STATUS_FD, STATUS_REFUSED, "config line", UINT64_MAX);

    if (at == 0)
        return 0;
    if (line != UINT64_MAX)
        (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_CONFIG_REFUSED, minutes_since(at), line);
    else
        (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_RULES_REFUSED, minutes_since(at),
                       status_get(ROLE_STATUS_FD, STATUS_REFUSED, "rules", 0));
    return doctor_report(job, DOCTOR_BAD, DOCTOR_RULES, SLICE(""), &what);
}

/* Findings of which there is one for a source. */
struct sources_job {
    struct control_job *job;
    const char *prefix; /* of their keys */
    enum doctor_state (*say)(const struct state_source *x, uint64_t value, struct err *what);
    uint64_t told;
    int r;
};

static void report_source(void *u, struct slice key, uint64_t value)
{
    struct sources_job *s = u;
    struct slice prefix = slice_str(s->prefix);
    struct state_source source = {.code = SLICE_NULL};
    struct err what = ERR_INIT;
    enum doctor_state state;
    struct state_id id;

    if (s->r != 0 || !slice_starts(key, prefix) ||
        !hex_get(slice_from(key, prefix.n), id.b, sizeof(id.b)) ||
        state_source_get(s->job->s, &s->job->actor, id, s->job->arena, &source, NULL) < 0)
        return;
    state = s->say(&source, value, &what);
    s->told++;
    s->r = doctor_report(s->job, state, DOCTOR_SOURCES, source.code, &what);
}

/* rest: what is said of those that are more than the status names. */
static int report_each_source(struct sources_job *s, const char *count, unsigned rest)
{
    struct err what = ERR_INIT;
    uint64_t all = of_watch(count);

    if (all == 0 || status_each(ROLE_STATUS_FD, STATUS_RUNS, report_source, s) < 0)
        return 0;
    if (s->r != 0 || all <= s->told)
        return s->r;
    (void)err_fail_id(&what, CE_MISSING, rest, all - s->told);
    return doctor_report(s->job, DOCTOR_WARN, DOCTOR_SOURCES, SLICE(""), &what);
}

static enum doctor_state describe_silent(const struct state_source *x, uint64_t value,
                                         struct err *what)
{
    (void)x;
    (void)err_fail(what, CE_MISSING, ERR_DOCTOR_SILENT_SOURCE, minutes_since(value));
    return DOCTOR_WARN;
}

static int report_silent(struct control_job *job)
{
    struct sources_job s = {.job = job, .prefix = STATUS_SILENT, .say = describe_silent};

    return report_each_source(&s, "silent sources", ERR_DOCTOR_SILENT_SOURCES);
}

/* A sender that has just been set up, or a node that has just begun, has some time. */
static enum doctor_state describe_unheard(const struct state_source *x, uint64_t value,
                                          struct err *what)
{
    int64_t minutes = minutes_since(value);

    (void)err_fail(what, CE_MISSING, ERR_DOCTOR_UNHEARD_SOURCE, x->kind, minutes);
    return minutes < UNHEARD_MINUTES ? DOCTOR_UNKNOWN : DOCTOR_WARN;
}

static int report_unheard(struct control_job *job)
{
    struct sources_job s = {.job = job, .prefix = STATUS_UNHEARD, .say = describe_unheard};

    return report_each_source(&s, "unheard sources", ERR_DOCTOR_UNHEARD_SOURCES);
}

static enum doctor_state describe_absent(const struct state_source *x, uint64_t value,
                                         struct err *what)
{
    struct slice paths = x->paths, first = SLICE_NULL;

    (void)slice_cut(&paths, '\n', &first);
    if (value == STATUS_NOT_READ)
        (void)err_fail(what, CE_MISSING, ERR_DOCTOR_SOURCE_NOT_READ, first);
    else
        (void)err_fail(what, CE_MISSING, ERR_DOCTOR_SOURCE_NOT_THERE, first);
    return DOCTOR_WARN;
}

static int report_absent(struct control_job *job)
{
    struct sources_job s = {.job = job, .prefix = STATUS_ABSENT, .say = describe_absent};

    return report_each_source(&s, "absent sources", ERR_DOCTOR_SOURCES_NOT_THERE);
}

/* What is fine at zero, and a finding beyond. */
static const struct count_row {
    const char *key;
    unsigned text;
    enum doctor_area area;
    enum doctor_state state;
    uint64_t from; /* the least that is told */
} counts[] = {
    {"gaps", ERR_DOCTOR_GAPS, DOCTOR_JOURNAL, DOCTOR_WARN, 1},
    {"late records", ERR_DOCTOR_LATE_RECORDS, DOCTOR_SOURCES, DOCTOR_WARN, 1},
    {"batches waiting", ERR_DOCTOR_BATCHES_WAITING, DOCTOR_JOURNAL, DOCTOR_WARN, 16},
    {"network deaf listeners", ERR_DOCTOR_DEAF_LISTENERS, DOCTOR_NETWORK, DOCTOR_BAD, 1},
    {"network unknown senders", ERR_DOCTOR_UNKNOWN_SENDERS, DOCTOR_NETWORK, DOCTOR_WARN, 1},
    {"network failed handshakes", ERR_DOCTOR_FAILED_HANDSHAKES, DOCTOR_NETWORK, DOCTOR_WARN, 1},
    {"network truncated", ERR_DOCTOR_TRUNCATED, DOCTOR_NETWORK, DOCTOR_WARN, 1},
    {"network dropped datagrams", ERR_DOCTOR_DROPPED_DATAGRAMS, DOCTOR_NETWORK, DOCTOR_BAD, 1},
    {"network connections over limits", ERR_DOCTOR_OVER_LIMITS, DOCTOR_NETWORK, DOCTOR_WARN, 1},
    {"network refused keys", ERR_DOCTOR_REFUSED_KEYS, DOCTOR_NETWORK, DOCTOR_WARN, 1},
    {"network told to wait", ERR_DOCTOR_TOLD_TO_WAIT, DOCTOR_NETWORK, DOCTOR_WARN, 1},
    {"network idle connections", ERR_DOCTOR_IDLE_CONNECTIONS, DOCTOR_NETWORK, DOCTOR_OK, 1},
    {"network half-open connections", ERR_DOCTOR_HALF_OPEN, DOCTOR_NETWORK, DOCTOR_WARN, 1},
    {"network connections timed out", ERR_DOCTOR_TIMED_OUT, DOCTOR_NETWORK, DOCTOR_WARN, 1},
    {"network bad requests", ERR_DOCTOR_BAD_REQUESTS, DOCTOR_NETWORK, DOCTOR_WARN, 1},
};

static int report_counts(struct control_job *job)
{
    int r = 0;

    for (size_t i = 0; i < CANH_LEN(counts) && r == 0; i++) {
        struct err what = ERR_INIT;
        uint64_t n = of_watch(counts[i].key);

        if (n < counts[i].from)
            continue;
        (void)err_fail_id(&what, CE_MISSING, counts[i].text, n);
        r = doctor_report(job, counts[i].state, counts[i].area, SLICE(""), &what);
    }
    return r;
}

static int report_journal(struct control_job *job)
{
    struct err what = ERR_INIT;
    enum doctor_state state = DOCTOR_OK;

    if (of_keep("written") == 0) {
        (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_JOURNAL_NEW);
        state = DOCTOR_UNKNOWN;
    } else if (of_keep("disk held")) {
        (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_DISK_HELD);
        state = DOCTOR_BAD;
    } else if (of_keep("disk full")) {
        (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_DISK_FULL);
        state = DOCTOR_BAD;
    } else {
        (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_JOURNAL, of_keep("events stored") >> MIB_SHIFT,
                       of_keep("refused"));
    }
    return doctor_report(job, state, DOCTOR_JOURNAL, SLICE(""), &what);
}

/* Events that went before their time. */
static int report_gone(struct control_job *job)
{
    struct err what = ERR_INIT;
    uint64_t gone = of_keep("gone for room");

    if (gone == 0)
        return 0;
    (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_GONE_FOR_ROOM, gone);
    return doctor_report(job, DOCTOR_WARN, DOCTOR_DISK, SLICE("room"), &what);
}

/* Events take more than canh.conf gives them, because they are too young to go. */
static int report_over_size(struct control_job *job)
{
    struct err what = ERR_INIT;

    if (of_keep("over size") == 0)
        return 0;
    (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_OVER_SIZE);
    return doctor_report(job, DOCTOR_WARN, DOCTOR_DISK, SLICE("size"), &what);
}

/* Whether what comes in a day can be kept as long as canh.conf wants it. */
static int report_retention(const struct desk *d, struct control_job *job, uint64_t free)
{
    struct err what = ERR_INIT;
    uint64_t stored = of_keep("events stored"), wanted, room = stored + free;
    uint64_t a_day = admin_a_day(stored, (int64_t)of_keep("oldest event"), time_now());
    uint64_t days = (uint64_t)(d->role.config.keep_events / TIME_DAY);

    if (a_day == 0)
        return 0;
    wanted = a_day * days;
    if (d->role.config.size > 0)
        room = CANH_MIN(room, (uint64_t)d->role.config.size);
    if (wanted > room)
        (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_RETENTION_SHORT, a_day >> MIB_SHIFT, days,
                       wanted >> GIB_SHIFT, room / CANH_MAX(a_day, UINT64_C(1)));
    else
        (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_RETENTION, a_day >> MIB_SHIFT, days,
                       wanted >> GIB_SHIFT);
    return doctor_report(job, wanted > room ? DOCTOR_WARN : DOCTOR_OK, DOCTOR_DISK,
                         SLICE("retention"), &what);
}

/* Milliseconds. */
static const int64_t delay_steps[DELAY_STEPS] = {50, 100, 250, 500, 1000, 5000, 30000, 300000};
enum { DELAY_SLOW_STEP = 5 }; /* from here on it took longer than a second */

void doctor_note_delay(struct desk_delay *d, int64_t arrived, int64_t now)
{
    int64_t took = CANH_MAX(now - arrived, INT64_C(0));
    unsigned i = 0;

    while (i < DELAY_STEPS && took > delay_steps[i] * 1000000)
        i++;
    d->within[i]++;
    d->sum += took;
}

static uint64_t delay_count(const struct desk_delay *d, unsigned from)
{
    uint64_t n = 0;

    for (unsigned i = from; i <= DELAY_STEPS; i++)
        n += d->within[i];
    return n;
}

void doctor_write_delay(const struct desk_delay *d, struct buf *out)
{
    uint64_t n = 0;

    buf_puts(out, "# HELP canh_alert_delay_seconds From an event's arrival until its alert is in "
                  "the state.\n# TYPE canh_alert_delay_seconds histogram\n");
    for (unsigned i = 0; i < DELAY_STEPS; i++) {
        n += d->within[i];
        buf_printf(out, "canh_alert_delay_seconds_bucket{le=\"%lld.%03lld\"} %llu\n",
                   (long long)(delay_steps[i] / 1000), (long long)(delay_steps[i] % 1000),
                   (unsigned long long)n);
    }
    n = delay_count(d, 0);
    buf_printf(out, "canh_alert_delay_seconds_bucket{le=\"+Inf\"} %llu\n", (unsigned long long)n);
    buf_printf(out,
               "canh_alert_delay_seconds_sum %lld.%09lld\ncanh_alert_delay_seconds_count %llu\n",
               (long long)(d->sum / TIME_SECOND), (long long)(d->sum % TIME_SECOND),
               (unsigned long long)n);
}

static int report_delay(const struct desk *d, struct control_job *job)
{
    uint64_t all = delay_count(&d->delay, 0), slow = delay_count(&d->delay, DELAY_SLOW_STEP);
    struct err what = ERR_INIT;

    if (all == 0)
        return 0;
    (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_DELAY, all, slow);
    return doctor_report(job, slow > all / 100 ? DOCTOR_WARN : DOCTOR_OK, DOCTOR_NODE,
                         SLICE("delay"), &what);
}

int doctor_report_status(const struct desk *d, struct control_job *job, uint64_t disk_free)
{
    static int (*const looks[])(struct control_job *) = {
        report_watch,   report_silent,  report_unheard, report_absent,    report_rules,
        report_refused, report_journal, report_gone,    report_over_size, report_counts,
    };
    int r = 0;

    for (size_t i = 0; i < CANH_LEN(looks) && r == 0; i++)
        r = looks[i](job);
    if (r == 0)
        r = report_delay(d, job);
    return r == 0 ? report_retention(d, job, disk_free) : r;
}

/* A key as part of a metric's name. */
static void write_name(struct buf *out, const char *prefix, struct slice key)
{
    buf_printf(out, "canh_%s_", prefix);
    for (size_t i = 0; i < key.n; i++)
        buf_putc(out, key.p[i] == ' ' ? '_' : (char)key.p[i]);
}

struct metrics_job {
    struct buf *out;
    const char *prefix;
};

static bool is_of_one_source(struct slice key)
{
    static const char *const prefixes[] = {STATUS_SILENT, STATUS_UNHEARD, STATUS_ABSENT};

    for (size_t i = 0; i < CANH_LEN(prefixes); i++)
        if (slice_starts(key, slice_str(prefixes[i])) && !slice_ends(key, SLICE(" sources")))
            return true;
    return false;
}

static void write_metric(void *u, struct slice key, uint64_t value)
{
    struct metrics_job *m = u;

    if (is_of_one_source(key))
        return;
    buf_puts(m->out, "# TYPE ");
    write_name(m->out, m->prefix, key);
    buf_puts(m->out, " gauge\n");
    write_name(m->out, m->prefix, key);
    buf_printf(m->out, " %llu\n", (unsigned long long)value);
}

void doctor_write_metrics(struct buf *out)
{
    struct metrics_job watch = {out, "watch"}, keep = {out, "keep"};

    (void)!status_each(ROLE_STATUS_FD, STATUS_RUNS, write_metric, &watch);
    (void)!status_each(ROLE_STATUS_FD, STATUS_KEEP, write_metric, &keep);
}
