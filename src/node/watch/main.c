/* SPDX-License-Identifier: Apache-2.0 */
/*
 * canh-watch: follows the sources of the snapshot, matches every record and sends batches of
 * records, alerts and positions to keep. It holds no state of its own: after a crash of either, and
 * with every new snapshot, each input goes on where the journal says.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include <sodium.h>

#include "base/file.h"
#include "base/time.h"
#include "collect/follow.h"
#include "lang/err_node.h"
#include "node/watch/match.h"
#include "node/wire/batch.h"
#include "node/wire/role.h"
#include "os/bulk.h"

#define POLL_TIME (100 * INT64_C(1000000))
#define GLOB_TIME (10 * TIME_SECOND)
enum { INPUTS_MAX = 20000, UNSENT_MAX = 4 /* batches that keep has not acknowledged */ };

/* What JOURNAL_* of journal/record.h say; watch does not link the journal. */
enum { FLAG_TRUNCATED = 1 << 0, FLAG_GAP = 1 << 2, FLAG_HISTORY = 1 << 4, COUNT_BYTE = 1 };

static const char stream_events[] = "events/default", stream_alerts[] = "alerts";

struct watch;

/* One file of a source. */
struct input {
    struct watch *watch;
    struct input *next;
    uint8_t id[16];
    const struct snapshot_source *source;
    char path[FOLLOW_PATH];
    bool asked, open; /* its position was asked for; is known */
    bool fresh;       /* nothing of it is in the journal yet */
    bool late;        /* came into a folder that was followed already: all of it is new */
    bool failed;      /* said so */
    struct follow follow;
    struct matching *matching;
};

struct watch {
    struct role role;
    struct channel keep;
    struct rules *rules;
    struct arena arena; /* of the snapshot */
    struct snapshot snapshot;
    bool have_snapshot;
    struct input *inputs;
    unsigned input_count;
    struct buf batch;
    uint32_t records;
    uint64_t number;
    unsigned unsent;
    bool again; /* a batch was not sent: its inputs must be read again */
    bool full;  /* more files than INPUTS_MAX: said so */
    bool draining;
    struct loop_timer *poll, *glob;
};

/* -- inputs ---------------------------------------------------------------------------------- */

static void input_free(struct input *in)
{
    follow_done(&in->follow);
    in->matching = matching_free(in->matching);
    free(in);
}

static void inputs_free(struct watch *w)
{
    while (w->inputs) {
        struct input *in = w->inputs;

        w->inputs = in->next;
        input_free(in);
    }
    w->input_count = 0;
}

static struct input *input_find(struct watch *w, const uint8_t id[16])
{
    for (struct input *in = w->inputs; in; in = in->next)
        if (memcmp(in->id, id, 16) == 0)
            return in;
    return NULL;
}

/* Its position in the journal is asked for; it opens with the answer. */
static void input_ask(struct input *in)
{
    struct watch *w = in->watch;

    if (in->asked || !channel_is_open(&w->keep))
        return;
    in->asked = channel_send(&w->keep, WIRE_INPUT, slice_of(in->id, 16), NULL, 0, NULL) == 0;
}

static void input_add(struct watch *w, const struct snapshot_source *source, const char *path,
                      bool late)
{
    uint8_t id[16];
    struct input *in;

    event_id(source->id, slice_str(path), 0, id);
    if (input_find(w, id))
        return;
    if (w->input_count >= INPUTS_MAX) {
        if (!w->full)
            role_say(&w->role, "%s: not followed, nor what comes after %d files", path, INPUTS_MAX);
        w->full = true;
        return;
    }
    in = calloc(1, sizeof(*in));
    if (in == NULL)
        return;
    in->watch = w;
    in->source = source;
    in->late = late;
    in->follow.fd = -1;
    memcpy(in->id, id, sizeof(id));
    (void)snprintf(in->path, sizeof(in->path), "%s", path);
    in->next = w->inputs;
    w->inputs = in;
    w->input_count++;
    input_ask(in);
}

/* Files of today that a pattern names; those that are compressed are not followed. */
static void glob_add(struct watch *w, const struct snapshot_source *source, const char *pattern,
                     bool late)
{
    char folder[FOLLOW_PATH], path[FOLLOW_PATH + 260];
    const char *name = strrchr(pattern, '/') + 1;
    struct dirent *e;
    DIR *d;

    (void)snprintf(folder, sizeof(folder), "%.*s", (int)(name - pattern), pattern);
    d = opendir(folder);
    while (d && (e = readdir(d)) != NULL) {
        if (e->d_name[0] == '.' || fnmatch(name, e->d_name, FNM_PERIOD) != 0)
            continue;
        (void)snprintf(path, sizeof(path), "%s%s", folder, e->d_name);
        if (strlen(path) < FOLLOW_PATH)
            input_add(w, source, path, late);
    }
    if (d)
        (void)closedir(d);
}

static void source_add(struct watch *w, const struct snapshot_source *source, bool late)
{
    struct slice rest = source->paths, line;

    if (!slice_is(source->kind, "files"))
        return;
    while (slice_cut(&rest, '\n', &line)) {
        char path[FOLLOW_PATH];

        if (line.n == 0 || line.n >= sizeof(path) || line.p[0] != '/')
            continue;
        (void)snprintf(path, sizeof(path), SLICE_FMT, SLICE_ARG(line));
        if (strpbrk(path, "*?"))
            glob_add(w, source, path, late);
        else
            input_add(w, source, path, false);
    }
}

static void glob_again(void *u, struct loop_timer *t)
{
    struct watch *w = u;

    (void)t;
    for (uint32_t i = 0; i < w->snapshot.source_count && !w->draining; i++)
        source_add(w, &w->snapshot.sources[i], true);
}

/* Every input goes on where the journal is: after a new snapshot, or a new keep. */
static void inputs_begin(struct watch *w)
{
    inputs_free(w);
    buf_clear(&w->batch);
    w->records = 0;
    w->unsent = 0;
    if (!w->have_snapshot || !channel_is_open(&w->keep))
        return;
    for (uint32_t i = 0; i < w->snapshot.source_count; i++)
        source_add(w, &w->snapshot.sources[i], false);
}

/* -- batches --------------------------------------------------------------------------------- */

static void put_record(struct watch *w, const struct input *in, const char *stream,
                       struct batch_record *x)
{
    x->stream = slice_str(stream);
    memcpy(x->source, in->source->id, 16);
    memcpy(x->unit, in->source->unit, 16);
    batch_put_record(&w->batch, x);
    w->records++;
}

static void put_alerts(struct watch *w, struct input *in, const struct alert_record *alerts,
                       uint32_t n, const struct batch_record *event)
{
    for (uint32_t i = 0; i < n; i++) {
        struct buf json = BUF_INIT(ALERT_RECORD_MAX);
        struct batch_record x = *event;

        alert_record_write(&json, &alerts[i]);
        x.raw = buf_slice(&json);
        x.count = 0;
        if (json.err == 0)
            put_record(w, in, stream_alerts, &x);
        buf_done(&json);
    }
}

static void put_line(struct watch *w, struct input *in, const struct follow_line *line,
                     struct slice base, int64_t now)
{
    struct batch_record x = {.received = now,
                             .claimed = TIME_NONE,
                             .base = base,
                             .at = line->at,
                             .count = COUNT_BYTE,
                             .flags = line->truncated ? (uint32_t)FLAG_TRUNCATED : 0,
                             .raw = line->text};
    struct match_line match = {.text = line->text,
                               .source = in->source,
                               .snapshot = &w->snapshot,
                               .received = now,
                               .history = !in->follow.found_end && in->source->back > 0,
                               .stream = slice_str(stream_events)};
    const struct alert_record *alerts;
    uint8_t id[16];
    char hex[33];
    uint32_t n;

    event_id(in->source->id, base, line->at, id);
    match.event = slice_str(sodium_bin2hex(hex, sizeof(hex), id, sizeof(id)));
    if (match.history)
        x.flags |= FLAG_HISTORY;
    alerts = matching_run(in->matching, &match, &x.claimed, &n);
    if (match.history && x.claimed != TIME_NONE && x.claimed < now - in->source->back)
        return; /* from before what --since asked for */
    put_alerts(w, in, alerts, n, &x);
    put_record(w, in, stream_events, &x);
    if (matching_lost(in->matching))
        role_say(&w->role, "%s: a line matches more rules than are told of one line", in->path);
}

/* What could not be found again stands in the journal, too. */
static void put_gap(struct watch *w, struct input *in, struct slice base, int64_t now)
{
    struct batch_record x = {.received = now,
                             .claimed = TIME_NONE,
                             .base = base,
                             .at = UINT64_MAX,
                             .flags = FLAG_GAP,
                             .raw = SLICE("{\"gap\":\"rotated\",\"count\":null}")};

    role_say(&w->role, "%s: the end of a rotated file could not be found", in->path);
    put_record(w, in, stream_events, &x);
    in->follow.lost = 0;
}

static void put_cursor(struct watch *w, struct input *in)
{
    struct buf cursor = BUF_INIT(FOLLOW_CURSOR_MAX);
    struct batch_input x;

    memcpy(x.id, in->id, 16);
    follow_cursor_write(&in->follow, &cursor);
    x.cursor = buf_slice(&cursor);
    batch_put_input(&w->batch, &x);
    buf_done(&cursor);
}

static void batch_send(struct watch *w)
{
    struct buf body = BUF_INIT(16);
    struct err err = ERR_INIT;
    int fd = -1, r;

    batch_end(&w->batch, w->records, 1);
    r = w->batch.err ? err_fail(&err, CE_TOO_BIG, ERR_NODE_BATCH_TOO_LARGE)
                     : bulk_make(buf_slice(&w->batch), &fd, &err);
    frame_put_u64(&body, ++w->number);
    if (r == 0)
        r = channel_send(&w->keep, WIRE_APPEND, buf_slice(&body), &fd, 1, &err);
    fd_closep(&fd);
    buf_done(&body);
    if (r == 0)
        w->unsent++;
    else
        role_tell(&w->role, "keep does not take a batch", &err);
    w->again = r < 0;
    buf_clear(&w->batch);
    w->records = 0;
}

/* Reads one batch of an input; whether there was anything. */
static bool input_read(struct watch *w, struct input *in)
{
    struct buf base = BUF_INIT(FOLLOW_BASE_MAX);
    struct follow_line line;
    struct err err = ERR_INIT;
    int64_t now = time_now();
    int r = follow_poll(&in->follow, &err);

    if (r < 0 && !in->failed)
        role_tell(&w->role, "", &err);
    in->failed = r < 0;
    if (r <= 0 && !in->fresh)
        return false;
    follow_base(&in->follow, &base);
    batch_begin(&w->batch);
    if (in->follow.lost)
        put_gap(w, in, buf_slice(&base), now);
    while (w->batch.len < WIRE_BATCH_RAW && follow_next(&in->follow, &line))
        put_line(w, in, &line, buf_slice(&base), now);
    buf_done(&base);
    if (w->records == 0 && !in->fresh) {
        buf_clear(&w->batch);
        return false;
    }
    put_cursor(w, in);
    in->fresh = false;
    batch_send(w);
    return true;
}

/* Ends once everything sent is acknowledged. */
static void end_if_drained(struct watch *w)
{
    if (w->draining && (w->unsent == 0 || !channel_is_open(&w->keep)))
        loop_stop(w->role.loop);
}

static void poll_inputs(void *u, struct loop_timer *t)
{
    struct watch *w = u;
    bool more = true;

    (void)t;
    if (w->again) /* a later batch would carry positions past the one that is lacking */
        inputs_begin(w);
    w->again = false;
    while (more && !w->again && !w->draining && w->unsent < UNSENT_MAX &&
           channel_is_open(&w->keep)) {
        more = false;
        for (struct input *in = w->inputs; in && !w->again && w->unsent < UNSENT_MAX;
             in = in->next) {
            if (in->open)
                more = input_read(w, in) || more;
            else
                input_ask(in);
        }
    }
}

/* -- frames ---------------------------------------------------------------------------------- */

static int take_done(void *u, struct frame *f, struct err *err)
{
    struct watch *w = u;
    struct frame_reader r = frame_reader(f->body);
    uint32_t code;

    (void)frame_get_u64(&r);
    code = frame_get_u32(&r);
    if (frame_end(&r) < 0)
        return err_fail(err, CE_PEER, ERR_NODE_ANSWER_CANNOT_READ);
    if (code) { /* not on disk: everything again from where the journal is */
        inputs_begin(w);
        return 0;
    }
    if (w->unsent)
        w->unsent--;
    end_if_drained(w);
    return w->draining ? 0 : loop_timer_set(w->poll, 1, POLL_TIME, err);
}

static int take_input_is(void *u, struct frame *f, struct err *err)
{
    struct watch *w = u;
    struct frame_reader r = frame_reader(f->body);
    uint8_t id[16];
    struct slice cursor;
    struct input *in;

    frame_get_bytes(&r, id, sizeof(id));
    cursor = frame_get_text(&r, WIRE_CURSOR_MAX);
    if (frame_end(&r) < 0)
        return err_fail(err, CE_PEER, ERR_NODE_POSITION_CANNOT_READ);
    in = input_find(w, id);
    if (in == NULL || in->open)
        return 0;
    in->matching = matching_new(w->rules);
    if (in->matching == NULL)
        return err_nomem(err);
    if (follow_init(&in->follow, in->path, cursor, in->late || in->source->back > 0,
                    (uint32_t)w->role.config.record, err) < 0) {
        role_tell(&w->role, "", err);
        in->failed = true;
    }
    in->follow.found_end = in->source->back == 0;
    in->open = true;
    in->fresh = cursor.n == 0;
    return 0;
}

static const struct frame_rule keep_rules[] = {
    {.type = WIRE_DONE, .max = 12, .take = take_done},
    {.type = WIRE_INPUT_IS, .max = WIRE_CURSOR_MAX + 64, .take = take_input_is},
};

static void keep_lost(void *u, struct channel *c, const struct err *err)
{
    struct watch *w = u;

    (void)c;
    (void)err;
    inputs_free(w);
    end_if_drained(w);
}

static int take_link(void *u, enum wire_role peer, int fd, struct err *err)
{
    struct watch *w = u;
    int r;

    if (peer != ROLE_KEEP) {
        fd_closep(&fd);
        return err_fail(err, CE_PEER, ERR_NODE_CONNECTION_SOMEBODY_ELSE);
    }
    channel_close(&w->keep);
    r = channel_open(&w->keep, fd, keep_rules, CANH_LEN(keep_rules), w, w->role.loop, keep_lost,
                     err);
    if (r == 0)
        inputs_begin(w);
    return r;
}

static int take_snapshot(void *u, int fd, struct err *err)
{
    struct watch *w = u;
    struct arena arena = ARENA_INIT((size_t)256 << 20);
    struct snapshot snapshot;
    struct slice bytes = SLICE_NULL;
    int r = bulk_map(fd, BULK_MAX, &bytes, err);

    fd_closep(&fd);
    if (r == 0)
        r = snapshot_read(bytes, &arena, &snapshot, err);
    bulk_unmap(bytes);
    if (r < 0) {
        arena_done(&arena);
        return r;
    }
    inputs_free(w);
    arena_done(&w->arena);
    w->arena = arena;
    w->snapshot = snapshot;
    if (!w->have_snapshot)
        r = role_ready(&w->role, err);
    w->have_snapshot = true;
    inputs_begin(w);
    return r;
}

static void drain(void *u)
{
    struct watch *w = u;

    w->draining = true;
    end_if_drained(w);
}

static int watch_begin(struct watch *w, struct err *err)
{
    struct rules_options options = {.folder = w->role.config.rules,
                                    .level = w->role.config.level,
                                    .fold = w->role.config.fold};
    struct rules_counts n;
    int r = sodium_init() < 0 ? err_fail(err, CE_BUG, ERR_NODE_LIBSODIUM_DOES_NOT_BEGIN) : 0;

    if (r == 0)
        r = rules_load(&options, &w->rules, err);
    if (r < 0)
        return r;
    rules_count(w->rules, &n);
    role_say(&w->role, "%u rules, %u refused, %u that nothing leads to", n.rules, n.refused,
             n.unreached);
    r = loop_timer_add(w->role.loop, POLL_TIME, POLL_TIME, poll_inputs, w, &w->poll, err);
    if (r == 0)
        r = loop_timer_add(w->role.loop, GLOB_TIME, GLOB_TIME, glob_again, w, &w->glob, err);
    if (r == 0)
        r = role_listen(&w->role, err);
    return r;
}

int main(int argc, char **argv)
{
    static struct watch w = {
        .role = {.name = "watch", .link = take_link, .snapshot = take_snapshot, .drain = drain},
        .keep.fd = -1};
    struct err err = ERR_INIT;
    int status;

    w.role.u = &w;
    w.batch = BUF_INIT(WIRE_BATCH_MAX);
    status = role_begin(&w.role, argc, argv);
    if (status != 0)
        return status;
    status = watch_begin(&w, &err) < 0 ? role_fail(&w.role, &err) : role_run(&w.role);
    inputs_free(&w);
    w.rules = rules_free(w.rules);
    return status;
}
