/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/json_write.h"
#include "event/stream.h"
#include "journal/care.h"
#include "journal/internal.h"
#include "lang/err_journal.h"

enum { SEGMENT_MAX = 512 * 1024 * 1024, LOST_OF_SEGMENT = 4096, ASIDE_MAX = 100 };

struct journal_repair {
    struct journal *j;
    struct journal_repair_request request;
    uint32_t stream;
    uint64_t at;       /* the next segment begins here or behind */
    uint64_t next;     /* the record that must come */
    struct lost *lost; /* of the present segment: LOST_OF_SEGMENT */
    uint32_t lost_count;
    bool rewritten; /* the present segment's file */
};

int lost_add(struct journal *j, const struct lost *what)
{
    for (uint32_t i = 0; i < j->lost_count; i++)
        if (strcmp(j->lost[i].stream, what->stream) == 0 && j->lost[i].from == what->from) {
            j->lost[i] = *what;
            return 0;
        }
    if (j->lost_count == LOST_MAX)
        return -CE_TOO_BIG;
    if (!array_room(j->lost, j->lost_count, j->lost_cap, LOST_MAX))
        return -CE_NOMEM;
    j->lost[j->lost_count++] = *what;
    return 0;
}

const struct lost *lost_find(const struct journal *j, const struct stream *s, uint64_t from,
                             uint64_t until)
{
    for (uint32_t i = 0; i < j->lost_count; i++)
        if (j->lost[i].from == from && j->lost[i].until == until &&
            strcmp(j->lost[i].stream, s->name) == 0)
            return &j->lost[i];
    return NULL;
}

int journal_repair_new(struct journal *j, const struct journal_repair_request *q,
                       struct journal_repair **ret, struct err *err)
{
    struct journal_repair *r;

    *ret = NULL;
    if (q->apply && j->options.read_only)
        return err_fail(err, CE_DENIED, ERR_JOURNAL_NOTHING_CHANGED_HERE);
    r = calloc(1, sizeof(*r));
    if (r)
        r->lost = calloc(LOST_OF_SEGMENT, sizeof(*r->lost));
    if (r == NULL || r->lost == NULL) {
        free(r);
        return err_nomem(err);
    }
    r->j = j;
    r->request = *q;
    *ret = r;
    return 0;
}

struct journal_repair *journal_repair_free(struct journal_repair *r)
{
    if (r)
        free(r->lost);
    free(r);
    return NULL;
}

static void repair_report(const struct journal_repair *r, const struct stream *s, uint64_t segment,
                          uint64_t from, uint64_t until, const char *what)
{
    const struct journal_mend m = {
        .stream = s->name, .segment = segment, .from = from, .until = until, .what = what};

    if (r->request.tell)
        r->request.tell(r->request.ctx, &m);
}

/* The records before this one, from what must come, are lost, unless a mark says so already. */
static int give_up(struct journal_repair *r, const struct stream *s, uint64_t segment,
                   uint64_t until, const uint8_t prev[JOURNAL_HASH_SIZE], const char *what)
{
    struct lost x = {.from = r->next, .until = until, .time = r->request.now};

    r->next = until;
    if (x.from >= until || lost_find(r->j, s, x.from, until))
        return 0;
    if (r->lost_count == LOST_OF_SEGMENT)
        return -CE_TOO_BIG;
    memcpy(x.stream, s->name, sizeof(x.stream));
    memcpy(x.hash, prev, JOURNAL_HASH_SIZE);
    r->lost[r->lost_count++] = x;
    repair_report(r, s, segment, x.from, until, what);
    return 0;
}

/* A whole block of records that may come here. */
static bool block_is_whole(const struct journal_repair *r, struct slice bytes,
                           struct block_head *ret)
{
    if (block_head_get(slice_head(bytes, CANH_MIN(bytes.n, (size_t)BLOCK_HEAD_SIZE)), ret, NULL) <
        0)
        return false;
    return ret->first >= r->next && ret->count && block_size(ret) <= bytes.n &&
           block_hash_holds(ret, slice_head(bytes, (size_t)block_size(ret)));
}

/* Where the next block may begin, behind what is none. */
static size_t next_block(struct slice file, size_t at)
{
    static const uint8_t magic[4] = {FRAME_BLOCK & 0xff, FRAME_BLOCK >> 8 & 0xff,
                                     FRAME_BLOCK >> 16 & 0xff, FRAME_BLOCK >> 24 & 0xff};
    size_t found = slice_find(slice_from(file, at + 1), slice_of(magic, sizeof(magic)));

    return found == SIZE_MAX ? file.n : at + 1 + found;
}

/* The blocks of a segment that are whole, behind its head of head_size bytes. */
static int repair_salvage(struct journal_repair *r, const struct stream *s, uint64_t first,
                          struct slice file, size_t head_size, struct buf *out)
{
    struct block_head h;
    size_t at = head_size;
    int e = 0;

    buf_append_slice(out, slice_head(file, head_size));
    while (e == 0 && at < file.n) {
        struct slice rest = slice_from(file, at);

        if (!block_is_whole(r, rest, &h)) {
            at = next_block(file, at);
            continue;
        }
        e = give_up(r, s, first, h.first, h.prev, "damaged");
        r->next = h.first + h.count;
        buf_append_slice(out, slice_head(rest, (size_t)block_size(&h)));
        at += block_size(&h);
    }
    return e < 0 ? e : out->err;
}

/* The segment as it is stays under another name: .2, .3 behind it where it is not the first time.
 */
static int set_aside(const struct journal_repair *r, const struct stream *s, uint64_t first,
                     struct err *err)
{
    struct path from, to;
    char more[16] = "";
    int e = access(segment_path(r->j, s, first, &from), F_OK) == 0 ? -CE_EXISTS : 0;

    for (unsigned n = 2; e == -CE_EXISTS && n <= ASIDE_MAX; n++) {
        (void)journal_path(r->j, &to, "streams/%s/%016llx.seg.damaged%s", s->name,
                           (unsigned long long)first, more);
        e = file_copy(from.text, to.text, 0600, err);
        (void)snprintf(more, sizeof(more), ".%u", n);
    }
    return e;
}

/* Nothing of it is left: the segment goes, its records are in the gap before what comes next. */
static int drop_segment(struct journal_repair *r, struct stream *s, uint32_t i, struct err *err)
{
    struct path path;
    int e = set_aside(r, s, s->segments[i], err);

    if (e == 0 && access(segment_path(r->j, s, s->segments[i], &path), F_OK) == 0)
        e = file_remove(path.text, err);
    if (e < 0)
        return e;
    if (i + 1 == s->segment_count) {
        segment_close(s);
        s->end = 0;
    }
    s->segment_count--;
    memmove(s->segments + i, s->segments + i + 1, (s->segment_count - i) * sizeof(*s->segments));
    r->rewritten = true;
    return 0;
}

static int replace_segment(struct journal_repair *r, struct stream *s, uint32_t i,
                           struct slice bytes, struct err *err)
{
    struct path path;
    int e = set_aside(r, s, s->segments[i], err);

    if (e == 0)
        e = file_replace(segment_path(r->j, s, s->segments[i], &path), bytes, 0600, err);
    if (e < 0)
        return e;
    if (i + 1 == s->segment_count) {
        segment_close(s); /* the next block begins another one */
        s->end = bytes.n;
    }
    r->rewritten = true;
    return 0;
}

static int mend_segment(struct journal_repair *r, struct stream *s, uint32_t i, struct err *err)
{
    CANH_CLEANUP(buf_done) struct buf file = BUF_INIT(SEGMENT_MAX), out = BUF_INIT(SEGMENT_MAX);
    uint64_t first = s->segments[i];
    bool last = i + 1 == s->segment_count;
    struct journal_head h;
    struct path path;
    struct slice bytes;
    size_t head_size = 0;
    int e = file_read(segment_path(r->j, s, first, &path), &file, NULL);

    bytes = buf_slice(&file);
    if (last && s->end && s->end < bytes.n)
        bytes = slice_head(bytes, (size_t)s->end);
    if (e == 0)
        e = head_get(bytes, &h, &head_size, NULL);
    if (e == 0 && (h.kind != FILE_SEGMENT || h.number != first))
        e = -CE_CORRUPT;
    if (e < 0) { /* its data key is lost with its head */
        repair_report(r, s, first, first, first, "damaged");
        return r->request.apply ? drop_segment(r, s, i, err) : 0;
    }
    e = give_up(r, s, first, first, h.prev, "missing");
    if (e == 0)
        e = repair_salvage(r, s, first, bytes, head_size, &out);
    if (e < 0)
        return err_code(err, e);
    if (!r->request.apply || out.len == bytes.n)
        return 0;
    return out.len > head_size ? replace_segment(r, s, i, buf_slice(&out), err)
                               : drop_segment(r, s, i, err);
}

/*
 * Whether every block of the segment is there, and the next one that must come behind it. A record
 * whose redaction was not finished goes into *ret_redact.
 */
static bool is_whole(const struct journal_repair *r, const struct stream *s, uint32_t i,
                     uint64_t *next, const struct redaction **ret_redact)
{
    struct view v;
    int e;

    *next = s->segments[i];
    *ret_redact = NULL;
    view_init(&v);
    e = view_open(r->j, s, s->segments[i], &v, NULL);
    while (e == 1 && v.at < v.end) {
        e = view_find(r->j, s, &v, 0, NULL);
        if (e == 1 && view_read(r->j, s, &v, block_size(&v.block), NULL) < 0)
            e = -CE_CORRUPT;
        if (e == 1 && (!block_hash_holds(&v.block, buf_slice(&v.stored)) ||
                       (v.block.first != *next && !lost_find(r->j, s, *next, v.block.first))))
            e = -CE_CORRUPT;
        if (e != 1)
            break;
        *next = v.block.first + v.block.count;
        if (*ret_redact == NULL)
            *ret_redact = redaction_unfinished(r->j, s, v.block.hash);
        v.at += block_size(&v.block);
    }
    view_done(&v);
    return e == 1;
}

/* Its bytes were to go, and the audit says so; now they do. */
static int finish_redaction(struct journal_repair *r, struct stream *s, uint64_t segment,
                            const struct redaction *x, struct err *err)
{
    struct journal_redaction what = {.stream = r->stream,
                                     .offset = x->offset,
                                     .who = r->request.who,
                                     .why = r->request.why,
                                     .now = r->request.now};
    size_t at = (size_t)(x - r->j->redactions);
    int e;

    repair_report(r, s, segment, x->offset, x->offset, "unfinished-redaction");
    if (!r->request.apply)
        return 0;
    e = journal_redact(r->j, &what, err);
    if (e == 0) /* the new mark is behind it */
        redaction_forget(r->j, &r->j->redactions[at]);
    return e;
}

static int repair_announce(struct journal_repair *r, const struct lost *x, struct err *err)
{
    CANH_CLEANUP(buf_done) struct buf text = BUF_INIT(16384);
    struct json_write w = JSON_WRITE_INIT(&text);
    int e;

    json_open(&w, '{');
    json_key(&w, "journal");
    json_text(&w, SLICE("repaired"));
    json_key(&w, "stream");
    json_text(&w, slice_str(x->stream));
    json_key(&w, "from");
    json_u64(&w, x->from);
    json_key(&w, "until");
    json_u64(&w, x->until);
    json_key(&w, "who");
    json_text(&w, r->request.who);
    json_key(&w, "why");
    json_text(&w, r->request.why);
    json_hash(&w, "hash", x->hash);
    json_close(&w, '}');
    if (text.err != 0)
        return err_fail(err, CE_TOO_BIG, ERR_JOURNAL_WHO_AND_WHY_TOO_LONG);
    e = journal_audit(r->j, buf_slice(&text), r->request.now, err);
    if (e == 0 && stream_has_events(slice_str(x->stream)))
        e = journal_note_gap(r->j, r->stream, x->until - x->from, "damaged", r->request.now, err);
    return e;
}

/* The marks of what was given up go to disk, then the audit says who gave it up. */
static int repair_settle(struct journal_repair *r, struct err *err)
{
    int e = 0;

    if (r->request.apply && (r->lost_count || r->rewritten)) {
        for (uint32_t i = 0; e == 0 && i < r->lost_count; i++)
            e = lost_add(r->j, &r->lost[i]);
        e = e < 0 ? err_code(err, e) : offsets_write(r->j, r->request.now, err);
        for (uint32_t i = 0; e == 0 && i < r->lost_count; i++)
            e = repair_announce(r, &r->lost[i], err);
    }
    r->lost_count = 0;
    r->rewritten = false;
    return e;
}

/* The stream's last segment was looked at. */
static int end_stream(struct journal_repair *r, const struct stream *s)
{
    uint8_t hash[JOURNAL_HASH_SIZE];

    memcpy(hash, s->hash, JOURNAL_HASH_SIZE);
    redaction_original(r->j, hash);
    return give_up(r, s, r->at, s->sealed, hash, "missing");
}

static int step_segment(struct journal_repair *r, struct stream *s, uint32_t i, struct err *err)
{
    uint64_t first = s->segments[i], next;
    const struct redaction *redact;
    bool whole = is_whole(r, s, i, &next, &redact);

    r->at = first + 1;
    if (whole && redact) {
        int e = finish_redaction(r, s, first, redact, err);

        if (e < 0 || r->request.apply) {
            r->at = first; /* it may have another one */
            return e;
        }
    }
    if (whole && (first == r->next || lost_find(r->j, s, r->next, first))) {
        r->next = next;
        return 0;
    }
    return mend_segment(r, s, i, err);
}

int journal_repair_step(struct journal_repair *r, struct err *err)
{
    struct stream *s;
    uint32_t i = 0;
    bool last;
    int e = 0;

    if (r->stream >= r->j->stream_count)
        return 0;
    s = r->j->streams[r->stream];
    r->next = CANH_MAX(r->next, s->removed.first);
    while (i < s->segment_count && s->segments[i] < r->at)
        i++;
    last = i + 1 >= s->segment_count;
    if (i < s->segment_count)
        e = step_segment(r, s, i, err);
    last = last && (s->segment_count == 0 || r->at > s->segments[s->segment_count - 1]);
    if (e == 0 && last && (e = end_stream(r, s)) < 0)
        e = err_code(err, e);
    if (e == 0)
        e = repair_settle(r, err);
    if (e == 0 && last) {
        r->stream++;
        r->at = r->next = 0;
    }
    return e < 0 ? e : r->stream < r->j->stream_count;
}
