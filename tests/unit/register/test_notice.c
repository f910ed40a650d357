/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* Orders, reviews, notices and contacts as acts: what is refused, and that it leaves nothing. */
#include "register/notice.h"

#include "register/contact.h"
#include "register/order.h"
#include "register/review.h"
#include "state/world.h"

static struct world w;
static struct err err;
static struct act_ctx ctx;

static void begin(void)
{
    world_open(&w);
    ctx = (struct act_ctx){.s = w.s, .arena = &w.arena, .how = SLICE("test")};
}

static void test_order(void)
{
    struct order_draft draft = {.number = SLICE("12/CV"),
                                .authority = SLICE("Cơ quan Giả Định"),
                                .deadline = T0 + TIME_DAY};
    struct order_answer answer = {.number = SLICE("12/CV"), .outcome = STATE_ORDER_QUERIED};
    struct state_order x;

    begin();
    draft.unit = answer.unit = w.commune_a;
    is_int(order_enter(&ctx, &w.local, &draft, &x, &err), 0, "entered");
    is_int(x.received, T0, "received now");
    is_int(order_enter(&ctx, &w.local, &draft, &x, &err), -CE_EXISTS, "once");
    ctx.claimed = T0 - TIME_DAY;
    is_int(order_answer(&ctx, &w.local, &answer, &x, &err), -CE_RANGE, "not before its receipt");
    ctx.claimed = 0;
    w.now += TIME_HOUR;
    is_int(order_answer(&ctx, &w.local, &answer, &x, &err), 0, "asked back");
    answer.outcome = STATE_ORDER_DONE;
    is_int(order_answer(&ctx, &w.local, &answer, &x, &err), 0, "then done");
    is_int(x.done_at, w.now, "at this moment");
    answer.outcome = STATE_ORDER_REFUSED;
    is_int(order_answer(&ctx, &w.local, &answer, &x, &err), -CE_EXISTS, "an outcome stands");
    answer.replace = true;
    is_int(order_answer(&ctx, &w.local, &answer, &x, &err), 0, "until it is corrected");
    answer.unit = w.commune_b;
    is_int(order_answer(&ctx, &w.local, &answer, &x, &err), -CE_NOT_FOUND, "of its unit alone");
    world_close(&w);
}

static void test_review(void)
{
    struct review_draft draft = {.code = SLICE("TL"),
                                 .title = SLICE("Rà soát"),
                                 .kind = SLICE("firewall-rules"),
                                 .lasts = 30 * TIME_DAY};
    struct review_signature signature = {.issues = true};
    struct state_campaign c;
    struct state_review x;

    begin();
    draft.unit = w.dept;
    signature.unit = w.commune_a;
    signature.signer = w.person_a;
    is_int(review_start(&ctx, &w.local, &draft, &c, &err), 0, "started");
    is_int(c.due, T0 + 7 * TIME_DAY, "a week, when nothing is said");
    is_int(review_start(&ctx, &w.local, &draft, &c, &err), -CE_EXISTS, "once");
    signature.campaign = c.id;
    is_int(review_sign(&ctx, &w.local, &signature, &x, &err), -CE_MISSING, "issues say which");
    signature.result = SLICE("quy tắc thừa");
    is_int(review_sign(&ctx, &w.local, &signature, &x, &err), 0, "signed");
    ok(x.state == STATE_REVIEW_ISSUES && x.expires == T0 + 30 * TIME_DAY, "and holds for a while");
    world_close(&w);
}

static int64_t reads(struct state_id delivery)
{
    struct state_query q = {.ref = delivery};
    struct state_ack *acks;
    size_t n;
    int64_t sum = 0;

    must(state_ack_list(w.s, &w.local, &q, &w.arena, &acks, &n, &err), &err, "acks");
    for (size_t i = 0; i < n; i++)
        sum += acks[i].kind == STATE_READ_IT ? acks[i].count : 0;
    return sum;
}

static void test_notice(void)
{
    struct notice_draft draft = {.code = SLICE("TB-1"), .title = SLICE("Thư công vụ")};
    const struct slice kinds[] = {SLICE("commune"), SLICE("nowhere")};
    struct notice_dispatch dispatch = {.kinds = kinds, .kind_count = 2, .link = true};
    struct notice_count count = {.count = 9, .attest = true};
    struct notice_dispatched sent;
    struct state_delivery d;
    struct state_notice x, opened;
    struct notice_behind behind;
    struct state_actor reader;

    begin();
    reader = actor(w.person_b, w.commune_b, STATE_DUTY);
    draft.unit = w.dept;
    is_int(notice_issue(&ctx, &w.local, &draft, &x, &err), 0, "issued");
    is_int(notice_issue(&ctx, &w.local, &draft, &opened, &err), -CE_EXISTS, "once");
    dispatch.notice = count.notice = x.id;
    dispatch.units = &w.centre;
    dispatch.unit_count = 1;
    count.unit = w.commune_a;
    is_int(notice_ack(&ctx, &w.local, &count, &err), -CE_MISSING, "what was not sent is not read");
    is_int(notice_send(&ctx, &w.local, &dispatch, &sent, &err), -CE_NOT_FOUND,
           "a kind that no unit has");
    must(notice_delivery(&ctx, &w.local, x.id, w.centre, &d, &err), &err, "delivery");
    ok(d.version == 0 && sent.count == 0, "leaves nothing sent");
    dispatch.kind_count = 1;
    is_int(notice_send(&ctx, &w.local, &dispatch, &sent, &err), 0, "sent");
    is_int(sent.count, 3, "to the unit named and both communes");
    is_int(notice_open(&ctx, &w.local, sent.units[0].secret, false, &opened, &err), 0,
           "a secret opens it");
    ok(slice_eq(opened.code, x.code), "and shows it");
    is_int(notice_open(&ctx, &w.local, SLICE("https://x.example/n/00000000000000000000"), false,
                       &opened, &err),
           -CE_NOT_FOUND, "another does not");
    is_int(notice_by_link(&ctx, &w.local, sent.units[0].secret, &behind, &err), 0, "looked at");
    must(notice_delivery(&ctx, &w.local, x.id, behind.unit, &d, &err), &err, "delivery");
    is_int(reads(d.id), 1, "which counts nobody");
    is_int(notice_read(&ctx, &reader, x.id, false, &err), 0, "read with an account");
    must(notice_delivery(&ctx, &w.local, x.id, w.commune_b, &d, &err), &err, "delivery");
    is_int(reads(d.id), 1, "counts one");
    w.now = behind.ends;
    is_int(notice_open(&ctx, &w.local, sent.units[0].secret, false, &opened, &err), -CE_NOT_FOUND,
           "a link ends");
    is_int(notice_ack(&ctx, &w.local, &count, &err), 0, "a sheet counts");
    must(notice_delivery(&ctx, &w.local, x.id, w.commune_a, &d, &err), &err, "delivery");
    ok(reads(d.id) >= 9, "all of its signatures");
    world_close(&w);
}

static void test_contact(void)
{
    struct contact_change change = {.of = {.role = SLICE("ncsc"), .kind = STATE_CONTACT_PHONE},
                                    .value = SLICE("0900000001")};
    struct contact_of other = {.kind = STATE_CONTACT_EMAIL};
    struct state_contact x, again;

    begin();
    change.of.unit = other.unit = w.dept;
    is_int(contact_set(&ctx, &w.local, &change, &x, &err), 0, "set");
    change.value = SLICE("0900000002");
    change.position = 2;
    is_int(contact_set(&ctx, &w.local, &change, &again, &err), 0, "set again");
    ok(id_eq(x.id, again.id) && again.position == 2, "is the same contact");
    is_int(contact_find(&ctx, &w.local, &other, &x, &err), -CE_NOT_FOUND, "of its kind alone");
    world_close(&w);
}

int main(void)
{
    test_order();
    test_review();
    test_notice();
    test_contact();
    return tap_done();
}
