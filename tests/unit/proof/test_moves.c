/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every obligation of the order, part by part, by every kind of evidence that canh has records of:
 * without a record it is not green; a good record makes it met; a bad one does not. What waits for
 * the scheduled checks says so. Each trial has a unit of its own, so that nothing else speaks.
 */
#define _GNU_SOURCE
#include "proof/proof.h"

#include "../state/world.h"
#include "data/data.h"
#include "err_words.h"
#include "proof/plan_store.h"
#include "state/checks.h"
#include "state/duty.h"
#include "state/evidence.h"
#include "state/forms.h"
#include "state/notices.h"
#include "state/requests.h"
#include "state/reviews.h"

enum { TRIALS = 400 };

static struct world w;
static struct state_actor sys;
static const struct catalogue *catalogue;

/* One part of one obligation, one kind of evidence. */
struct trial {
    uint32_t part;
    const struct evidence_kind *kind;
    const char *code; /* of the unit, in its own memory */
    char text[16];
    struct state_id unit, row, person, second;
    bool bad;
    struct period period; /* which one is tried */
    struct status_cell silent, after;
};

static struct trial trials[TRIALS];
static size_t trial_count;

#define PUT(thing, ...)                                                                            \
    ({                                                                                             \
        struct state_##thing x_ = {__VA_ARGS__};                                                   \
        struct err err_ = ERR_INIT;                                                                \
        must(state_##thing##_put(w.s, &sys, &x_, &err_), &err_, #thing);                           \
        x_.id;                                                                                     \
    })

static int64_t at(const char *text)
{
    int64_t t = 0;

    if (time_parse(slice_str(text), 7 * 3600, &t, NULL) < 0)
        ok(false, "%s is a time", text);
    return t;
}

static void import(void)
{
    struct plan_store_options opt = {.unit = w.dept, .activate = true};
    struct slice text = proof_data("today-2026.yaml");
    struct plan_store_result res;
    const struct plan *p = NULL;
    struct err err = ERR_INIT;

    must(catalogue_parse(&w.arena, proof_data("catalogue.yaml"), &catalogue, &err), &err, "words");
    must(plan_store_parse(&w.arena, w.s, &sys, catalogue, text, &p, &err), &err, "plan");
    must(plan_store_import(&w.arena, w.s, &sys, p, text, &opt, &res, &err), &err, "import");
}

/* A kind of unit that the obligation is asked of. */
static const char *kind_for(const struct plan *p, const struct plan_obligation *o)
{
    static const char *const kinds[] = {"agency", "centre", "telecom", "postal", "authority"};

    for (uint32_t i = 0; i < o->scope_count; i++) {
        const struct plan_scope *s = &p->scopes[o->scopes[i]];

        for (size_t k = 0; s->enabled && k < CANH_LEN(kinds); k++)
            if (s->kinds == 0 ||
                s->kinds >> catalogue_find(catalogue, WORDS_UNIT_KINDS, slice_str(kinds[k])) & 1)
                return kinds[k];
    }
    return "agency";
}

static void add_unit(struct trial *t, const struct plan *p, const struct plan_obligation *o)
{
    struct slice role = SLICE("server");

    (void)snprintf(t->text, sizeof(t->text), "U%zu", (size_t)(t - trials));
    t->unit = world_unit(&w, t->text, "Đơn vị Giả Định", kind_for(p, o), w.root);
    t->person = world_person(&w, t->unit, "1", "Người Thử");
    t->second = world_person(&w, t->unit, "2", "Người Thử Khác");
    if (o->asset_role != PLAN_NONE)
        role = catalogue->words[WORDS_ASSET_ROLES][o->asset_role].id;
    (void)PUT(asset, .unit = t->unit, .code = SLICE("A"), .name = SLICE("Máy thử"),
              .kind = SLICE("server"), .roles = role, .level = 3, .valid_from = at("2026-01-01"));
    if (p->scopes[o->scopes[0]].tags) /* members of the response team */
        (void)PUT(grant, .unit = t->unit, .person = t->person, .role = STATE_RESPONDER,
                  .valid_from = at("2026-01-01"));
}

static const char *event_of(const struct trial *t, const struct status_part *part, char name[64])
{
    struct slice s = part->part->every.base.name;

    (void)t;
    (void)snprintf(name, 64, SLICE_FMT, SLICE_ARG(s));
    return part->part->every.base.kind == FREQ_WITHIN ? name : NULL;
}

/* What happens, where the obligation follows from that; requests and orders are their own event. */
static void add_event(struct trial *t, const struct status_part *part)
{
    int64_t when = at("2026-12-08 09:00"); /* a Tuesday */
    char name[64], kind[80];

    if (event_of(t, part, name) == NULL)
        return;
    if (t->kind->from == FROM_REQUEST && t->kind->what.n && !slice_is(t->kind->what, "opened")) {
        (void)PUT(request, .unit = w.commune_a, .other = t->unit,
                  .kind = slice_is(t->kind->what, "accepted") ? STATE_HELP : STATE_DIFFICULTY,
                  .title = SLICE("Nhờ giúp (thử)"), .opened = when);
        return;
    }
    if (t->kind->from == FROM_ORDER) {
        (void)PUT(order, .unit = t->unit, .number = SLICE("1/CV"), .authority = SLICE("Cơ quan X"),
                  .received = when);
        return;
    }
    (void)snprintf(kind, sizeof(kind), "event.%s", name);
    (void)PUT(evidence, .unit = t->unit, .kind = slice_str(kind), .title = SLICE("Việc (thử)"),
              .method = STATE_EXAMINE, .strength = STATE_DECLARED, .collected = when);
}

static int64_t moment(const struct trial *t)
{
    return t->period.from + TIME_MINUTE;
}

/* Evidence given by hand: what canh evidence add leaves. */
static void give(struct trial *t)
{
    struct state_id e =
        PUT(evidence, .unit = t->unit, .kind = SLICE("given"), .method = STATE_EXAMINE,
            .strength = STATE_DECLARED, .collected = moment(t), .origin = SLICE("person"));

    (void)PUT(proof, .unit = t->unit, .obligation = t->row, .evidence = e, .start = moment(t),
              .stop = moment(t) + 1, .verdict = t->bad ? STATE_SHOWS_NOT_MET : STATE_SHOWS_MET);
}

static void accept_plan(struct trial *t)
{
    struct state_query q = {.unit = t->unit};
    struct state_assignment *rows, x = {.unit = t->unit};
    struct state_plan plan;
    struct err err = ERR_INIT;
    size_t n = 0;

    must(state_plan_find(w.s, &sys, STATE_ID_NONE, SLICE("today-2026"), &w.arena, &plan, &err),
         &err, "plan");
    must(state_assignment_list(w.s, &sys, &q, &w.arena, &rows, &n, &err), &err, "assignments");
    if (n > 0)
        x = rows[0];
    x.plan = plan.id;
    x.accepted_at = t->bad ? 0 : moment(t);
    must(state_assignment_put(w.s, &sys, &x, &err), &err, "acceptance");
}

static struct state_id add_post(struct trial *t, struct slice kind)
{
    return PUT(post, .unit = t->unit, .code = SLICE("T"), .name = SLICE("Trực (thử)"), .kind = kind,
               .presence = STATE_ON_SITE, .hours = SLICE("24/7"), .people = 1,
               .zone = SLICE("Asia/Ho_Chi_Minh"), .valid_from = at("2026-01-01"));
}

static struct state_id add_shift(struct trial *t, struct state_id post, int64_t from, int64_t until,
                                 struct state_id who)
{
    return PUT(shift, .unit = t->unit, .post = post, .start = from, .stop = until, .planned = who,
               .actual = who, .state = t->bad ? STATE_SHIFT_MISSED : STATE_SHIFT_HANDED,
               .presence = STATE_ON_SITE, .in_at = t->bad ? 0 : from, .out_at = t->bad ? 0 : until);
}

static void hand_over(struct trial *t)
{
    struct state_id post = add_post(t, SLICE("security"));
    struct state_handover x = {
        .unit = t->unit, .post = post, .at = moment(t), .giver = t->person, .taker = t->second};
    struct err err = ERR_INIT;

    x.from_shift = add_shift(t, post, t->period.from, t->period.until, t->person);
    must(state_handover_put(w.s, &sys, &x, &err), &err, "handover");
    must(state_handover_sign(w.s, &sys, x.id, 1, false, &err), &err, "giver");
    if (!t->bad)
        must(state_handover_sign(w.s, &sys, x.id, 2, true, &err), &err, "taker");
}

static void add_roster(struct trial *t)
{
    struct state_id layer = PUT(layer, .unit = t->unit, .post = add_post(t, SLICE("security")),
                                .code = SLICE("B"), .kind = STATE_LAYER_TABLE, .position = 1,
                                .valid_from = at("2026-11-20"), .approved_at = at("2026-11-20"));

    (void)PUT(roster, .unit = t->unit, .layer = layer, .person = t->person,
              .start = at("2026-11-25"), .stop = t->bad ? t->period.from : at("2027-02-14"),
              .position = 1);
}

static void stand(struct trial *t)
{
    struct slice what = t->kind->what;

    if (slice_is(what, "roster"))
        add_roster(t);
    else if (slice_is(what, "handover"))
        hand_over(t);
    else if (slice_is(what, "log")) /* a line of the log that somebody points at */
        give(t);
    else
        (void)add_shift(t, add_post(t, what), t->period.from, t->period.until, t->person);
}

static void prove_contact(struct trial *t)
{
    struct state_contact x = {.unit = t->unit,
                              .person = t->person,
                              .kind = STATE_CONTACT_MOBILE,
                              .position = 1,
                              .value = SLICE("0900000001")};
    struct err err = ERR_INIT;

    must(state_contact_put(w.s, &sys, &x, &err), &err, "contact");
    if (!t->bad)
        must(state_contact_prove(w.s, &sys, x.id, moment(t), SLICE("gọi thử"), &err), &err, "call");
}

static void announce(struct trial *t)
{
    bool attest = slice_is(t->kind->what, "attested");
    struct state_id notice =
        PUT(notice, .unit = w.dept, .code = slice_str(t->text), .title = SLICE("Quy định (thử)"),
            .text = SLICE("…"), .issued = t->period.from, .attest = attest);
    struct state_id delivery = PUT(delivery, .unit = t->unit, .notice = notice,
                                   .sent_at = t->period.from, .expected = 100);

    (void)PUT(ack, .unit = t->unit, .delivery = delivery,
              .kind = attest ? STATE_ATTESTED : STATE_READ_IT, .at = moment(t),
              .count = t->bad ? 94 : 95, .how = SLICE("sheet"));
}

/* The request of the event is answered, or one is opened. */
static void ask(struct trial *t)
{
    struct state_query q = {.unit = t->unit};
    struct state_request *rows, x;
    struct err err = ERR_INIT;
    size_t n = 0;

    if (slice_is(t->kind->what, "opened")) {
        if (!t->bad)
            (void)PUT(request, .unit = t->unit, .other = w.dept, .kind = STATE_DIFFICULTY,
                      .title = SLICE("Khó khăn (thử)"), .opened = t->period.from);
        return;
    }
    must(state_request_list(w.s, &sys, &q, &w.arena, &rows, &n, &err), &err, "requests");
    if (!is_int(n, 1, "the unit was asked once") || t->bad)
        return;
    x = rows[0];
    x.state = slice_is(t->kind->what, "accepted") ? STATE_REQUEST_ACCEPTED : STATE_REQUEST_ANSWERED;
    x.accepted_at = x.answered_at = moment(t);
    must(state_request_put(w.s, &sys, &x, &err), &err, "answer");
}

static void answer_order(struct trial *t)
{
    struct state_order x;
    struct err err = ERR_INIT;

    must(state_order_find(w.s, &sys, t->unit, SLICE("1/CV"), &w.arena, &x, &err), &err, "order");
    x.outcome = STATE_ORDER_DONE;
    x.done_at = t->bad ? t->period.due + TIME_HOUR : moment(t);
    must(state_order_put(w.s, &sys, &x, &err), &err, "answer");
}

static void review(struct trial *t)
{
    struct state_id campaign =
        PUT(campaign, .unit = t->unit, .code = SLICE("RS"), .title = SLICE("Rà soát (thử)"),
            .kind = t->kind->what, .start = t->period.from);

    (void)PUT(review, .unit = t->unit, .campaign = campaign,
              .state = t->bad ? STATE_REVIEW_OPEN : STATE_REVIEW_DONE,
              .signer = t->bad ? STATE_ID_NONE : t->person, .signed_at = t->bad ? 0 : moment(t));
}

static void probe(struct trial *t)
{
    bool backup = slice_is(t->kind->what, "backup");
    struct state_asset asset;
    struct err err = ERR_INIT;
    struct state_id check;

    must(state_asset_find(w.s, &sys, t->unit, SLICE("A"), &w.arena, &asset, &err), &err, "asset");
    check = PUT(check, .unit = t->unit, .asset = asset.id, .code = SLICE("P"),
                .kind = backup ? SLICE("backup-file") : SLICE("http"), .target = SLICE("x"),
                .every = 12 * TIME_HOUR, .timeout = TIME_MINUTE, .enabled = true);
    for (int64_t when = t->period.from; when < t->period.until && when < t->period.from + TIME_DAY;
         when += 12 * TIME_HOUR)
        (void)PUT(result, .unit = t->unit, .check = check, .at = when,
                  .outcome = t->bad ? STATE_CRITICAL : STATE_OK);
}

static void send_form(struct trial *t)
{
    struct buf judged = BUF_INIT(200);
    struct state_form form;

    if (t->bad)
        buf_printf(&judged, SLICE_FMT "=3",
                   SLICE_ARG(t->kind->field_count ? t->kind->fields[0] : SLICE("any")));
    if (state_form_find(w.s, &sys, STATE_ID_NONE, t->kind->what, &w.arena, &form, NULL) < 0)
        form.id =
            PUT(form, .unit = w.dept, .name = t->kind->what, .edition = 1, .title = SLICE("Phiếu"),
                .yaml = SLICE("form: x"), .valid_from = at("2026-01-01"));
    (void)PUT(submission, .unit = t->unit, .form = form.id, .start = moment(t),
              .stop = moment(t) + TIME_MINUTE, .state = STATE_SUBMISSION_SENT, .sent_at = moment(t),
              .how = SLICE("cli"), .judged = {buf_slice(&judged)});
    buf_done(&judged);
}

/* Where canh's own verbs leave rows that name the obligation, give() does as they do. */
static void add_record(struct trial *t)
{
    static void (*const records[FROM_MAX])(struct trial *) = {
        [FROM_PLAN] = accept_plan, [FROM_DUTY] = stand,  [FROM_DIRECTORY] = prove_contact,
        [FROM_NOTICE] = announce,  [FROM_REQUEST] = ask, [FROM_ORDER] = answer_order,
        [FROM_REVIEW] = review,    [FROM_PROBE] = probe, [FROM_FORM] = send_form,
        [FROM_FILE] = give,
    };

    if (t->kind->from == FROM_PLAN && !slice_is(t->kind->what, "acceptance"))
        give(t);
    else if (ok(records[t->kind->from] != NULL, "canh has records of evidence of that kind"))
        records[t->kind->from](t);
}

struct search_call {
    struct trial *t;
    const struct status_part *part;
    int64_t now;
    bool choose;
};

/* The period to try: the last one that is over with its grace; of the rest the one that runs. */
static void choose(void *ctx, const struct status_cell *c)
{
    struct search_call *l = ctx;
    int64_t end = CANH_MAX(c->period.until, c->period.due) + 5 * TIME_DAY;
    bool first = l->t->period.until == 0;

    if (first || (end < l->now && c->period.from > l->t->period.from)) {
        l->t->period = c->period;
        l->t->silent = *c;
    }
}

static void look(void *ctx, const struct status_cell *c)
{
    struct search_call *l = ctx;

    if (c->period.from == l->t->period.from)
        l->t->after = *c;
}

/* What was to be done at the start is looked at while its proof is still valid. */
static void look_early(void *ctx, const struct status_cell *c)
{
    const struct search_call *l = ctx;

    if (l->part->part->every.base.kind == FREQ_AT_START)
        look(ctx, c);
}

static void each_trial(int64_t now, status_sink sink)
{
    struct proof_options opt = {.now = now, .until = now + TIME_DAY};
    struct proof_world pw;
    struct err err = ERR_INIT;
    uint32_t count;

    if (!ok(proof_open(&w.arena, w.s, &sys, &opt, &pw, &err) == 0, "the world opens %s",
            err_words(&err)))
        return;
    for (size_t i = 0; i < trial_count; i++) {
        struct search_call l = {.t = &trials[i], .now = now};
        uint32_t u = proof_find_unit(&pw, trials[i].unit);

        l.part = &status_parts(pw.status, &count)[trials[i].part];
        if (u == PLAN_NONE || proof_load_unit(&pw, u, &err) < 0) {
            ok(false, "%s is loaded: %s", trials[i].text, err_words(&err));
            continue;
        }
        status_part_cells(pw.status, &pw.in, u, trials[i].part, sink, &l);
    }
    proof_close(&pw);
}

static void add_trials(void)
{
    struct proof_options opt = {.now = at("2026-12-01 01:00")};
    const struct status_part *parts;
    struct proof_world pw;
    struct err err = ERR_INIT;
    uint32_t count;

    must(proof_open(&w.arena, w.s, &sys, &opt, &pw, &err), &err, "the world opens");
    parts = status_parts(pw.status, &count);
    for (uint32_t i = 0; i < count; i++) {
        const struct plan_obligation *o = &pw.plan->obligations[parts[i].obligation];

        for (uint32_t k = 0; k < 2 * parts[i].part->kind_count; k++) {
            const struct evidence_kind *kind = &catalogue->evidence[parts[i].part->kinds[k / 2]];
            struct trial *t = &trials[trial_count];

            if (kind->waits.n || !ok(trial_count < TRIALS, "there is room for all trials"))
                continue;
            *t = (struct trial){.part = i, .kind = kind, .row = pw.part_rows[i], .bad = k & 1};
            trial_count++;
            add_unit(t, pw.plan, o);
            add_event(t, &parts[i]);
        }
    }
    proof_close(&pw);
}

static bool is_red(const struct status_cell *c)
{
    return c->state == STATUS_NOT_MET;
}

/* A bad record shows that it is not met; of these there is none: it was not done, or in part. */
static bool leaves_it_open(const struct trial *t)
{
    enum evidence_from f = t->kind->from;

    return (f == FROM_PLAN && slice_is(t->kind->what, "acceptance")) || f == FROM_DIRECTORY ||
           f == FROM_NOTICE || f == FROM_REQUEST || f == FROM_REVIEW ||
           (f == FROM_DUTY && slice_is(t->kind->what, "handover"));
}

static void judge_trial(const struct trial *t, const char *name)
{
    const char *silent = status_state_to_str((enum status_state)t->silent.state);
    const char *after = status_state_to_str((enum status_state)t->after.state);
    bool quiet = t->silent.state == STATUS_UNKNOWN || t->silent.state == STATUS_OVERDUE ||
                 t->silent.state == STATUS_NOT_MET ||
                 (t->silent.state == STATUS_DUE && t->period.until > at("2027-02-01"));
    /* of what was not asked before, such as one's own difficulty, there is no cell at all */
    bool own = t->kind->from == FROM_REQUEST && slice_is(t->kind->what, "opened");

    if (t->period.until == 0 && !own) {
        ok(false, "%s: no period to try", name);
        return;
    }
    ok(own || quiet, "%s: nothing known, not green: %s", name, silent);
    if (!t->bad)
        ok(t->after.state == STATUS_MET, "%s: met by it: %s/%s", name, after,
           status_reason_to_str((enum status_reason)t->after.reason));
    else if (leaves_it_open(t))
        ok(t->after.state != STATUS_MET, "%s: not met by half of it: %s", name, after);
    else
        ok(is_red(&t->after), "%s: not met by a bad one: %s/%s", name, after,
           status_reason_to_str((enum status_reason)t->after.reason));
}

/* Obligations all of whose parts move; and of the others, that they say what they wait for. */
static void count_obligations(void)
{
    struct proof_options opt = {.now = at("2027-02-01")};
    struct proof_world pw;
    struct err err = ERR_INIT;
    const struct status_part *parts;
    uint32_t count, moving = 0;

    must(proof_open(&w.arena, w.s, &sys, &opt, &pw, &err), &err, "the world opens");
    parts = status_parts(pw.status, &count);
    for (uint32_t o = 0; o < pw.plan->obligation_count; o++) {
        bool all = true;

        for (uint32_t i = 0; i < count; i++) {
            bool moves = false;

            for (size_t k = 0; k < trial_count; k++)
                moves = moves || (trials[k].part == i && !trials[k].bad &&
                                  trials[k].after.state == STATUS_MET);
            if (parts[i].obligation == o && !moves) {
                all = false;
                ok(parts[i].waits, SLICE_FMT " waits, and says so",
                   SLICE_ARG(pw.plan->obligations[o].id));
            }
        }
        moving += all;
    }
    is_int(pw.plan->obligation_count, 69, "of 69 obligations");
    ok(moving >= 60, "%u are met, missed or unknown by canh's own records", moving);
    is_int(moving, 64, "which is all but the five that wait for scheduled checks");
    proof_close(&pw);
}

int main(void)
{
    struct proof_options opt = {.now = at("2026-12-01 01:00")};
    struct proof_world pw;
    struct err err = ERR_INIT;

    world_open(&w);
    sys = state_actor_system();
    w.arena.max = (size_t)2 << 30;
    import();
    must(state_begin(w.s, &err), &err, "begin");
    w.now = at("2027-02-01");
    add_trials();
    tap_note("%zu trials", trial_count);
    each_trial(at("2027-02-01"), choose);
    for (size_t i = 0; i < trial_count; i++)
        if (trials[i].period.until || slice_is(trials[i].kind->what, "opened")) {
            if (trials[i].period.until == 0)
                trials[i].period.from = at("2026-12-08 09:00");
            add_record(&trials[i]);
        }
    must(state_commit(w.s, &err), &err, "commit");
    each_trial(at("2027-02-01"), look);
    each_trial(at("2026-12-20"), look_early);
    must(proof_open(&w.arena, w.s, &sys, &opt, &pw, &err), &err, "the world opens");
    for (size_t i = 0; i < trial_count; i++) {
        struct buf name = BUF_INIT(200);
        uint32_t count;

        plan_store_code(&name, pw.plan, &status_parts(pw.status, &count)[trials[i].part]);
        buf_printf(&name, " " SLICE_FMT, SLICE_ARG(trials[i].kind->what));
        judge_trial(&trials[i], buf_cstr(&name));
        buf_done(&name);
    }
    proof_close(&pw);
    count_obligations();
    world_close(&w);
    return tap_done();
}
