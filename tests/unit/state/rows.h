/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_TESTS_STATE_ROWS_H
#define CANH_TESTS_STATE_ROWS_H
/*
 * One valid row of every entity, all of commune A (plans, forms, notices and campaigns are issued
 * by it too), so that rules which hold for all entities are tried on all of them.
 */
#include "state/accounts.h"
#include "state/alerts.h"
#include "state/assets.h"
#include "state/availability.h"
#include "state/calls.h"
#include "state/cases.h"
#include "state/checks.h"
#include "state/duty.h"
#include "state/evidence.h"
#include "state/forms.h"
#include "state/heard.h"
#include "state/internal.h"
#include "state/notices.h"
#include "state/people.h"
#include "state/plans.h"
#include "state/requests.h"
#include "state/reviews.h"
#include "state/settings.h"
#include "state/shift_changes.h"
#include "state/sources.h"
#include "world.h"

struct rows {
    _Alignas(16) uint8_t v[E_MAX][ROW_MAX];
};

UNUSED static void *rows_at(struct rows *rows, enum entity_id e)
{
    return rows->v[e];
}

/* Puts a row through its public function and keeps it. */
#define ROWS_PUT(E, thing, ...)                                                                    \
    do {                                                                                           \
        struct state_##thing *x_ = rows_at(rows, E);                                               \
        struct err err_ = ERR_INIT;                                                                \
        *x_ = (struct state_##thing){__VA_ARGS__};                                                 \
        must(state_##thing##_put(w->s, &sys, x_, &err_), &err_, #thing);                           \
    } while (0)
#define ROWS_ID(E) (((const struct row_head *)rows_at(rows, E))->id)

UNUSED static void rows_duty(struct world *w, struct rows *rows)
{
    struct state_actor sys = state_actor_system();
    struct state_id a = w->commune_a, person = w->person_a;
    struct state_post other = {.unit = w->centre,
                               .code = SLICE("P"),
                               .name = SLICE("Trực TT"),
                               .kind = SLICE("security"),
                               .presence = STATE_ON_SITE,
                               .hours = SLICE("24/7"),
                               .people = 1,
                               .zone = SLICE("Asia/Ho_Chi_Minh")};
    struct err err = ERR_INIT;

    must(state_post_put(w->s, &sys, &other, &err), &err, "post of the centre");
    ROWS_PUT(E_POST, post, .unit = a, .code = SLICE("P"), .name = SLICE("Trực"),
             .kind = SLICE("security"), .presence = STATE_ON_SITE, .hours = SLICE("24/7"),
             .people = 1, .zone = SLICE("Asia/Ho_Chi_Minh"));
    ROWS_PUT(E_COVERAGE, coverage, .unit = a, .post = ROWS_ID(E_POST), .other = w->centre,
             .other_post = other.id, .presence = STATE_ON_CALL);
    ROWS_PUT(E_LAYER, layer, .unit = a, .post = ROWS_ID(E_POST), .code = SLICE("L"),
             .kind = STATE_LAYER_TABLE);
    ROWS_PUT(E_TURN, turn, .unit = a, .layer = ROWS_ID(E_LAYER), .person = person, .position = 1);
    ROWS_PUT(E_ROSTER, roster, .unit = a, .layer = ROWS_ID(E_LAYER), .person = person, .start = T0,
             .stop = T0 + TIME_HOUR);
    ROWS_PUT(E_SWAP, swap, .unit = a, .post = ROWS_ID(E_POST), .person = person,
             .other = w->person_a2, .start = T0, .stop = T0 + TIME_HOUR, .state = STATE_SWAP_ASKED);
    ROWS_PUT(E_OVERRIDE, override, .unit = a, .post = ROWS_ID(E_POST), .kind = STATE_OVERRIDE_ADD,
             .person = person, .start = T0, .stop = T0 + TIME_HOUR, .reason = SLICE("thử"));
    ROWS_PUT(E_SHIFT, shift, .unit = a, .post = ROWS_ID(E_POST), .start = T0,
             .stop = T0 + TIME_HOUR, .planned = person, .state = STATE_SHIFT_EXPECTED,
             .presence = STATE_ON_SITE);
    ROWS_PUT(E_MARK, mark, .unit = a, .shift = ROWS_ID(E_SHIFT), .person = person);
    ROWS_PUT(E_TELLING, telling, .unit = a, .post = ROWS_ID(E_POST), .start = TIME_DAY,
             .told = person, .person = person);
    ROWS_PUT(E_LINE, line, .unit = a, .shift = ROWS_ID(E_SHIFT), .person = person,
             .what = SLICE("thử"));
    ROWS_PUT(E_HANDOVER, handover, .unit = a, .post = ROWS_ID(E_POST),
             .from_shift = ROWS_ID(E_SHIFT), .items = SLICE("[]"));
}

UNUSED static void rows_plans(struct world *w, struct rows *rows)
{
    struct state_actor sys = state_actor_system();
    struct state_id a = w->commune_a;

    ROWS_PUT(E_PLAN, plan, .unit = a, .code = SLICE("thu-2026"), .title = SLICE("Phương án thử"),
             .start = T0, .stop = T0 + 90 * TIME_DAY, .state = STATE_PLAN_ACTIVE);
    ROWS_PUT(E_CLAUSE, clause, .unit = a, .plan = ROWS_ID(E_PLAN), .number = SLICE("I.1"),
             .text = SLICE("Nội dung thử"));
    ROWS_PUT(E_PHASE, phase, .unit = a, .plan = ROWS_ID(E_PLAN), .code = SLICE("peak"), .start = T0,
             .stop = T0 + TIME_DAY);
    ROWS_PUT(E_OBLIGATION, obligation, .unit = a, .plan = ROWS_ID(E_PLAN),
             .clause = ROWS_ID(E_CLAUSE), .code = SLICE("I.1.a"), .title = SLICE("Nghĩa vụ thử"),
             .enabled = true);
    ROWS_PUT(E_ASSIGNMENT, assignment, .unit = a, .plan = ROWS_ID(E_PLAN));
    ROWS_PUT(E_EXEMPTION, exemption, .unit = a, .obligation = ROWS_ID(E_OBLIGATION),
             .reason = SLICE("thử"), .start = T0, .stop = T0 + TIME_DAY);
    ROWS_PUT(E_TASK, task, .unit = a, .obligation = ROWS_ID(E_OBLIGATION), .start = T0,
             .stop = T0 + TIME_DAY, .state = STATE_TASK_DOING);
}

UNUSED static void rows_proof(struct world *w, struct rows *rows)
{
    struct state_actor sys = state_actor_system();
    struct state_id a = w->commune_a;

    ROWS_PUT(E_ASSET, asset, .unit = a, .code = SLICE("S1"), .name = SLICE("Máy chủ thử"),
             .kind = SLICE("server"), .roles = SLICE("server portal"));
    ROWS_PUT(E_EVIDENCE, evidence, .unit = a, .kind = SLICE("minutes"), .method = STATE_EXAMINE,
             .strength = STATE_DECLARED, .text = SLICE("biên bản thử"));
    ROWS_PUT(E_PROOF, proof, .unit = a, .obligation = ROWS_ID(E_OBLIGATION),
             .evidence = ROWS_ID(E_EVIDENCE), .start = T0, .stop = T0 + TIME_DAY,
             .verdict = STATE_SHOWS_MET);
    ROWS_PUT(E_CHECK, check, .unit = a, .asset = ROWS_ID(E_ASSET), .code = SLICE("C1"),
             .kind = SLICE("http"), .target = SLICE("https://thu.example/"), .every = TIME_MINUTE,
             .timeout = TIME_SECOND, .enabled = true);
    ROWS_PUT(E_RESULT, result, .unit = a, .check = ROWS_ID(E_CHECK), .outcome = STATE_OK,
             .value = 0.25);
    ROWS_PUT(E_OUTAGE, outage, .unit = a, .check = ROWS_ID(E_CHECK), .start = T0,
             .stop = T0 + TIME_MINUTE);
    ROWS_PUT(E_FINDING, finding, .unit = a, .asset = ROWS_ID(E_ASSET), .code = SLICE("F1"),
             .kind = SLICE("patch"), .title = SLICE("Thiếu bản vá (thử)"), .severity = 2,
             .state = STATE_FINDING_OPEN);
    ROWS_PUT(E_EXCEPTION, exception, .unit = a, .finding = ROWS_ID(E_FINDING),
             .reason = SLICE("thử"), .start = T0, .stop = T0 + TIME_DAY);
}

UNUSED static void rows_paper(struct world *w, struct rows *rows)
{
    struct state_actor sys = state_actor_system();
    struct state_id a = w->commune_a;

    ROWS_PUT(E_FORM, form, .unit = a, .name = SLICE("daily"), .edition = 1, .title = SLICE("Thử"),
             .yaml = SLICE("fields: []\n"));
    ROWS_PUT(E_SUBMISSION, submission, .unit = a, .form = ROWS_ID(E_FORM), .start = T0,
             .stop = T0 + TIME_DAY, .state = STATE_SUBMISSION_DRAFT);
    ROWS_PUT(E_REQUEST, request, .unit = a, .other = w->centre, .kind = STATE_HELP,
             .title = SLICE("Cần hỗ trợ (thử)"));
    ROWS_PUT(E_NOTE, note, .unit = a, .other = w->centre, .request = ROWS_ID(E_REQUEST),
             .kind = SLICE("comment"), .text = SLICE("thử"));
    ROWS_PUT(E_NOTICE, notice, .unit = a, .code = SLICE("N1"), .title = SLICE("Thông báo thử"));
    ROWS_PUT(E_DELIVERY, delivery, .unit = a, .notice = ROWS_ID(E_NOTICE), .expected = 3);
    ROWS_PUT(E_ACK, ack, .unit = a, .delivery = ROWS_ID(E_DELIVERY), .kind = STATE_READ_IT);
    ROWS_PUT(E_CAMPAIGN, campaign, .unit = a, .code = SLICE("R1"), .title = SLICE("Rà soát thử"),
             .kind = SLICE("procedures"), .lasts = 30 * TIME_DAY);
    ROWS_PUT(E_REVIEW, review, .unit = a, .campaign = ROWS_ID(E_CAMPAIGN),
             .state = STATE_REVIEW_OPEN);
    ROWS_PUT(E_SETTING, setting, .unit = a, .name = SLICE("duty"), .yaml = SLICE("duty: terms\n"));
    ROWS_PUT(E_SOURCE, source, .unit = a, .code = SLICE("S1"), .kind = SLICE("files"),
             .paths = SLICE("/var/log/auth.log"));
    ROWS_PUT(E_ALERT, alert, .unit = a, .source = ROWS_ID(E_SOURCE), .code = SLICE("00ff"),
             .rule = SLICE("r"), .title = SLICE("Thử"), .level = 3, .state = STATE_ALERT_NEW,
             .first_seen = T0, .last_seen = T0, .count = 1);
    ROWS_PUT(E_ALERT_ACK, alert_ack, .unit = a, .alert = ROWS_ID(E_ALERT),
             .verdict = STATE_ALERT_ONLY_SEEN);
    ROWS_PUT(E_SUPPRESSION, suppression, .unit = a, .code = SLICE("X1"), .rule = SLICE("r"),
             .reason = SLICE("thử"), .start = T0, .stop = T0 + TIME_DAY);
    ROWS_PUT(E_MAINTENANCE, maintenance, .unit = a, .code = SLICE("M1"), .reason = SLICE("thử"),
             .start = T0, .stop = T0 + TIME_HOUR, .until = T0 + TIME_HOUR);
    ROWS_PUT(E_CALL, call, .unit = a, .matter = STATE_MATTER_ALERT, .thing = ROWS_ID(E_ALERT),
             .level = 5, .title = SLICE("Thử"), .state = STATE_CALL_CLIMBING, .began = T0,
             .due = T0);
    ROWS_PUT(E_MESSAGE, message, .unit = a, .call = ROWS_ID(E_CALL), .channel = STATE_CHANNEL_SMS,
             .level = 5, .code = SLICE("K7QF2"), .text = SLICE("thử"), .count = 1,
             .state = STATE_MESSAGE_WAITING);
    ROWS_PUT(E_AWAKE, awake, .unit = a, .person = w->person_a, .start = T0, .stop = T0 + TIME_HOUR);
    ROWS_PUT(E_CASE, case, .unit = a, .title = SLICE("Sự cố thử"), .class = SLICE("malware"),
             .level = 4, .tlp = STATE_TLP_AMBER, .t0 = T0);
    ROWS_PUT(E_CASE_LINE, case_line, .unit = a, .incident = ROWS_ID(E_CASE),
             .kind = STATE_LINE_NOTE, .text = SLICE("thử"));
    ROWS_PUT(E_CASE_TASK, case_task, .unit = a, .incident = ROWS_ID(E_CASE), .text = SLICE("thử"));
    ROWS_PUT(E_CASE_READING, case_reading, .unit = a, .incident = ROWS_ID(E_CASE),
             .person = w->person_a);
    ROWS_PUT(E_CASE_TEXT, case_text, .unit = a, .incident = ROWS_ID(E_CASE),
             .field = STATE_CASE_TITLE, .text = SLICE("thử"));
    ROWS_PUT(E_SHIFT_CHANGE, shift_change, .unit = a, .post = ROWS_ID(E_POST),
             .person = w->person_a, .act = ROWS_ID(E_POST), .start = T0, .stands = true);
    ROWS_PUT(E_AVAILABILITY, availability, .unit = a, .person = w->person_a, .start = T0,
             .stop = T0 + TIME_HOUR, .away = true, .note = SLICE("thử"));
    ROWS_PUT(E_HEARD, heard, .unit = a, .code = SLICE("g1"), .at = T0,
             .outcome = STATE_HEARD_UNCLEAR, .count = 1);
    ROWS_PUT(E_ORDER, order, .unit = a, .number = SLICE("1/YC"), .authority = SLICE("Cơ quan thử"));
}

UNUSED static void rows_people(struct world *w, struct rows *rows)
{
    struct state_actor sys = state_actor_system();
    struct state_id a = w->commune_a;
    struct state_query q = {.unit = a};
    struct state_unit_name *names = NULL;
    struct err err = ERR_INIT;
    size_t n = 0;

    ROWS_PUT(E_PERSON, person, .unit = a, .code = SLICE("A9"), .name = SLICE("Người Thử Chín"));
    ROWS_PUT(E_ACCOUNT, account, .unit = a, .person = w->person_a, .login = SLICE("thu.a"),
             .state = STATE_ACCOUNT_OPEN, .password = SLICE("$argon2id$"));
    ROWS_PUT(E_GRANT, grant, .unit = a, .person = w->person_a, .role = STATE_DUTY);
    ROWS_PUT(E_CONTACT, contact, .unit = a, .person = w->person_a, .kind = STATE_CONTACT_MOBILE,
             .position = 1, .value = SLICE("0900000001"));
    ROWS_PUT(E_LEAVE, leave, .unit = a, .person = w->person_a, .start = T0, .stop = T0 + TIME_DAY,
             .kind = SLICE("leave"));
    ROWS_PUT(E_ASSET_ROLE, asset_role, .code = SLICE("radio"), .name_vi = SLICE("Bộ đàm"),
             .name_en = SLICE("Radio"));
    ROWS_PUT(E_UNIT_LINK, unit_link, .unit = a, .other = w->dept, .kind = STATE_LINK_LEAD,
             .valid_from = T0);
    must(state_unit_get(w->s, &sys, a, &w->arena, rows_at(rows, E_UNIT), &err), &err, "unit");
    must(state_unit_name_list(w->s, &sys, &q, &w->arena, &names, &n, &err), &err, "names");
    if (n)
        memcpy(rows_at(rows, E_UNIT_NAME), &names[0], sizeof(names[0]));
}

UNUSED static void rows_fill(struct world *w, struct rows *rows)
{
    memset(rows, 0, sizeof(*rows));
    rows_people(w, rows);
    rows_duty(w, rows);
    rows_plans(w, rows);
    rows_proof(w, rows);
    rows_paper(w, rows);
    for (unsigned e = 1; e < E_MAX; e++)
        ok(!id_is_none(ROWS_ID((enum entity_id)e)), "there is a %s", entities[e]->name);
}

#endif
