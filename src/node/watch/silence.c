/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A source that is silent for longer than its rhythm allows is an alert of canh's own: one for each
 * silence, which ends with the source's next record.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/hex.h"
#include "node/watch/input.h"
#include "node/wire/status.h"

static const char rule[] = "canh:silent-source";

struct source_seen {
    int64_t last; /* its last record; before the first one: since when we listen */
    bool told, heard;
};

/* The same source as before keeps what is known of it. */
static void carry_over(struct silence *s, const struct snapshot *from, const struct snapshot *to,
                       struct source_seen *seen, int64_t now)
{
    struct map places;
    uint32_t at;

    map_init(&places, SNAPSHOT_SOURCES_MAX);
    for (uint32_t i = 0; s->seen && i < from->source_count; i++)
        if (map_put(&places, slice_of(from->sources[i].id, 16), i) < 0)
            break;
    for (uint32_t i = 0; i < to->source_count; i++)
        seen[i] = s->seen && map_get(&places, slice_of(to->sources[i].id, 16), &at)
                      ? s->seen[at]
                      : (struct source_seen){.last = now};
    map_done(&places);
}

void silence_follow(struct watch *w, const struct snapshot *to)
{
    struct source_seen *seen = calloc((size_t)to->source_count + 1, sizeof(*seen));

    if (seen)
        carry_over(&w->silence, &w->snapshot, to, seen, time_now());
    free(w->silence.seen);
    w->silence.seen = seen;
}

void silence_end(struct watch *w)
{
    free(w->silence.seen);
    w->silence.seen = NULL;
}

void silence_broken(struct watch *w, const struct snapshot_source *source, int64_t now)
{
    if (w->silence.seen)
        w->silence.seen[source - w->snapshot.sources] =
            (struct source_seen){.last = now, .heard = true};
}

static struct alert_record alert_of(const struct snapshot_source *x, const struct source_seen *seen,
                                    int64_t now, char about[32])
{
    static const uint8_t none[16];
    struct alert_entity entity = {.count = 1};
    struct alert_record alert = {.rule = slice_str(rule),
                                 .title = SLICE("A source is silent"),
                                 .level = LEVEL_MEDIUM + 1,
                                 .start = seen->last,
                                 .time = now};

    hex_write(about, memcmp(x->asset, none, 16) == 0 ? x->id : x->asset, 16);
    alert.about = slice_of(about, 32);
    if (memcmp(x->asset, none, 16) != 0)
        alert.asset = alert.about;
    entity.parts[0] = alert.about;
    alert_id(&(struct alert_key){alert.rule, 0, &entity, seen->last}, alert.id);
    return alert;
}

static void silence_answered(struct watch *w, const struct sent *s, int code, struct slice taken)
{
    (void)w;
    (void)s;
    (void)code;
    (void)taken;
}

static void report_silence(struct watch *w, const struct snapshot_source *x,
                           struct source_seen *seen, int64_t now)
{
    struct batch_out o = {.w = w, .bytes = BUF_INIT(WIRE_BATCH_MAX)};
    char about[32];
    struct alert_record alert = alert_of(x, seen, now, about);

    send_begin(&o);
    send_alert(&o, x, &alert, SLICE("silence"), (uint64_t)seen->last, now);
    seen->told = send_end(&o, silence_answered, x->id, NULL, true, NULL) == 0;
    buf_done(&o.bytes);
}

void silence_check(struct watch *w)
{
    int64_t now = time_now();

    for (uint32_t i = 0; w->silence.seen && i < w->snapshot.source_count; i++) {
        const struct snapshot_source *x = &w->snapshot.sources[i];
        struct source_seen *seen = &w->silence.seen[i];

        if (x->rhythm <= 0 || seen->told)
            continue;
        seen->last = CANH_MIN(seen->last, now); /* the clock was set back */
        if (now - seen->last > x->rhythm && send_has_room(w))
            report_silence(w, x, seen, now);
    }
}

static bool is_silent(const struct snapshot_source *x, const struct source_seen *seen)
{
    (void)x;
    return seen->told;
}

/* Who sends by himself and has not yet; of what is read here files_write_status() tells. */
static bool is_unheard(const struct snapshot_source *x, const struct source_seen *seen)
{
    return !seen->heard && !seen->told && input_kind_of(x->transport) == NULL;
}

/* How many are so, and the first of them with when they were heard last. */
static void
write_sources(const struct watch *w, struct buf *out, const char *prefix, const char *count,
              bool (*is_so)(const struct snapshot_source *x, const struct source_seen *seen))
{
    uint64_t n = 0;

    for (uint32_t i = 0; w->silence.seen && i < w->snapshot.source_count; i++) {
        char key[STATUS_KEY], id[32];

        if (!is_so(&w->snapshot.sources[i], &w->silence.seen[i]) || n++ >= STATUS_SILENT_MAX)
            continue;
        hex_write(id, w->snapshot.sources[i].id, 16);
        (void)snprintf(key, sizeof(key), "%s%.32s", prefix, id);
        status_add(out, key, (uint64_t)w->silence.seen[i].last);
    }
    status_add(out, count, n);
}

void silence_write_status(const struct watch *w, struct buf *out)
{
    write_sources(w, out, STATUS_SILENT, "silent sources", is_silent);
    write_sources(w, out, STATUS_UNHEARD, "unheard sources", is_unheard);
}
