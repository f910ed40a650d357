/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* A letter as the draft of a plan in the state: named, gone through, given out; and what is
 * refused. */
#include "import/letter.h"

#include "../state/world.h"
#include "err_words.h"

static const char letter[] = "SỞ MẪU\nSố: 7/KH-SM\nVí Dụ, ngày 01 tháng 12 năm 2026\n\nKẾ HOẠCH\n"
                             "Bảo đảm an toàn thông tin\n\nI. Đối với các cơ quan, địa phương\n"
                             "1. Thường xuyên sao lưu dữ liệu trên các hệ thống thông tin.\n"
                             "2. Cử cán bộ kỹ thuật trực theo dõi, giám sát liên tục.\n";

static struct world w;
static struct act_ctx ctx;
static struct err err;

static int take(const struct state_actor *a, const char *text, struct state_plan *ret)
{
    struct doctext *doc = NULL;

    err = ERR_INIT;
    must(doctext_read(&w.arena, slice_str(text), NULL, &doc, &err), &err, "text");
    return letter_receive(&ctx, a, doc, ret, &err);
}

static int say(const struct state_plan *plan, const struct review *r)
{
    err = ERR_INIT;
    return letter_review(&ctx, &w.local, plan, r, &err);
}

static struct review read_draft(const struct state_plan *plan)
{
    struct review r;

    must(review_read(&w.arena, plan->yaml, &r, &err), &err, "review");
    return r;
}

static void test_taken(struct state_plan *plan)
{
    struct state_actor duty = actor(w.person_a, w.commune_a, STATE_DUTY);
    struct state_plan again;

    is_int(take(&duty, letter, &again), -CE_DENIED, "not by who stands the shift");
    is_int(take(&w.local, "\n \n", &again), -CE_MISSING, "nothing of an empty one");
    is_int(take(&w.local, letter, plan), 0, "a letter: %s", err_words(&err));
    is_slice(plan->code, SLICE("7-kh-sm"), "named by its number");
    is_int(plan->state, STATE_PLAN_DRAFT, "a draft");
    is_int(take(&w.local, letter, &again), 0, "again: %s", err_words(&err));
    is_slice(again.code, SLICE("7-kh-sm-2"), "has a name of its own");
}

static void test_reviewed(struct state_plan *plan)
{
    struct review r = read_draft(plan), stale = r;
    struct state_plan old = *plan;
    uint32_t units = 0;

    ok(review_open(&r) > 3, "clauses and proposals are open");
    err = ERR_INIT;
    is_int(letter_issue(&ctx, &w.local, plan, &units, &err), -CE_DENIED, "not given before");
    r.items[0].mark = REVIEW_RIGHT;
    r.items[r.count - 1].mark = REVIEW_RIGHT;
    r.items[r.count - 1].said[REVIEW_EVERY] = SLICE("never");
    is_int(say(plan, &r), -CE_SYNTAX, "what makes no plan is refused");
    must(state_plan_get(w.s, &w.local, plan->id, &w.arena, plan, &err), &err, "plan");
    is_int(plan->version, old.version, "and nothing was written");
    r.items[r.count - 1].said[REVIEW_EVERY] = SLICE("weekly(fri)@16:00");
    is_int(say(plan, &r), 0, "what was said is kept: %s", err_words(&err));
    is_int(say(&old, &stale), -CE_CONFLICT, "who saw an earlier text is told");
    must(state_plan_get(w.s, &w.local, plan->id, &w.arena, plan, &err), &err, "plan");
    r = read_draft(plan);
    is_slice(r.items[r.count - 1].every, SLICE("weekly(fri)@16:00"), "it stands there");
    for (size_t i = 0; i < r.count; i++)
        if (!r.items[i].checked)
            r.items[i].mark = REVIEW_RIGHT;
    is_int(say(plan, &r), 0, "all the rest: %s", err_words(&err));
    must(state_plan_get(w.s, &w.local, plan->id, &w.arena, plan, &err), &err, "plan");
}

/* What the letter has and nobody proposed. */
static void test_added(struct state_plan *plan)
{
    struct review r = read_draft(plan);
    const struct state_plan old = *plan;
    struct review_addition x = {.clause = r.items[0].id,
                                .title = SLICE("Kiểm tra phòng máy <1>"),
                                .scopes = r.scopes[0].id,
                                .every = SLICE("at-end"),
                                .until = SLICE("2026-12-20"),
                                .role = SLICE("duty-officer"),
                                .chosen_by = SLICE("Người soạn")};
    size_t n = r.count;

    err = ERR_INIT;
    is_int(letter_add(&ctx, &w.local, plan, &r, &x, &err), -CE_MISSING, "what proves it is asked");
    x.proof = SLICE("file.nothing");
    err = ERR_INIT;
    ok(letter_add(&ctx, &w.local, plan, &r, &x, &err) < 0, "a proof that is none: %s",
       err_words(&err));
    x.proof = SLICE("file.minutes");
    x.clause = SLICE("IX.9");
    err = ERR_INIT;
    is_int(letter_add(&ctx, &w.local, plan, &r, &x, &err), -CE_NOT_FOUND, "a clause that is none");
    x.clause = r.items[0].id;
    err = ERR_INIT;
    is_int(letter_add(&ctx, &w.local, plan, &r, &x, &err), 0, "added: %s", err_words(&err));
    err = ERR_INIT;
    is_int(letter_add(&ctx, &w.local, &old, &r, &x, &err), -CE_CONFLICT, "once");
    must(state_plan_get(w.s, &w.local, plan->id, &w.arena, plan, &err), &err, "plan");
    r = read_draft(plan);
    is_int((long long)r.count, (long long)n + 1, "it stands there");
    is_slice(r.items[n].text, x.title, "as it was said");
    ok(r.items[n].checked && review_open(&r) == 0, "and checked by who said it");
}

static void test_given(struct state_plan *plan)
{
    const struct state_query of = {.ref = plan->id};
    struct state_obligation *rows = NULL;
    struct review r = read_draft(plan);
    uint32_t units = 0;
    size_t n = 0;

    must(state_obligation_list(w.s, &w.local, &of, &w.arena, &rows, &n, &err), &err, "rows");
    is_int((long long)n, 0, "nothing can be referred to before");
    is_int(letter_issue(&ctx, &w.local, plan, &units, &err), 0, "given: %s", err_words(&err));
    ok(units > 0, "to units");
    must(state_obligation_list(w.s, &w.local, &of, &w.arena, &rows, &n, &err), &err, "rows");
    ok(n > 0, "with its obligations");
    must(state_plan_get(w.s, &w.local, plan->id, &w.arena, plan, &err), &err, "plan");
    is_int(plan->state, STATE_PLAN_ACTIVE, "in use");
    is_int(say(plan, &r), -CE_CONFLICT, "and no draft any more: %s", err_words(&err));
    err = ERR_INIT;
    is_int(letter_add(&ctx, &w.local, plan, &r,
                      &(struct review_addition){.clause = r.items[0].id,
                                                .title = SLICE("x"),
                                                .scopes = SLICE("x"),
                                                .every = SLICE("at-end"),
                                                .proof = SLICE("x")},
                      &err),
           -CE_CONFLICT, "nor is anything added: %s", err_words(&err));
}

int main(void)
{
    struct state_plan plan;

    world_open(&w);
    arena_done(&w.arena);
    w.arena = ARENA_INIT((size_t)512 << 20); /* plans and their library, many times */
    ctx = (struct act_ctx){.s = w.s, .arena = &w.arena};
    w.local.unit = w.root;
    test_taken(&plan);
    test_reviewed(&plan);
    test_added(&plan);
    test_given(&plan);
    world_close(&w);
    return tap_done();
}
