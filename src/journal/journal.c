/* SPDX-License-Identifier: Apache-2.0 */
#include "journal/journal.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "event/stream.h"
#include "journal/care.h"
#include "journal/internal.h"
#include "lang/err_journal.h"

enum {
    MIB = 1024 * 1024,
    BLOCK_RECORDS = 64 * 1024, /* of a pending block: it is due */
    PENDING_MOST = 24 * MIB,   /* of a stream that cannot be sealed: appends wait */
    GROUP_RECORDS_MAX = 256 * 1024,
    RAW_OF_GROUP_MAX = 24 * MIB,
    NAMES_MAX = 64 * 1024,
};

static void set_default(uint64_t *value, uint64_t standard)
{
    if (*value == 0)
        *value = standard;
}

static void set_defaults(struct journal_options *o)
{
    if (o->block_size == 0)
        o->block_size = 1 * MIB;
    if (o->tail_size == 0)
        o->tail_size = 4 * MIB;
    if (o->tails_size == 0)
        o->tails_size = 64 * MIB;
    if (o->block_age == 0)
        o->block_age = 10 * TIME_MINUTE;
    if (o->segment_age == 0)
        o->segment_age = TIME_DAY;
    set_default(&o->segment_size, 64 * MIB);
    set_default(&o->reserve_size, 16 * MIB);
}

static int make_id(struct journal *j, const char *path, struct err *err)
{
    char text[2 * JOURNAL_ID_SIZE + 2];

    randombytes_buf(j->id, sizeof(j->id));
    (void)sodium_bin2hex(text, sizeof(text), j->id, sizeof(j->id));
    text[2 * JOURNAL_ID_SIZE] = '\n';
    return file_replace(path, slice_of(text, 2 * JOURNAL_ID_SIZE + 1), 0600, err);
}

static int read_id(struct journal *j, struct err *err)
{
    CANH_CLEANUP(buf_done) struct buf text = BUF_INIT(64);
    struct path path;
    size_t n = 0;
    int r;

    if (access(journal_path(j, &path, "id"), F_OK) != 0 && errno == ENOENT) {
        if (j->options.read_only)
            return err_fail(err, CE_NOT_FOUND, ERR_JOURNAL_NO_JOURNAL_HERE, j->folder);
        return make_id(j, path.text, err);
    }
    r = file_read(path.text, &text, err);
    if (r < 0)
        return r;
    if (sodium_hex2bin(j->id, sizeof(j->id), (const char *)text.p, text.len, "\n", &n, NULL) != 0 ||
        n != sizeof(j->id))
        return err_fail(err, CE_CORRUPT, ERR_JOURNAL_NOT_ID_JOURNAL, path.text);
    return 0;
}

static int lock_folder(struct journal *j, struct err *err)
{
    struct path path;
    int r;

    if (j->options.read_only)
        return 0;
    r = file_mkdirs(journal_path(j, &path, "tail"), 0700, err);
    if (r == 0)
        r = file_lock(journal_path(j, &path, "lock"), 0600, &j->lock, err);
    return r == 0 ? file_sync_folder(j->folder, err) : r;
}

/* What the disk refuses now is tried again by journal_tick(): the tails have it. */
static int seal_recovered(struct journal *j, struct err *err)
{
    struct err later = ERR_INIT;
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < j->stream_count; i++)
        r = segment_trim(j, j->streams[i], err);
    if (r < 0)
        return r;
    r = journal_seal(j, j->options.now, &later);
    if (r == 0 || r == -CE_IO)
        return 0;
    if (err)
        *err = later;
    return r;
}

/* Segments whose records the tails still have: who writes next makes them anew (segment_trim()). */
static void forget_resealed(struct journal *j)
{
    for (uint32_t i = 0; i < j->stream_count; i++) {
        struct stream *s = j->streams[i];

        while (s->segment_count && s->segments[s->segment_count - 1] >= s->sealed &&
               s->segments[s->segment_count - 1] < s->sealed + s->pending.count)
            s->segment_count--;
    }
}

static int open_folder(struct journal *j, struct err *err)
{
    int r = lock_folder(j, err);

    if (r == 0)
        r = read_id(j, err);
    if (r == 0)
        r = stream_load_all(j, err);
    if (r == 0)
        r = recover_offsets(j, err);
    if (r == 0)
        r = recover_tails(j, err);
    if (r == 0 && j->options.read_only)
        forget_resealed(j);
    else if (r == 0)
        r = seal_recovered(j, err);
    return r;
}

int journal_open(const struct journal_options *options, struct journal **ret, struct err *err)
{
    struct journal *j;
    int r;

    if (sodium_init() < 0)
        return err_fail(err, CE_BUG, ERR_JOURNAL_LIBSODIUM_DOES_NOT_START);
    if (!options->read_only && !options->plain && options->key_count == 0)
        return err_fail(err, CE_MISSING, ERR_JOURNAL_JOURNAL_NEEDS_KEY, options->folder);
    j = calloc(1, sizeof(*j));
    if (j == NULL)
        return err_nomem(err);
    j->options = *options;
    set_defaults(&j->options);
    j->lock = j->tail.fd = -1;
    j->next_tail = 1;
    j->entries = BUF_INIT(JOURNAL_GROUP_MAX + NAMES_MAX);
    j->block = BUF_INIT(BLOCK_STORED_MAX);
    block_init(&j->part, 0);
    j->bytes = BUF_INIT(JOURNAL_GROUP_MAX + MIB);
    offsets_init(&j->offsets);
    j->folder = strdup(options->folder);
    j->coder = block_coder_new();
    r = j->folder && j->coder ? open_folder(j, err) : err_nomem(err);
    if (r < 0)
        j = journal_close(j);
    *ret = j;
    return r;
}

struct journal *journal_close(struct journal *j)
{
    if (j == NULL)
        return NULL;
    tail_close(j);
    for (uint32_t i = 0; i < j->stream_count; i++)
        j->streams[i] = stream_free(j->streams[i]);
    offsets_done(&j->offsets);
    buf_done(&j->entries);
    buf_done(&j->bytes);
    buf_done(&j->block);
    block_done(&j->part);
    j->coder = block_coder_free(j->coder);
    fd_closep(&j->lock);
    free(j->tails);
    free(j->redactions);
    free(j->lost);
    free(j->folder);
    free(j);
    return NULL;
}

int journal_stream(struct journal *j, const char *name, uint32_t *ret, struct err *err)
{
    struct slice text = slice_str(name);
    struct stream *s = stream_find(j, text);
    int r = 0;

    if (s == NULL && j->options.read_only)
        return err_fail(err, CE_NOT_FOUND, ERR_JOURNAL_NO_SUCH_STREAM, name);
    if (s == NULL)
        r = stream_add(j, text, &s, err);
    if (r < 0)
        return r;
    for (*ret = 0; j->streams[*ret] != s;)
        ++*ret;
    return 0;
}

const uint8_t *journal_identity(const struct journal *j)
{
    return j->id;
}

uint32_t journal_stream_count(const struct journal *j)
{
    return j->stream_count;
}

static int check_record(const struct journal *j, const struct journal_record *r, struct err *err)
{
    if (r->stream >= j->stream_count)
        return err_fail(err, CE_RANGE, ERR_JOURNAL_STREAM_NOT_OPEN, r->stream);
    if (r->raw.n > JOURNAL_RAW_MAX)
        return err_fail(err, CE_RANGE, ERR_JOURNAL_RECORD_BYTES, r->raw.n);
    if (r->position.base.n > JOURNAL_CURSOR_MAX)
        return err_fail(err, CE_RANGE, ERR_JOURNAL_POSITION_BYTES, r->position.base.n);
    return 0;
}

/* What the group does beside records, one entry after the other: fn is called for each. */
static int each_offset(const struct journal_group *g,
                       int (*fn)(struct journal *j, const struct entry *e), struct journal *j)
{
    struct entry e;
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < g->input_count; i++) {
        e = (struct entry){.kind = ENTRY_INPUT, .input = g->inputs[i]};
        r = fn(j, &e);
    }
    for (uint32_t i = 0; r == 0 && i < g->batch_count; i++) {
        const struct journal_batch *b = &g->batches[i];

        e = (struct entry){.kind = ENTRY_BATCH,
                           .batch = {.hash = batch_hash(b->source, b->id),
                                     .received = b->received}};
        memcpy(e.batch.source, b->source, JOURNAL_ID_SIZE);
        r = fn(j, &e);
    }
    for (uint32_t i = 0; r == 0 && i < g->consumer_count; i++) {
        e = (struct entry){.kind = ENTRY_CONSUMER, .consumer = g->consumers[i]};
        r = fn(j, &e);
    }
    return r;
}

static int reserve_offset(struct journal *j, const struct entry *e)
{
    int r = 0;

    if (e->kind == ENTRY_CONSUMER &&
        (!journal_name_valid(e->consumer.name) || !journal_name_valid(e->consumer.stream)))
        r = -CE_RANGE;
    if (r == 0)
        r = offsets_reserve(&j->offsets, e);
    if (r == 0)
        entry_write(&j->entries, e);
    return r;
}

static int apply_offset(struct journal *j, const struct entry *e)
{
    return offsets_apply(&j->offsets, e);
}

static int add_record(struct journal *j, struct journal_record *r, int64_t now, struct err *err)
{
    struct stream *s = j->streams[r->stream];
    int e = check_record(j, r, err);

    if (e < 0)
        return e;
    if (s->pending.raw.len > PENDING_MOST)
        return err_fail(err, CE_BUSY, ERR_JOURNAL_TOO_MUCH_WAITS_SEALED, s->name);
    r->offset = stream_next(s);
    e = block_add(&s->pending, r);
    if (e < 0)
        return err_fail(err, (enum ce) - e, ERR_BASE_BOTH, s->name, ERR_KIND(e));
    if (s->pending.count == 1) {
        s->pending_since = now;
        s->pending_tail = UINT64_MAX;
    }
    entry_write(&j->entries, &(struct entry){.kind = ENTRY_RECORD, .record = *r});
    return 0;
}

static int fill_group(struct journal *j, struct journal_group *g, struct err *err)
{
    size_t raw = 0;
    int r;

    buf_clear(&j->entries);
    tail_declare(j);
    if (g->record_count > GROUP_RECORDS_MAX)
        return err_fail(err, CE_RANGE, ERR_JOURNAL_GROUP_RECORDS, g->record_count);
    for (uint32_t i = 0; i < g->record_count; i++) {
        raw += g->records[i].raw.n;
        if (g->records[i].stream >= j->stream_count)
            return check_record(j, &g->records[i], err);
    }
    if (raw > RAW_OF_GROUP_MAX)
        return err_fail(err, CE_RANGE, ERR_JOURNAL_GROUP_BYTES, raw);
    for (uint32_t i = 0; i < g->record_count; i++) {
        r = add_record(j, &g->records[i], g->now, err);
        if (r < 0)
            return r;
    }
    r = each_offset(g, reserve_offset, j);
    if (r == 0)
        r = j->entries.err == -CE_TOO_BIG ? -CE_RANGE : j->entries.err;
    return r < 0 ? err_fail(err, (enum ce) - r, ERR_JOURNAL_GROUP_FOR_JOURNAL, ERR_KIND(r)) : 0;
}

/* The records that a failed append has added are taken out again. */
static void cut_pending(struct journal *j, const uint32_t counts[JOURNAL_STREAMS_MAX])
{
    for (uint32_t i = 0; i < j->stream_count; i++)
        block_cut(&j->streams[i]->pending, counts[i]);
}

/* Only records of alerts and audit: they may use the reserve. */
static bool is_urgent(const struct journal *j, const struct journal_group *g)
{
    for (uint32_t i = 0; i < g->record_count; i++) {
        const char *name = j->streams[g->records[i].stream]->name;

        if (strcmp(name, STREAM_ALERTS) != 0 && strcmp(name, STREAM_AUDIT) != 0)
            return false;
    }
    return true;
}

static int write_group(struct journal *j, const struct journal_group *g, struct err *err)
{
    bool urgent = is_urgent(j, g);
    int r;

    if (j->full && !urgent)
        return err_fail(err, CE_BUSY, ERR_JOURNAL_DISK_FULL, j->folder);
    if (j->full) /* also for the state, which takes alerts in and tells people */
        reserve_drop(j);
    r = tail_write(j, g->now, err);
    if (r != -CE_BUSY)
        return r;
    j->full = true;
    if (!urgent)
        return r;
    reserve_drop(j);
    return tail_write(j, g->now, err);
}

bool journal_is_full(const struct journal *j)
{
    return j->full;
}

int journal_append(struct journal *j, struct journal_group *g, struct err *err)
{
    uint32_t counts[JOURNAL_STREAMS_MAX];
    int r;

    if (j->options.read_only)
        return err_fail(err, CE_DENIED, ERR_JOURNAL_OPEN_FOR_READING_ONLY, j->folder);
    for (uint32_t i = 0; i < j->stream_count; i++)
        counts[i] = j->streams[i]->pending.count;
    r = fill_group(j, g, err);
    if (r == 0)
        r = write_group(j, g, err);
    if (r < 0) {
        cut_pending(j, counts);
        return r;
    }
    for (uint32_t i = 0; i < j->stream_count; i++)
        if (j->streams[i]->pending_tail == UINT64_MAX)
            j->streams[i]->pending_tail = j->tails[j->tail_count - 1].number;
    return each_offset(g, apply_offset, j);
}

static bool journal_due(const struct journal *j, const struct stream *s, uint64_t tails,
                        int64_t now)
{
    return s->pending.count &&
           (s->pending.raw.len >= j->options.block_size || s->pending.count >= BLOCK_RECORDS ||
            now - s->pending_since >= j->options.block_age || tails > j->options.tails_size);
}

static uint64_t bytes_of_tails(const struct journal *j)
{
    uint64_t n = 0;

    for (uint32_t i = 0; i < j->tail_count; i++)
        n += j->tails[i].size;
    return n;
}

static int seal_some(struct journal *j, bool all, int64_t now, struct err *err)
{
    uint64_t tails = bytes_of_tails(j);
    int failed = 0;

    for (uint32_t i = 0; i < j->stream_count; i++) {
        struct stream *s = j->streams[i];

        if (s->pending.count && (all || journal_due(j, s, tails, now))) {
            int r = segment_seal(j, s, now, failed ? NULL : err);

            failed = failed ? failed : r;
        }
    }
    return failed;
}

int journal_tick(struct journal *j, int64_t now, struct err *err)
{
    int r = seal_some(j, false, now, err), e;

    if (j->tail.fd >= 0 && now - j->tail.head.created >= j->options.block_age)
        tail_close(j);
    e = tails_release(j, now, r < 0 ? NULL : err);
    if (reserve_make(j, NULL) == 0)
        j->full = false;
    return r < 0 ? r : e;
}

void journal_rest(struct journal *j)
{
    buf_done(&j->entries);
    buf_done(&j->bytes);
    buf_done(&j->block);
    block_done(&j->part);
    block_coder_rest(j->coder);
    for (uint32_t i = 0; i < j->stream_count; i++) {
        struct stream *s = j->streams[i];

        if (s->pending.count == 0) {
            block_done(&s->pending);
            block_init(&s->pending, s->sealed);
        }
    }
}

int journal_seal(struct journal *j, int64_t now, struct err *err)
{
    int r = seal_some(j, true, now, err), e;

    tail_close(j);
    e = tails_release(j, now, r < 0 ? NULL : err);
    return r < 0 ? r : e;
}

struct slice journal_input(const struct journal *j, const uint8_t source[JOURNAL_ID_SIZE])
{
    return offsets_input(&j->offsets, source);
}

bool journal_batch_known(const struct journal *j, const uint8_t source[JOURNAL_ID_SIZE],
                         struct slice id)
{
    return offsets_batch_known(&j->offsets, source, batch_hash(source, id));
}

uint64_t journal_consumer(const struct journal *j, struct slice name, struct slice stream)
{
    return offsets_consumer(&j->offsets, name, stream);
}
