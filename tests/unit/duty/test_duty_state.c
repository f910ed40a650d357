/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "duty/duty_state.h"

#include "duty/gaps.h"
#include "state/world.h"

static struct world w;

#define H(n)                 (T0 + (int64_t)(n)*TIME_HOUR)
#define PUT(thing, actor, x) must(state_##thing##_put(w.s, actor, x, &err), &err, #thing)

static struct state_id add_post(struct state_id unit, const char *code)
{
    struct err err = ERR_INIT;
    struct state_post p = {.unit = unit,
                           .code = slice_str(code),
                           .name = slice_str(code),
                           .kind = SLICE("security"),
                           .presence = STATE_ON_SITE,
                           .hours = SLICE("24/7"),
                           .people = 1,
                           .zone = SLICE("Asia/Ho_Chi_Minh"),
                           .valid_from = T0 - 100 * TIME_DAY,
                           .valid_to = STATE_FOREVER};

    PUT(post, &w.local, &p);
    return p.id;
}

static struct state_layer add_layer(struct state_id unit, struct state_id post, const char *rule)
{
    struct err err = ERR_INIT;
    struct state_layer l = {.unit = unit,
                            .post = post,
                            .code = rule ? SLICE("luat") : SLICE("bang"),
                            .kind = rule ? STATE_LAYER_RULE : STATE_LAYER_TABLE,
                            .position = rule ? 1 : 2,
                            .rule = slice_str(rule),
                            .start = T0,
                            .length = rule ? TIME_DAY : 0,
                            .valid_from = T0 - TIME_DAY,
                            .valid_to = STATE_FOREVER};

    PUT(layer, &w.local, &l);
    return l;
}

static void is_on(const char *want, const struct state_actor *a, int64_t t, const char *what)
{
    const struct duty_ics words = {.on_call = SLICE("home"), .via = SLICE("by")};
    struct buf out = BUF_INIT(2000);
    struct err err = ERR_INIT;
    struct duty_names names;
    struct duty_load l;
    struct duty_on on;

    if (must(duty_load(w.s, a, w.commune_a, T0, T0 + 14 * TIME_DAY, &w.arena, &l, &err), &err,
             what)) {
        names = duty_load_names(&l);
        duty_at(&l.plan, 0, t, &on);
        duty_put_people(&out, &on, &names, &words);
        is_str(buf_cstr(&out), want, "%s", what);
        is_int(l.asked, 1, "one post was asked for");
    }
    buf_done(&out);
}

static void test_in_force(void)
{
    struct state_id post = add_post(w.commune_a, "truc-xa"), other = add_post(w.centre, "truc-tt");
    struct state_layer rule = add_layer(w.commune_a, post, "FREQ=DAILY");
    struct state_layer table = add_layer(w.commune_a, post, NULL);
    struct state_layer theirs = add_layer(w.centre, other, NULL);
    struct state_actor a = actor(w.person_a2, w.commune_a, STATE_DUTY);
    struct state_turn t1 = {.unit = w.commune_a,
                            .layer = rule.id,
                            .person = w.person_a,
                            .position = 1,
                            .valid_from = T0 - TIME_DAY,
                            .valid_to = STATE_FOREVER};
    struct state_turn t2 = t1;
    struct state_roster cell = {.unit = w.commune_a,
                                .layer = table.id,
                                .person = w.person_a2,
                                .start = H(2),
                                .stop = H(4),
                                .shift = SLICE("S"),
                                .position = 1};
    struct state_roster far = {.unit = w.centre,
                               .layer = theirs.id,
                               .person = w.person_c,
                               .start = H(0),
                               .stop = H(300),
                               .shift = SLICE("S"),
                               .position = 1};
    struct state_leave leave = {.unit = w.commune_a,
                                .person = w.person_a,
                                .start = H(10),
                                .stop = H(12),
                                .kind = SLICE("leave")};
    struct state_swap swap = {.unit = w.commune_a,
                              .post = post,
                              .person = w.person_a,
                              .other = w.person_a2,
                              .start = H(6),
                              .stop = H(8),
                              .state = STATE_SWAP_ASKED};
    struct state_override over = {.unit = w.commune_a,
                                  .post = post,
                                  .kind = STATE_OVERRIDE_ADD,
                                  .person = w.person_a2,
                                  .start = H(14),
                                  .stop = H(15),
                                  .reason = SLICE("thử")};
    struct state_coverage cover = {.unit = w.commune_a,
                                   .post = post,
                                   .other = w.centre,
                                   .other_post = other,
                                   .start = H(0),
                                   .stop = H(48),
                                   .presence = STATE_ON_CALL,
                                   .state = STATE_PROPOSED};
    struct err err = ERR_INIT;

    t2.person = w.person_a2;
    t2.position = 2;
    PUT(turn, &w.local, &t2);
    PUT(turn, &w.local, &t1);
    PUT(roster, &w.local, &cell);
    PUT(roster, &w.local, &far);
    is_on("Người Thử Một", &a, H(1), "the first turn by position");
    is_on("Người Thử Hai", &a, H(25), "the second");
    is_on("Người Thử Hai", &a, H(3), "the table stands higher");

    PUT(leave, &w.local, &leave);
    PUT(swap, &w.local, &swap);
    PUT(override, &w.local, &over);
    PUT(coverage, &w.local, &cover);
    is_on("Người Thử Một", &a, H(11), "leave that nobody approved does not count");
    is_on("Người Thử Một", &a, H(7), "nor does a swap that was only asked for");
    is_on("Người Thử Một", &a, H(14), "nor an override without approval");

    leave.approved_at = over.approved_at = w.now;
    PUT(leave, &w.local, &leave);
    is_on("", &a, H(11), "coverage that was only proposed covers nothing");
    swap.state = STATE_SWAP_AGREED;
    PUT(swap, &w.local, &swap);
    swap.state = STATE_SWAP_APPROVED;
    swap.approved_at = w.now;
    PUT(swap, &w.local, &swap);
    PUT(override, &w.local, &over);
    must(state_coverage_answer(w.s, &w.local, cover.id, cover.version, STATE_ACCEPTED, &err), &err,
         "accepted");
    is_on("Người Thử Bốn (home) [by truc-tt]", &a, H(11), "on leave, covered by the centre");
    is_on("Người Thử Hai", &a, H(7), "swapped");
    is_on("Người Thử Một, Người Thử Hai", &a, H(14), "added");
}

static void test_refused(void)
{
    struct state_id post = add_post(w.commune_b, "truc-b");
    struct state_actor b = actor(w.person_b, w.commune_b, STATE_DUTY);
    struct err err = ERR_INIT;
    struct duty_load l;

    is_int(duty_load(w.s, &b, w.commune_b, T0, T0 + TIME_DAY, &w.arena, &l, &err), 0,
           "a post without a roster loads");
    is_int(l.asked, 1, "it alone");
    (void)add_layer(w.commune_b, post, "FREQ=HOURLY");
    is_int(duty_load(w.s, &b, w.commune_b, T0, T0 + TIME_DAY, &w.arena, &l, &err), -CE_UNKNOWN,
           "an unknown rule is refused");
    ok(strstr(err.msg, "truc-b") && strstr(err.msg, "luat"), "by name: %s", err.msg);
}

int main(void)
{
    world_open(&w);
    test_in_force();
    test_refused();
    world_close(&w);
    return tap_done();
}
