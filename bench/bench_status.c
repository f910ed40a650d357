/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Status: a full recomputation of 1,000 units × 69 obligations × 90 days from one proof a period,
 * against its limit of 10 s, and one new proof against 10 ms.
 *
 *     bench_status PLANS_DIR [UNITS]
 */
#include <stdio.h>
#include <stdlib.h>

#include "../tests/support/err_words.h"
#include "base/file.h"
#include "base/num.h"
#include "base/time.h"
#include "plan/status.h"

struct bench {
    struct arena arena;
    const char *dir;
    const struct catalogue *catalogue;
    const struct plan *plan;
    struct status *status;
    struct status_unit *units;
    uint32_t unit_count;
    struct status_proof *proofs;
    size_t proof_count, proof_max;
    uint64_t cells, states[STATUS_STATE_MAX];
};

static struct slice read_file(struct bench *b, const char *name)
{
    struct buf text = BUF_INIT(1 << 22);
    struct err err = ERR_INIT;
    char path[4096];
    struct slice s;

    (void)snprintf(path, sizeof(path), "%s/%s", b->dir, name);
    if (file_read(path, &text, &err) < 0) {
        (void)fprintf(stderr, "bench_status: %s\n", err_words(&err));
        exit(66);
    }
    s = arena_dup(&b->arena, buf_slice(&text));
    buf_done(&text);
    return s;
}

static int load(void *ctx, struct slice id, unsigned depth, const struct plan **ret,
                struct err *err)
{
    struct bench *b = ctx;
    struct plan_source source = {.catalogue = b->catalogue, .depth = depth};

    (void)id;
    source.text = read_file(b, "quang-ngai-2020.yaml");
    return plan_parse(&b->arena, &source, ret, err);
}

/* The directive over 90 days, every obligation asked of every unit. */
static void load_plan(struct bench *b)
{
    struct status_options opt = {0};
    struct plan_source source = {.load = load, .load_ctx = b};
    struct err err = ERR_INIT;

    source.text = SLICE(
        "plan: bench\nextends: quang-ngai-2020\nwindow: {start: 2020-10-05, end: 2021-01-02}\n"
        "scopes: [{id: state-bodies, kinds: []}, {id: centres, kinds: []}, {id: lead, kinds: []},"
        " {id: response-team, tags: []}, {id: operators, kinds: []}, {id: telecom, kinds: []},"
        " {id: postal, kinds: []}, {id: hosted, kinds: [commune], tags: []}]\n");
    if (catalogue_parse(&b->arena, read_file(b, "catalogue.yaml"), &b->catalogue, &err) == 0) {
        source.catalogue = b->catalogue;
        if (plan_parse(&b->arena, &source, &b->plan, &err) == 0) {
            opt.from = b->plan->start;
            opt.until = b->plan->end;
            if (status_new(&b->arena, b->plan, &opt, &b->status, &err) == 0)
                return;
        }
    }
    (void)fprintf(stderr, "bench_status: %u:%u: %s\n", err.line, err.col, err_words(&err));
    exit(65);
}

static void add_proof(struct bench *b, const struct status_proof *p)
{
    if (b->proof_count == b->proof_max) {
        b->proof_max = b->proof_max ? b->proof_max * 2 : 1 << 16;
        b->proofs = realloc(b->proofs, b->proof_max * sizeof(*b->proofs));
        if (b->proofs == NULL)
            exit(71);
    }
    b->proofs[b->proof_count++] = *p;
}

static uint64_t rng = 88172645463325252u;

static unsigned random_below(unsigned n)
{
    rng ^= rng << 13;
    rng ^= rng >> 7;
    rng ^= rng << 17;
    return (unsigned)(rng >> 33) % n;
}

/* A proof for nine cells in ten; what is continuous is covered in three pieces. */
static void prove_cell(void *ctx, const struct status_cell *c)
{
    struct bench *b = ctx;
    int64_t third = (c->period.until - c->period.from) / 3;
    struct status_proof p = {.unit = c->unit,
                             .part = c->part,
                             .expires = INT64_MAX,
                             .verdict = VERDICT_MET,
                             .strength = STRENGTH_MEASURED};

    b->cells++;
    if (random_below(10) == 0)
        return;
    if (random_below(50) == 0)
        p.verdict = VERDICT_NOT_MET;
    for (int i = 0; i < 3; i++) {
        p.start = c->period.from + i * third;
        p.stop = p.start + third;
        p.collected = p.start + 1;
        p.ref = (uint32_t)b->proof_count;
        add_proof(b, &p);
        uint32_t count;

        if (status_parts(b->status, &count)[c->part].part->every.base.kind != FREQ_CONTINUOUS)
            break;
    }
}

static void count_cell(void *ctx, const struct status_cell *c)
{
    struct bench *b = ctx;

    b->cells++;
    b->states[c->state]++;
}

static double seconds(int64_t from)
{
    return (double)(time_now() - from) / (double)TIME_SECOND;
}

int main(int argc, char **argv)
{
    struct bench b = {.arena = ARENA_INIT((size_t)256 << 20), .unit_count = 1000};
    struct status_input in = {0};
    int64_t n = 1000, t;
    double full, one;

    b.dir = argc > 1 ? argv[1] : "plans";
    if (argc > 2 && num_range(slice_str(argv[2]), 1, 100000, &n) < 0)
        return 64;
    b.unit_count = (uint32_t)n;
    load_plan(&b);
    b.units = arena_new_array(&b.arena, b.unit_count, struct status_unit);
    if (b.units == NULL)
        return 71;
    for (uint32_t i = 0; i < b.unit_count; i++)
        b.units[i] = (struct status_unit){.kind = i % 12,
                                          .tags = ~UINT64_C(0),
                                          .asset_roles = i ? ~UINT64_C(8) : ~UINT64_C(0),
                                          .level = (uint8_t)(i % 6),
                                          .from = INT64_MIN,
                                          .until = INT64_MAX};
    in = (struct status_input){.now = b.plan->end, .units = b.units, .unit_count = b.unit_count};
    for (uint32_t i = 0; i < b.unit_count; i++)
        status_unit_cells(b.status, &in, i, prove_cell, &b);
    in.proofs = b.proofs;
    in.proof_count = b.proof_count;
    (void)printf("units %u, obligations %u, cells %llu, proofs %zu\n", b.unit_count,
                 b.plan->obligation_count, (unsigned long long)b.cells, b.proof_count);

    b.cells = 0;
    t = time_now();
    for (uint32_t i = 0; i < b.unit_count; i++)
        status_unit_cells(b.status, &in, i, count_cell, &b);
    full = seconds(t);
    (void)printf("full recomputation: %.3f s (limit 10 s, goal 1 s), %.0f ns a cell\n", full,
                 full * 1e9 / (double)b.cells);

    t = time_now();
    for (uint32_t i = 0; i < 1000; i++)
        status_touch(b.status, &in, i % b.unit_count, i % b.plan->obligation_count, count_cell, &b);
    one = seconds(t);
    (void)printf("one new proof: %.3f ms (limit 10 ms)\n", one);
    for (int i = 0; i < STATUS_STATE_MAX; i++)
        (void)printf("  %-12s %llu\n", status_state_to_str((enum status_state)i),
                     (unsigned long long)b.states[i]);
    free(b.proofs);
    arena_done(&b.arena);
    return full <= 10 && one <= 10 ? 0 : 1;
}
