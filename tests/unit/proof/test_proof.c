/* SPDX-License-Identifier: Apache-2.0 */
/* A small invented province under the plan of today: what its records prove. */
#define _GNU_SOURCE
#include "proof/proof.h"

#include "../state/world.h"
#include "data/data.h"
#include "err_words.h"
#include "form/form.h"
#include "proof/pack.h"
#include "proof/plan_store.h"
#include "state/checks.h"
#include "state/duty.h"
#include "state/evidence.h"
#include "state/forms.h"
#include "state/notices.h"
#include "state/requests.h"
#include "state/reviews.h"

static struct world w;
static const struct catalogue *catalogue;

/* A local time of the plan's first days. */
static int64_t at(const char *text)
{
    int64_t t = 0;

    if (time_parse(slice_str(text), 7 * 3600, &t, NULL) < 0)
        ok(false, "%s is a time", text);
    return t;
}

#define PUT(thing, ...)                                                                            \
    ({                                                                                             \
        struct state_##thing x_ = {__VA_ARGS__};                                                   \
        struct state_actor sys_ = state_actor_system();                                            \
        struct err err_ = ERR_INIT;                                                                \
        must(state_##thing##_put(w.s, &sys_, &x_, &err_), &err_, #thing);                          \
        x_.id;                                                                                     \
    })

static void import(void)
{
    struct plan_store_options opt = {.unit = w.dept, .activate = true};
    struct plan_store_result res = {.parts = 0};
    struct slice text = proof_data("today-2026.yaml");
    const struct plan *p = NULL;
    struct err err = ERR_INIT;
    struct state_actor sys = state_actor_system();

    ok(catalogue_parse(&w.arena, proof_data("catalogue.yaml"), &catalogue, &err) == 0, "catalogue");
    ok(plan_store_parse(&w.arena, w.s, &sys, catalogue, text, &p, &err) == 0,
       "a plan that extends one of canh's own is read %s", err_words(&err));
    ok(plan_store_import(&w.arena, w.s, &sys, p, text, &opt, &res, &err) == 0, "and imported %s",
       err_words(&err));
    ok(res.added, "as a new one");
    is_int(res.obligations, 69, "with 69 obligations");
    is_int(res.clauses, 19, "and all clauses");
    is_int(res.units, 6, "given to all six units");
    ok(plan_store_import(&w.arena, w.s, &sys, p, text, &opt, &res, &err) == 0 && !res.added,
       "importing it again updates it %s", err_words(&err));
    is_int(res.off, 0, "nothing is switched off");
}

static struct state_id obligation(const char *code)
{
    struct state_actor sys = state_actor_system();
    struct state_plan plan;
    struct state_obligation row;
    struct err err = ERR_INIT;

    must(state_plan_find(w.s, &sys, STATE_ID_NONE, SLICE("today-2026"), &w.arena, &plan, &err),
         &err, "the plan");
    must(state_obligation_find(w.s, &sys, plan.id, slice_str(code), &w.arena, &row, &err), &err,
         code);
    return row.id;
}

/* The cell of a part at a unit whose period holds a time: "state/reason". */
static struct status_cell found;

static void look(void *ctx, const struct status_cell *c)
{
    const int64_t *t = ctx;

    if (c->period.from <= *t && *t < c->period.until)
        found = *c;
}

static void cell_is(struct state_id unit, const char *code, const char *part, const char *time,
                    const char *want)
{
    struct proof_options opt = {.now = w.now, .until = at("2027-02-01")};
    struct state_actor sys = state_actor_system();
    struct proof_world pw;
    struct err err = ERR_INIT;
    struct buf out = BUF_INIT(4000);
    int64_t t = at(time);
    uint32_t u;

    if (!ok(proof_open(&w.arena, w.s, &sys, &opt, &pw, &err) == 0, "the world opens %s",
            err_words(&err)))
        return;
    u = proof_find_unit(&pw, unit);
    found = (struct status_cell){.unit = PLAN_NONE, .proof = PLAN_NONE};
    if (ok(u != PLAN_NONE && proof_load_unit(&pw, u, &err) == 0, "a unit is loaded %s",
           err_words(&err)))
        status_part_cells(pw.status, &pw.in, u,
                          status_find_part(pw.status,
                                           plan_find_obligation(pw.plan, slice_str(code)),
                                           slice_str(part)),
                          look, &t);
    if (found.unit != PLAN_NONE)
        buf_printf(&out, "%s/%s", status_state_to_str((enum status_state)found.state),
                   status_reason_to_str((enum status_reason)found.reason));
    is_str(buf_cstr(&out), want, "%s%s%s on %s", code, *part ? "/" : "", part, time);
    if (found.proof != PLAN_NONE) {
        buf_clear(&out);
        proof_describe_record(&out, LANG_EN, &pw, found.proof);
        tap_note("%s", buf_cstr(&out));
    }
    proof_close(&pw);
    buf_done(&out);
}

static void test_silence(void)
{
    w.now = at("2026-12-03 12:00");
    cell_is(w.commune_a, "P.a", "", "2026-12-02", "overdue/late");
    cell_is(w.commune_a, "I.1.b", "", "2026-12-02", "unknown/waits");
    cell_is(w.commune_a, "I.1.g", "", "2026-12-02 08:00", "not-met/missed");
    cell_is(w.commune_a, "I.1.i", "", "2026-12-02", "not-met/missed");
    cell_is(w.commune_a, "I.6.a", "", "2026-12-02", "");
    cell_is(w.centre, "I.6.a", "", "2026-12-02", "unknown/silent");
    cell_is(w.centre, "I.6.d", "", "2026-12-02", "");
    cell_is(w.commune_a, "II.1.a", "", "2026-12-02", "");
    cell_is(w.commune_a, "C.a", "", "2026-12-02", "");
}

static void test_people(void)
{
    struct state_actor head = actor(w.person_a, w.commune_a, STATE_HEAD);
    struct state_query q = {.unit = w.commune_a};
    struct state_assignment *rows = NULL;
    struct err err = ERR_INIT;
    struct state_id campaign, notice, delivery;
    size_t n = 0;

    must(state_assignment_list(w.s, &head, &q, &w.arena, &rows, &n, &err), &err, "assignments");
    if (n == 1) {
        rows[0].accepted_at = at("2026-12-01 10:00");
        must(state_assignment_put(w.s, &head, &rows[0], &err), &err, "accepting");
    }
    cell_is(w.commune_a, "P.a", "", "2026-12-02", "met/proven");
    campaign =
        PUT(campaign, .unit = w.dept, .code = SLICE("RS-1"), .title = SLICE("Rà soát quy trình"),
            .kind = SLICE("procedures"), .start = at("2026-12-01"), .due = at("2026-12-07"));
    (void)PUT(review, .unit = w.commune_a, .campaign = campaign, .state = STATE_REVIEW_DONE,
              .signer = w.person_a, .signed_at = at("2026-12-02 09:00"));
    cell_is(w.commune_a, "I.5.a", "", "2026-12-02", "met/proven");
    cell_is(w.commune_b, "I.5.a", "", "2026-12-02", "due/running");
    notice = PUT(notice, .unit = w.dept, .code = SLICE("TB-1"), .title = SLICE("Quy định dùng thư"),
                 .text = SLICE("…"), .issued = at("2026-12-01"), .attest = true);
    delivery = PUT(delivery, .unit = w.commune_a, .notice = notice, .sent_at = at("2026-12-01"),
                   .expected = 20);
    (void)PUT(ack, .unit = w.commune_a, .delivery = delivery, .kind = STATE_ATTESTED,
              .at = at("2026-12-02 08:00"), .count = 18, .how = SLICE("sheet"));
    cell_is(w.commune_a, "I.3.b", "", "2026-12-02", "in-progress/started");
    (void)PUT(ack, .unit = w.commune_a, .delivery = delivery, .kind = STATE_ATTESTED,
              .at = at("2026-12-02 09:00"), .count = 1, .how = SLICE("sheet"));
    cell_is(w.commune_a, "I.3.b", "", "2026-12-02", "met/proven");
}

static void test_duty(void)
{
    struct state_id post =
        PUT(post, .unit = w.commune_a, .code = SLICE("T"), .name = SLICE("Trực ATTT"),
            .kind = SLICE("security"), .presence = STATE_ON_SITE, .hours = SLICE("24/7"),
            .people = 1, .zone = SLICE("Asia/Ho_Chi_Minh"));
    struct state_id centre =
        PUT(post, .unit = w.centre, .code = SLICE("T"), .name = SLICE("Trực TT"),
            .kind = SLICE("security"), .presence = STATE_ON_SITE, .hours = SLICE("24/7"),
            .people = 1, .zone = SLICE("Asia/Ho_Chi_Minh"));

    (void)PUT(shift, .unit = w.commune_a, .post = post, .start = at("2026-12-02 07:30"),
              .stop = at("2026-12-02 15:30"), .planned = w.person_a, .actual = w.person_a,
              .state = STATE_SHIFT_HANDED, .presence = STATE_ON_SITE,
              .in_at = at("2026-12-02 07:20"), .out_at = at("2026-12-02 15:40"),
              .in_received = at("2026-12-02 07:20"), .entered_by = SLICE("thu-ky"));
    (void)PUT(shift, .unit = w.commune_a, .post = post, .start = at("2026-12-02 15:30"),
              .stop = at("2026-12-02 23:30"), .planned = w.person_a2, .state = STATE_SHIFT_MISSED,
              .presence = STATE_ON_SITE);
    (void)PUT(shift, .unit = w.centre, .post = centre, .start = at("2026-12-02 00:00"),
              .stop = at("2026-12-03 00:00"), .planned = w.person_c, .actual = w.person_c,
              .state = STATE_SHIFT_HANDED, .presence = STATE_ON_SITE,
              .in_at = at("2026-12-02 00:05"), .out_at = at("2026-12-02 23:55"),
              .in_received = at("2026-12-02 00:05"));
    cell_is(w.commune_a, "I.1.g", "", "2026-12-02 08:00",
            "met/proven-late"); /* typed in a day later */
    is_int(found.strength, STRENGTH_DECLARED, "entered by another hand");
    cell_is(w.commune_a, "I.1.g", "", "2026-12-02 16:00", "not-met/shown-bad");
    cell_is(w.commune_a, "I.1.g", "", "2026-12-02 05:00", "not-met/missed");
    cell_is(w.centre, "I.6.a", "", "2026-12-02", "met/covered");
    is_int(found.strength, STRENGTH_MEASURED, "by themself");
    cell_is(w.centre, "I.6.a", "", "2026-12-03 06:00", "unknown/silent");
}

/* A roster is whole and approved on a day, or it is not; without posts nothing is known. */
static void test_roster(void)
{
    struct state_query q = {.unit = w.commune_a};
    struct state_layer layer = {.unit = w.commune_a,
                                .code = SLICE("B"),
                                .kind = STATE_LAYER_TABLE,
                                .position = 1,
                                .valid_from = at("2026-11-20")};
    struct state_post *posts;
    struct err err = ERR_INIT;
    size_t n = 0;

    must(state_post_list(w.s, &w.local, &q, &w.arena, &posts, &n, &err), &err, "posts");
    if (!is_int(n, 1, "the post of before"))
        return;
    cell_is(w.commune_b, "I.1.f", "", "2026-12-02 12:00", "not-met/missed");
    layer.post = posts[0].id;
    posts[0].valid_from = at("2026-11-20");
    must(state_post_put(w.s, &w.local, &posts[0], &err), &err, "it was there before");
    cell_is(w.commune_a, "I.1.f", "", "2026-12-02 12:00", "not-met/shown-bad");
    must(state_layer_put(w.s, &w.local, &layer, &err), &err, "layer");
    (void)PUT(roster, .unit = w.commune_a, .layer = layer.id, .person = w.person_a,
              .start = at("2026-11-25"), .stop = at("2026-12-05 06:00"), .position = 1);
    cell_is(w.commune_a, "I.1.f", "", "2026-12-02 12:00", "not-met/shown-bad"); /* not approved */
    layer.approved_at = at("2026-12-02 10:00");
    must(state_layer_put(w.s, &w.local, &layer, &err), &err, "approve");
    cell_is(w.commune_a, "I.1.f", "", "2026-12-01 12:00", "not-met/shown-bad"); /* too late then */
    cell_is(w.commune_a, "I.1.f", "", "2026-12-02 12:00", "met/proven");
    is_int(found.strength, STRENGTH_DECLARED, "written and approved by one hand: declared");
    cell_is(w.commune_a, "I.1.f", "", "2026-12-03 12:00",
            "in-progress/started"); /* ends too soon */
}

static void test_checks(void)
{
    struct state_id dc = PUT(asset, .unit = w.centre, .code = SLICE("DC"), .name = SLICE("TTDL"),
                             .kind = SLICE("site"), .roles = SLICE("data-centre portal"),
                             .level = 3, .valid_from = T0 - TIME_DAY);
    struct state_id backup =
        PUT(check, .unit = w.centre, .asset = dc, .code = SLICE("B"), .name = SLICE("Sao lưu"),
            .kind = SLICE("backup-file"), .target = SLICE("/srv/sao-luu/*"), .every = 6 * TIME_HOUR,
            .timeout = TIME_MINUTE, .enabled = true);
    struct state_id web =
        PUT(check, .unit = w.centre, .asset = dc, .code = SLICE("W"), .name = SLICE("Cổng"),
            .kind = SLICE("http"), .target = SLICE("https://cong.example.vn/"),
            .every = 5 * TIME_MINUTE, .timeout = 10 * TIME_SECOND, .enabled = true);

    (void)PUT(asset, .unit = w.commune_b, .code = SLICE("SV"), .name = SLICE("Máy chủ ảo"),
              .kind = SLICE("server"), .roles = SLICE("server"), .provider = SLICE("TT"),
              .valid_from = T0 - TIME_DAY);
    for (int i = 0; i < 6; i++)
        (void)PUT(result, .unit = w.centre, .check = backup,
                  .at = at("2026-12-02 01:00") + i * 6 * TIME_HOUR, .outcome = STATE_OK);
    for (int i = 0; i < 288; i++)
        (void)PUT(result, .unit = w.centre, .check = web,
                  .at = at("2026-12-02") + i * 5 * TIME_MINUTE,
                  .outcome = i >= 100 && i < 130 ? STATE_CRITICAL : STATE_OK);
    cell_is(w.centre, "I.1.i", "", "2026-12-02", "met/proven");
    cell_is(w.commune_b, "I.1.i", "", "2026-12-02", "met/proven");
    ok(found.provider != PLAN_NONE, "inherited from the data centre");
    cell_is(w.commune_a, "I.1.i", "", "2026-12-02", "not-met/missed");
    cell_is(w.centre, "I.6.d", "", "2026-12-02", "not-met/broken");
    is_int(found.share, 895, "28.5 minutes in the hour of a day: 89.5 %% up");
    cell_is(w.centre, "I.6.c", "", "2026-12-02", "");
}

/* Fields that the catalogue's kinds name are fields of canh's own forms. */
static void test_fields(void)
{
    const struct data_folder *forms = data_folder("forms");
    struct buf name = BUF_INIT(200);

    for (uint32_t i = 0; i < catalogue->count[WORDS_EVIDENCE]; i++) {
        const struct evidence_kind *k = &catalogue->evidence[i];
        const struct form *f = NULL;
        const struct data_file *file;
        struct err err = ERR_INIT;

        if (k->from != FROM_FORM)
            continue;
        buf_clear(&name);
        buf_printf(&name, SLICE_FMT ".yaml", SLICE_ARG(k->what));
        file = data_find(forms, buf_slice(&name));
        if (!ok(file && form_parse(&w.arena, data_bytes(file), &f, &err) == 0, "form %s",
                buf_cstr(&name)))
            continue;
        for (uint32_t n = 0; n < k->field_count; n++)
            ok(form_field(f, k->fields[n]) != NULL, SLICE_FMT ": field " SLICE_FMT,
               SLICE_ARG(k->what), SLICE_ARG(k->fields[n]));
        for (uint32_t n = 0; n < f->event_count; n++)
            ok(catalogue_find(catalogue, WORDS_EVENTS, f->events[n].event) != UINT32_MAX,
               SLICE_FMT ": event " SLICE_FMT, SLICE_ARG(k->what), SLICE_ARG(f->events[n].event));
    }
    buf_done(&name);
}

static struct state_id post; /* a postal operator that came later */

static struct state_id send_form(struct state_id form, const char *day, const char *sent,
                                 const char *judged, const char *events, struct state_id revises)
{
    return PUT(submission, .unit = post, .form = form, .start = at(day), .stop = at(day) + TIME_DAY,
               .state = STATE_SUBMISSION_SENT, .sent_at = at(sent), .how = SLICE("cli"),
               .judged = {slice_str(judged)}, .events = {slice_str(events)}, .revises = revises);
}

static void test_forms(void)
{
    struct state_id form = PUT(form, .unit = w.dept, .name = SLICE("postal-daily"), .edition = 1,
                               .title = SLICE("Bưu chính"), .yaml = SLICE("form: postal-daily"));
    struct state_id bad;

    post = world_unit(&w, "BC", "Bưu chính", "postal", w.root);
    bad =
        send_form(form, "2026-12-02", "2026-12-02 16:00", "backlog_72=3 lost=1", "", STATE_ID_NONE);

    cell_is(post, "II.2.e", "", "2026-12-02 12:00", "not-met/shown-bad");
    cell_is(post, "II.2.f", "", "2026-12-02 12:00", "met/proven");
    cell_is(post, "II.2.g", "", "2026-12-02 12:00", "met/proven");
    (void)send_form(form, "2026-12-02", "2026-12-02 16:30", "", "", bad);
    cell_is(post, "II.2.e", "", "2026-12-02 12:00", "met/proven");
    (void)send_form(form, "2026-12-01", "2026-12-01 16:00",
                    "complaints_new=- complaints_closed=- complaints_overdue=- safety=open", "",
                    STATE_ID_NONE);
    cell_is(post, "II.2.g", "", "2026-12-01 12:00", "not-met/missed");
    cell_is(post, "II.2.e", "", "2026-12-01 12:00", "met/proven");
}

/* A form of the week or the month that began before the plan did. */
static void test_long_form(void)
{
    static const char *const names[] = {"maintenance", "spares-power"};
    static const char *const from[] = {"2026-11-30", "2026-11-16"};

    for (size_t i = 0; i < CANH_LEN(names); i++) {
        struct state_id form = PUT(form, .unit = w.dept, .name = slice_str(names[i]), .edition = 1,
                                   .title = SLICE("Phiếu"), .yaml = SLICE("form: x"));

        cell_is(post, i ? "II.3.b" : "II.3.a", "", "2026-12-02 12:00", "due/running");
        (void)PUT(submission, .unit = post, .form = form, .start = at(from[i]),
                  .stop = at(i ? "2026-12-16" : "2026-12-07"), .state = STATE_SUBMISSION_SENT,
                  .sent_at = at("2026-12-02 09:00"), .how = SLICE("cli"));
        cell_is(post, i ? "II.3.b" : "II.3.a", "", "2026-12-02 12:00", "met/proven");
    }
}

static void test_outage(void)
{
    struct state_id form = PUT(form, .unit = w.dept, .name = SLICE("outage"), .edition = 1,
                               .title = SLICE("Sự cố"), .yaml = SLICE("form: outage"));
    struct buf events = BUF_INIT(200);
    struct state_id first;

    buf_printf(&events, "network-fault@%lld cable-cut@%lld", (long long)at("2026-12-02 03:00"),
               (long long)at("2026-12-02 03:00"));
    cell_is(post, "II.3.c", "", "2026-12-02 03:00", "");
    first = send_form(form, "2026-12-02 03:00", "2026-12-02 03:30", "restored=open restored_at=-",
                      buf_cstr(&events), STATE_ID_NONE);
    cell_is(post, "II.5.b", "", "2026-12-02 03:00", "met/proven");
    cell_is(post, "II.3.c", "", "2026-12-02 03:00", "overdue/late");
    (void)send_form(form, "2026-12-02 03:00", "2026-12-02 06:00", "", buf_cstr(&events), first);
    cell_is(post, "II.3.c", "", "2026-12-02 03:00", "met/proven");
    cell_is(post, "II.5.c", "", "2026-12-02 03:00", "");
    buf_done(&events);
}

static void test_work(void)
{
    struct state_actor asker = state_actor_system(); /* a person's request begins now */
    struct state_request r = {.unit = w.commune_a,
                              .other = w.dept,
                              .kind = STATE_DIFFICULTY,
                              .title = SLICE("Thiếu thiết bị"),
                              .text = SLICE("…"),
                              .opened = at("2026-12-02 10:00")};
    struct err err = ERR_INIT;
    struct state_id form, evidence;

    must(state_request_put(w.s, &asker, &r, &err), &err, "a request");
    cell_is(w.commune_a, "C.a", "", "2026-12-02 10:30", "met/proven");
    cell_is(w.dept, "C.b", "", "2026-12-02 10:30", "overdue/late"); /* one working day */
    form = PUT(form, .unit = w.dept, .name = SLICE("agency-daily"), .edition = 1,
               .title = SLICE("Phiếu ngày"), .yaml = SLICE("form: agency-daily"),
               .valid_from = at("2026-12-01"));
    (void)PUT(submission, .unit = w.commune_a, .form = form, .start = at("2026-12-02"),
              .stop = at("2026-12-03"), .state = STATE_SUBMISSION_SENT, .person = w.person_a,
              .sent_at = at("2026-12-02 08:00"), .how = SLICE("cli"));
    cell_is(w.commune_a, "I.4.c", "", "2026-12-02", "met/proven");
    cell_is(w.commune_a, "I.1.i", "", "2026-12-02", "met/proven");
    evidence = PUT(evidence, .unit = w.commune_b, .kind = SLICE("restore-report"),
                   .title = SLICE("Biên bản thử khôi phục"), .method = STATE_TEST,
                   .strength = STATE_DECLARED, .collected = at("2026-12-02 09:00"),
                   .origin = SLICE("person"), .signer = w.person_b);
    (void)PUT(proof, .unit = w.commune_b, .obligation = obligation("I.1.i/restore"),
              .evidence = evidence, .start = at("2026-12-02 09:00"),
              .stop = at("2026-12-02 09:00") + 1, .collected = at("2026-12-02 09:00"),
              .verdict = STATE_SHOWS_MET, .strength = STATE_DECLARED);
    cell_is(w.commune_b, "I.1.i", "restore", "2026-12-02", "met/proven");
    (void)PUT(order, .unit = w.dept, .number = SLICE("1/QĐ"), .authority = SLICE("Cơ quan X"),
              .received = at("2026-12-02 09:00"), .deadline = at("2026-12-05"));
    (void)PUT(evidence, .unit = w.dept, .kind = SLICE("event.national-warning.all"),
              .title = SLICE("Cảnh báo lỗ hổng"), .method = STATE_EXAMINE,
              .strength = STATE_DECLARED, .collected = at("2026-12-03 08:00"),
              .origin = SLICE("person"));
    cell_is(w.commune_b, "I.1.c", "warning", "2026-12-03 09:00", "due/running");
}

/* An order answered after its time is not met, whatever came after it. */
static void test_orders(void)
{
    struct state_id vt = world_unit(&w, "VT", "Viễn thông Giả Định", "telecom", w.root);
    struct state_order x = {.unit = vt,
                            .number = SLICE("2/CV"),
                            .authority = SLICE("Cơ quan X"),
                            .received = at("2026-12-02 09:00"),
                            .deadline = at("2026-12-03 09:00")};
    struct state_actor sys = state_actor_system();
    struct err err = ERR_INIT;

    w.now = at("2026-12-02 12:00");
    must(state_order_put(w.s, &sys, &x, &err), &err, "an order");
    cell_is(vt, "II.4.d", "", "2026-12-02 10:00", "due/running");
    w.now = at("2026-12-04 12:00");
    cell_is(vt, "II.4.d", "", "2026-12-02 10:00", "overdue/late");
    x.outcome = STATE_ORDER_DONE;
    x.done_at = at("2026-12-04 10:00");
    must(state_order_put(w.s, &sys, &x, &err), &err, "answered late");
    cell_is(vt, "II.4.d", "", "2026-12-02 10:00", "not-met/too-late");
    x.done_at = at("2026-12-03 08:00");
    must(state_order_put(w.s, &sys, &x, &err), &err, "answered in time");
    cell_is(vt, "II.4.d", "", "2026-12-02 10:00", "met/proven");
}

/* Of two data centres the one whose assets a commune uses is the one that provides for it. */
static void test_hosts(void)
{
    struct state_id one = world_unit(&w, "TT-A1", "Trung tâm Một", "centre", w.root);
    struct state_id two = world_unit(&w, "TT-A2", "Trung tâm Hai", "centre", w.root);
    struct state_id user = world_unit(&w, "XA-DUNG", "Xã Dùng Chung", "commune", w.root);
    struct state_id evidence;

    (void)PUT(asset, .unit = one, .code = SLICE("DC"), .name = SLICE("TTDL một"),
              .kind = SLICE("site"), .roles = SLICE("data-centre"), .valid_from = at("2026-01-01"));
    (void)PUT(asset, .unit = two, .code = SLICE("DC"), .name = SLICE("TTDL hai"),
              .kind = SLICE("site"), .roles = SLICE("data-centre"), .valid_from = at("2026-01-01"));
    (void)PUT(asset, .unit = user, .code = SLICE("MC"), .name = SLICE("Máy chủ dùng chung"),
              .kind = SLICE("server"), .provider = SLICE("TT-A2"), .valid_from = at("2026-01-01"));
    evidence = PUT(evidence, .unit = one, .kind = SLICE("probe.backup"), .method = STATE_TEST,
                   .strength = STATE_MEASURED, .collected = at("2026-12-02 06:00"),
                   .origin = SLICE("machine"));
    (void)PUT(proof, .unit = one, .obligation = obligation("I.1.i"), .evidence = evidence,
              .start = at("2026-12-02 06:00"), .stop = at("2026-12-02 06:00") + 1,
              .verdict = STATE_SHOWS_MET, .strength = STATE_MEASURED);
    w.now = at("2026-12-02 12:00");
    cell_is(one, "I.1.i", "", "2026-12-02", "met/proven");
    cell_is(user, "I.1.i", "", "2026-12-02", "overdue/late");
    evidence = PUT(evidence, .unit = two, .kind = SLICE("probe.backup"), .method = STATE_TEST,
                   .strength = STATE_MEASURED, .collected = at("2026-12-02 06:00"),
                   .origin = SLICE("machine"));
    (void)PUT(proof, .unit = two, .obligation = obligation("I.1.i"), .evidence = evidence,
              .start = at("2026-12-02 06:00"), .stop = at("2026-12-02 06:00") + 1,
              .verdict = STATE_SHOWS_MET, .strength = STATE_MEASURED);
    cell_is(user, "I.1.i", "", "2026-12-02", "met/proven");
}

static void test_said(void)
{
    (void)PUT(task, .unit = w.commune_b, .obligation = obligation("P.a"), .start = at("2026-12-01"),
              .stop = at("2027-02-01"), .state = STATE_TASK_NOT_YET,
              .reason = SLICE("chờ cử cấp phó"), .promised = at("2026-12-10"),
              .person = w.person_b);
    cell_is(w.commune_b, "P.a", "", "2026-12-02", "not-yet/not-yet");
    (void)PUT(exemption, .unit = w.commune_b, .obligation = obligation("I.1.e"),
              .reason = SLICE("không có máy tính"), .start = at("2026-12-01"),
              .stop = at("2027-01-01"), .approved_at = at("2026-12-01"));
    cell_is(w.commune_b, "I.1.e", "", "2026-12-02", "exempt/exempt");
}

struct tally {
    size_t cells, green;
    const struct proof_world *world;
};

static void count(void *ctx, const struct status_cell *c)
{
    struct tally *t = ctx;

    t->cells++;
    t->green += c->state == STATUS_MET;
}

static int count_cached(void *u, const struct state_status *x)
{
    struct tally *t = u;
    int64_t n = pack_count(x->packed);

    for (int64_t i = 0; i < n; i++) {
        struct status_cell c = pack_get(x->packed, i);

        count(t, &c);
    }
    return 0;
}

static void test_all(void)
{
    struct proof_options opt = {.now = w.now};
    struct state_actor sys = state_actor_system();
    struct state_query q = {.limit = 0};
    struct tally walked = {0}, cached = {0};
    struct proof_world pw;
    struct err err = ERR_INIT;

    if (!ok(proof_open(&w.arena, w.s, &sys, &opt, &pw, &err) == 0, "the world opens"))
        return;
    ok(proof_each_unit(&pw, count, &walked, true, &err) == 0, "all units are computed %s",
       err_words(&err));
    proof_close(&pw);
    ok(walked.cells > 500 && walked.green > 5, "%zu cells, %zu of them green", walked.cells,
       walked.green);
    must(state_status_each(w.s, &sys, &q, count_cached, &cached, &err), &err, "the cache");
    is_int(cached.cells, walked.cells, "all cells are in the cache");
    is_int(cached.green, walked.green, "as they are");
    is_int(pack_count(SLICE("\x02")), -CE_UNKNOWN, "another version is not read");
    is_int(pack_count(SLICE("\x01xx")), -CE_CORRUPT, "half a cell neither");
}

static void count_strange(void *ctx, const struct status_cell *c)
{
    struct tally *t = ctx;

    t->cells++;
    t->green += !id_eq(t->world->units[c->unit].id, w.commune_b);
}

/* Of units that one may not read nothing is known, which is no word on them. */
static void test_scope(void)
{
    struct proof_options opt = {.now = w.now};
    struct state_actor duty = {.unit = w.commune_b, .role = STATE_DUTY};
    struct proof_world pw;
    struct tally seen = {.world = &pw};
    struct err err = ERR_INIT;

    if (!ok(proof_open(&w.arena, w.s, &duty, &opt, &pw, &err) == 0, "a commune's world opens"))
        return;
    ok(pw.unit_count > 1, "with units that it does not read");
    ok(proof_each_unit(&pw, count_strange, &seen, false, &err) == 0, "it is computed %s",
       err_words(&err));
    proof_close(&pw);
    ok(seen.cells > 0, "its own cells are");
    is_int(seen.green, 0, "and those of no other unit");
}

static void test_refused(void)
{
    struct proof_options opt = {.plan = SLICE("nothing")};
    struct state_actor sys = state_actor_system();
    struct plan_store_options store = {.unit = w.dept};
    struct plan_store_result res;
    struct proof_world pw;
    struct err err = ERR_INIT;
    const struct plan *p = NULL;
    struct slice text = SLICE("plan: d\ndraft: yes\ntitle: x\nwindow: {start: 2026-12-01, end: "
                              "2026-12-02}\n");

    is_int(proof_open(&w.arena, w.s, &sys, &opt, &pw, &err), -CE_NOT_FOUND, "no such plan");
    ok(plan_store_parse(&w.arena, w.s, &sys, catalogue, text, &p, &err) == 0, "a draft is read");
    is_int(plan_store_import(&w.arena, w.s, &sys, p, text, &store, &res, &err), -CE_DENIED,
           "but not imported: %s", err_words(&err));
}

int main(void)
{
    world_open(&w);
    w.arena.max = (size_t)1 << 30;
    import();
    test_silence();
    test_people();
    test_duty();
    test_roster();
    test_checks();
    test_fields();
    test_forms();
    test_long_form();
    test_outage();
    test_work();
    test_said();
    test_orders();
    test_hosts();
    test_all();
    test_scope();
    test_refused();
    world_close(&w);
    return tap_done();
}
