/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/*
 * Status from the state itself, through SQLite: 1,000 units, the directive's 69 obligations over 90
 * days, with three shifts and handovers, a daily form, reviews and evidence of every unit, a centre
 * whose four services are probed every five minutes and which hosts a third of the units. A full
 * recomputation against its limit of 10 s, one new piece of evidence against 10 ms.
 *
 *     bench_proof [UNITS]
 */
#include "base/file.h"
#include "base/num.h"
#include "base/time.h"
#include "fill.h"
#include "proof/plan_store.h"
#include "proof/proof.h"
#include "state/assets.h"
#include "state/checks.h"
#include "state/duty.h"
#include "state/evidence.h"
#include "state/forms.h"
#include "state/people.h"
#include "state/reviews.h"

enum { DAYS = 90, REVIEWS = 10, PROBE_MINUTES = 5, SERVICES = 4 };

static struct arena arena = ARENA_INIT((size_t)1 << 30);
static int64_t start;

static double since(int64_t t)
{
    return (double)(time_now() - t) / 1e9;
}

struct province {
    struct state_id root, form, campaigns[REVIEWS], *units, *posts;
    uint32_t count;
};

static void add_units(struct province *p)
{
    static const char *const kinds[] = {"commune", "commune", "agency", "commune",
                                        "telecom", "agency",  "postal", "commune"};
    char code[16];

    begin();
    p->root = PUT(unit, .code = SLICE("R"), .name = SLICE("Gốc"), .kind = SLICE("authority"),
                  .valid_from = start - TIME_DAY);
    p->units[0] = PUT(unit, .parent = p->root, .code = SLICE("TT"), .name = SLICE("Trung tâm"),
                      .kind = SLICE("centre"), .valid_from = start - TIME_DAY);
    for (uint32_t i = 1; i < p->count; i++) {
        (void)snprintf(code, sizeof(code), "U%u", i);
        p->units[i] = PUT(unit, .parent = p->root, .code = slice_str(code), .name = SLICE("Đơn vị"),
                          .kind = slice_str(kinds[i % 8]), .valid_from = start - TIME_DAY);
        if (i % 3 == 0)
            (void)PUT(asset, .unit = p->units[i], .code = SLICE("S"), .name = SLICE("Hệ thống"),
                      .kind = SLICE("app"), .provider = SLICE("TT"), .level = 2,
                      .valid_from = start - TIME_DAY);
    }
    commit();
}

static void add_plan(const struct province *p)
{
    struct plan_store_options opt = {.unit = p->root, .activate = true, .unchecked = true};
    struct plan_store_result res;
    const struct catalogue *catalogue;
    const struct plan *plan;
    struct err err = ERR_INIT;
    struct slice text = SLICE("plan: bench\nextends: quang-ngai-2020\n"
                              "window: {start: 2020-10-05, end: 2021-01-02}\n");

    must(catalogue_parse(&arena, proof_data("catalogue.yaml"), &catalogue, &err), &err,
         "catalogue");
    must(plan_store_parse(&arena, s, &sys, catalogue, text, &plan, &err), &err, "plan");
    must(plan_store_import(&arena, s, &sys, plan, text, &opt, &res, &err), &err, "import");
}

static void add_common(struct province *p)
{
    static const char *const kinds[REVIEWS] = {"management",   "vulnerabilities", "encryption",
                                               "standards",    "other-systems",   "procedures",
                                               "diagram",      "servers",         "db-admins",
                                               "idle-accounts"};

    begin();
    p->form = PUT(form, .unit = p->root, .name = SLICE("agency-daily"), .edition = 1,
                  .title = SLICE("Phiếu"), .yaml = SLICE("form: agency-daily\n"),
                  .valid_from = start - TIME_DAY);
    for (unsigned i = 0; i < REVIEWS; i++)
        p->campaigns[i] =
            PUT(campaign, .unit = p->root, .code = slice_str(kinds[i]), .title = SLICE("Rà soát"),
                .kind = slice_str(kinds[i]), .due = start + 7 * TIME_DAY);
    for (uint32_t i = 0; i < p->count; i++)
        p->posts[i] = PUT(post, .unit = p->units[i], .code = SLICE("T"), .name = SLICE("Trực"),
                          .kind = SLICE("security"), .hours = SLICE("24/7"), .people = 1,
                          .zone = SLICE("Asia/Ho_Chi_Minh"), .presence = STATE_ON_SITE,
                          .valid_from = start - TIME_DAY);
    commit();
}

static struct state_id add_shift(const struct province *p, uint32_t unit, int64_t from)
{
    return PUT(shift, .unit = p->units[unit], .post = p->posts[unit], .start = from,
               .stop = from + 8 * TIME_HOUR, .state = STATE_SHIFT_HANDED, .in_at = from,
               .in_received = from, .out_at = from + 8 * TIME_HOUR, .presence = STATE_ON_SITE);
}

static void add_records(const struct province *p, uint32_t unit)
{
    struct state_id person = PUT(person, .unit = p->units[unit], .code = SLICE("1"),
                                 .name = SLICE("Người Thử"), .valid_from = start - TIME_DAY);

    for (int day = 0; day < DAYS; day++) {
        int64_t at = start + day * TIME_DAY + 30 * TIME_MINUTE + 7 * TIME_HOUR;

        for (int k = 0; k < 3; k++, at += 8 * TIME_HOUR) {
            struct state_id shift = add_shift(p, unit, at);

            (void)PUT(handover, .unit = p->units[unit], .post = p->posts[unit], .from_shift = shift,
                      .at = at + 8 * TIME_HOUR);
        }
        at = start + day * TIME_DAY;
        (void)PUT(submission, .unit = p->units[unit], .form = p->form, .start = at,
                  .stop = at + TIME_DAY, .state = STATE_SUBMISSION_SENT,
                  .sent_at = at + 7 * TIME_HOUR, .how = SLICE("cli"));
    }
    for (unsigned i = 0; i < REVIEWS; i++)
        (void)PUT(review, .unit = p->units[unit], .campaign = p->campaigns[i], .signer = person,
                  .state = STATE_REVIEW_DONE, .signed_at = start + TIME_DAY,
                  .expires = start + 200 * TIME_DAY);
    for (unsigned i = 0; i < 10; i++)
        (void)PUT(evidence, .unit = p->units[unit], .kind = SLICE("file.offline-copy"),
                  .title = SLICE("Bản sao"), .method = STATE_EXAMINE, .strength = STATE_DECLARED,
                  .collected = start + i * 7 * TIME_DAY);
}

/* Five minutes apart, each service out for an hour a week. */
static uint64_t add_probes(const struct province *p)
{
    static const char *const roles[SERVICES] = {"official-mail", "portal", "one-stop",
                                                "data-centre"};
    uint64_t n = 0;

    begin();
    for (unsigned k = 0; k < SERVICES; k++) {
        struct state_id asset =
            PUT(asset, .unit = p->units[0], .code = slice_str(roles[k]), .name = SLICE("Dịch vụ"),
                .kind = SLICE("app"), .roles = slice_str(roles[k]), .valid_from = start - TIME_DAY);
        struct state_id check =
            PUT(check, .unit = p->units[0], .asset = asset, .code = slice_str(roles[k]),
                .name = SLICE("Đo"), .kind = SLICE("http"), .target = SLICE("https://x.example"),
                .every = PROBE_MINUTES * TIME_MINUTE, .timeout = 10 * TIME_SECOND, .enabled = true,
                .valid_from = start - TIME_DAY);

        for (int64_t i = 0; i < DAYS * 1440 / PROBE_MINUTES; i++, n++)
            (void)PUT(result, .unit = p->units[0], .check = check,
                      .at = start + i * PROBE_MINUTES * TIME_MINUTE,
                      .outcome = i % 2016 < 12 ? STATE_CRITICAL : STATE_OK);
    }
    commit();
    return n;
}

static void fill(struct province *p)
{
    int64_t t = time_now();

    add_units(p);
    add_plan(p);
    add_common(p);
    for (uint32_t i = 0; i < p->count; i++) {
        begin();
        add_records(p, i);
        commit();
    }
    (void)printf("%u units filled in %.1f s", p->count, since(t));
    t = time_now();
    (void)printf(", %llu results of probes", (unsigned long long)add_probes(p));
    (void)printf(" in %.1f s\n", since(t));
}

static uint64_t cells, states[STATUS_STATE_MAX];

static void count_cell(void *ctx, const struct status_cell *c)
{
    (void)ctx;
    cells++;
    states[c->state]++;
}

static void open_world(struct proof_world *w)
{
    struct proof_options opt = {.now = start + DAYS * TIME_DAY};
    struct err err = ERR_INIT;

    must(proof_open(&arena, s, &sys, &opt, w, &err), &err, "open");
}

static double full(void)
{
    struct proof_world w;
    struct err err = ERR_INIT;
    int64_t t = time_now();
    double took;

    open_world(&w);
    (void)printf("opened in %.3f s\n", since(t));
    must(proof_each_unit(&w, count_cell, NULL, false, &err), &err, "each unit");
    took = since(t);
    (void)printf("full recomputation: %.3f s (limit 10 s), %llu cells\n", took,
                 (unsigned long long)cells);
    proof_close(&w);
    return took;
}

/* Written, read back with all that the unit has, and the cells that it may change. */
static double one(const struct province *p)
{
    enum { TIMES = 100 };
    struct proof_world w;
    struct err err = ERR_INIT;
    uint32_t obligation, part, unit;
    int64_t t, put = 0, load = 0;

    open_world(&w);
    obligation = plan_find_obligation(w.plan, SLICE("I.1.i"));
    part = status_find_part(w.status, obligation, SLICE("offline"));
    for (uint32_t i = 0; i < TIMES; i++) {
        uint32_t k = 1 + i * 7 % (p->count - 1);

        t = time_now();
        (void)PUT(evidence, .unit = p->units[k], .kind = SLICE("file.offline-copy"),
                  .title = SLICE("Bản sao"), .method = STATE_EXAMINE, .strength = STATE_DECLARED,
                  .collected = start + 80 * TIME_DAY);
        put += time_now() - t;
        t = time_now();
        unit = proof_find_unit(&w, p->units[k]);
        must(proof_load_unit(&w, unit, &err), &err, "load");
        status_touch(w.status, &w.in, unit, part, count_cell, NULL);
        load += time_now() - t;
    }
    proof_close(&w);
    (void)printf("one new piece of evidence: %.3f ms (limit 10 ms), and %.3f ms to write it\n",
                 (double)load / 1e6 / TIMES, (double)put / 1e6 / TIMES);
    return (double)load / 1e6 / TIMES;
}

int main(int argc, char **argv)
{
    char dir[] = "/tmp/canh-bench-XXXXXX";
    struct state_options opt = {.dir = dir, .mode = STATE_CREATE};
    struct province p = {.count = 1000};
    struct err err = ERR_INIT;
    int64_t n = 1000;
    double all, each;

    if (argc > 1 && num_range(slice_str(argv[1]), 2, 100000, &n) < 0)
        return 64;
    if (mkdtemp(dir) == NULL || time_parse(SLICE("2020-10-05"), 7 * 3600, &start, NULL) < 0)
        return 1;
    p.count = (uint32_t)n;
    p.units = calloc(p.count, sizeof(*p.units));
    p.posts = calloc(p.count, sizeof(*p.posts));
    if (p.units == NULL || p.posts == NULL)
        return 71;
    sys = state_actor_system();
    must(state_open(&s, &opt, &err), &err, "state");
    fill(&p);
    all = full();
    each = one(&p);
    for (int i = 0; i < STATUS_STATE_MAX; i++)
        (void)printf("  %-12s %llu\n", status_state_to_str((enum status_state)i),
                     (unsigned long long)states[i]);
    s = state_free(s);
    arena_done(&arena);
    free(p.units);
    free(p.posts);
    (void)file_remove_tree(dir, NULL);
    return all <= 10 && each <= 10 ? 0 : 1;
}
