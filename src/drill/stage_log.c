/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of an attack in a log of the drill's own, which the node follows like any other. */
#include "alert/alert.h"
#include "base/file.h"
#include "base/time.h"
#include "drill/stage.h"
#include "lang/said.h"
#include "state/sources.h"

enum { GUESSES = 12, LINES_MAX = 64 << 10 };

void drill_log(struct buf *out, struct slice run, const struct drill *d)
{
    buf_printf(out, SLICE_FMT "/%s.log", SLICE_ARG(run), d->code);
}

static int stage_log_begin(const struct act_ctx *ctx, const struct state_actor *actor,
                           struct drill *d, struct slice run, struct err *err)
{
    struct buf path = BUF_INIT(4096), name = BUF_INIT(200);
    int64_t now = state_now(ctx->s);
    struct state_source x = {.unit = d->unit,
                             .code = slice_str(d->code),
                             .kind = SLICE("files"),
                             .valid_from = now,
                             .valid_to = now + DRILL_LASTS,
                             .enabled = true,
                             .drill = true};
    int r;

    drill_log(&path, run, d);
    drill_name(&name, d->kind);
    x.name = buf_slice(&name);
    x.paths = buf_slice(&path);
    r = file_replace(buf_cstr(&path), SLICE_NULL, 0600, err);
    if (r == 0)
        r = state_source_put(ctx->s, actor, &x, err);
    buf_done(&path);
    buf_done(&name);
    return r;
}

/* 2026-11-30T01:02:03+00:00 */
static void write_at(struct buf *out, int64_t at)
{
    struct civil c;

    time_to_civil(at, 0, &c);
    buf_printf(out, "%04d-%02u-%02uT%02u:%02u:%02u", c.year, c.month, c.day, c.hour, c.minute,
               c.second);
}

/* The address belongs to nobody (RFC 5737); another one each time, so that drills do not fold. */
static void write_guesses(struct buf *out, const struct drill *d, int64_t now)
{
    unsigned last = (unsigned)(now / TIME_SECOND % 254) + 1;

    for (unsigned i = 0; i <= GUESSES; i++) {
        write_at(out, now - (GUESSES - i) * TIME_SECOND);
        buf_printf(out, "+00:00 %s sshd[7]: %s password for root from 203.0.113.%u port 22 ssh2\n",
                   d->code, i < GUESSES ? "Failed" : "Accepted", last);
    }
}

/* Event 4688 of Windows as a collector writes it. */
static void write_ransom(struct buf *out, const struct drill *d, int64_t now)
{
    buf_puts(out, "{\"Event\":{\"System\":{\"Provider\":{\"#attributes\":{\"Name\":"
                  "\"Microsoft-Windows-Security-Auditing\"}},\"EventID\":4688,"
                  "\"TimeCreated\":{\"#attributes\":{\"SystemTime\":\"");
    write_at(out, now);
    buf_printf(out,
               ".000000Z\"}},\"EventRecordID\":1,\"Channel\":\"Security\",\"Computer\":\"%s\"},"
               "\"EventData\":{\"SubjectUserName\":\"dien-tap\",\"SubjectDomainName\":\"VIDU\","
               "\"NewProcessName\":\"C:\\\\Windows\\\\System32\\\\vssadmin.exe\","
               "\"CommandLine\":\"vssadmin delete shadows /all /quiet\","
               "\"ParentProcessName\":\"C:\\\\Windows\\\\System32\\\\cmd.exe\"}}}\n",
               d->code);
}

int drill_strike(struct slice run, const struct drill *d, int64_t now, struct err *err)
{
    struct buf path = BUF_INIT(4096), lines = BUF_INIT(LINES_MAX);
    int fd = -1, r = 0;

    if (d->kind == DRILL_SSH)
        write_guesses(&lines, d, now);
    else if (d->kind == DRILL_RANSOM)
        write_ransom(&lines, d, now);
    drill_log(&path, run, d);
    if (lines.len > 0) {
        r = file_open_write(buf_cstr(&path), &fd, err);
        if (r == 0)
            r = file_write_at(fd, buf_cstr(&path), 0, buf_slice(&lines), err);
        fd_closep(&fd);
    }
    buf_done(&path);
    buf_done(&lines);
    return r;
}

struct seek_ctx {
    struct arena *arena;
    struct state_alert best;
};

/* The gravest of them is the one that people are called for. */
static int keep_gravest(void *u, const struct state_alert *x)
{
    struct seek_ctx *s = u;

    if (x->level > s->best.level) {
        s->best = *x;
        s->best.title = arena_dup(s->arena, x->title);
        s->best.title_vi = arena_dup(s->arena, x->title_vi);
    }
    return 0;
}

static int stage_log_find(const struct act_ctx *ctx, const struct state_actor *actor,
                          const struct drill *d, struct state_source *source,
                          struct state_alert *ret, struct err *err)
{
    struct seek_ctx s = {.arena = ctx->arena};
    struct state_query q = {.limit = 1000};
    int r = state_source_find(ctx->s, actor, d->unit, slice_str(d->code), ctx->arena, source, err);

    if (r == 0) {
        q.ref = source->id;
        r = state_alert_each(ctx->s, actor, &q, keep_gravest, &s, err);
    }
    *ret = s.best;
    return r;
}

static int keep_last_ack(void *u, const struct state_alert_ack *x)
{
    ((struct drill_chain *)u)->taker = x->person;
    return 0;
}

/* The rules of a drill alert one after the other: what is only informational is not yet it. */
static int stage_log_poll(const struct act_ctx *ctx, const struct state_actor *actor,
                          const struct drill *d, struct drill_chain *ret, struct err *err)
{
    struct state_source source;
    struct state_alert x;
    int r = stage_log_find(ctx, actor, d, &source, &x, err);

    if (r < 0 || x.level < (d->kind == DRILL_RANSOM ? 5 : 4))
        return r;
    ret->seen = true;
    ret->thing = x.id;
    ret->seen_at = x.created;
    ret->level = x.level;
    ret->title = x.title;
    ret->title_vi = x.title_vi;
    ret->taken_at = x.seen_at;
    return x.seen_at ? alert_acks(ctx->s, actor, x.id, keep_last_ack, ret, err) : 0;
}

static int stage_log_answer(const struct act_ctx *ctx, const struct state_actor *actor,
                            const struct drill *d, struct slice terms, struct err *err)
{
    struct alert_ack_request ack = {.verdict = STATE_ALERT_ONLY_SEEN, .login = actor->account};
    struct state_source source;
    struct state_alert x;
    int r = stage_log_find(ctx, actor, d, &source, &x, err);

    (void)terms;
    ack.same = x.id;
    return r < 0 ? r : alert_ack(ctx->s, actor, &ack, ctx->arena, &x, err);
}

struct close_ctx {
    const struct act_ctx *ctx;
    const struct state_actor *actor;
    struct state_id open[LINES_MAX / 1024];
    size_t count;
};

static int note_open(void *u, const struct state_alert *x)
{
    struct close_ctx *c = u;

    if (x->state != STATE_ALERT_CLOSED && c->count < CANH_LEN(c->open))
        c->open[c->count++] = x->id;
    return 0;
}

static int close_alerts(const struct act_ctx *ctx, const struct state_actor *actor,
                        const struct state_source *source, struct err *err)
{
    struct close_ctx c = {.ctx = ctx, .actor = actor};
    struct state_query q = {.ref = source->id};
    int r = state_alert_each(ctx->s, actor, &q, note_open, &c, err);

    for (size_t i = 0; r == 0 && i < c.count; i++) {
        struct alert_ack_request ack = {.same = c.open[i],
                                        .verdict = STATE_ALERT_KNOWN,
                                        .login = actor->account,
                                        .note = said_words(SAID_DRILL_OVER)};
        struct state_alert x;

        r = alert_ack(ctx->s, actor, &ack, ctx->arena, &x, err);
    }
    return r;
}

static int stage_log_end(const struct act_ctx *ctx, const struct state_actor *actor,
                         const struct drill *d, struct slice run, struct err *err)
{
    struct buf path = BUF_INIT(4096);
    struct state_source x;
    int r = state_source_find(ctx->s, actor, d->unit, slice_str(d->code), ctx->arena, &x, err);

    if (r == 0 && x.enabled) {
        x.enabled = false;
        x.valid_to = CANH_MAX(state_now(ctx->s), x.valid_from + 1);
        r = state_source_put(ctx->s, actor, &x, err);
    }
    if (r == 0)
        r = close_alerts(ctx, actor, &x, err);
    drill_log(&path, run, d);
    if (r == 0)
        r = file_remove(buf_cstr(&path), err);
    buf_done(&path);
    return r;
}

const struct stage stage_log = {stage_log_begin, stage_log_poll, stage_log_answer, stage_log_end};
