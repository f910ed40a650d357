/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/file.h"
#include "journal/internal.h"
#include "lang/err_journal.h"

static void write_sealed(const struct journal *j, struct buf *out)
{
    for (uint32_t i = 0; i < j->stream_count; i++) {
        const struct stream *s = j->streams[i];
        struct entry e = {.kind = ENTRY_SEALED,
                          .sealed = {.stream = slice_str(s->name),
                                     .offset = s->sealed,
                                     .segment =
                                         s->segment_count ? s->segments[s->segment_count - 1] : 0,
                                     .end = s->segment_count ? s->end : 0}};

        memcpy(e.sealed.hash, s->hash, JOURNAL_HASH_SIZE);
        entry_write(out, &e);
        if (s->removed.first == 0)
            continue;
        e = (struct entry){.kind = ENTRY_REMOVED,
                           .removed = {.stream = slice_str(s->name),
                                       .first = s->removed.first,
                                       .time = s->removed.time}};
        memcpy(e.removed.hash, s->removed.hash, JOURNAL_HASH_SIZE);
        entry_write(out, &e);
    }
}

static void write_redactions(const struct journal *j, struct buf *out)
{
    for (uint32_t i = 0; i < j->redaction_count; i++) {
        const struct redaction *x = &j->redactions[i];
        struct entry e = {.kind = ENTRY_REDACTED,
                          .redacted = {.stream = slice_str(x->stream),
                                       .offset = x->offset,
                                       .time = x->time}};

        memcpy(e.redacted.before, x->before, JOURNAL_HASH_SIZE);
        memcpy(e.redacted.after, x->after, JOURNAL_HASH_SIZE);
        entry_write(out, &e);
    }
}

static void write_lost(const struct journal *j, struct buf *out)
{
    for (uint32_t i = 0; i < j->lost_count; i++) {
        const struct lost *x = &j->lost[i];
        struct entry e = {.kind = ENTRY_LOST,
                          .lost = {.stream = slice_str(x->stream),
                                   .from = x->from,
                                   .until = x->until,
                                   .time = x->time}};

        memcpy(e.lost.hash, x->hash, JOURNAL_HASH_SIZE);
        entry_write(out, &e);
    }
}

int offsets_write(struct journal *j, int64_t now, struct err *err)
{
    CANH_CLEANUP(buf_done) struct buf entries = BUF_INIT(OFFSETS_FILE_MAX);
    CANH_CLEANUP(buf_done) struct buf file = BUF_INIT(OFFSETS_FILE_MAX);
    struct journal_head h = {.version = j->lost_count ? JOURNAL_VERSION : JOURNAL_VERSION_FIRST,
                             .kind = FILE_OFFSETS,
                             .number = j->next_tail,
                             .group = j->group,
                             .created = now};
    struct journal_cipher c;
    struct path path;
    int r;

    memcpy(h.journal, j->id, JOURNAL_ID_SIZE);
    write_sealed(j, &entries);
    write_redactions(j, &entries);
    write_lost(j, &entries);
    offsets_append(&j->offsets, now, &entries);
    head_write(&h, journal_master(j), &c, &file);
    group_append(&h, &c, j->group, buf_slice(&entries), &file);
    cipher_wipe(&c);
    if (entries.err != 0 || file.err != 0)
        return err_fail(err, CE_TOO_BIG, ERR_JOURNAL_JOURNALS_OFFSETS,
                        ERR_KIND(entries.err ? entries.err : file.err));
    r = file_replace(journal_path(j, &path, "offsets"), buf_slice(&file), 0600, err);
    if (r == 0)
        j->offsets_group = j->group;
    return r;
}

/* The oldest tail that a pending record still needs. */
static uint64_t oldest_needed(const struct journal *j)
{
    uint64_t number = j->next_tail;

    for (uint32_t i = 0; i < j->stream_count; i++)
        if (j->streams[i]->pending.count)
            number = CANH_MIN(number, j->streams[i]->pending_tail);
    return number;
}

int tails_release(struct journal *j, int64_t now, struct err *err)
{
    uint64_t needed = oldest_needed(j);
    uint32_t gone = 0, last = j->tail.fd >= 0 ? j->tail_count - 1 : j->tail_count;
    struct path path;
    int r = 0;

    while (gone < last && j->tails[gone].number < needed)
        gone++;
    if (gone == 0)
        return 0;
    r = offsets_write(j, now, err);
    for (uint32_t i = 0; r == 0 && i < gone; i++)
        r = file_remove(tail_path(j, j->tails[i].number, &path), err);
    if (r < 0)
        return r;
    memmove(j->tails, j->tails + gone, (j->tail_count - gone) * sizeof(*j->tails));
    j->tail_count -= gone;
    return 0;
}
