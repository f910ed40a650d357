/* SPDX-License-Identifier: Apache-2.0 */
/* Files that are followed: an input each, which goes on where the journal is. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/array.h"
#include "base/hex.h"
#include "lang/err_node.h"
#include "node/watch/correlate.h"
#include "node/watch/input.h"
#include "node/wire/status.h"

enum {
    INPUTS_MAX = 20000,
    INPUTS_BUSY = 256, /* of more than so many, those that are quiet are looked at less often */
    QUIET_TURNS = 50,
    QUIET_EVERY = 16,
    CAREFUL_RECORDS = 20000, /* sent one by one after a batch was refused for what is in it */
};

/* The clock of a file system may be so far behind. */
#define BIRTH_SLACK (20 * INT64_C(1000000))

const struct input_kind *input_kind_of(struct slice transport)
{
    static const struct input_kind *const kinds[] = {&input_file, &input_journald, &input_evtx};

    for (size_t i = 0; i < CANH_LEN(kinds); i++)
        if (slice_is(transport, kinds[i]->transport))
            return kinds[i];
    return NULL;
}

static void input_free(struct input *in)
{
    in->kind->close(in);
    buf_done(&in->base);
    free(in);
}

void files_end(struct watch *w)
{
    for (unsigned i = 0; i < w->input_count; i++)
        input_free(w->inputs[i]);
    free(w->inputs);
    w->inputs = NULL;
    w->input_count = w->input_cap = w->unopened = 0;
    map_done(&w->input_map);
    map_init(&w->input_map, INPUTS_MAX);
}

static struct input *input_find(struct watch *w, const uint8_t id[16])
{
    uint32_t at;

    return map_get(&w->input_map, slice_of(id, 16), &at) ? w->inputs[at] : NULL;
}

/* A place at the end of the list; NULL without memory. */
static struct input *input_new(struct watch *w, const uint8_t id[16])
{
    struct input *in;

    if (!array_room(w->inputs, w->input_count, w->input_cap, SIZE_MAX))
        return NULL;
    in = calloc(1, sizeof(*in));
    if (in == NULL)
        return NULL;
    memcpy(in->id, id, sizeof(in->id));
    if (map_put(&w->input_map, slice_of(in->id, 16), w->input_count) < 0) {
        free(in);
        return NULL;
    }
    w->inputs[w->input_count++] = in;
    w->unopened++;
    return in;
}

/* Its position in the journal is asked for; it opens with the answer. */
static void input_ask(struct input *in)
{
    struct watch *w = in->watch;

    if (in->asked || !channel_is_open(&w->keep))
        return;
    in->asked = channel_send(&w->keep, WIRE_INPUT, slice_of(in->id, 16), NULL, 0, NULL) == 0;
}

void input_add(struct watch *w, const struct snapshot_source *source, const char *path, bool late,
               int64_t since)
{
    uint8_t id[16];
    struct input *in;

    event_id(source->id, slice_str(path), 0, id);
    if (input_find(w, id))
        return;
    if (w->input_count >= INPUTS_MAX) {
        if (!w->full)
            role_log(&w->role, "%s: not followed, nor what comes after %d files", path, INPUTS_MAX);
        w->full = true;
        return;
    }
    in = input_new(w, id);
    if (in == NULL)
        return;
    in->watch = w;
    in->kind = input_kind_of(source->transport);
    in->base = BUF_INIT(INPUT_BASE_MAX);
    in->source = source;
    in->late = late;
    in->since = since - BIRTH_SLACK;
    in->follow.fd = -1;
    (void)snprintf(in->path, sizeof(in->path), "%s", path);
    input_ask(in);
}

void files_wake(struct watch *w)
{
    if (w->poll) /* NULL: in tests */
        (void)!loop_timer_set(w->poll, 1, POLL_TIME, NULL);
}

/* Found by a pattern in a folder that has gone: nothing more can come of it. */
static bool is_gone(const struct input *in)
{
    return in->kind == &input_file && in->open && !in->fresh && in->quiet > QUIET_TURNS &&
           access(in->follow.folder, F_OK) < 0 && errno == ENOENT &&
           !discover_names(in->source, in->path);
}

/* False: the journal is to know first that nothing of it is missing. */
static bool may_go(struct input *in)
{
    int r = follow_forget(&in->follow, time_now());

    in->fresh = r == 1;
    in->quiet = r == 0 ? in->quiet : 0;
    return r == 0;
}

/* They make room for others. Where such a folder comes again its files go on where the journal is.
 */
static void drop_gone(struct watch *w)
{
    unsigned n = 0;

    for (unsigned i = 0; i < w->input_count; i++) {
        if (is_gone(w->inputs[i]) && may_go(w->inputs[i]))
            input_free(w->inputs[i]);
        else
            w->inputs[n++] = w->inputs[i];
    }
    if (n == w->input_count)
        return;
    w->input_count = n;
    w->full = false;
    map_clear(&w->input_map);
    for (unsigned i = 0; i < n; i++) /* there was room for more */
        (void)!map_put(&w->input_map, slice_of(w->inputs[i]->id, 16), i);
}

void files_glob(struct watch *w)
{
    int64_t now = time_now();
    unsigned before;

    drop_gone(w);
    before = w->input_count;
    for (uint32_t i = 0; i < w->snapshot.source_count && !w->draining; i++)
        discover_source(w, &w->snapshot.sources[i], true);
    w->globbed = now;
    if (before == 0 && w->input_count)
        files_wake(w);
}

void files_begin(struct watch *w)
{
    files_end(w);
    if (!w->have_snapshot)
        return;
    w->globbed = time_now();
    for (uint32_t i = 0; i < w->snapshot.source_count; i++)
        discover_source(w, &w->snapshot.sources[i], false);
    files_wake(w);
}

void files_again(struct watch *w)
{
    for (unsigned i = 0; i < w->input_count; i++) {
        struct input *in = w->inputs[i];

        in->kind->close(in);
        in->asked = in->open = false;
        input_ask(in);
    }
    w->unopened = w->input_count;
}

int files_receive_input(void *u, struct frame *f, struct err *err)
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
    if (correlate_input(w, id, cursor) || in == NULL || in->open)
        return 0;
    if (in->kind->open(in, cursor, err) < 0) {
        if (!in->failed)
            role_log_err(&w->role, "", err);
        in->failed = true;
    }
    in->open = true;
    in->fresh = cursor.n == 0;
    w->unopened--;
    watch_follows(w);
    return 0;
}

/* The answer to a batch of an input. Refused for what is in it: it comes again record by record,
 * and the record that is refused by itself is left out and told. */
static void files_answered(struct watch *w, const struct sent *s, int code, struct slice taken)
{
    struct input *in = input_find(w, s->id);

    (void)taken;
    w->files_sent--;
    if (in == NULL || code == 0 || code == -CE_BUSY || code == -CE_IO || code == -CE_NOMEM)
        return;
    in->leave_out = in->careful > 0;
    in->careful = CAREFUL_RECORDS;
}

static void write_line(struct watch *w, struct input *in, const struct input_record *r, int64_t now)
{
    struct received_record x = {.source = in->source,
                                .format = &in->format,
                                .text = r->text,
                                .base = r->base,
                                .at = r->at,
                                .count = r->count,
                                .received = now,
                                .flags = r->flags,
                                .not_before = (r->flags & FLAG_HISTORY) && in->source->back > 0
                                                  ? now - in->source->back
                                                  : TIME_NONE};

    if (in->leave_out) {
        role_log(&w->role, "%s: the record at %llu could not be kept", in->path,
                 (unsigned long long)r->at);
        send_gap(&w->batch, &x, "refused", 1);
        in->leave_out = false;
    } else {
        send_record(&w->batch, &x);
    }
}

static void write_gap(struct watch *w, struct input *in, int64_t now)
{
    struct received_record at = {.source = in->source,
                                 .base = in->base.len ? buf_slice(&in->base) : slice_str(in->path),
                                 .at = UINT64_MAX,
                                 .received = now};
    const char *reason;
    uint64_t count;

    if (!in->kind->gap(in, &reason, &count))
        return;
    role_log(&w->role, "%s: something is missing (%s)", in->path, reason);
    send_gap(&w->batch, &at, reason, count);
}

static void write_lines(struct watch *w, struct input *in, int64_t now)
{
    size_t limit = in->careful ? 1 : WIRE_BATCH_RAW;
    struct input_record x;

    write_gap(w, in, now);
    while (w->batch.bytes.len < limit + BATCH_HEAD && in->kind->next(in, &x))
        write_line(w, in, &x, now);
    write_gap(w, in, now);
    in->careful -= in->careful > 0 && w->batch.records > 0;
}

/* A batch that went nowhere; a later one would carry positions past it. */
static void not_sent(struct watch *w, struct input *in, int r, const struct err *err)
{
    if (r != -CE_BUSY) {
        role_log_err(&w->role, in->path, err);
        in->leave_out = in->careful > 0;
        in->careful = CAREFUL_RECORDS;
    }
    w->again = true;
}

/* Reads one batch of an input; whether there was anything. */
static bool input_read(struct watch *w, struct input *in)
{
    struct buf cursor = BUF_INIT(INPUT_CURSOR_MAX);
    struct err err = ERR_INIT;
    int r = in->kind->poll(in, &err);

    if (r < 0 && !in->failed)
        role_log_err(&w->role, "", &err);
    in->failed = r < 0;
    if (r <= 0 && !in->fresh)
        return false;
    send_begin(&w->batch);
    write_lines(w, in, time_now());
    if (w->batch.records == 0 && !in->fresh)
        return false;
    in->kind->cursor(in, &cursor);
    send_input(&w->batch, in->id, buf_slice(&cursor));
    buf_done(&cursor);
    in->fresh = false;
    r = send_end(&w->batch, files_answered, in->id, NULL, false, &err);
    if (r < 0)
        not_sent(w, in, r, &err);
    else
        w->files_sent++;
    return true;
}

/* One look at every input; whether any had something. */
static bool poll_all(struct watch *w)
{
    bool more = false;

    for (unsigned i = 0;
         i < w->input_count && !w->again && w->files_sent < FILES_SENT && send_has_room(w); i++) {
        struct input *in = w->inputs[i];
        bool rest = w->input_count > INPUTS_BUSY && in->quiet > QUIET_TURNS &&
                    (i + w->turn) % QUIET_EVERY != 0;

        if (!in->open) {
            input_ask(in);
        } else if (!rest) {
            bool some = input_read(w, in);

            in->quiet = some ? 0 : in->quiet + 1;
            more = more || some;
        }
    }
    return more;
}

static void on_folder(void *u, const char *folder)
{
    uint8_t *state = u;

    if (access(folder, R_OK | X_OK) == 0)
        *state = 0;
    else if (errno == EACCES && *state)
        *state = STATUS_NOT_READ;
}

/* What of an input says that its source can be read: it is a folder's, or its file was there. */
static void on_input(const struct input *in, uint8_t *state)
{
    bool there = in->kind->folders || in->follow.cursor.ino > 0;

    if (in->failed && *state)
        *state = STATUS_NOT_READ;
    else if (there && !in->failed)
        *state = 0;
}

void files_write_status(const struct watch *w, struct buf *out)
{
    const struct snapshot *s = &w->snapshot;
    uint8_t *states = calloc((size_t)s->source_count + 1, 1);
    uint64_t n = 0;

    for (uint32_t i = 0; states && i < s->source_count; i++) {
        const struct input_kind *kind = input_kind_of(s->sources[i].transport);

        states[i] = kind ? STATUS_NOT_THERE : 0;
        if (kind && kind->folders)
            files_folders(&s->sources[i], on_folder, &states[i]);
    }
    for (unsigned i = 0; states && i < w->input_count; i++)
        on_input(w->inputs[i], &states[w->inputs[i]->source - s->sources]);
    for (uint32_t i = 0; states && i < s->source_count; i++) {
        char key[sizeof(STATUS_ABSENT) + 32] = STATUS_ABSENT;

        if (!states[i] || n++ >= STATUS_SILENT_MAX)
            continue;
        hex_write(key + sizeof(STATUS_ABSENT) - 1, s->sources[i].id, 16);
        status_add(out, key, states[i]);
    }
    status_add(out, "absent sources", n);
    free(states);
}

void files_poll(struct watch *w)
{
    if (w->again)
        files_again(w);
    w->again = false;
    send_again(w);
    w->turn++;
    while (poll_all(w))
        ;
    w->files_held = w->files_sent >= FILES_SENT || !send_has_room(w);
}
