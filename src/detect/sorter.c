/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "detect/sorter.h"
#include "base/array.h"

#include <stdlib.h>

enum {
    RUN_RECORDS = 64 * 1024, /* 3 MB, and as much again while they are sorted */
    READ_RECORDS = 128,      /* of a run at a time */
};

/* A sorted part on disk, while it is read. */
struct sorter_run {
    uint64_t at, end; /* in the spill */
    struct correlation_record *records;
    uint32_t i, count;
};

_Static_assert(sizeof(struct correlation_record) == 48, "records are small");

void sorter_init(struct sorter *s, sorter_order *order, void *ctx, struct spill_budget *budget)
{
    *s = (struct sorter){.order = order, .ctx = ctx};
    spill_init(&s->disk, budget, 0);
}

void sorter_done(struct sorter *s)
{
    for (uint32_t i = 0; i < s->run_count; i++)
        free(s->runs[i].records);
    free(s->runs);
    free(s->heap);
    free(s->records);
    spill_done(&s->disk);
}

void sorter_clear(struct sorter *s)
{
    sorter_done(s);
    sorter_init(s, s->order, s->ctx, s->disk.budget);
}

static void sort_records(struct sorter *s)
{
    if (s->count > 1)
        qsort_r(s->records, s->count, sizeof(*s->records), s->order, s->ctx);
}

static struct sorter_run *new_run(struct sorter *s)
{
    if (!array_room(s->runs, s->run_count, s->run_cap, SIZE_MAX))
        return NULL;
    s->runs[s->run_count] = (struct sorter_run){0};
    return &s->runs[s->run_count++];
}

/* The records in memory, sorted, to disk. 0, -CE_NOMEM, or -CE_TOO_BIG for want of disk. */
static int write_run(struct sorter *s)
{
    struct spill_budget *budget = s->disk.budget;
    size_t bytes = s->count * sizeof(*s->records);
    struct sorter_run *run;

    if (budget->exceeded || bytes > budget->left) {
        budget->exceeded = true;
        return -CE_TOO_BIG;
    }
    run = new_run(s);
    if (run == NULL)
        return -CE_NOMEM;
    sort_records(s);
    run->at = spill_add(&s->disk, slice_of((const uint8_t *)s->records, bytes));
    if (run->at == UINT64_MAX) {
        s->run_count--;
        return -CE_TOO_BIG;
    }
    run->end = run->at + bytes;
    s->count = 0;
    return 0;
}

static int make_room(struct sorter *s)
{
    if (s->cap == RUN_RECORDS)
        return write_run(s);
    return array_room(s->records, s->count, s->cap, RUN_RECORDS) ? 0 : -CE_NOMEM;
}

int sorter_add(struct sorter *s, const struct correlation_record *r, bool *ret_kept)
{
    int e = s->count == s->cap ? make_room(s) : 0;

    *ret_kept = e == 0;
    if (e == 0)
        s->records[s->count++] = *r;
    return e == -CE_TOO_BIG ? 0 : e;
}

int sorter_add_text(struct sorter *s, struct correlation_record *r, uint64_t at, bool *ret_kept)
{
    *ret_kept = false;
    if (at >> CORRELATION_TEXT_BITS)
        return 0;
    r->value_text = at & (((uint64_t)1 << CORRELATION_TEXT_BITS) - 1);
    return sorter_add(s, r, ret_kept);
}

/* The next records of a run. False at its end. */
static bool sorter_refill(struct sorter *s, struct sorter_run *run)
{
    uint64_t left = (run->end - run->at) / sizeof(*run->records);

    run->i = 0;
    run->count = (uint32_t)CANH_MIN(left, (uint64_t)READ_RECORDS);
    if (run->count == 0 ||
        !spill_get(&s->disk, run->at, run->records, run->count * sizeof(*run->records)))
        return false;
    run->at += run->count * sizeof(*run->records);
    return true;
}

static bool is_before(const struct sorter *s, uint32_t a, uint32_t b)
{
    const struct sorter_run *x = &s->runs[a], *y = &s->runs[b];
    int order = s->order(&x->records[x->i], &y->records[y->i], s->ctx);

    return order != 0 ? order < 0 : a < b;
}

/* Lets the run at a place of the heap sink to where it belongs. */
static void sorter_sink(struct sorter *s, uint32_t at)
{
    for (;;) {
        uint32_t kid = 2 * at + 1, run = s->heap[at];

        if (kid >= s->heap_count)
            return;
        if (kid + 1 < s->heap_count && is_before(s, s->heap[kid + 1], s->heap[kid]))
            kid++;
        if (!is_before(s, s->heap[kid], run))
            return;
        s->heap[at] = s->heap[kid];
        s->heap[kid] = run;
        at = kid;
    }
}

static int open_runs(struct sorter *s)
{
    s->heap = calloc((size_t)s->run_count + 1, sizeof(*s->heap));
    if (s->heap == NULL)
        return -CE_NOMEM;
    for (uint32_t i = 0; i < s->run_count; i++) {
        s->runs[i].records = malloc(READ_RECORDS * sizeof(struct correlation_record));
        if (s->runs[i].records == NULL)
            return -CE_NOMEM;
        if (sorter_refill(s, &s->runs[i]))
            s->heap[s->heap_count++] = i;
    }
    for (uint32_t i = s->heap_count / 2; i-- > 0;)
        sorter_sink(s, i);
    return 0;
}

int sorter_end(struct sorter *s)
{
    int r;

    if (s->run_count == 0) {
        sort_records(s);
        return 0;
    }
    /* what did not go to disk any more is lost, and the budget says so */
    r = s->count ? write_run(s) : 0;
    free(s->records);
    s->records = NULL;
    s->count = s->cap = 0;
    return r == -CE_NOMEM ? r : open_runs(s);
}

bool sorter_next(struct sorter *s, struct correlation_record *ret)
{
    struct sorter_run *run;

    if (s->run_count == 0) {
        if (s->at == s->count)
            return false;
        *ret = s->records[s->at++];
        return true;
    }
    if (s->heap_count == 0)
        return false;
    run = &s->runs[s->heap[0]];
    *ret = run->records[run->i++];
    if (run->i == run->count && !sorter_refill(s, run))
        s->heap[0] = s->heap[--s->heap_count];
    sorter_sink(s, 0);
    return true;
}
