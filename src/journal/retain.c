/* SPDX-License-Identifier: Apache-2.0 */
#include <sodium.h>
#include <string.h>

#include "base/file.h"
#include "base/json_write.h"
#include "base/time.h"
#include "event/stream.h"
#include "journal/care.h"
#include "journal/internal.h"
#include "lang/err_journal.h"

int journal_audit(struct journal *j, struct slice text, int64_t now, struct err *err)
{
    struct journal_record rec = {.received = now,
                                 .claimed = now,
                                 .flags = JOURNAL_CANONICAL,
                                 .raw = text};
    struct journal_group g = {.records = &rec, .record_count = 1, .now = now};
    int r = journal_stream(j, STREAM_AUDIT, &rec.stream, err);

    memcpy(rec.source, j->id, JOURNAL_ID_SIZE);
    rec.position.at = j->group + 1;
    return r < 0 ? r : journal_append(j, &g, err);
}

void json_hash(struct json_write *w, const char *key, const uint8_t hash[JOURNAL_HASH_SIZE])
{
    char text[2 * JOURNAL_HASH_SIZE + 1];

    (void)sodium_bin2hex(text, sizeof(text), hash, JOURNAL_HASH_SIZE);
    json_key(w, key);
    json_text(w, slice_str(text));
}

/* When the segment was begun: no record of the one before it was received later. */
static int retain_begun(struct journal *j, const struct stream *s, uint32_t i, int64_t *ret,
                        uint8_t ret_prev[JOURNAL_HASH_SIZE], struct err *err)
{
    struct view v;
    int r;

    view_init(&v);
    r = view_open(j, s, s->segments[i], &v, err);
    *ret = v.head.created;
    memcpy(ret_prev, v.head.prev, JOURNAL_HASH_SIZE);
    view_done(&v);
    return r < 0 ? r : 0;
}

/* How many of the oldest segments exceed the limits. */
static int count_old(struct journal *j, const struct stream *s, const struct journal_keep *keep,
                     int64_t now, uint32_t *ret, bool *ret_young, struct err *err)
{
    uint8_t prev[JOURNAL_HASH_SIZE];
    uint64_t total = 0;
    int64_t since = now;
    int r = 0;

    *ret = 0;
    for (uint32_t i = 0; keep->bytes && i < s->segment_count; i++)
        total += segment_size(j, s, i);
    for (; *ret + 1 < s->segment_count; ++*ret) {
        bool large = keep->bytes && total > keep->bytes;

        if (keep->least || (!large && keep->age))
            r = retain_begun(j, s, *ret + 1, &since, prev, err);
        if (r < 0 || (!large && (keep->age == 0 || since >= now - keep->age)))
            return r;
        if (keep->least && since >= now - keep->least) {
            *ret_young = large;
            return 0;
        }
        total -= keep->bytes ? segment_size(j, s, *ret) : 0;
    }
    return 0;
}

static int retain_announce(struct journal *j, const struct stream *s, uint64_t until,
                           const char *reason, const uint8_t hash[JOURNAL_HASH_SIZE], int64_t now,
                           struct err *err)
{
    CANH_CLEANUP(buf_done) struct buf text = BUF_INIT(4096);
    struct json_write w = JSON_WRITE_INIT(&text);

    json_open(&w, '{');
    json_key(&w, "journal");
    json_text(&w, SLICE("removed"));
    json_key(&w, "stream");
    json_text(&w, slice_str(s->name));
    json_key(&w, "from");
    json_u64(&w, s->segments[0]);
    json_key(&w, "until");
    json_u64(&w, until);
    json_hash(&w, "hash", hash);
    json_key(&w, "reason");
    json_text(&w, slice_str(reason));
    json_close(&w, '}');
    return journal_audit(j, buf_slice(&text), now, err);
}

int journal_note_gap(struct journal *j, uint32_t stream, uint64_t count, const char *reason,
                     int64_t now, struct err *err)
{
    CANH_CLEANUP(buf_done) struct buf text = BUF_INIT(4096);
    struct journal_gap gap = {.count = count,
                              .from = TIME_NONE,
                              .until = TIME_NONE,
                              .reason = slice_str(reason)};
    struct journal_record rec = {.stream = stream,
                                 .received = now,
                                 .claimed = TIME_NONE,
                                 .flags = JOURNAL_GAP | JOURNAL_CANONICAL};
    struct journal_group g = {.records = &rec, .record_count = 1, .now = now};

    journal_gap_write(&text, &gap);
    memcpy(rec.source, j->id, JOURNAL_ID_SIZE);
    rec.position.at = j->group + 1;
    rec.raw = buf_slice(&text);
    return journal_append(j, &g, err);
}

/* Marks of what has gone: the chain begins behind it, at a hash that needs none of them. */
static void marks_drop(struct journal *j, const struct stream *s)
{
    uint32_t redactions = 0, lost = 0;

    for (uint32_t i = 0; i < j->redaction_count; i++)
        if (j->redactions[i].offset >= s->removed.first ||
            strcmp(j->redactions[i].stream, s->name) != 0)
            j->redactions[redactions++] = j->redactions[i];
    for (uint32_t i = 0; i < j->lost_count; i++)
        if (j->lost[i].until > s->removed.first || strcmp(j->lost[i].stream, s->name) != 0)
            j->lost[lost++] = j->lost[i];
    j->redaction_count = redactions;
    j->lost_count = lost;
}

static int remove_oldest(struct journal *j, struct stream *s, uint32_t count, const char *reason,
                         int64_t now, struct journal_retained *ret, struct err *err)
{
    uint64_t until = s->segments[count];
    uint8_t hash[JOURNAL_HASH_SIZE];
    int64_t since;
    int r = retain_begun(j, s, count, &since, hash, err);

    if (r == 0)
        r = retain_announce(j, s, until, reason, hash, now, err);
    if (r < 0)
        return r;
    for (uint32_t i = 0; i < count; i++)
        ret->bytes += segment_size(j, s, i);
    ret->records = until - s->segments[0];
    ret->segments = count;
    s->removed.first = until;
    s->removed.time = now;
    memcpy(s->removed.hash, hash, JOURNAL_HASH_SIZE);
    r = offsets_write(j, now, err);
    if (r == -CE_IO) { /* what is written here makes room */
        reserve_drop(j);
        r = offsets_write(j, now, err);
    }
    if (r == 0)
        r = segments_remove(j, s, err);
    if (r == 0)
        marks_drop(j, s); /* they leave the file `offsets` when it is written next */
    return r;
}

int segments_remove(struct journal *j, struct stream *s, struct err *err)
{
    struct path path;
    uint32_t gone = 0;
    int r = 0;

    while (r == 0 && gone < s->segment_count && s->segments[gone] < s->removed.first) {
        r = file_remove(segment_path(j, s, s->segments[gone], &path), err);
        gone += r == 0;
    }
    s->segment_count -= gone;
    if (gone > 0)
        memmove(s->segments, s->segments + gone, s->segment_count * sizeof(*s->segments));
    return r;
}

int journal_retain(struct journal *j, uint32_t stream, const struct journal_keep *keep,
                   const char *reason, int64_t now, struct journal_retained *ret, struct err *err)
{
    uint64_t needed;
    struct stream *s;
    uint32_t count;
    int r;

    *ret = (struct journal_retained){.segments = 0};
    if (j->options.read_only || stream >= j->stream_count)
        return err_fail(err, CE_DENIED, ERR_JOURNAL_NOTHING_REMOVED_HERE);
    s = j->streams[stream];
    r = count_old(j, s, keep, now, &count, &ret->young, err);
    needed = offsets_needed(&j->offsets, slice_str(s->name));
    if (r == 0 && !stream_has_events(slice_str(s->name)))
        for (; count && s->segments[count] > needed; count--)
            ret->held = true;
    if (r < 0 || count == 0)
        return r;
    if (s->segments[count] > needed)
        ret->unread = s->segments[count] - CANH_MAX(needed, s->segments[0]);
    if (ret->unread)
        r = journal_note_gap(j, stream, ret->unread, "retention", now, err);
    return r < 0 ? r : remove_oldest(j, s, count, reason, now, ret, err);
}
