/* SPDX-License-Identifier: Apache-2.0 */
/* The records of a block. Where none matches without some text, that is looked for in all of them
 * at once, and only the records around it are tried. */
#include "base/time.h"
#include "search/find_text.h"
#include "search/session_internal.h"

bool session_wants_any(const struct search_session *s, const struct block *b)
{
    for (uint32_t i = 0; i < b->context_count; i++)
        if (session_wants(s, b->contexts[i].source, b->contexts[i].unit))
            return true;
    return false;
}

/* Whether of records that do not match nothing counts but that they were tried. */
static bool can_skip(const struct search_session *s, const struct block *b)
{
    if (s->needle.n == 0)
        return false;
    for (uint32_t i = 0; i < b->context_count; i++)
        if ((b->contexts[i].flags & (JOURNAL_GAP | JOURNAL_REDACTED)) ||
            !session_wants(s, b->contexts[i].source, b->contexts[i].unit))
            return false;
    if (s->from == TIME_NONE && s->until == TIME_NONE)
        return true;
    for (uint32_t i = 0; i < b->count; i++)
        if (!session_wants_time(s, b->metas[i].received))
            return false;
    return true;
}

/* from: in the block, before it the record has no needle. */
static int try_one(struct search_session *s, const struct block *b, uint32_t i, size_t from)
{
    struct journal_record rec;
    int r;

    block_record(b, i, &rec);
    s->needle_from = from - b->metas[i].start;
    r = search_session_try(s, &rec);
    s->needle_from = 0;
    return r == 0 && search_session_ends(s) ? 1 : r;
}

/* Where a record begins; the last one's end behind it. */
static size_t start_of(const struct block *b, uint32_t i)
{
    return i < b->count ? b->metas[i].start : b->raw.len;
}

/* The record, from `from` on, in which the byte stands: often that one or one of the next. */
static uint32_t record_at(const struct block *b, uint32_t from, size_t at)
{
    uint32_t low = from, high = b->count;

    for (unsigned i = 0; i < 4; i++, low++)
        if (at < start_of(b, low + 1))
            return low;
    while (high - low > 1) {
        uint32_t mid = low + (high - low) / 2;

        if (b->metas[mid].start <= at)
            low = mid;
        else
            high = mid;
    }
    return low;
}

static void count_skipped(struct search_session *s, const struct block *b, uint32_t from,
                          uint32_t to)
{
    s->result->records += to - from;
    s->result->bytes += start_of(b, to) - start_of(b, from) - (to - from);
}

static int try_around(struct search_session *s, const struct block *b)
{
    struct slice raw = buf_slice(&b->raw);
    uint32_t i = 0;
    int r = 0;

    while (r == 0 && i < b->count) {
        size_t from = start_of(b, i), at = find_text(slice_from(raw, from), s->needle);
        uint32_t next = at == SIZE_MAX ? b->count : record_at(b, i, from + at);

        count_skipped(s, b, i, next);
        if (next < b->count)
            r = try_one(s, b, next, from + at);
        i = next + 1;
    }
    return r;
}

/* Whether of records that match nothing is asked but how many they are, in each span of time. */
static bool can_count(const struct search_session *s)
{
    const struct search_request *q = s->request;

    return s->detector == NULL && s->count_key == KEY_NONE && q->match == NULL && q->limit == 0 &&
           query_is_word(s->matcher);
}

/* Counts the records in which the word stands, those that follow each other in one span of time at
 * once. */
static int count_block(struct search_session *s, const struct block *b)
{
    struct slice raw = buf_slice(&b->raw);
    struct search_hit x = {.counts = true};
    int64_t step = s->request->step, received;
    uint32_t i = 0;
    size_t at;
    int r = 0;

    count_skipped(s, b, 0, b->count);
    while (r == 0 && i < b->count &&
           (at = query_word(s->matcher, raw, start_of(b, i))) != SIZE_MAX) {
        i = record_at(b, i, at);
        received = b->metas[i].received;
        if (step > 0 && (x.times == 0 || received < x.record.received ||
                         (uint64_t)received - (uint64_t)x.record.received >= (uint64_t)step)) {
            r = x.times ? session_settle(s, &x) : 0;
            x.times = 0;
            x.record.received = session_time_floor(received, step);
        }
        x.times++;
        i++;
    }
    return r == 0 && x.times ? session_settle(s, &x) : r;
}

static int try_all(struct search_session *s, const struct block *b)
{
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < b->count; i++)
        r = try_one(s, b, i, b->metas[i].start);
    return r;
}

int session_try_block(struct search_session *s, const struct block *b)
{
    int r;

    s->decoder.within = buf_slice(&b->raw);
    if (!can_skip(s, b))
        r = try_all(s, b);
    else if (can_count(s))
        r = count_block(s, b);
    else
        r = try_around(s, b);
    s->decoder.within = SLICE_NULL;
    return r;
}
