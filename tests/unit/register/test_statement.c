/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* Statements and evidence as acts: who may say what of a plan, and all or nothing of proofs. */
#include "register/statement.h"

#include "register/evidence.h"
#include "state/world.h"

static struct world w;
static struct err err;
static struct act_ctx ctx;
static struct state_plan plan;
static struct state_obligation obligation;
static struct state_id lead;

static void grant(struct state_id person, struct state_id unit, enum state_role role)
{
    struct state_grant x = {.unit = unit,
                            .person = person,
                            .role = (int32_t)role,
                            .valid_from = T0 - TIME_DAY};

    must(state_grant_put(w.s, &w.local, &x, &err), &err, "grant");
}

static void begin(void)
{
    world_open(&w);
    ctx = (struct act_ctx){.s = w.s, .arena = &w.arena, .how = SLICE("test")};
    lead = world_person(&w, w.root, "R1", "Người Trên");
    grant(w.person_a, w.commune_a, STATE_HEAD);
    grant(w.person_a2, w.commune_a, STATE_DUTY);
    grant(lead, w.root, STATE_COORDINATOR);
    plan = (struct state_plan){.unit = w.dept,
                               .code = SLICE("nho"),
                               .title = SLICE("Kế hoạch nhỏ"),
                               .state = STATE_PLAN_ACTIVE,
                               .start = T0,
                               .stop = T0 + 30 * TIME_DAY};
    must(state_plan_put(w.s, &w.local, &plan, &err), &err, "plan");
    obligation = (struct state_obligation){.unit = w.dept,
                                           .plan = plan.id,
                                           .code = SLICE("I.a"),
                                           .title = SLICE("Sao lưu"),
                                           .start = T0};
    must(state_obligation_put(w.s, &w.local, &obligation, &err), &err, "obligation");
}

static size_t proofs(void)
{
    struct state_query q = {.ref = obligation.id};
    struct state_proof *rows;
    size_t n = 0;

    must(state_proof_list(w.s, &w.local, &q, &w.arena, &rows, &n, &err), &err, "proofs");
    return n;
}

static void test_head(void)
{
    struct statement_acceptance acceptance = {.deputy = STATE_ID_NONE};
    struct statement_confirmation confirmation = {.title = SLICE("Xác nhận"), .count = 1};
    struct state_actor self;
    struct state_assignment x;

    begin();
    acceptance.unit = confirmation.unit = w.commune_a;
    acceptance.plan = plan.id;
    confirmation.obligations = &obligation.id;
    is_int(statement_accept(&ctx, &w.local, &acceptance, &x, &err), -CE_MISSING,
           "somebody is named who accepts");
    acceptance.person = w.person_a2;
    is_int(statement_accept(&ctx, &w.local, &acceptance, &x, &err), -CE_DENIED, "a head");
    acceptance.person = w.person_a;
    is_int(statement_accept(&ctx, &w.local, &acceptance, &x, &err), 0, "who does");
    ok(id_eq(x.accepted_by, w.person_a) && x.accepted_at == T0, "under their name, now");
    w.now += TIME_HOUR;
    is_int(statement_accept(&ctx, &w.local, &acceptance, &x, &err), 1, "a second time");
    ok(x.accepted_at == T0 && x.version == 1, "nothing is done");
    acceptance.deputy = w.person_a2;
    is_int(statement_accept(&ctx, &w.local, &acceptance, &x, &err), 1, "another deputy");
    ok(x.accepted_at == T0 && id_eq(x.deputy, w.person_a2), "leaves the acceptance as it was");
    w.now = T0;
    self = actor(w.person_a2, w.commune_a, STATE_DUTY);
    is_int(statement_confirm(&ctx, &self, &confirmation, &err), -CE_DENIED,
           "who is on duty confirms nothing");
    is_int(proofs(), 0, "and leaves nothing");
    self = actor(w.person_a, w.commune_a, STATE_HEAD);
    is_int(statement_confirm(&ctx, &self, &confirmation, &err), 0, "the head does");
    is_int(proofs(), 1, "which proves it");
    world_close(&w);
}

static void test_about(void)
{
    struct statement_about about = {.start = T0, .stop = T0 + TIME_DAY, .reason = SLICE("chờ")};
    struct state_exemption e;
    struct state_task first, again;

    begin();
    about.unit = w.commune_a;
    about.obligation = obligation.id;
    is_int(statement_not_yet(&ctx, &w.local, &about, &first, &err), 0, "not yet");
    about.stop += TIME_DAY;
    is_int(statement_not_yet(&ctx, &w.local, &about, &again, &err), 0, "said anew");
    ok(id_eq(first.id, again.id) && again.promised == about.stop, "is the same promise");
    about.stop = T0;
    is_int(statement_not_yet(&ctx, &w.local, &about, &again, &err), -CE_RANGE,
           "none ends before it begins");
    about.stop = T0 + TIME_DAY;
    about.person = w.person_a;
    is_int(statement_exempt(&ctx, &w.local, &about, &e, &err), -CE_DENIED,
           "a unit's own head exempts nobody");
    about.person = lead;
    is_int(statement_exempt(&ctx, &w.local, &about, &e, &err), 0, "a coordinator above does");
    ok(id_eq(e.approved_by, lead), "under their name");
    w.now += TIME_HOUR;
    about.start += TIME_HOUR;
    is_int(statement_exempt(&ctx, &w.local, &about, &e, &err), 1, "a second time");
    ok(e.approved_at == T0 && e.version == 1, "nothing is done");
    about.stop += TIME_HOUR;
    is_int(statement_exempt(&ctx, &w.local, &about, &e, &err), 0, "but for longer");
    world_close(&w);
}

static void test_evidence(void)
{
    struct state_id both[2];
    struct evidence_draft draft = {.kind = SLICE("file.restore-report"),
                                   .title = SLICE("Khôi phục thử"),
                                   .method = STATE_TEST,
                                   .obligations = both,
                                   .obligation_count = 2,
                                   .verdict = STATE_SHOWS_MET};
    struct state_query all = {.limit = 0};
    struct state_evidence e, *rows;
    struct state_actor signed_in;
    size_t n;

    begin();
    signed_in = w.local;
    signed_in.account = SLICE("dieu-phoi");
    both[0] = obligation.id;
    both[1] = plan.id; /* no obligation */
    draft.unit = w.commune_a;
    draft.signer = w.person_a2;
    ok(evidence_add(&ctx, &w.local, &draft, &e, &err) < 0, "a proof of what is no obligation");
    must(state_evidence_list(w.s, &w.local, &all, &w.arena, &rows, &n, &err), &err, "list");
    is_int(n, 0, "leaves no evidence");
    is_int(proofs(), 0, "and no other proof");
    draft.obligation_count = 1;
    is_int(evidence_add(&ctx, &w.local, &draft, &e, &err), 0, "declared");
    draft.confirmed = true;
    is_int(evidence_add(&ctx, &w.local, &draft, &e, &err), -CE_DENIED,
           "one's own unit confirms nothing");
    draft.signer = lead;
    is_int(evidence_add(&ctx, &w.local, &draft, &e, &err), 0, "another one does");
    is_int(e.strength, STATE_DECLARED, "declared only, by the machine's own user in their name");
    is_int(evidence_add(&ctx, &signed_in, &draft, &e, &err), 0, "and by an account");
    is_int(e.strength, STATE_CONFIRMED, "as confirmed");
    is_int(proofs(), 3, "each proves it");
    world_close(&w);
}

int main(void)
{
    test_head();
    test_about();
    test_evidence();
    return tap_done();
}
