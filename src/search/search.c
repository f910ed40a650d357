/* SPDX-License-Identifier: Apache-2.0 */
#include "search/search.h"

#include <stdlib.h>

#include "journal/blocks.h"
#include "journal/want.h"
#include "search/session_internal.h"

enum { VALUES_ARENA = 16 * 1024 * 1024 };

/* A session over the blocks of a journal. */
struct run {
    struct search_session *session;
    struct search_result *result;
    const struct search_request *request;
    struct journal_blocks *blocks;
    struct buf want;
    int64_t from, until;
    struct source_state *contexts; /* of the present block */
    uint32_t context_cap;
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

/* The contexts of the block that are asked for; 0 when there is none. */
static int choose_contexts(struct run *s, const struct block *b)
{
    int any = 0;

    if (b->context_count > s->context_cap) {
        struct source_state *wider = realloc(s->contexts, b->context_count * sizeof(*wider));

        if (wider == NULL)
            return -CE_NOMEM;
        s->contexts = wider;
        s->context_cap = b->context_count;
    }
    for (uint32_t i = 0; i < b->context_count; i++) {
        const struct block_context *c = &b->contexts[i];

        s->contexts[i] =
            (struct source_state){.wanted = session_wants(s->session, c->source, c->unit)};
        any |= s->contexts[i].wanted;
    }
    return any;
}

static int read_block(struct run *s, struct err *err)
{
    const struct block *b;
    int r = journal_blocks_columns(s->blocks, &b, err);

    if (r == 0)
        r = choose_contexts(s, b);
    if (r <= 0)
        return r;
    r = journal_blocks_load(s->blocks, &b, err);
    s->result->opened += r == 0;
    for (uint32_t i = 0; r == 0 && i < b->count && !search_session_ends(s->session); i++) {
        struct journal_record rec;

        if (!s->contexts[b->metas[i].context].wanted ||
            !session_wants_time(s->session, b->metas[i].received))
            continue;
        block_record(b, i, &rec);
        r = session_try(s->session, &rec, &s->contexts[b->metas[i].context]);
        s->result->cancelled |= s->request->cancel && cancel_asked(s->request->cancel);
    }
    return r;
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
    struct want_holds holds = {.word = may_word, .ip = may_ip, .u = s->blocks};

    if ((s->from != TIME_NONE && h->received_max < s->from) ||
        (s->until != TIME_NONE && h->received_min >= s->until))
        return false;
    return want_holds(buf_slice(&s->want), &holds) != 0;
}

static int read_blocks(struct run *s, struct err *err)
{
    struct block_head h;
    int r = 0;

    while (r == 0 && !search_session_ends(s->session)) {
        r = journal_blocks_next(s->blocks, &h, err);
        if (r == 0)
            return 0;
        if (r > 0) {
            s->result->blocks++;
            r = can_match(s, &h) ? read_block(s, err) : 0;
        }
        if (r == -CE_CORRUPT) {
            s->result->damaged++;
            r = 0;
        }
        s->result->cancelled |= s->request->cancel && cancel_asked(s->request->cancel);
    }
    return r;
}

int search_run(struct journal *j, const struct search_request *request, struct search_result *ret,
               struct err *err)
{
    struct run s = {.request = request, .result = ret, .want = BUF_INIT(WANT_MAX)};
    uint32_t stream;
    int r = search_session_new(request, ret, &s.session, err);

    if (r < 0)
        return r;
    search_session_span(s.session, &s.from, &s.until);
    search_session_want(s.session, &s.want);
    r = journal_stream(j, request->stream, &stream, err);
    if (r == 0)
        r = journal_blocks_new(j, stream, 0, &s.blocks, err);
    if (r == 0)
        r = read_blocks(&s, err);
    if (r == 0)
        r = s.session->stop;
    s.blocks = journal_blocks_free(s.blocks);
    s.session = search_session_free(s.session);
    free(s.contexts);
    buf_done(&s.want);
    return r;
}
