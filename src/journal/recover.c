/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/assert.h"
#include "base/file.h"
#include "journal/internal.h"
#include "lang/err_journal.h"

enum { TAIL_FILE_MAX = 512 * 1024 * 1024 };

static int recover_corrupt(struct err *err, const char *path, uint64_t at, unsigned why)
{
    int r = err_fail(err, CE_CORRUPT, ERR_JOURNAL_AT_BYTE, path, ERR_ID(why), at);

    if (err)
        err->offset = at;
    return r;
}

/* Where the stream's last segment is shorter than it was, new blocks go to another. */
static void check_last(const struct journal *j, struct stream *s, const struct sealed_mark *mark)
{
    struct path path;
    struct stat st;

    if (mark->end == 0 || s->segment_count == 0 ||
        stat(segment_path(j, s, mark->segment, &path), &st) < 0 || (uint64_t)st.st_size < mark->end)
        s->end = 0;
}

static int apply_sealed(struct journal *j, const struct sealed_mark *mark, struct err *err)
{
    struct stream *s;
    int r = stream_add(j, mark->stream, &s, err);

    if (r < 0)
        return r;
    s->sealed = mark->offset;
    s->end = mark->end;
    memcpy(s->hash, mark->hash, JOURNAL_HASH_SIZE);
    block_clear(&s->pending, s->sealed);
    check_last(j, s, mark);
    return 0;
}

static int apply_removed(struct journal *j, const struct removed_mark *mark, struct err *err)
{
    struct stream *s;
    int r = stream_add(j, mark->stream, &s, err);

    if (r < 0)
        return r;
    s->removed.first = mark->first;
    s->removed.time = mark->time;
    memcpy(s->removed.hash, mark->hash, JOURNAL_HASH_SIZE);
    return 0;
}

static int apply_redacted(struct journal *j, const struct redacted_mark *mark)
{
    struct redaction x = {.offset = mark->offset, .time = mark->time};

    canh_assert(mark->stream.n < sizeof(x.stream)); /* get_name() let no longer one pass */
    memcpy(x.stream, mark->stream.p, mark->stream.n);
    memcpy(x.before, mark->before, JOURNAL_HASH_SIZE);
    memcpy(x.after, mark->after, JOURNAL_HASH_SIZE);
    return redaction_add(j, &x);
}

static int apply_lost(struct journal *j, const struct lost_mark *mark)
{
    struct lost x = {.from = mark->from, .until = mark->until, .time = mark->time};

    canh_assert(mark->stream.n < sizeof(x.stream)); /* get_name() let no longer one pass */
    memcpy(x.stream, mark->stream.p, mark->stream.n);
    memcpy(x.hash, mark->hash, JOURNAL_HASH_SIZE);
    return lost_add(j, &x);
}

static int apply_entry(struct journal *j, const struct entry *e, struct err *err)
{
    if (e->kind == ENTRY_SEALED)
        return apply_sealed(j, &e->sealed, err);
    if (e->kind == ENTRY_REMOVED)
        return apply_removed(j, &e->removed, err);
    if (e->kind == ENTRY_REDACTED)
        return apply_redacted(j, &e->redacted);
    if (e->kind == ENTRY_LOST)
        return apply_lost(j, &e->lost);
    return offsets_apply(&j->offsets, e);
}

static int apply_entries(struct journal *j, struct slice entries, struct err *err)
{
    struct cur c = cur_of(entries);
    struct entry e;
    int r;

    while ((r = entry_get(&c, &e)) > 0) {
        r = apply_entry(j, &e, err);
        if (r < 0)
            return r;
    }
    return r;
}

static int read_offsets(struct journal *j, const char *path, struct slice file, struct err *err)
{
    CANH_CLEANUP(buf_done) struct buf scratch = BUF_INIT(OFFSETS_FILE_MAX);
    struct journal_cipher c;
    struct journal_head h;
    struct slice entries;
    size_t at, size;
    int r = head_get(file, &h, &at, err);

    if (r == -CE_UNKNOWN)
        return r; /* a newer canh wrote it, and err says so */
    if (r < 0 || h.kind != FILE_OFFSETS || memcmp(h.journal, j->id, JOURNAL_ID_SIZE) != 0)
        return recover_corrupt(err, path, 0, ERR_JOURNAL_WHY_NOT_THIS_JOURNALS);
    r = head_unlock(&h, j->options.keys, j->options.key_count, &c, err);
    if (r < 0)
        return r;
    r = group_get(&h, &c, slice_from(file, at), &scratch, &j->group, &entries, &size);
    cipher_wipe(&c);
    if (r == 1)
        r = apply_entries(j, entries, err);
    else if (r == 0)
        r = -CE_CORRUPT;
    if (r < 0)
        return r == -CE_CORRUPT ? recover_corrupt(err, path, at, ERR_JOURNAL_WHY_DAMAGED) : r;
    j->next_tail = h.number;
    j->offsets_group = j->group;
    return 0;
}

int recover_offsets(struct journal *j, struct err *err)
{
    CANH_CLEANUP(buf_done) struct buf file = BUF_INIT(OFFSETS_FILE_MAX);
    struct path path;
    int r;

    if (access(journal_path(j, &path, "offsets"), F_OK) != 0) {
        for (uint32_t i = 0; i < j->stream_count; i++)
            if (j->streams[i]->segment_count)
                return err_fail(err, CE_CORRUPT, ERR_JOURNAL_MISSING, path.text);
        /* from its first record on a journal has the file: one without it was never used */
        return j->options.read_only ? 0 : offsets_write(j, j->options.now, err);
    }
    r = file_read(path.text, &file, err);
    return r < 0 ? r : read_offsets(j, path.text, buf_slice(&file), err);
}

/* The tails on disk, being read in the order of their numbers. */
struct recovery {
    struct journal *j;
    uint64_t *numbers, *firsts; /* firsts: number of each one's first group; UINT64_MAX: no head */
    uint32_t count, cap;
    struct err *err;
};

static int note_tail(void *ctx, uint64_t number)
{
    struct recovery *rec = ctx;

    if (!array_room(rec->numbers, rec->count, rec->cap, SIZE_MAX))
        return err_nomem(rec->err);
    rec->numbers[rec->count++] = number;
    return 0;
}

static int compare_u64(const void *a, const void *b)
{
    uint64_t x, y;

    memcpy(&x, a, sizeof(x));
    memcpy(&y, b, sizeof(y));
    return x < y ? -1 : x > y;
}

static int read_head(struct recovery *rec, uint32_t i, struct buf *file, struct journal_head *h,
                     size_t *ret_size)
{
    struct path path;
    int r;

    buf_clear(file);
    r = file_read(tail_path(rec->j, rec->numbers[i], &path), file, rec->err);
    if (r < 0)
        return r;
    r = head_get(buf_slice(file), h, ret_size, rec->err);
    if (r == -CE_UNKNOWN)
        return r;
    return r == 0 && h->kind == FILE_TAIL && h->number == rec->numbers[i] &&
           memcmp(h->journal, rec->j->id, JOURNAL_ID_SIZE) == 0;
}

/* A group that is also the first of a later tail, or above it, was never acknowledged here. */
static uint64_t void_from(const struct recovery *rec, uint32_t i)
{
    uint64_t from = UINT64_MAX;

    for (uint32_t k = i + 1; k < rec->count; k++)
        from = CANH_MIN(from, rec->firsts[k]);
    return from;
}

static int read_record(struct journal *j, struct stream *s, uint64_t tail,
                       const struct journal_record *rec, struct err *err)
{
    int r;

    if (rec->offset < s->sealed)
        return 0;
    if (rec->offset != stream_next(s))
        return -CE_CORRUPT;
    r = block_add(&s->pending, rec);
    if (r == -CE_TOO_BIG && !j->options.read_only) {
        r = segment_seal(j, s, j->options.now, err);
        if (r == 0)
            r = block_add(&s->pending, rec);
    }
    if (r == 0 && s->pending.count == 1) {
        s->pending_tail = tail;
        s->pending_since = j->options.now;
    }
    return r;
}

/* What a group says, in the present tail's stream numbers. */
static int read_entries(struct recovery *rec, uint64_t tail, bool known, struct slice entries,
                        struct stream *names[JOURNAL_STREAMS_MAX])
{
    struct cur c = cur_of(entries);
    struct journal *j = rec->j;
    struct entry e;
    int r;

    while ((r = entry_get(&c, &e)) > 0) {
        if (e.kind == ENTRY_STREAM)
            r = stream_add(j, e.stream.name, &names[e.stream.number], rec->err);
        else if (e.kind == ENTRY_RECORD)
            r = e.record.stream < JOURNAL_STREAMS_MAX && names[e.record.stream]
                    ? read_record(j, names[e.record.stream], tail, &e.record, rec->err)
                    : -CE_CORRUPT;
        else if (!known)
            r = offsets_apply(&j->offsets, &e);
        if (r < 0)
            return r;
    }
    return r;
}

/* A whole group behind bytes that are none was on disk before them: no crash does that. */
static bool whole_group_follows(struct slice rest, uint64_t after)
{
    static const uint8_t magic[4] = {0x53, 0x2A, 0x4D, 0x18};

    for (;;) {
        size_t at = slice_find(rest, slice_of(magic, sizeof(magic))), size;
        uint64_t sequence;

        if (at == SIZE_MAX)
            return false;
        rest = slice_from(rest, at);
        if (group_peek(rest, &sequence, &size) && sequence > after)
            return true;
        rest = slice_from(rest, 1);
    }
}

static int read_groups(struct recovery *rec, uint32_t i, const struct journal_head *h,
                       const struct journal_cipher *c, struct slice file, size_t at)
{
    CANH_CLEANUP(buf_done) struct buf scratch = BUF_INIT(JOURNAL_GROUP_MAX * 2);
    struct stream *names[JOURNAL_STREAMS_MAX] = {NULL};
    struct tail_file note = {.number = h->number, .last_group = h->group - 1, .size = file.n};
    uint64_t end = void_from(rec, i), sequence = 0;
    struct journal *j = rec->j;
    struct slice entries;
    struct path path;
    size_t size;
    int r;

    (void)tail_path(j, h->number, &path);
    while ((r = group_get(h, c, slice_from(file, at), &scratch, &sequence, &entries, &size)) > 0) {
        if (sequence >= end)
            break;
        if (sequence != note.last_group + 1)
            return recover_corrupt(rec->err, path.text, at, ERR_JOURNAL_WHY_GROUP_MISSING);
        r = read_entries(rec, h->number, sequence <= j->offsets_group, entries, names);
        if (r < 0)
            break;
        note.last_group = sequence;
        j->group = CANH_MAX(j->group, sequence);
        at += size;
        buf_clear(&scratch);
    }
    if (r == -CE_CORRUPT)
        return recover_corrupt(rec->err, path.text, at, ERR_JOURNAL_WHY_GROUP_DAMAGED);
    if (r < 0)
        return r;
    if (r == 0 && whole_group_follows(slice_from(file, at), note.last_group))
        return recover_corrupt(rec->err, path.text, at, ERR_JOURNAL_WHY_DAMAGED_BEFORE_WHOLE);
    r = tail_note(j, &note);
    return r < 0 ? err_nomem(rec->err) : 0;
}

static int read_tail(struct recovery *rec, uint32_t i, struct buf *file)
{
    struct journal *j = rec->j;
    struct journal_cipher c;
    struct journal_head h;
    struct path path;
    size_t at;
    int r = read_head(rec, i, file, &h, &at);

    if (r < 0)
        return r;
    if (r == 0) /* its making was never finished */
        return tail_note(j, &(struct tail_file){.number = rec->numbers[i], .last_group = j->group});
    if (h.group > j->group + 1)
        return recover_corrupt(rec->err, tail_path(j, h.number, &path), 0,
                               ERR_JOURNAL_WHY_GROUPS_BEFORE_MISSING);
    r = head_unlock(&h, j->options.keys, j->options.key_count, &c, rec->err);
    if (r == -CE_DENIED && j->options.read_only) {
        j->locked = true;
        return 0;
    }
    if (r < 0)
        return r;
    r = read_groups(rec, i, &h, &c, buf_slice(file), at);
    cipher_wipe(&c);
    return r;
}

static int read_tails(struct recovery *rec)
{
    CANH_CLEANUP(buf_done) struct buf file = BUF_INIT(TAIL_FILE_MAX);
    struct journal_head h;
    size_t size;
    int r = 0;

    rec->firsts = calloc(rec->count, sizeof(*rec->firsts));
    if (rec->firsts == NULL)
        return err_nomem(rec->err);
    for (uint32_t i = 0; r >= 0 && i < rec->count; i++) {
        r = read_head(rec, i, &file, &h, &size);
        rec->firsts[i] = r == 1 ? h.group : UINT64_MAX;
    }
    for (uint32_t i = 0; r >= 0 && i < rec->count; i++) {
        rec->j->next_tail = CANH_MAX(rec->j->next_tail, rec->numbers[i] + 1);
        r = read_tail(rec, i, &file);
    }
    return r < 0 ? r : 0;
}

int recover_tails(struct journal *j, struct err *err)
{
    struct recovery rec = {.j = j, .err = err};
    struct path path;
    int r = folder_numbers(journal_path(j, &path, "tail"), "", note_tail, &rec, err);

    if (r == 0 && rec.count) {
        qsort(rec.numbers, rec.count, sizeof(*rec.numbers), compare_u64);
        r = read_tails(&rec);
    }
    free(rec.numbers);
    free(rec.firsts);
    return r;
}
