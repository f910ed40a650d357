/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "duty/duty_state.h"

#include "duty/terms_state.h"
#include "err_words.h"
#include "roster/gaps.h"
#include "state/settings.h"
#include "state/world.h"

enum { AT_ONCE_POSTS = 40 };

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
        duty_write_people(&out, &on, &names, &words);
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
    ok(strstr(err_words(&err), "truc-b") && strstr(err_words(&err), "luat"), "by name: %s",
       err_words(&err));
}

#define TERMS(after)                                                                               \
    SLICE("duty: terms\nladder: [{after: " after ", tell: person}]\nnight: 22:00-06:00\n"          \
          "mark-grace: 1\nearly: 1\ntyped-later: 1\nnight-turn: 1\n")

/* The first step of the ladder that a unit goes by; -1 when the terms cannot be read. */
static int first_step(struct state_id unit)
{
    struct duty_terms_found found;
    struct err err = ERR_INIT;

    return duty_terms_of(w.s, unit, TERMS("5"), &w.arena, &found, &err) < 0
               ? -1
               : found.terms.ladder[0].minutes;
}

static void test_terms(void)
{
    struct state_actor head = actor(w.person_a, w.commune_a, STATE_HEAD);
    struct state_actor duty = actor(w.person_a, w.commune_a, STATE_DUTY);
    struct state_setting own = {.unit = w.commune_a, .name = SLICE("duty"), .yaml = TERMS("9")};
    struct state_setting other = {.unit = w.centre, .name = SLICE("other"), .yaml = SLICE("x: 1")};
    struct state_setting above;
    struct err err = ERR_INIT;
    struct state_unit u;
    struct duty_load l;

    PUT(setting, &w.local, &other);
    is_int(first_step(w.commune_a), 5, "nobody's own: those that were given");
    ok(state_setting_put(w.s, &duty, &own, &err) == -CE_DENIED, "duty officers set no terms");
    must(state_unit_get(w.s, &w.local, w.commune_a, &w.arena, &u, &err), &err, "unit");
    above = (struct state_setting){.unit = u.parent, .name = SLICE("duty"), .yaml = TERMS("7")};
    PUT(setting, &w.local, &above);
    is_int(first_step(w.commune_a), 7, "those of the unit above");
    PUT(setting, &head, &own);
    is_int(first_step(w.commune_a), 9, "its own");
    is_int(first_step(u.parent), 7, "which are not those of the unit above");
    must(duty_load(w.s, &w.local, STATE_ID_NONE, T0, T0 + TIME_DAY, &w.arena, &l, &err), &err,
         "load");
    ok(duty_terms_load(w.s, &l, TERMS("5"), &w.arena, &err) == 0 && l.terms != NULL,
       "of all posts");
    for (size_t i = 0; l.terms && i < l.plan.post_count; i++) {
        if (id_eq(l.posts[i].unit, w.commune_a))
            is_int(l.terms[i]->ladder[0].minutes, 9, "post %zu", i);
    }
    own.yaml = SLICE("duty: terms\nladder: no\n");
    PUT(setting, &head, &own);
    err = ERR_INIT;
    ok(duty_terms_load(w.s, &l, TERMS("5"), &w.arena, &err) < 0 &&
           strstr(err_words(&err), "line 2"),
       "what cannot be read is named: %s", err_words(&err));
}

/* A rule keeps the clock of its own zone: Berlin's seven in the morning is noon in winter here. */
static void test_zone(void)
{
    struct state_id post = add_post(w.centre, "truc-vung");
    struct state_layer l = {.unit = w.centre,
                            .post = post,
                            .code = SLICE("vung"),
                            .kind = STATE_LAYER_RULE,
                            .rule = SLICE("FREQ=DAILY"),
                            .zone = SLICE("Europe/Berlin CET-1CEST,M3.5.0,M10.5.0/3"),
                            .start = T0,
                            .length = 10 * TIME_HOUR,
                            .valid_from = T0 - TIME_DAY,
                            .valid_to = STATE_FOREVER};
    struct err err = ERR_INIT;
    struct duty_load load;
    struct state_turn turn;
    struct duty_on winter, summer;
    uint32_t k = 0;

    PUT(layer, &w.local, &l);
    turn = (struct state_turn){.unit = w.centre,
                               .layer = l.id,
                               .person = w.person_a,
                               .position = 1,
                               .valid_from = T0 - TIME_DAY,
                               .valid_to = STATE_FOREVER};
    if (state_turn_put(w.s, &w.local, &turn, &err) < 0)
        ok(false, "turn: %s", err_words(&err));
    must(duty_load(w.s, &w.local, w.centre, T0, T0 + 300 * TIME_DAY, &w.arena, &load, &err), &err,
         "load");
    while (k < load.asked && !id_eq(load.posts[k].id, post))
        k++;
    duty_at(&load.plan, k, T0 + 5 * TIME_DAY, &winter);
    duty_at(&load.plan, k, T0 + 200 * TIME_DAY, &summer);
    ok(winter.count == 1 && winter.from == T0 + 5 * TIME_DAY, "in winter from then on");
    ok(summer.count == 1 && (summer.from - T0) % TIME_DAY == TIME_DAY - TIME_HOUR,
       "in summer an hour earlier by UTC");
    l.zone = SLICE("Europe/Nirgends");
    PUT(layer, &w.local, &l);
    ok(duty_load(w.s, &w.local, w.centre, T0, T0 + TIME_DAY, &w.arena, &load, &err) < 0 &&
           strstr(err_words(&err), "Nirgends"),
       "an unknown zone is named: %s", err_words(&err));
}

static void write_on(struct buf *out, struct duty_load *l, uint32_t post, int64_t t)
{
    const struct duty_ics words = {.on_call = SLICE("home"), .via = SLICE("by")};
    struct duty_names names = duty_load_names(l);
    struct duty_on on;

    duty_at(&l->plan, post, t, &on);
    duty_write_people(out, &on, &names, &words);
    buf_putc(out, '\n');
}

/* Many posts are read by other statements than one: the same stand there. */
static void test_at_once(void)
{
    struct duty_load_request q = {.unit = w.commune_a, .from = T0, .until = T0 + 14 * TIME_DAY};
    struct err err = ERR_INIT;
    struct duty_load all, one, part;
    struct state_id named[3];
    size_t seen = 0;

    for (unsigned i = 0; i < AT_ONCE_POSTS; i++) {
        char code[16];

        (void)snprintf(code, sizeof(code), "truc-%u", i);
        (void)add_post(w.commune_a, code);
    }
    must(duty_load_for(w.s, &w.local, &q, &w.arena, &all, &err), &err, "all at once");
    is_int(all.asked, AT_ONCE_POSTS + 1, "posts");
    for (uint32_t i = 0; i < all.asked; i++) {
        struct buf at_once = BUF_INIT(1 << 16), alone = BUF_INIT(1 << 16);

        q.among = &all.posts[i].id;
        q.among_count = 1;
        must(duty_load_for(w.s, &w.local, &q, &w.arena, &one, &err), &err, "one");
        for (int h = 0; h < 24 * 14; h++) {
            write_on(&at_once, &all, i, H(h));
            write_on(&alone, &one, 0, H(h));
        }
        seen += buf_slice(&alone).n > 24u * 14;
        if (!slice_eq(buf_slice(&at_once), buf_slice(&alone)))
            ok(false, "post %u differs", i);
        buf_done(&at_once);
        buf_done(&alone);
    }
    ok(seen > 0, "somebody stands somewhere");
    named[0] = all.posts[10].id;
    named[1] = w.commune_a; /* no post */
    named[2] = all.posts[3].id;
    q = (struct duty_load_request){.from = T0,
                                   .until = T0 + TIME_DAY,
                                   .among = named,
                                   .among_count = CANH_LEN(named)};
    must(duty_load_for(w.s, &w.local, &q, &w.arena, &part, &err), &err, "named posts");
    is_int(part.asked, 2, "those that there are");
    ok(id_eq(part.posts[0].id, named[0]) && id_eq(part.posts[1].id, named[2]), "in their order");
    q.from = T0 - 40 * 366 * TIME_DAY;
    q.until = q.from + TIME_DAY;
    must(duty_load_for(w.s, &w.local, &q, &w.arena, &part, &err), &err, "named posts of long ago");
    is_int(part.asked, 0, "are not there before they are in force");
}

int main(void)
{
    world_open(&w);
    test_in_force();
    test_terms();
    test_zone();
    test_at_once();
    test_refused();
    world_close(&w);
    return tap_done();
}
