/* SPDX-License-Identifier: Apache-2.0 */
#include "search/search.h"

#include <stdlib.h>

#include "base/time.h"
#include "journal/blocks.h"
#include "journal/predicate.h"
#include "search/block_piece.h"
#include "search/crew.h"
#include "search/session_internal.h"

enum { VALUES_ARENA = 16 * 1024 * 1024 };

/* A search over the blocks of a journal. */
struct run {
    struct search_crew *crew;
    struct search_result *result;
    const struct search_request *request;
    struct journal_blocks *blocks;
    struct buf want;
    int64_t from, until;
    uint64_t passed, damaged; /* blocks since the last piece */
    struct block_pool *pool;
};

void search_result_init(struct search_result *r)
{
    *r = (struct search_result){.arena = ARENA_INIT(VALUES_ARENA)};
    map_init(&r->map, SEARCH_VALUES_MAX);
}

void search_result_done(struct search_result *r)
{
    arena_done(&r->arena);
    map_done(&r->map);
    free(r->values);
    free(r->bins);
    *r = (struct search_result){.cancelled = false};
}

static int by_count(const void *a, const void *b)
{
    const struct search_value *x = a, *y = b;

    return x->count != y->count ? (x->count < y->count ? 1 : -1) : slice_cmp(x->value, y->value);
}

void search_result_sort(struct search_result *r)
{
    if (r->value_count)
        qsort(r->values, r->value_count, sizeof(*r->values), by_count);
}

static int emit_block(struct run *s, const struct block_head *h, struct err *err)
{
    struct block_piece *p = block_piece_new(s->pool);
    struct search_piece piece;
    int r = p ? journal_blocks_fetch(s->blocks, &p->stored, &p->cipher, &p->pending, err)
              : err_nomem(err);

    if (r < 0) {
        if (p)
            block_piece_done(p);
        return r;
    }
    p->head = *h;
    piece = block_piece_release(p);
    piece.blocks = s->passed;
    piece.damaged = s->damaged;
    s->passed = s->damaged = 0;
    return search_crew_push(s->crew, &piece, err);
}

static bool may_word(void *u, struct slice word)
{
    return journal_blocks_may_hold(u, word);
}

static bool may_ip(void *u, const struct ip *ip)
{
    return journal_blocks_may_hold_ip(u, ip);
}

static bool can_match(const struct run *s, const struct block_head *h)
{
    struct predicate_ctx holds = {.word = may_word, .ip = may_ip, .u = s->blocks};

    if ((s->from != TIME_NONE && h->received_max < s->from) ||
        (s->until != TIME_NONE && h->received_min >= s->until))
        return false;
    return predicate_holds(buf_slice(&s->want), &holds) != 0;
}

static int read_blocks(struct run *s, struct err *err)
{
    struct block_head h;
    int r = 0;

    while (r == 0 && !search_crew_ends(s->crew) && !s->result->cancelled) {
        r = journal_blocks_next(s->blocks, &h, err);
        if (r == 0)
            break;
        if (r > 0) {
            s->passed++;
            r = can_match(s, &h) ? emit_block(s, &h, err) : 0;
        }
        if (r == -CE_CORRUPT) {
            s->damaged++;
            r = 0;
        }
        s->result->cancelled |= s->request->cancel && cancel_asked(s->request->cancel);
    }
    if (r == 0)
        r = search_crew_settle(s->crew, err);
    if (!search_crew_ends(s->crew)) {
        s->result->blocks += s->passed;
        s->result->damaged += s->damaged;
    }
    return r;
}

int search_run(struct journal *j, const struct search_request *request, struct search_result *ret,
               struct err *err)
{
    struct run s = {.request = request, .result = ret, .want = BUF_INIT(WANT_MAX)};
    uint32_t stream;
    int r = search_crew_new(request, request->workers, ret, &s.crew, err);

    if (r < 0)
        return r;
    search_session_span(search_crew_session(s.crew), &s.from, &s.until);
    search_session_predicate(search_crew_session(s.crew), &s.want);
    s.pool = block_pool_new();
    r = s.pool ? journal_stream(j, request->stream, &stream, err) : err_nomem(err);
    if (r == 0)
        r = journal_blocks_new(j, stream, 0, &s.blocks, err);
    if (r == 0)
        r = read_blocks(&s, err);
    s.crew = search_crew_free(s.crew);
    s.blocks = journal_blocks_free(s.blocks);
    s.pool = block_pool_free(s.pool);
    buf_done(&s.want);
    return r;
}
