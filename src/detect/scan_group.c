/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blocks whose records come grouped. Each record is matched as it comes; its alerts are written at
 * once where they surely fit into what a block keeps, and moved into the order of the records at
 * the block's end. The others, and what is told by its place (faults, gaps), wait for their turn
 * and are decoded and matched once more then.
 */
#include <stdlib.h>
#include <string.h>

#include "detect/scan_internal.h"

enum {
    GROUP_MAX = 64 * 1024 * 1024, /* bytes of pieces or marks: more than a block has records for */
    LINE_SURE = 8 * 1024,         /* of an alert, besides the record's values */
};

void scan_group_init(struct scan_group *g)
{
    g->pieces = g->marks = BUF_INIT(GROUP_MAX);
    g->out = g->hits = g->hosts = g->matches = g->matched = BUF_INIT(SCAN_RESULTS_MAX);
}

void scan_group_done(struct scan_group *g)
{
    buf_done(&g->pieces);
    buf_done(&g->marks);
    buf_done(&g->out);
    buf_done(&g->hits);
    buf_done(&g->hosts);
    buf_done(&g->matches);
    buf_done(&g->matched);
}

/* What is kept of events is kept as they come. */
bool scan_may_group(const struct work *w)
{
    const struct scan_request *request = w->worker->scan->request;

    return request->keep == NULL || request->keep->event == NULL;
}

/* Surely, so that nothing has to be handed over before the block ends. */
static bool fits_surely(const struct scan_block *b, const struct event *e, uint32_t alerts)
{
    size_t used = b->out.len + b->hits.len + b->hosts.len + b->matches.len;

    return used + alerts * (LINE_SURE + 2 * e->raw.n) < SCAN_RESULT_MAX;
}

static void tell_now(struct work *w, struct scan_piece *piece, const struct event *e,
                     const struct match_result *found)
{
    const struct scan_block *b = w->block;

    piece->told = true;
    piece->out = b->out.len;
    piece->hits = b->hits.len;
    piece->matches = b->matches.len;
    piece->matched = b->matched.len;
    (void)scan_write_matches(w, e, found, 0);
    piece->out_n = b->out.len - piece->out;
    piece->hits_n = b->hits.len - piece->hits;
    piece->matches_n = b->matches.len - piece->matches;
    piece->matched_n = b->matched.len - piece->matched;
}

void scan_group_event(struct work *w, const struct event *e, const struct match_result *found,
                      unsigned gaps)
{
    struct scan_piece piece = {.place = decoder_place(w->decoder), .gaps = gaps};

    if (gaps == 0 && fits_surely(w->block, e, found->count))
        tell_now(w, &piece, e, found);
    buf_append(&w->worker->group.pieces, &piece, sizeof(piece));
}

void scan_group_fault(struct work *w)
{
    struct scan_piece piece = {.place = decoder_place(w->decoder)};

    buf_append(&w->worker->group.pieces, &piece, sizeof(piece));
}

void scan_group_layout(struct work *w, const struct event *e)
{
    struct scan_group *g = &w->worker->group;

    if (w->block->events == 0 || e->offset < g->first.offset)
        g->first = decoder_place(w->decoder);
}

void scan_group_mark(struct work *w, uint64_t mark)
{
    struct scan_mark one = {decoder_place(w->decoder), mark};

    buf_append(&w->worker->group.marks, &one, sizeof(one));
}

/* Of pieces and marks, which begin with their place. */
static int by_place(const void *a, const void *b)
{
    const struct decode_place *x = a, *y = b;

    return (x->offset > y->offset) - (x->offset < y->offset);
}

static void sort_by_place(struct buf *items, size_t size)
{
    if (items->len > size)
        qsort(items->p, items->len / size, size, by_place);
}

static void use_marks(struct work *w)
{
    struct buf *marks = &w->worker->group.marks;
    struct scan_mark one;

    sort_by_place(marks, sizeof(one));
    for (size_t at = 0; at + sizeof(one) <= marks->len; at += sizeof(one)) {
        memcpy(&one, marks->p + at, sizeof(one));
        buf_append(&w->block->marks, &one.mark, sizeof(one.mark));
    }
}

static void swap_bufs(struct buf *a, struct buf *b)
{
    struct buf kept = *a;

    *a = *b;
    *b = kept;
}

static void swap_results(struct scan_group *g, struct scan_block *b)
{
    swap_bufs(&g->out, &b->out);
    swap_bufs(&g->hits, &b->hits);
    swap_bufs(&g->hosts, &b->hosts);
    swap_bufs(&g->matches, &b->matches);
    swap_bufs(&g->matched, &b->matched);
}

static void clear_results(struct scan_group *g)
{
    buf_clear(&g->out);
    buf_clear(&g->hits);
    buf_clear(&g->hosts);
    buf_clear(&g->matches);
    buf_clear(&g->matched);
}

/* False, and counted: some of it is not there. */
static bool is_whole(struct work *w)
{
    const struct scan_group *g = &w->worker->group;

    if (g->pieces.err == 0 && g->marks.err == 0 && g->out.err == 0 && g->hits.err == 0 &&
        g->hosts.err == 0 && g->matches.err == 0 && g->matched.err == 0)
        return true;
    w->worker->scan->no_memory = true;
    return false;
}

static void move_hits(const struct scan_group *g, const struct scan_piece *piece,
                      struct scan_block *b)
{
    struct scan_hit hit;

    for (size_t at = 0; at + sizeof(hit) <= piece->hits_n; at += sizeof(hit)) {
        memcpy(&hit, g->hits.p + piece->hits + at, sizeof(hit));
        buf_append(&b->hosts, g->hosts.p + hit.host_at, hit.host_n);
        hit.host_at = (uint32_t)(b->hosts.len - hit.host_n);
        buf_append(&b->hits, &hit, sizeof(hit));
    }
}

/* Moves what a record has said behind what is in order. False: the scan was stopped. */
static bool move_piece(struct work *w, const struct scan_piece *piece)
{
    const struct scan_group *g = &w->worker->group;
    struct scan_block *b = w->block;

    move_hits(g, piece, b);
    buf_append(&b->out, g->out.p + piece->out, piece->out_n);
    buf_append(&b->matches, g->matches.p + piece->matches, piece->matches_n);
    buf_append(&b->matched, g->matched.p + piece->matched, piece->matched_n);
    return !scan_is_full(b) || ring_handover(&w->worker->scan->ring, w->slot);
}

/* What has waited for its turn. False: the scan was stopped. */
static bool tell_again(struct work *w, const struct scan_piece *piece)
{
    struct decode_fault fault = {.kind = FAULT_RECORD};
    struct match_result found;
    struct event e;
    int r;

    decoder_seek(w->decoder, piece->place);
    r = decoder_next(w->decoder, &e, &fault);
    if (r < 0)
        scan_use_fault(w, &fault);
    if (r <= 0)
        return true;
    found = matcher_again(w->detector->matcher, &e);
    return scan_write_matches(w, &e, &found, piece->gaps);
}

static bool in_order(const struct buf *pieces)
{
    struct scan_piece one;
    uint64_t last = 0;

    for (size_t at = 0; at + sizeof(one) <= pieces->len; at += sizeof(one)) {
        memcpy(&one, pieces->p + at, sizeof(one));
        if (!one.told || one.place.offset < last)
            return false;
        last = one.place.offset;
    }
    return true;
}

/* False: the scan was stopped. */
static bool use_pieces(struct work *w)
{
    struct scan_group *g = &w->worker->group;
    struct scan_piece piece;
    bool wanted = true;

    if (in_order(&g->pieces))
        return true;
    swap_results(g, w->block);
    wanted = is_whole(w);
    sort_by_place(&g->pieces, sizeof(piece));
    for (size_t at = 0; at + sizeof(piece) <= g->pieces.len && wanted; at += sizeof(piece)) {
        memcpy(&piece, g->pieces.p + at, sizeof(piece));
        wanted = piece.told ? move_piece(w, &piece) : tell_again(w, &piece);
    }
    clear_results(g);
    return wanted;
}

/* What the first record of a block begins with in which none is known. */
static CANH_COLD void check_first(struct work *w)
{
    struct decode_fault fault;
    struct event e;

    decoder_seek(w->decoder, w->worker->group.first);
    if (decoder_next(w->decoder, &e, &fault) > 0)
        scan_check_layout(w->block, &e, false);
}

bool scan_group_end(struct work *w)
{
    struct scan_group *g = &w->worker->group;
    bool wanted = is_whole(w);

    w->grouped = false;
    if (wanted)
        use_marks(w);
    wanted = wanted && use_pieces(w);
    if (wanted && !w->block->known && w->block->events > 0)
        check_first(w);
    buf_clear(&g->pieces);
    buf_clear(&g->marks);
    return wanted;
}
