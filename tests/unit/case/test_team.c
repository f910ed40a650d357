/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* The response team: who is of it, who can come, who is asked for help, and who may see that. */
#include "case/case.h"
#include "case/team.h"

#include "../state/world.h"

enum { MANY = 2100 };

static struct world w;
static struct err err;
static struct act_ctx ctx;
static struct state_actor duty;

static struct state_id member(struct state_id person, struct state_id unit)
{
    struct state_grant x = {.unit = unit, .person = person, .role = STATE_RESPONDER};

    must(state_grant_put(w.s, &w.local, &x, &err), &err, "a grant");
    return person;
}

static size_t list(const char *skill, struct team_member **ret)
{
    size_t n = 0;

    must(team_list(&ctx, &duty, slice_str(skill), ret, &n, &err), &err, "the team");
    return n;
}

static void sees(enum state_role role, int want)
{
    struct state_actor a = actor(w.person_a, w.commune_a, role);
    struct team_member *rows;
    size_t n;

    is_int(team_list(&ctx, &a, SLICE_NULL, &rows, &n, NULL), want, "seen by role %d", (int)role);
}

static void words(void)
{
    struct state_actor b = actor(w.person_b, w.commune_b, STATE_RESPONDER);
    struct team_word away = {.away = true, .until = w.now + TIME_DAY, .note = SLICE("thử")};
    struct team_word back = {.away = false}, past = {.away = true, .until = w.now};
    struct team_member *rows;

    is_int((int64_t)list("", &rows), 2, "members");
    is_slice(rows[0].name, SLICE("Người Thử Ba"), "by name");
    is_int(team_declare(&ctx, &duty, &away, NULL), -CE_DENIED, "who is none says nothing");
    is_int(team_declare(&ctx, &b, &past, NULL), -CE_RANGE, "a time that is past");
    must(team_declare(&ctx, &b, &away, &err), &err, "away");
    (void)list("", &rows);
    ok(rows[1].standing == TEAM_AWAY && rows[1].until == away.until &&
           id_eq(rows[1].person, w.person_b),
       "stands last");
    w.now += TIME_SECOND;
    must(team_declare(&ctx, &b, &back, &err), &err, "back");
    (void)list("", &rows);
    is_int(rows[0].standing, TEAM_FREE, "free again");
    is_int((int64_t)list("không có", &rows), 0, "nobody of that skill");
}

static struct state_case incident(const char *title)
{
    struct case_draft d = {.unit = w.commune_a, .title = slice_str(title)};
    struct state_case x;

    must(case_open(&ctx, &duty, &d, &x, &err), &err, "an incident");
    return x;
}

static void asks(void)
{
    static char title[1000];
    struct state_actor lead =
        actor(world_person(&w, w.dept, "D1", "Người Thử Sáu"), w.dept, STATE_COORDINATOR);
    struct state_actor other = actor(w.person_b, w.commune_b, STATE_HEAD);
    struct state_unit_link link = {.unit = w.commune_a,
                                   .other = w.dept,
                                   .kind = STATE_LINK_LEAD,
                                   .valid_from = T0 - TIME_DAY};
    struct team_request ask = {.unit = w.commune_a,
                               .member = w.person_b,
                               .text = SLICE("thử"),
                               .login = SLICE("uid 0")};
    struct state_query lines;
    struct state_case_line *rows = NULL;
    size_t n = 0;
    struct state_request x;

    for (size_t i = 0; i + 2 < sizeof(title); i += 2)
        memcpy(title + i, "á", 2);
    ask.incident = incident(title).id;
    must(team_ask(&ctx, &duty, &ask, &x, &err), &err, "asked, however long the incident's title");
    ok(id_eq(x.unit, w.commune_a) && id_eq(x.other, w.commune_b), "by its unit, of the member's");
    is_int(x.due, w.now + TEAM_ACCEPT, "with a time to accept it");
    lines = (struct state_query){.ref = ask.incident};
    must(state_case_line_list(w.s, &duty, &lines, &w.arena, &rows, &n, &err), &err, "lines");
    while (n > 0 && !slice_eq(rows[n - 1].login, ask.login))
        n--;
    ok(n > 0, "the timeline says by whom");
    is_int(team_ask(&ctx, &other, &ask, &x, NULL), -CE_DENIED, "not by another unit");
    is_int(team_ask(&ctx, &lead, &ask, &x, NULL), -CE_DENIED, "nor by one that does not lead it");
    must(state_unit_link_put(w.s, &w.local, &link, &err), &err, "a lead");
    must(team_ask(&ctx, &lead, &ask, &x, &err), &err, "by who leads it");
    ok(id_eq(x.unit, w.dept), "for themselves");
    ask.member = w.person_a;
    is_int(team_ask(&ctx, &duty, &ask, &x, NULL), -CE_NOT_FOUND, "no member");
}

static void many(void)
{
    struct team_member *rows;

    must(state_begin(w.s, &err), &err, "begin");
    for (unsigned i = 0; i < MANY; i++) {
        char code[16];

        (void)snprintf(code, sizeof(code), "N%u", i);
        (void)member(world_person(&w, w.section, code, "Người Thử Nhiều"), w.section);
    }
    must(state_commit(w.s, &err), &err, "commit");
    is_int((int64_t)list("", &rows), MANY + 2, "however many there are");
}

int main(void)
{
    world_open(&w);
    ctx = (struct act_ctx){.s = w.s, .arena = &w.arena};
    duty = actor(w.person_a, w.commune_a, STATE_DUTY);
    (void)member(w.person_b, w.commune_b);
    (void)member(w.person_c, w.centre);
    (void)member(w.person_c, w.root);
    sees(STATE_OBSERVER, -CE_DENIED);
    sees(STATE_OFFICIAL, -CE_DENIED);
    sees(STATE_DUTY, 0);
    sees(STATE_RESPONDER, 0);
    words();
    asks();
    many();
    world_close(&w);
    return tap_done();
}
