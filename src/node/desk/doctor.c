/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the desk knows of the node's own health: for `canh doctor`, for DIR/run/health (its age
 * tells others that the node lives) and DIR/run/metrics.prom (Prometheus' text format).
 */
#define _GNU_SOURCE
#include "control/doctor.h"
#include "base/file.h"
#include "base/time.h"
#include "lang/err_doctor.h"
#include "net/tls.h"
#include "node/desk/doctor.h"
#include "node/wire/snapshot.h"
#include "source/source.h"
#include "state/calls.h"
#include "state/clock.h"

#define WRITE_EVERY  (15 * TIME_SECOND)
#define MESSAGE_LATE (10 * TIME_MINUTE)
#define INBOX_LATE   (30 * TIME_SECOND) /* one question that fails is none */
enum {
    DISK_WARN = 10, /* percent free */
    DISK_BAD = 5,
    CERT_WARN_DAYS = 30,
    METRICS_MAX = 64 * 1024,
    MESSAGES_MOST = 500, /* looked at */
};

static int report_processes(struct desk *d, struct control_job *job)
{
    struct err what = ERR_INIT;
    bool keep = channel_is_open(&d->keep);

    if (keep)
        (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_RUNS, (time_now() - d->began) / TIME_MINUTE,
                       d->taken);
    else
        (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_NO_KEEP);
    return doctor_report(job, keep ? DOCTOR_OK : DOCTOR_BAD, DOCTOR_NODE, SLICE(""), &what);
}

static int report_left_out(struct desk *d, struct control_job *job)
{
    struct err what = ERR_INIT;

    if (d->bad == 0)
        return 0;
    (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_LEFT_OUT, d->bad);
    return doctor_report(job, DOCTOR_BAD, DOCTOR_STATE, SLICE(""), &what);
}

/* Messages that should have gone out a while ago. */
struct late_messages {
    uint64_t count;
    int64_t oldest; /* created */
    struct slice reason;
};

static void find_late(struct desk *d, struct arena *arena, struct late_messages *ret)
{
    const struct state_actor system = state_actor_system();
    struct state_id ids[MESSAGES_MOST];
    int64_t now = time_now();
    size_t n = 0;

    *ret = (struct late_messages){.oldest = now};
    if (state_message_due(d->s, now + TIME_DAY, MESSAGES_MOST, ids, &n, NULL) < 0)
        return;
    for (size_t i = 0; i < n; i++) {
        struct state_message m;

        if (state_message_get(d->s, &system, ids[i], arena, &m, NULL) < 0 ||
            m.created > now - MESSAGE_LATE || (m.tries == 0 && m.due > now - MESSAGE_LATE))
            continue; /* one that waits for the morning is not late */
        ret->count++;
        ret->oldest = CANH_MIN(ret->oldest, m.created);
        if (m.reason.n)
            ret->reason = m.reason;
    }
}

static int report_messages(struct desk *d, struct control_job *job)
{
    struct arena arena = ARENA_INIT(1 << 22);
    struct err what = ERR_INIT;
    struct late_messages x;
    int r = 0;

    find_late(d, &arena, &x);
    if (x.count) {
        (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_MESSAGES, x.count,
                       (time_now() - x.oldest) / TIME_MINUTE, x.reason);
        r = doctor_report(job, DOCTOR_BAD, DOCTOR_NODE, SLICE("messages"), &what);
    }
    arena_done(&arena);
    return r;
}

/* People who answer by SMS would not be heard. */
static int report_inbox(struct desk *d, struct control_job *job)
{
    const struct desk_inbox *x = &d->inbox;
    struct err what = ERR_INIT;
    int r = 0;

    if (x->since && x->since <= time_now() - INBOX_LATE) {
        (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_INBOX, (time_now() - x->since) / TIME_MINUTE,
                       x->why);
        r = doctor_report(job, DOCTOR_BAD, DOCTOR_NODE, SLICE("inbox"), &what);
    }
    if (r == 0 && x->bad) {
        what = ERR_INIT;
        (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_INBOX_BAD, (uint64_t)x->bad);
        r = doctor_report(job, DOCTOR_WARN, DOCTOR_NODE, SLICE("inbox"), &what);
    }
    return r;
}

static int report_console(struct desk *d, struct control_job *job)
{
    const struct config_address *a = &d->role.config.console;
    struct err what = ERR_INIT;
    int r = 0;

    if (d->role.config.socket.n > 0 && !d->socket_served) {
        (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_CONSOLE_SOCKET, d->role.config.socket);
        r = doctor_report(job, DOCTOR_BAD, DOCTOR_NETWORK, SLICE("console.socket"), &what);
        what = ERR_INIT;
    }
    if (r < 0 || !d->console_deaf)
        return r;
    (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_CONSOLE_DEAF, a->host, (uint64_t)a->port);
    return doctor_report(job, DOCTOR_BAD, DOCTOR_NETWORK, SLICE("console"), &what);
}

static int report_confinement(struct desk *d, struct control_job *job)
{
    struct err what = ERR_INIT;

    if (d->role.config.sandbox != CONFIG_DEGRADE)
        return 0;
    (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_DEGRADED);
    return doctor_report(job, DOCTOR_BAD, DOCTOR_SANDBOX, SLICE(""), &what);
}

static int report_disk(struct desk *d, struct control_job *job)
{
    struct err what = ERR_INIT;
    unsigned percent = 0;
    uint64_t bytes = 0;
    bool known = admin_disk_free(d->role.place.state, &percent, &bytes);
    enum doctor_state state = !known                ? DOCTOR_UNKNOWN
                              : percent < DISK_BAD  ? DOCTOR_BAD
                              : percent < DISK_WARN ? DOCTOR_WARN
                                                    : DOCTOR_OK;

    (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_DISK, percent, bytes >> 30);
    return doctor_report(job, state, DOCTOR_DISK, slice_str(d->role.place.dir), &what);
}

static int report_certificate(struct control_job *job, const char *name, int64_t end)
{
    struct err what = ERR_INIT;
    int64_t days = (end - time_now()) / TIME_DAY;

    if (end == TIME_NONE)
        return 0;
    if (end <= time_now())
        (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_CERTIFICATE_ENDED);
    else
        (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_CERTIFICATE, days);
    return doctor_report(job,
                         end <= time_now()       ? DOCTOR_BAD
                         : days < CERT_WARN_DAYS ? DOCTOR_WARN
                                                 : DOCTOR_OK,
                         DOCTOR_CERTIFICATE, slice_str(name), &what);
}

static int report_certificates(struct desk *d, struct control_job *job)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < DESK_CERTIFICATES; i++)
        r = report_certificate(job, d->certificates[i].name, d->certificates[i].end);
    return r;
}

/* Of a source whose sender has one; it was made together with the source. */
static int report_sender(void *u, const struct state_source *x)
{
    static const uint8_t none[SNAPSHOT_KEY_HASH - SNAPSHOT_CERT_AT];
    int64_t end = x->created + DESK_SENDER_DAYS * TIME_DAY;

    if (!x->enabled || x->key_hash.n != SNAPSHOT_KEY_HASH ||
        memcmp(x->key_hash.p + SNAPSHOT_CERT_AT, none, sizeof(none)) == 0 ||
        end > time_now() + CERT_WARN_DAYS * TIME_DAY)
        return 0;
    return report_certificate(u,
                              (const char *)arena_dup(((struct control_job *)u)->arena, x->code).p,
                              end);
}

static int report_senders(struct desk *d, struct control_job *job)
{
    return source_list(d->s, &job->actor, STATE_ID_NONE, report_sender, job, NULL);
}

static int report_status(struct desk *d, struct control_job *job)
{
    unsigned percent;
    uint64_t bytes = 0;

    (void)admin_disk_free(d->role.place.state, &percent, &bytes);
    return doctor_report_status(d, job, bytes);
}

static int report_clock(struct desk *d, struct control_job *job)
{
    struct err what = ERR_INIT, why = ERR_INIT;

    if (!state_clock_doubtful(d->s, &why))
        return 0;
    (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_CLOCK, &why);
    return doctor_report(job, DOCTOR_BAD, DOCTOR_NODE, SLICE("clock"), &what);
}

static int report_checks(struct desk *d, struct control_job *job)
{
    struct err what = ERR_INIT;
    struct desk_checks c = desk_timetable_state(d);
    int64_t age = time_now() - c.good_at;
    bool late = c.count > 0 && (c.good_at == 0 || age > 2 * c.every + TIME_MINUTE) &&
                time_now() - d->began > 2 * c.every + TIME_MINUTE;

    if (c.count == 0)
        return 0;
    if (c.good_at == 0)
        (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_NO_ANSWER_YET, c.count);
    else
        (void)err_fail(&what, CE_MISSING, ERR_DOCTOR_CHECKS, c.count, age / TIME_SECOND);
    return doctor_report(job, late ? DOCTOR_BAD : DOCTOR_OK, DOCTOR_CHECKS, SLICE(""), &what);
}

int desk_doctor(void *u, struct control_job *job, struct err *err)
{
    static int (*const looks[])(struct desk *, struct control_job *) = {
        report_processes, report_clock,    report_left_out,     report_status,
        report_checks,    report_disk,     report_certificates, report_confinement,
        report_senders,   report_messages, report_inbox,        report_console,
    };
    int r = 0;

    (void)err;
    for (size_t i = 0; i < CANH_LEN(looks) && r == 0; i++)
        r = looks[i](u, job);
    return r;
}

static struct admin_ctx admin_of(const struct desk *d)
{
    return (struct admin_ctx){.place = &d->role.place,
                              .config = &d->role.config,
                              .status_fd = ROLE_STATUS_FD,
                              .certificates = d->certificates,
                              .certificate_count = DESK_CERTIFICATES,
                              .inbox = {d->inbox.since, slice_str(d->inbox.why)}};
}

int desk_tell(void *u, unsigned part, struct control_job *job, struct err *err)
{
    const struct admin_ctx c = admin_of(u);

    return admin_tell(&c, part, job, err);
}

int desk_rules_put(void *u, const struct bundle *b, struct slice name, bool fewer, struct err *err)
{
    const struct desk *d = u; /* of which another thread may look at what never changes alone */
    const struct admin_ctx c = {.place = &d->role.place, .config = &d->role.config};

    return admin_rules_put(&c, &(struct admin_rules){b, name, fewer}, err);
}

int desk_reload(void *u, bool fewer, struct err *err)
{
    struct desk *d = u;
    const uint8_t flag = fewer;

    return channel_send(&d->role.parent, WIRE_RELOAD, slice_of(&flag, 1), NULL, 0, err);
}

static void write_metric(struct buf *out, const char *name, const char *type, const char *help,
                         int64_t value)
{
    buf_printf(out, "# HELP canh_%s %s\n# TYPE canh_%s %s\ncanh_%s %lld\n", name, help, name, type,
               name, (long long)value);
}

static void write_metrics(struct desk *d, struct buf *out)
{
    struct desk_checks c = desk_timetable_state(d);
    int64_t console = d->certificates[DESK_CERTIFICATE_CONSOLE].end;
    struct arena arena = ARENA_INIT(1 << 22);
    struct late_messages late;
    unsigned percent = 0;
    uint64_t bytes = 0;

    write_metric(out, "start_time_seconds", "gauge", "When the desk began.",
                 d->began / TIME_SECOND);
    write_metric(out, "journal_connected", "gauge", "1 while the journal's process answers.",
                 channel_is_open(&d->keep));
    write_metric(out, "records_taken_total", "counter", "Alerts and results taken into the state.",
                 (int64_t)d->taken);
    write_metric(out, "records_left_out_total", "counter", "Records that could not be taken in.",
                 (int64_t)d->bad);
    write_metric(out, "checks", "gauge", "Checks on the timetable.", (int64_t)c.count);
    write_metric(out, "checks_running", "gauge", "Checks that run now.", c.running);
    write_metric(out, "check_answer_time_seconds", "gauge", "When a check last got an answer.",
                 c.good_at / TIME_SECOND);
    write_metric(out, "state_waits_total", "counter",
                 "Times the desk stood still until somebody else had written.",
                 (int64_t)state_waits(d->s));
    write_metric(out, "requests_held_total", "counter",
                 "Requests to the console that waited until an import was over.",
                 d->web ? (int64_t)desk_web_held(d->web) : 0);
    if (admin_disk_free(d->role.place.state, &percent, &bytes))
        write_metric(out, "disk_free_bytes", "gauge", "Bytes left for the node's folder.",
                     (int64_t)bytes);
    if (console != TIME_NONE)
        write_metric(out, "console_certificate_end_seconds", "gauge",
                     "When the console's certificate ends.", console / TIME_SECOND);
    find_late(d, &arena, &late);
    arena_done(&arena);
    write_metric(out, "messages_late", "gauge", "Messages to people that wait for over 10 minutes.",
                 (int64_t)late.count);
    doctor_write_delay(&d->delay, out);
    doctor_write_metrics(out);
}

static int write_in_run(struct desk *d, const char *name, struct slice text, struct err *err)
{
    struct buf path = BUF_INIT(PLACE_PATH + 32);
    int r;

    buf_printf(&path, "%s/%s", d->role.place.run, name);
    r = file_replace(buf_cstr(&path), text, 0600, err);
    buf_done(&path);
    return r;
}

void desk_health_write(struct desk *d)
{
    struct buf text = BUF_INIT(METRICS_MAX);
    struct err err = ERR_INIT;
    int r;

    buf_printf(&text, "%lld %s\n", (long long)(time_now() / TIME_SECOND),
               channel_is_open(&d->keep) ? "ok" : "bad");
    r = write_in_run(d, "health", buf_slice(&text), &err);
    buf_clear(&text);
    write_metrics(d, &text);
    if (r == 0)
        r = write_in_run(d, "metrics.prom", buf_slice(&text), &err);
    if (r < 0 && !d->health_failed)
        role_log_err(&d->role, "health cannot be written", &err);
    d->health_failed = r < 0;
    buf_done(&text);
}

static void write_again(void *u, struct loop_timer *t)
{
    (void)t;
    desk_health_write(u);
}

int desk_health_open(struct desk *d, struct err *err)
{
    d->began = time_now();
    desk_health_write(d);
    return loop_timer_add(d->role.loop, WRITE_EVERY, WRITE_EVERY, write_again, d, NULL, err);
}
