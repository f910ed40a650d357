/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* Who may decide what: roles, units above and leading, validity of grants and links at both ends.
 */
#include "state/rights.h"

#include "err_words.h"
#include "state/evidence.h"
#include "state/internal.h"
#include "state/scope.h"
#include "world.h"

static struct world w;
static struct err err;
static struct state_actor got;

static void grant(struct state_id person, struct state_id unit, enum state_role role)
{
    struct state_grant x = {.unit = unit,
                            .person = person,
                            .role = (int32_t)role,
                            .valid_from = T0 - TIME_DAY,
                            .valid_to = T0 + TIME_DAY};

    must(state_grant_put(w.s, &w.local, &x, &err), &err, "grant");
}

static int right(struct state_id person, struct state_id unit, enum state_right what)
{
    return state_right_of(w.s, &w.local, person, unit, what, &got, &err);
}

static void test_roles(void)
{
    struct state_id head, duty, above, lead, stranger;

    world_open(&w);
    duty = w.person_a;
    head = w.person_a2;
    stranger = w.person_b;
    above = world_person(&w, w.root, "R1", "Người Trên");
    lead = world_person(&w, w.dept, "D1", "Người Chủ Trì");
    grant(duty, w.commune_a, STATE_DUTY);
    grant(head, w.commune_a, STATE_HEAD);
    grant(stranger, w.commune_b, STATE_HEAD);
    grant(above, w.root, STATE_COORDINATOR);
    for (int i = STATE_MAY_APPROVE_ROSTER; i <= STATE_MAY_REPLACE; i++) {
        enum state_right r = (enum state_right)i;

        is_int(right(duty, w.commune_a, r), -CE_DENIED, "%d: not an officer on duty", i);
        is_int(right(stranger, w.commune_a, r), -CE_DENIED, "%d: not another unit's head", i);
        is_int(right(lead, w.commune_a, r), -CE_DENIED, "%d: not without a role", i);
        is_int(right(head, w.commune_a, r), 0, "%d: the head", i);
        is_int(right(above, w.commune_a, r), 0, "%d: a coordinator above", i);
    }
    ok(got.role == STATE_COORDINATOR && id_eq(got.person, above) && id_eq(got.unit, w.root),
       "decides as themself, where they hold the role");
    is_int(right(head, w.commune_a, STATE_MAY_ACCEPT), 0, "the head accepts");
    is_int(right(above, w.commune_a, STATE_MAY_ACCEPT), -CE_DENIED, "a coordinator is no head");
    is_int(right(head, w.commune_a, STATE_MAY_EXEMPT), -CE_DENIED, "no head exempts");
    is_int(right(above, w.commune_a, STATE_MAY_EXEMPT), 0, "a coordinator above does");
    is_int(right(head, w.commune_a, STATE_MAY_ATTEST), -CE_DENIED, "nobody confirms their own");
    is_int(right(above, w.commune_a, STATE_MAY_ATTEST), 0, "somebody above confirms");
    grant(duty, w.root, STATE_COORDINATOR);
    is_int(right(duty, w.commune_a, STATE_MAY_ATTEST), -CE_DENIED,
           "who belongs to a unit confirms nothing of it, by whatever role");
    is_int(right(duty, w.commune_b, STATE_MAY_ATTEST), 0, "but of others");
    is_int(right(duty, w.commune_a, STATE_MAY_EXEMPT), -CE_DENIED, "nor exempts it");
    is_int(right(duty, w.commune_b, STATE_MAY_EXEMPT), 0, "but others");
    is_int(right(STATE_ID_NONE, w.commune_a, STATE_MAY_ATTEST), -CE_MISSING, "nobody is nobody");
    got = actor(duty, w.commune_a, STATE_HEAD);
    is_int(state_right_of(w.s, &got, head, w.commune_a, STATE_MAY_ACCEPT, &got, &err), -CE_DENIED,
           "nobody decides in another's name");
    w.now = T0 + TIME_DAY - 1;
    is_int(right(head, w.commune_a, STATE_MAY_ACCEPT), 0, "to the last instant of the role");
    w.now++;
    is_int(right(head, w.commune_a, STATE_MAY_ACCEPT), -CE_DENIED, "and not after it");
    world_close(&w);
}

/* Who coordinates above the unit and belongs to it decides nothing of it, and is not named. */
static void test_named(void)
{
    world_open(&w);
    grant(w.person_a, w.root, STATE_COORDINATOR);
    grant(w.person_a2, w.root, STATE_COORDINATOR);
    is_int(right(w.person_a, w.commune_a, STATE_MAY_EXEMPT), -CE_DENIED, "not for their own unit");
    ok(strstr(err_words(&err), "Người Thử Hai") == NULL, "nor does who is of it, too");
    grant(world_person(&w, w.root, "R1", "Người Trên"), w.root, STATE_COORDINATOR);
    is_int(right(w.person_a, w.commune_a, STATE_MAY_EXEMPT), -CE_DENIED, "nor then");
    ok(strstr(err_words(&err), "Người Trên (") != NULL, "but who may is named");
    world_close(&w);
}

/* The machine's administrator names who confirms: another hand than the one that declared, or
 * paper. */
static void test_one_hand(struct state_evidence x)
{
    struct state_evidence declared = {.unit = x.unit,
                                      .kind = SLICE("k"),
                                      .method = STATE_EXAMINE,
                                      .strength = STATE_DECLARED};
    struct state_actor signed_in = w.local;
    struct state_identity here = w.s->identity;

    x.id = STATE_ID_NONE;
    x.version = 0;
    must(state_evidence_put(w.s, &w.local, &x, &err), &err, "on paper");
    is_int(x.strength, STATE_DECLARED, "entered by the administrator: declared");
    must(state_evidence_put(w.s, &w.local, &declared, &err), &err, "declared");
    x.id = STATE_ID_NONE;
    x.version = 0;
    x.strength = STATE_CONFIRMED;
    x.revises = declared.id;
    must(state_evidence_put(w.s, &w.local, &x, &err), &err, "answered");
    is_int(x.strength, STATE_DECLARED, "by the hand that declared: declared");
    w.s->identity.uid++;
    (void)snprintf(w.s->identity.login, sizeof(w.s->identity.login), "khac");
    w.s->identity.sudo[0] = 0;
    x.id = STATE_ID_NONE;
    x.version = 0;
    x.strength = STATE_CONFIRMED;
    must(state_evidence_put(w.s, &w.local, &x, &err), &err, "answered by another");
    is_int(x.strength, STATE_CONFIRMED, "another user of the machine: confirmed");
    w.s->identity = here;
    signed_in.account = SLICE("chu-tri");
    x.id = STATE_ID_NONE;
    x.version = 0;
    x.revises = STATE_ID_NONE;
    x.strength = STATE_CONFIRMED;
    must(state_evidence_put(w.s, &signed_in, &x, &err), &err, "by an account");
    is_int(x.strength, STATE_CONFIRMED, "an account: confirmed");
}

static void test_lead(void)
{
    struct state_unit_link link = {.kind = STATE_LINK_LEAD};
    struct state_evidence x = {.kind = SLICE("k"),
                               .method = STATE_EXAMINE,
                               .strength = STATE_CONFIRMED};
    struct state_id lead;
    struct state_actor as;

    world_open(&w);
    lead = world_person(&w, w.dept, "D1", "Người Chủ Trì");
    grant(lead, w.dept, STATE_COORDINATOR);
    link.unit = w.commune_a;
    link.other = w.dept;
    link.valid_from = T0;
    link.valid_to = T0 + TIME_HOUR;
    must(state_unit_link_put(w.s, &w.local, &link, &err), &err, "link");
    w.now = T0 - 1;
    is_int(right(lead, w.commune_a, STATE_MAY_EXEMPT), -CE_DENIED, "before the link begins");
    w.now = T0;
    is_int(right(lead, w.commune_a, STATE_MAY_EXEMPT), 0, "from its first instant");
    is_int(right(lead, w.commune_a, STATE_MAY_ATTEST), 0, "confirming, too");
    is_int(right(lead, w.commune_a, STATE_MAY_APPROVE_ROSTER), -CE_DENIED,
           "what is the unit's own is not the lead authority's");
    as = actor(lead, w.dept, STATE_COORDINATOR);
    x.unit = w.commune_a;
    x.signer = lead;
    is_int(state_evidence_put(w.s, &as, &x, &err), 0, "it confirms the evidence of the led");
    is_int(x.strength, STATE_CONFIRMED, "as themself");
    test_one_hand(x);
    x.id = STATE_ID_NONE;
    x.version = 0;
    x.strength = STATE_DECLARED;
    is_int(state_evidence_put(w.s, &as, &x, &err), -CE_DENIED, "and declares nothing for them");
    w.now = T0 + TIME_HOUR - 1;
    is_int(right(lead, w.commune_a, STATE_MAY_EXEMPT), 0, "to its last instant");
    w.now++;
    is_int(right(lead, w.commune_a, STATE_MAY_EXEMPT), -CE_DENIED, "and not after it");
    world_close(&w);
}

/* Who sees a single unit is answered from that unit's rows alone. */
static void test_only(void)
{
    world_open(&w);
    for (int i = 0; i < 3; i++) {
        struct state_id units[] = {w.commune_b, w.centre, w.root}, one;
        struct state_actor a = actor(w.person_a, units[i], STATE_OBSERVER);

        must(scope_only(w.s, &a, &one, &err), &err, "only");
        ok(id_eq(one, i == 0 ? w.commune_b : STATE_ID_NONE), "a single one only at a leaf: %d", i);
    }
    must(scope_only(w.s, &w.local, &got.unit, &err), &err, "only");
    ok(id_is_none(got.unit), "everything is no single unit");
    world_close(&w);
    world_empty(&w);
    got = actor(STATE_ID_NONE, world_unit(&w, "XA", "Xã Giả Định", "commune", STATE_ID_NONE),
                STATE_OBSERVER);
    must(scope_only(w.s, &got, &w.root, &err), &err, "only");
    ok(id_eq(w.root, got.unit), "the only one of a store");
    world_close(&w);
}

static bool root_sees(struct state_id unit)
{
    struct state_actor a = actor(STATE_ID_NONE, w.root, STATE_OBSERVER);

    return state_may_read(w.s, &a, unit);
}

/* What another process writes: rows of other things change nothing, a new unit is seen. */
static void test_other_writer(void)
{
    struct world other;

    world_open(&w);
    ok(root_sees(w.commune_a), "before");
    other = w;
    other.s = NULL;
    world_reopen(&other, STATE_WRITE);
    world_person(&other, w.commune_b, "B2", "Người Thử Năm");
    ok(root_sees(w.commune_a), "after a person from elsewhere");
    ok(root_sees(world_unit(&other, "XA-C", "Xã Giả Định C", "commune", w.root)),
       "after a unit from elsewhere");
    state_free(other.s);
    world_close(&w);
}

int main(void)
{
    test_roles();
    test_named();
    test_lead();
    test_only();
    test_other_writer();
    return tap_done();
}
