/* SPDX-License-Identifier: Apache-2.0 */
#include "search/search.h"

#include <stdlib.h>

#include "base/time.h"
#include "journal/blocks.h"
#include "journal/want.h"
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
    struct block_piece *free;
};

/* A block as it is stored, to be opened on any thread. */
struct block_piece {
    struct block_piece *next; /* of those that are free */
    struct run *run;
    struct block_coder *coder;
    struct journal_cipher cipher;
    struct block_head head;
    struct buf stored;
    struct block block;
    const struct block *pending; /* instead: one that is not sealed */
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

static int open_piece(struct search_piece *piece, const struct search_session *s,
                      const struct block **ret, struct err *err)
{
    struct block_piece *p = piece->u;
    const struct block *b = p->pending ? p->pending : &p->block;
    struct slice stored = buf_slice(&p->stored);
    int r = 0;

    piece->opened = 0;
    if (p->pending == NULL)
        r = block_decode(p->coder, &p->head, stored, &p->cipher, &p->block, err);
    if (r < 0 || !session_wants_any(s, b))
        return r;
    if (p->pending == NULL)
        r = block_load(p->coder, &p->head, stored, &p->cipher, &p->block, err);
    if (r < 0)
        return r;
    piece->opened = 1;
    *ret = b;
    return 0;
}

static void piece_done(void *u)
{
    struct block_piece *p = u;

    p->next = p->run->free;
    p->run->free = p;
}

static struct block_piece *piece_new(struct run *s)
{
    struct block_piece *p = s->free;

    if (p) {
        s->free = p->next;
        return p;
    }
    p = calloc(1, sizeof(*p));
    if (p == NULL)
        return NULL;
    p->run = s;
    p->stored = BUF_INIT(BLOCK_STORED_MAX);
    block_init(&p->block, 0);
    p->coder = block_coder_new();
    if (p->coder)
        return p;
    free(p);
    return NULL;
}

static void pieces_free(struct run *s)
{
    while (s->free) {
        struct block_piece *p = s->free;

        s->free = p->next;
        p->coder = block_coder_free(p->coder);
        cipher_wipe(&p->cipher);
        block_done(&p->block);
        buf_done(&p->stored);
        free(p);
    }
}

static int give_block(struct run *s, const struct block_head *h, struct err *err)
{
    struct block_piece *p = piece_new(s);
    struct search_piece piece = {.open = open_piece, .done = piece_done, .u = p};
    int r = p ? journal_blocks_fetch(s->blocks, &p->stored, &p->cipher, &p->pending, err)
              : err_nomem(err);

    if (r < 0) {
        if (p)
            piece_done(p);
        return r;
    }
    p->head = *h;
    piece.blocks = s->passed;
    piece.damaged = s->damaged;
    s->passed = s->damaged = 0;
    return search_crew_give(s->crew, &piece, err);
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

    while (r == 0 && !search_crew_ends(s->crew) && !s->result->cancelled) {
        r = journal_blocks_next(s->blocks, &h, err);
        if (r == 0)
            break;
        if (r > 0) {
            s->passed++;
            r = can_match(s, &h) ? give_block(s, &h, err) : 0;
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
    search_session_want(search_crew_session(s.crew), &s.want);
    r = journal_stream(j, request->stream, &stream, err);
    if (r == 0)
        r = journal_blocks_new(j, stream, 0, &s.blocks, err);
    if (r == 0)
        r = read_blocks(&s, err);
    s.crew = search_crew_free(s.crew);
    s.blocks = journal_blocks_free(s.blocks);
    pieces_free(&s);
    buf_done(&s.want);
    return r;
}
