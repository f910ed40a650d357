/* SPDX-License-Identifier: Apache-2.0 */
/* Files that are followed: an input each, which goes on where the journal is. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>

#include "lang/err_node.h"
#include "node/watch/correlate.h"

enum {
    INPUTS_MAX = 20000,
    INPUTS_BUSY = 256, /* of more than so many, those that are quiet are looked at less often */
    QUIET_TURNS = 50,
    QUIET_EVERY = 16,
    CAREFUL_RECORDS = 20000, /* sent one by one after a batch was refused for what is in it */
};

/* The clock of a file system may be so far behind. */
#define BIRTH_SLACK (20 * INT64_C(1000000))

struct input {
    struct watch *watch;
    uint8_t id[16];
    const struct snapshot_source *source;
    char path[FOLLOW_PATH];
    bool asked, open; /* its position was asked for; is known */
    bool fresh;       /* nothing of it is in the journal yet */
    bool late;        /* came into a folder that was followed already: all of it is new */
    bool failed;      /* said so */
    uint32_t quiet;   /* turns without anything new */
    uint32_t careful; /* so many records more go one by one */
    bool leave_out;   /* the next record was refused by itself */
    int64_t since;    /* nothing of it was there before */
    struct follow follow;
    const struct format *format;
};

static void input_free(struct input *in)
{
    follow_done(&in->follow);
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
    unsigned cap = w->input_cap ? w->input_cap * 2 : 64;
    struct input **list = w->inputs, *in;

    if (w->input_count == w->input_cap) {
        list = realloc(w->inputs, cap * sizeof(struct input *));
        if (list == NULL)
            return NULL;
        w->inputs = list;
        w->input_cap = cap;
    }
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

/* since: nothing of it was there before; late: it came while its folder was followed. */
static void input_add(struct watch *w, const struct snapshot_source *source, const char *path,
                      bool late, int64_t since)
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
    in = input_new(w, id);
    if (in == NULL)
        return;
    in->watch = w;
    in->source = source;
    in->late = late;
    in->since = since - BIRTH_SLACK;
    in->follow.fd = -1;
    (void)snprintf(in->path, sizeof(in->path), "%s", path);
    input_ask(in);
}

/* The name before what a rotation added: app.log of app.log.1 and app.log-20261129.gz. */
static size_t rotated_stem(const char *name)
{
    struct slice s = slice_str(name);
    size_t n;

    if (slice_ends(s, SLICE(".gz")) || slice_ends(s, SLICE(".xz")) || slice_ends(s, SLICE(".zst")))
        while (s.p[--s.n] != '.')
            ;
    n = s.n;
    while (n > 0 && strchr("0123456789.-_", s.p[n - 1]))
        n--;
    return n;
}

/*
 * Files that a pattern names. Of one that came and was rotated away between two looks only the
 * rotated name is left: then the name that it had is followed, which finds it.
 */
static void glob_name(struct watch *w, const struct snapshot_source *source, const char *pattern,
                      const char *name, bool late)
{
    const char *wanted = strrchr(pattern, '/') + 1;
    int folder = (int)(wanted - pattern);
    char path[FOLLOW_PATH + 260], stem[260];

    (void)snprintf(stem, sizeof(stem), "%s", name);
    if (fnmatch(wanted, stem, FNM_PERIOD) != 0) {
        stem[CANH_MIN(rotated_stem(name), sizeof(stem) - 1)] = '\0';
        if (!late || stem[0] == '\0' || fnmatch(wanted, stem, FNM_PERIOD) != 0)
            return;
    }
    (void)snprintf(path, sizeof(path), "%.*s%s", folder, pattern, stem);
    if (strlen(path) < FOLLOW_PATH)
        input_add(w, source, path, late, late ? w->globbed : time_now());
}

static void glob_add(struct watch *w, const struct snapshot_source *source, const char *pattern,
                     bool late)
{
    char folder[FOLLOW_PATH];
    struct dirent *e;
    DIR *d;

    (void)snprintf(folder, sizeof(folder), "%.*s", (int)(strrchr(pattern, '/') + 1 - pattern),
                   pattern);
    d = opendir(folder);
    while (d && (e = readdir(d)) != NULL)
        if (e->d_name[0] != '.')
            glob_name(w, source, pattern, e->d_name, late);
    if (d)
        (void)closedir(d);
}

static bool source_path(struct slice *rest, char path[FOLLOW_PATH])
{
    struct slice line;

    while (slice_cut(rest, '\n', &line)) {
        if (line.n == 0 || line.n >= FOLLOW_PATH || line.p[0] != '/')
            continue;
        (void)snprintf(path, FOLLOW_PATH, SLICE_FMT, SLICE_ARG(line));
        return true;
    }
    return false;
}

static void source_files(struct watch *w, const struct snapshot_source *source, bool late)
{
    struct slice rest = source->paths;
    char path[FOLLOW_PATH];

    if (!slice_is(source->transport, "files"))
        return;
    while (source_path(&rest, path)) {
        if (strpbrk(path, "*?"))
            glob_add(w, source, path, late);
        else
            input_add(w, source, path, false, time_now());
    }
}

void files_folders(const struct snapshot_source *source, void (*fn)(void *u, const char *folder),
                   void *u)
{
    struct slice rest = source->paths;
    char path[FOLLOW_PATH];

    while (slice_is(source->transport, "files") && source_path(&rest, path)) {
        char *slash = strrchr(path, '/');

        slash[slash == path] = '\0';
        fn(u, path);
    }
}

void files_glob(struct watch *w)
{
    int64_t now = time_now();

    for (uint32_t i = 0; i < w->snapshot.source_count && !w->draining; i++)
        source_files(w, &w->snapshot.sources[i], true);
    w->globbed = now;
}

void files_begin(struct watch *w)
{
    files_end(w);
    if (!w->have_snapshot)
        return;
    w->globbed = time_now();
    for (uint32_t i = 0; i < w->snapshot.source_count; i++)
        source_files(w, &w->snapshot.sources[i], false);
}

void files_again(struct watch *w)
{
    for (unsigned i = 0; i < w->input_count; i++) {
        struct input *in = w->inputs[i];

        follow_done(&in->follow);
        in->asked = in->open = false;
        input_ask(in);
    }
    w->unopened = w->input_count;
}

int take_input_is(void *u, struct frame *f, struct err *err)
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
    follow_done(&in->follow);
    if (follow_init(&in->follow, in->path, cursor, in->late || in->source->back > 0, in->since,
                    (uint32_t)w->role.config.record, err) < 0) {
        if (!in->failed)
            role_tell(&w->role, "", err);
        in->failed = true;
    }
    in->follow.found_end = in->source->back == 0;
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

static void put_line(struct watch *w, struct input *in, const struct follow_line *line,
                     struct slice base, int64_t now)
{
    bool history = !in->follow.found_end && in->source->back > 0;
    struct taken_record x = {.source = in->source,
                             .format = &in->format,
                             .text = line->text,
                             .base = base,
                             .at = line->at,
                             .count = COUNT_BYTE,
                             .received = now,
                             .flags = (line->truncated ? (uint32_t)FLAG_TRUNCATED : 0) |
                                      (history ? (uint32_t)FLAG_HISTORY : 0),
                             .not_before = history ? now - in->source->back : TIME_NONE};

    if (in->leave_out) {
        role_say(&w->role, "%s: the record at byte %llu could not be kept", in->path,
                 (unsigned long long)line->at);
        send_gap(&w->batch, &x, "refused", 1);
        in->leave_out = false;
    } else {
        send_record(&w->batch, &x);
    }
}

static void put_lines(struct watch *w, struct input *in, int64_t now)
{
    struct buf base = BUF_INIT(FOLLOW_BASE_MAX);
    struct follow_line line;
    size_t limit = in->careful ? 1 : WIRE_BATCH_RAW;

    follow_base(&in->follow, &base);
    if (in->follow.lost) {
        struct taken_record at = {.source = in->source,
                                  .base = buf_slice(&base),
                                  .at = UINT64_MAX,
                                  .received = now};

        role_say(&w->role, "%s: the end of a rotated file could not be found", in->path);
        send_gap(&w->batch, &at, "rotated", 0);
        in->follow.lost = 0;
    }
    while (w->batch.bytes.len < limit + BATCH_HEAD && follow_next(&in->follow, &line))
        put_line(w, in, &line, buf_slice(&base), now);
    in->careful -= in->careful > 0 && w->batch.records > 0;
    buf_done(&base);
}

/* A batch that went nowhere; a later one would carry positions past it. */
static void not_sent(struct watch *w, struct input *in, int r, const struct err *err)
{
    if (r != -CE_BUSY) {
        role_tell(&w->role, in->path, err);
        in->leave_out = in->careful > 0;
        in->careful = CAREFUL_RECORDS;
    }
    w->again = true;
}

/* Reads one batch of an input; whether there was anything. */
static bool input_read(struct watch *w, struct input *in)
{
    struct buf cursor = BUF_INIT(FOLLOW_CURSOR_MAX);
    struct err err = ERR_INIT;
    int r = follow_poll(&in->follow, &err);

    if (r < 0 && !in->failed)
        role_tell(&w->role, "", &err);
    in->failed = r < 0;
    if (r <= 0 && !in->fresh)
        return false;
    send_begin(&w->batch);
    put_lines(w, in, time_now());
    if (w->batch.records == 0 && !in->fresh)
        return false;
    follow_cursor_write(&in->follow, &cursor);
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

void files_poll(struct watch *w)
{
    if (w->again)
        files_again(w);
    w->again = false;
    send_again(w);
    w->turn++;
    while (poll_all(w))
        ;
}
