/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_TESTS_PLANLOAD_H
#define CANH_TESTS_PLANLOAD_H
/*
 * Loads the shipped catalogue and plans for tests.
 */
#include <stdio.h>

#include "base/file.h"
#include "err_words.h"
#include "plan/plan.h"
#include "tap.h"

struct planload {
    struct arena arena;
    const struct catalogue *catalogue;
};

static inline struct slice planload_file(struct planload *l, const char *name)
{
    struct buf text = BUF_INIT(1 << 22);
    struct err err = ERR_INIT;
    struct slice s;
    char path[4096];

    (void)snprintf(path, sizeof(path), "%s/%s", tap_source_dir(), name);
    if (file_read(path, &text, &err) < 0)
        ok(false, "%s: %s", path, err_words(&err));
    s = arena_dup(&l->arena, buf_slice(&text));
    buf_done(&text);
    return s;
}

static inline bool planload_catalogue(struct planload *l)
{
    struct err err = ERR_INIT;

    l->arena = ARENA_INIT(64 << 20);
    return ok(catalogue_parse(&l->arena, planload_file(l, "plans/catalogue.yaml"), &l->catalogue,
                              &err) == 0,
              "the catalogue loads: %u:%u %s", err.line, err.col, err_words(&err));
}

static inline int planload_base(void *ctx, struct slice id, unsigned depth, const struct plan **ret,
                                struct err *err)
{
    struct planload *l = ctx;
    struct plan_source source = {.catalogue = l->catalogue,
                                 .load = planload_base,
                                 .load_ctx = l,
                                 .depth = depth};
    char name[200];

    (void)snprintf(name, sizeof(name), "plans/" SLICE_FMT ".yaml", SLICE_ARG(id));
    source.text = planload_file(l, name);
    return plan_parse(&l->arena, &source, ret, err);
}

static inline const struct plan *planload_plan(struct planload *l, const char *id)
{
    const struct plan *p = NULL;
    struct err err = ERR_INIT;

    ok(planload_base(l, slice_str(id), 0, &p, &err) == 0, "plan %s loads: %u:%u %s", id, err.line,
       err.col, err_words(&err));
    return p;
}

#endif
