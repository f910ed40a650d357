/* SPDX-License-Identifier: Apache-2.0 */
/* A picture without what it was computed from. */
#include "overview/overview.h"

struct keeper {
    struct arena *arena;
    bool failed;
};

static struct slice keep_text(struct keeper *k, struct slice s)
{
    struct slice kept = s.n > 0 ? arena_dup(k->arena, s) : SLICE_NULL;

    k->failed = k->failed || (s.n > 0 && kept.p == NULL);
    return kept;
}

/* A copy of a list; its texts are still those of the other. */
static void *keep_list(struct keeper *k, const void *list, size_t n, size_t size)
{
    void *kept = n > 0 ? arena_array(k->arena, n, size) : NULL;

    if (kept)
        memcpy(kept, list, n * size);
    k->failed = k->failed || (n > 0 && kept == NULL);
    return kept;
}

/* One after the other: the copied list under the name of the old one, each text of each row. */
#define KEEP(list, count, type, ...)                                                               \
    do {                                                                                           \
        type *rows_ = keep_list(&k, o->list, o->count, sizeof(type));                              \
                                                                                                   \
        for (size_t i_ = 0; rows_ && i_ < o->count; i_++) {                                        \
            type *row = &rows_[i_];                                                                \
            struct slice *const texts_[] = {__VA_ARGS__};                                          \
                                                                                                   \
            for (size_t t_ = 0; t_ < CANH_LEN(texts_); t_++)                                       \
                *texts_[t_] = keep_text(&k, *texts_[t_]);                                          \
        }                                                                                          \
        o->list = rows_;                                                                           \
    } while (0)

int overview_keep(struct overview *o, struct arena *arena, struct err *err)
{
    struct keeper k = {.arena = arena};
    struct slice *const texts[] = {&o->province,   &o->authority,   &o->plan,
                                   &o->phase,      &o->oldest_case, &o->next_deadline,
                                   &o->next_clock, &o->signer,      &o->banner};

    for (size_t i = 0; i < CANH_LEN(texts); i++)
        *texts[i] = keep_text(&k, *texts[i]);
    KEEP(missing, missing_count, struct overview_duty, &row->post, &row->unit);
    KEEP(clauses, clause_count, struct overview_clause, &row->number, &row->title);
    KEEP(services, service_count, struct overview_service, &row->name, &row->unit, &row->code);
    KEEP(outages, outage_count, struct overview_outage, &row->name, &row->unit, &row->code);
    KEEP(told, told_count, struct overview_outage, &row->name, &row->unit);
    KEEP(operators, operator_count, struct overview_operator, &row->name);
    KEEP(requests, request_count, struct overview_request, &row->number, &row->unit);
    KEEP(silent, silent_count, struct overview_station, &row->name, &row->code);
    KEEP(sentences, sentence_count, struct slice, row);
    return k.failed ? err_nomem(err) : 0;
}
