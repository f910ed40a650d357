/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* Calling people: the ladder as data, its steps through time and restarts, what goes out. */
#include "alert/alert.h"
#include "alert/call.h"
#include "alert/matter.h"
#include "data/data.h"
#include "duty/act.h"
#include "state/duty.h"
#include "state/requests.h"
#include "state/shift_changes.h"
#include "state/sources.h"

#include "../state/world.h"
#include "look.h"

#define MINUTE TIME_MINUTE
/* 10:00 on a working day at home, outside the quiet hours. */
#define DAY (T0 + 3 * TIME_HOUR)
/* 02:00 at night. */
#define NIGHT (T0 + 19 * TIME_HOUR)

static struct world w;
static struct err err;
static struct call_rules rules;
static struct ladder ladder;
static struct state_id officer, second, chief, lead;

static struct state_id person(const char *code, struct state_id unit, int32_t role,
                              const char *phone)
{
    struct state_person p = {.unit = unit,
                             .code = slice_str(code),
                             .name = SLICE("Người Giả Định")};
    struct state_grant g = {.unit = unit, .role = role};
    struct state_contact c = {.unit = unit,
                              .kind = STATE_CONTACT_MOBILE,
                              .position = 1,
                              .value = slice_str(phone ? phone : "")};

    must(state_person_put(w.s, &w.local, &p, &err), &err, code);
    g.person = c.person = p.id;
    must(state_grant_put(w.s, &w.local, &g, &err), &err, "role");
    if (phone)
        must(state_contact_put(w.s, &w.local, &c, &err), &err, "phone");
    return p.id;
}

static void roster(void)
{
    struct state_post post = {.unit = w.commune_a,
                              .code = SLICE("TRUC"),
                              .name = SLICE("Trực"),
                              .kind = SLICE("security"),
                              .presence = STATE_ON_SITE,
                              .hours = SLICE("24/7"),
                              .people = 2,
                              .zone = SLICE("Asia/Ho_Chi_Minh"),
                              .valid_from = T0 - TIME_DAY};
    struct state_layer layer = {.unit = w.commune_a,
                                .code = SLICE("thang"),
                                .name = SLICE("Lịch"),
                                .kind = STATE_LAYER_TABLE,
                                .position = 1,
                                .zone = SLICE("Asia/Ho_Chi_Minh"),
                                .valid_from = T0 - TIME_DAY};
    const struct state_id people[2] = {officer, second};

    must(state_post_put(w.s, &w.local, &post, &err), &err, "post");
    layer.post = post.id;
    must(state_layer_put(w.s, &w.local, &layer, &err), &err, "layer");
    for (int i = 0; i < 2; i++) {
        struct state_roster cell = {.unit = w.commune_a,
                                    .layer = layer.id,
                                    .person = people[i],
                                    .start = T0,
                                    .stop = T0 + 30 * TIME_DAY,
                                    .shift = SLICE("N"),
                                    .position = i + 1};

        must(state_roster_put(w.s, &w.local, &cell, &err), &err, "cell");
    }
}

/* A new alert through the journal's door. */
static struct state_id alert_of(unsigned n, int32_t level, bool history, struct state_id source)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct alert_record x = {.rule = SLICE("thu.yml"),
                             .title = SLICE("Tắt phần mềm chống mã độc"),
                             .about = SLICE("PC-KETOAN-07"),
                             .host = SLICE("PC-KETOAN-07"),
                             .user = SLICE("nguyenvana"),
                             .address = SLICE("203.0.113.9"),
                             .level = level,
                             .time = w.now,
                             .start = w.now,
                             .history = history};
    struct state_alert row = {.id = STATE_ID_NONE};
    struct state_id code;

    x.id[0] = (uint8_t)(n >> 8);
    x.id[1] = (uint8_t)n;
    x.id[2] = 0x77;
    memcpy(code.b, x.id, sizeof(code.b));
    must(alert_fold(w.s, &x, source, w.commune_a, &ladder, &err), &err, "an alert");
    {
        struct buf b = BUF_INIT(100);

        id_write(&b, code);
        must(state_alert_find(w.s, &w.local, w.commune_a, buf_slice(&b), &arena, &row, &err), &err,
             "found");
        buf_done(&b);
    }
    arena_done(&arena);
    return row.id;
}

static struct state_id alert(unsigned n, int32_t level, bool history)
{
    return alert_of(n, level, history, STATE_ID_NONE);
}

static int climb(void)
{
    size_t n = 0;

    err = ERR_INIT;
    must(call_climb(w.s, &rules, &n, &err), &err, "climbing");
    return (int)n;
}

struct post_bag {
    int n;
    char to[100][32], text[100][300];
    struct state_id id[100];
};
static struct post_bag bag;

static void put_in_bag(void *u, const struct outbox_letter *x)
{
    (void)u;
    bag.id[bag.n] = x->id;
    (void)snprintf(bag.to[bag.n], sizeof(bag.to[0]), SLICE_FMT, SLICE_ARG(x->to));
    (void)snprintf(bag.text[bag.n++], sizeof(bag.text[0]), SLICE_FMT, SLICE_ARG(x->text));
}

/* What goes out now; all of it arrives, or not. */
static int post(enum outbox_outcome outcome)
{
    size_t n = 0;

    bag.n = 0;
    err = ERR_INIT;
    must(outbox_drain(w.s, &rules.ways, &n, put_in_bag, NULL, &err), &err, "taking");
    for (int i = 0; i < bag.n && outcome; i++)
        must(outbox_done(w.s, bag.id[i], outcome, SLICE("vì sao"), &err), &err, "done");
    return bag.n;
}

static int state_of(struct state_id alert_id)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct state_call c = {.state = 0};
    int r = call_of(w.s, &w.local, alert_id, &arena, &c, NULL);

    arena_done(&arena);
    return r < 0 ? r : c.state;
}

static void acknowledge(struct state_id id, struct state_id who, int32_t verdict)
{
    struct state_actor a = actor(who, w.commune_a, STATE_DUTY);
    struct alert_ack_request q = {.same = id, .verdict = verdict};
    struct arena arena = ARENA_INIT(1 << 20);
    struct state_alert x;

    err = ERR_INIT;
    must(alert_ack(w.s, &a, &q, &arena, &x, &err), &err, "taken");
    arena_done(&arena);
}

static void climbs(void)
{
    struct state_id id;

    w.now = DAY;
    id = alert(1, 5, false);
    is_int(climb(), 1, "the first step at once");
    is_int(post(OUTBOX_SENT), 1, "to one person");
    is_str(bag.to[0], "+84901000001", "who stands first at the post");
    ok(strstr(bag.text[0], "[NGHIEM TRONG] Tat phan mem chong ma doc"),
       "level and title, plain: %s", bag.text[0]);
    ok(!strstr(bag.text[0], "KETOAN") && !strstr(bag.text[0], "nguyenvana") &&
           !strstr(bag.text[0], "203.0.113.9") && !strstr(bag.text[0], "Nguoi"),
       "no machine, account, address or name of a person");
    is_int(climb(), 0, "nothing more now");
    w.now += 4 * MINUTE;
    is_int(climb(), 0, "not before its time");
    w.now += MINUTE;
    is_int(climb() + post(OUTBOX_SENT), 2, "the second step");
    (void)world_reopen(&w, STATE_WRITE);
    is_int(climb(), 0, "a restart takes no step twice");
    w.now += 5 * MINUTE;
    (void)world_reopen(&w, STATE_WRITE);
    is_int(climb() + post(OUTBOX_SENT), 2, "nor loses one");
    is_str(bag.to[0], "+84901000002", "who stands beside");
    w.now += 10 * MINUTE;
    is_int(climb() + post(OUTBOX_SENT), 2, "then the head");
    is_str(bag.to[0], "+84901000003", "of the unit");
    w.now += 10 * MINUTE;
    is_int(climb() + post(OUTBOX_SENT), 2, "then the coordinator");
    is_str(bag.to[0], "+84901000004", "above");
    w.now += 15 * MINUTE;
    (void)climb();
    is_int(state_of(id), STATE_CALL_NOBODY, "and nobody answered");
    is_int(post(OUTBOX_SENT), 0, "nothing more goes out");
}

static void answers(void)
{
    struct state_id id;

    w.now = DAY + TIME_DAY;
    id = alert(2, 5, false);
    is_int(climb() + post(OUTBOX_SENT), 2, "called");
    acknowledge(id, officer, STATE_ALERT_ONLY_SEEN);
    (void)climb();
    is_int(state_of(id), STATE_CALL_ANSWERED, "answered");
    w.now += 20 * MINUTE;
    is_int(climb() + post(OUTBOX_SENT), 0, "nobody else is called");
    w.now += 11 * MINUTE;
    is_int(climb(), 1, "nothing was written for 30 minutes");
    is_int(state_of(id), STATE_CALL_CLIMBING, "it climbs anew");
    is_int(climb() + post(OUTBOX_SENT), 2, "from the first step");
    acknowledge(id, officer, STATE_ALERT_FALSE);
    (void)climb();
    is_int(state_of(id), STATE_CALL_OVER, "closed: over");
    w.now += TIME_DAY;
    is_int(climb(), 0, "for good");
}

/* What calls nobody: history, levels without a ladder; and what waits for the morning. */
static void quiet(void)
{
    struct state_id id, held;

    w.now = NIGHT + 2 * TIME_DAY;
    is_int(state_of(alert(3, 5, true)), -CE_NOT_FOUND, "history calls nobody");
    is_int(state_of(alert(4, 1, false)), -CE_NOT_FOUND, "nor does what is only information");
    id = alert(5, 4, false);
    (void)climb();
    is_int(post(OUTBOX_SENT), 0, "at night only red calls");
    w.now += 4 * TIME_HOUR;
    is_int(climb() + post(OUTBOX_SENT), 2, "in the morning the rest");
    acknowledge(id, officer, STATE_ALERT_KNOWN);
    (void)climb();
    w.now += MINUTE;
    held = alert(6, 4, false);
    (void)climb();
    is_int(post(OUTBOX_SENT), 0, "who answered is left alone for a while");
    id = alert(7, 5, false);
    (void)climb();
    is_int(post(OUTBOX_SENT), 1, "but for red");
    acknowledge(id, officer, STATE_ALERT_KNOWN);
    acknowledge(held, officer, STATE_ALERT_KNOWN);
    (void)climb();
}

/* A drill calls at any hour, also who was just awake, and says in every text what it is. */
static void drills(void)
{
    struct state_source source = {.unit = w.commune_a,
                                  .code = SLICE("dt-1"),
                                  .kind = SLICE("files"),
                                  .paths = SLICE("/tmp/dt.log"),
                                  .drill = true};
    struct arena arena = ARENA_INIT(1 << 20);
    struct state_alert x;
    struct state_id id;

    w.now = NIGHT + 3 * TIME_DAY;
    must(state_source_put(w.s, &w.local, &source, &err), &err, "a drill's source");
    id = alert_of(30, 4, false, source.id);
    must(state_alert_get(w.s, &w.local, id, &arena, &x, &err), &err, "its alert");
    ok(x.drill && slice_starts(x.title, SLICE("DRILL –")), "the alert is marked: " SLICE_FMT,
       SLICE_ARG(x.title));
    is_int(climb() + post(OUTBOX_SENT), 2, "at night, though the level is quiet");
    ok(strncmp(bag.text[0], "DIEN TAP - canh", 15) == 0 &&
           strstr(bag.text[0] + 8, "DIEN TAP") == NULL,
       "the message begins so, once: %s", bag.text[0]);
    acknowledge(id, officer, STATE_ALERT_KNOWN);
    (void)climb();
    id = alert_of(31, 4, false, source.id);
    is_int(climb() + post(OUTBOX_SENT), 2, "again, though who answered is awake");
    acknowledge(id, officer, STATE_ALERT_KNOWN);
    (void)climb();
    arena_done(&arena);
}

/* What cannot go out climbs the ladder at once; what may have gone out goes again, the same. */
static void failures(void)
{
    struct state_id id;
    char code[300];

    w.now = DAY + 4 * TIME_DAY;
    id = alert(8, 5, false);
    (void)climb();
    is_int(post(OUTBOX_FAILED), 1, "refused");
    is_int(climb(), 1, "the next step is due at once");
    is_int(post(OUTBOX_SENT), 1, "and goes");
    acknowledge(id, officer, STATE_ALERT_KNOWN);
    (void)climb();
    w.now += TIME_DAY;
    is_int(post(OUTBOX_SENT), 0, "what somebody answered does not go out any more");
    id = alert(9, 5, false);
    (void)climb();
    is_int(post(0), 1, "handed over, and nothing heard");
    memcpy(code, bag.text[0], sizeof(code));
    (void)world_reopen(&w, STATE_WRITE);
    is_int(outbox_forget(w.s, &err), 0, "whoever sends is gone");
    is_int(post(0), 0, "not again at once");
    w.now += 11 * TIME_SECOND;
    is_int(post(OUTBOX_SENT), 1, "but soon");
    is_str(bag.text[0], code, "the same message under the same code");
    is_int(outbox_done(w.s, bag.id[0], OUTBOX_FAILED, SLICE_NULL, &err), 0, "late news");
    is_int(post(0), 0, "change nothing");
    acknowledge(id, officer, STATE_ALERT_KNOWN);
    (void)climb();
}

/* How many things the last messages told of. */
static int told(void)
{
    int sum = 0;

    for (int i = 0; i < bag.n; i++) {
        int n = 1;

        (void)sscanf(bag.text[i], "canh %*[^:]: %d viec", &n);
        sum += n;
    }
    return sum;
}

/* A storm of 10,000 within a minute: some messages, then one that tells of all. */
static void storm(void)
{
    enum { ALERTS = 10000, AT_ONCE = 100 };
    static struct state_id ids[ALERTS];
    int sent = 0, heard = 0, calling = 0;

    w.now = DAY + 30 * TIME_DAY;
    for (unsigned i = 0; i < ALERTS; i++) {
        must(i % AT_ONCE ? 0 : state_begin(w.s, &err), &err, "a batch");
        ids[i] = alert(1000 + i, 5, false);
        if (i % AT_ONCE < AT_ONCE - 1)
            continue;
        must(state_commit(w.s, &err), &err, "of them");
        w.now += TIME_MINUTE / (ALERTS / AT_ONCE + 1);
        (void)climb();
        sent += post(OUTBOX_SENT);
        heard += told();
    }
    while (climb() > 0)
        ;
    for (unsigned i = 0; i < ALERTS; i++)
        calling += state_of(ids[i]) == STATE_CALL_CLIMBING;
    is_int(calling, ALERTS, "none is lost: all are called for");
    is_int(sent, 4, "at most four in ten minutes");
    w.now += 4 * MINUTE;
    is_int(post(OUTBOX_SENT), 0, "the rest waits");
    w.now += 6 * MINUTE + TIME_SECOND;
    is_int(post(OUTBOX_SENT), 1, "and comes in one");
    is_int(heard + told(), ALERTS, "all were told of, each once: %s", bag.text[0]);
}

static struct slice terms(void)
{
    return data_bytes(data_find(data_folder("plans"), SLICE("duty.yaml")));
}

static int look(void)
{
    size_t n = 0;

    err = ERR_INIT;
    must(look_whole(w.s, &ladder, terms(), &n, &err), &err, "looking");
    return (int)n;
}

/* How many wait at the commune; the first one into *ret. */
static int matters(struct state_id who, enum state_role role, struct state_call *ret)
{
    struct state_actor a = actor(who, w.commune_a, role);
    struct act_ctx ctx = {.s = w.s, .arena = &w.arena};
    struct matter_rows list, few;

    must(matter_list(&ctx, &a, MATTERS_MAX, &list, &err), &err, "matters");
    must(matter_list(&ctx, &a, 1, &few, &err), &err, "the first of them");
    is_int(few.total, list.total, "as many as there are");
    is_int(few.count, CANH_MIN(list.count, 1u), "and no more rows than asked for");
    if (list.count > 0)
        *ret = list.rows[0];
    return (int)list.count;
}

/* A shift that nobody takes goes by the terms of duty, until somebody takes it. */
static void shifts(void)
{
    struct state_actor a;
    struct act_ctx ctx = {.s = w.s, .arena = &w.arena};
    struct shift_request q = {.terms = terms()};
    struct shift_result done;
    struct state_call call = {.state = 0};

    w.now = T0 + 4 * MINUTE;
    is_int(look(), 0, "a shift that has just begun calls nobody");
    w.now = T0 + 5 * MINUTE;
    is_int(look(), 1, "after five minutes it does");
    is_int(look(), 0, "once");
    is_int(climb() + post(OUTBOX_SENT), 2, "the first step");
    is_str(bag.to[0], "+84901000001", "to whoever should stand");
    ok(strstr(bag.text[0], "Ca truc chua ai nhan: Truc"), "what it says: %s", bag.text[0]);
    w.now = T0 + 15 * MINUTE;
    (void)world_reopen(&w, STATE_WRITE);
    is_int(climb() + post(OUTBOX_SENT), 2, "then the deputy");
    is_str(bag.to[0], "+84901000002", "who stands beside");
    is_int(matters(officer, STATE_DUTY, &call), 1, "the unit sees it");
    is_int(call.matter, STATE_MATTER_SHIFT, "as a shift");
    ctx.s = w.s;
    a = actor(second, w.commune_a, STATE_DUTY);
    must(matter_accept(&ctx, &a, call.id, &call, &err), &err, "taken");
    w.now = T0 + 30 * MINUTE;
    is_int(climb() + post(OUTBOX_SENT), 1, "who took it is waited for");
    w.now = T0 + 46 * MINUTE;
    (void)climb();
    is_int(state_of(call.thing), STATE_CALL_CLIMBING, "but not for ever");
    is_int(climb() + post(OUTBOX_SENT), 2, "it climbs anew");
    a = actor(officer, w.commune_a, STATE_DUTY);
    must(shift_check_in(&ctx, &a, &q, &done, &err), &err, "the shift is taken");
    a = actor(second, w.commune_a, STATE_DUTY);
    must(shift_check_in(&ctx, &a, &q, &done, &err), &err, "by both");
    is_int(look(), 1, "that is its end");
    is_int(state_of(call.thing), STATE_CALL_OVER, "over");
    a = actor(second, w.commune_a, STATE_DUTY);
    is_int(matter_accept(&ctx, &a, call.id, &call, NULL), -CE_CONFLICT, "nothing to take any more");
}

/* What lasts: one call while it does, another round when it comes back. */
static void lasting(void)
{
    struct call_matter m = {.thing = matter_id(STATE_MATTER_FAULT, SLICE("disk")),
                            .unit = w.commune_a,
                            .title = SLICE("Ổ đĩa sắp đầy")};
    size_t n = 0;

    w.now = m.since = DAY + 6 * TIME_DAY + 2 * TIME_HOUR;
    must(call_matters(w.s, &ladder, STATE_MATTER_FAULT, &m, 1, &n, &err), &err, "a fault");
    is_int((int)n, 1, "a call begins");
    is_int(climb() + post(OUTBOX_SENT), 2, "and goes out");
    ok(strstr(bag.text[0], "canh co loi: O dia sap day"), "as what it is: %s", bag.text[0]);
    must(call_matters(w.s, &ladder, STATE_MATTER_FAULT, NULL, 0, &n, &err), &err, "mended");
    is_int(state_of(m.thing), STATE_CALL_OVER, "over with it");
    w.now = m.since += 2 * TIME_HOUR;
    must(call_matters(w.s, &ladder, STATE_MATTER_FAULT, &m, 1, &n, &err), &err, "again");
    is_int(climb() + post(OUTBOX_SENT), 2, "a new round");
    must(call_matters(w.s, &ladder, STATE_MATTER_FAULT, NULL, 0, &n, &err), &err, "mended");
}

static void requests(void)
{
    struct state_actor system = state_actor_system();
    struct state_request x = {.unit = w.commune_b,
                              .other = w.commune_a,
                              .kind = 1,
                              .title = SLICE("Cần người giúp"),
                              .state = STATE_REQUEST_NEW};
    struct state_call call = {.state = 0};

    w.now = DAY + 6 * TIME_DAY + 5 * TIME_HOUR;
    must(state_request_put(w.s, &system, &x, &err), &err, "a request");
    is_int(look(), 0, "a new request has its day");
    w.now += TIME_DAY;
    is_int(look(), 1, "then who is asked is called");
    is_int(matters(officer, STATE_DUTY, &call), 1, "at the unit that is asked");
    is_int(call.matter, STATE_MATTER_REQUEST, "as a request");
}

static size_t posts_count;

/* One more post of commune B, with a shift that begins in an hour. */
static void add_post(void)
{
    char code[16];
    struct state_post post = {.unit = w.commune_b,
                              .name = SLICE("Trực"),
                              .kind = SLICE("security"),
                              .hours = SLICE("24/7"),
                              .people = 1,
                              .zone = SLICE("Asia/Ho_Chi_Minh"),
                              .presence = STATE_ON_SITE,
                              .valid_from = T0 - TIME_DAY};
    struct state_layer layer = {.unit = w.commune_b,
                                .code = SLICE("bang"),
                                .name = SLICE("Bảng"),
                                .kind = STATE_LAYER_TABLE,
                                .position = 1,
                                .zone = SLICE("Asia/Ho_Chi_Minh"),
                                .valid_from = T0 - TIME_DAY};
    struct state_roster cell = {.unit = w.commune_b,
                                .person = w.person_b,
                                .start = w.now + TIME_HOUR,
                                .stop = w.now + 3 * TIME_HOUR,
                                .shift = SLICE("N"),
                                .position = 1};

    (void)snprintf(code, sizeof(code), "B%zu", posts_count++);
    post.code = slice_str(code);
    must(state_post_put(w.s, &w.local, &post, &err), &err, "post");
    layer.post = post.id;
    must(state_layer_put(w.s, &w.local, &layer, &err), &err, "layer");
    cell.layer = layer.id;
    must(state_roster_put(w.s, &w.local, &cell, &err), &err, "cell");
}

/* A look goes over many posts in parts; what is over ends with the last of them. */
static void parts(void)
{
    enum { POSTS = 90 };
    struct matters *m = NULL;
    size_t changed = 0, sum = 0;
    unsigned n = 0;
    int r = 1;

    (void)look();
    for (unsigned i = 0; i < POSTS; i++)
        add_post();
    (void)look(); /* it is told who stands there soon */
    w.now += TIME_HOUR + 6 * MINUTE;
    must(matters_begin(&m, w.s, &ladder, terms(), &err), &err, "a look begins");
    for (; r > 0; n++, sum += changed)
        must(r = matters_go_on(m, &changed, &err), &err, "a part");
    (void)matters_end(m);
    ok(sum >= POSTS, "of each post's shift somebody is told: %zu", sum);
    ok(n > 2, "in %u parts", n);
    is_int(look(), 0, "once");
    must(matters_begin(&m, w.s, &ladder, terms(), &err), &err, "a look that is given up");
    must(matters_go_on(m, &changed, &err), &err, "its first part");
    (void)matters_end(m);
    is_int((long long)changed, 0, "ends nothing that it has not looked at");
    w.now += 3 * TIME_HOUR;
    ok(look() >= POSTS, "when the shifts are over, so are their calls");
}

/* What lasts is over, but for a kind. */
static void end_matters(enum state_matter but)
{
    size_t n = 0;

    for (enum state_matter kind = STATE_MATTER_SHIFT; kind < STATE_MATTER_MAX; kind++)
        if (kind != but)
            must(call_matters(w.s, &ladder, kind, NULL, 0, &n, &err), &err, "over");
}

static int count_open(void *u, const struct state_open_call *x)
{
    (void)x;
    ++*(int *)u;
    return 0;
}

/* How many changes are being told, after a look. */
static int check_changes(void)
{
    int n = 0;

    (void)look();
    end_matters(STATE_MATTER_CHANGE);
    must(state_call_open(w.s, STATE_MATTER_CHANGE, count_open, &n, &err), &err, "open");
    return n;
}

/* A ladder may want answers of more than one person. */
static void several(void)
{
    struct ladder two = ladder;
    struct state_id id;

    end_matters(STATE_MATTER_ALERT);
    two.levels[5].answers = 2;
    rules.ladder = &two;
    w.now = DAY + 11 * TIME_DAY;
    id = alert(901, 5, false);
    is_int(climb() + post(OUTBOX_SENT), 2, "two answers are wanted: the first is called");
    acknowledge(id, officer, STATE_ALERT_ONLY_SEEN);
    (void)climb();
    is_int(state_of(id), STATE_CALL_CLIMBING, "one is not enough");
    acknowledge(id, officer, STATE_ALERT_ONLY_SEEN);
    (void)climb();
    is_int(state_of(id), STATE_CALL_CLIMBING, "nor the same person twice");
    w.now += 10 * MINUTE;
    (void)climb();
    (void)post(OUTBOX_SENT);
    w.now += MINUTE;
    acknowledge(id, second, STATE_ALERT_ONLY_SEEN);
    (void)climb();
    is_int(state_of(id), STATE_CALL_ANSWERED, "two people are");
    acknowledge(id, second, STATE_ALERT_KNOWN);
    (void)climb();
    is_int(state_of(id), STATE_CALL_OVER, "and one verdict ends it");
    rules.ladder = &ladder;
}

/* The machine's clock is set back in the middle: no step comes twice, none is lost. */
static void clock_back(void)
{
    struct state_id id;

    w.now = DAY + 12 * TIME_DAY;
    id = alert(902, 5, false);
    is_int(climb() + post(OUTBOX_SENT), 2, "the first step");
    w.now += 5 * MINUTE;
    is_int(climb() + post(OUTBOX_SENT), 2, "the second");
    w.now -= 2 * TIME_HOUR;
    is_int(climb() + post(OUTBOX_SENT), 0, "the clock is set back: nobody is told twice");
    (void)world_reopen(&w, STATE_WRITE);
    is_int(climb() + post(OUTBOX_SENT), 0, "nor after a restart");
    acknowledge(id, officer, STATE_ALERT_ONLY_SEEN);
    (void)climb();
    is_int(state_of(id), STATE_CALL_ANSWERED, "an answer counts by whatever clock");
    w.now += 2 * TIME_HOUR + 5 * MINUTE;
    is_int(climb(), 1, "the clock is right again: taken long ago, it is nobody's");
    is_int(climb() + post(OUTBOX_SENT), 2, "and climbs anew");
    is_str(bag.to[0], "+84901000001", "from the first step");
    w.now += 5 * MINUTE;
    is_int(climb() + post(OUTBOX_SENT), 2, "and goes on");
    w.now += 5 * MINUTE;
    is_int(climb() + post(OUTBOX_SENT), 2, "step by step");
    is_str(bag.to[0], "+84901000002", "to the next");
    acknowledge(id, second, STATE_ALERT_KNOWN);
    (void)climb();
    is_int(state_of(id), STATE_CALL_OVER, "until it is closed");
}

/* The clock is set while a node runs, which sees it: steps and what waits keep their distance. */
static void clock_set(void)
{
    struct state_id id;

    w.now = DAY + 15 * TIME_DAY;
    id = alert(903, 5, false);
    is_int(climb() + post(OUTBOX_FAILED), 2, "the first step, which does not get out");
    w.now -= 2 * TIME_HOUR;
    must(call_clock_set(w.s, -2 * TIME_HOUR, &err), &err, "set back");
    is_int(climb() > 0, true, "the next step is still due at once");
    is_int(post(OUTBOX_SENT), 1, "it alone goes out, what failed waits");
    w.now += 11 * TIME_SECOND;
    ok(post(OUTBOX_SENT) > 0, "as long as it would have, not two hours more");
    acknowledge(id, second, STATE_ALERT_KNOWN);
    (void)climb();

    w.now += 3 * TIME_HOUR;
    id = alert(904, 5, false);
    is_int(climb() + post(OUTBOX_SENT), 2, "another one, the first step");
    w.now += MINUTE - TIME_HOUR;
    must(call_clock_set(w.s, -TIME_HOUR, &err), &err, "set back");
    is_int(climb() + post(OUTBOX_SENT), 0, "no step comes twice");
    w.now += 4 * MINUTE;
    is_int(climb() + post(OUTBOX_SENT), 2, "the second comes five minutes after the first");
    w.now += 7 * TIME_HOUR;
    must(call_clock_set(w.s, 7 * TIME_HOUR, &err), &err, "set forward");
    is_int(climb() + post(OUTBOX_SENT), 0, "nobody is told before their time");
    w.now += 5 * MINUTE;
    is_int(climb() + post(OUTBOX_SENT), 2, "but then");
    is_str(bag.to[0], "+84901000002", "the next");
    acknowledge(id, second, STATE_ALERT_KNOWN);
    (void)climb();
    is_int(state_of(id), STATE_CALL_OVER, "until it is closed");
}

/* Whom a change of a coming shift puts on or takes off is told, once; at night in the morning. */
static void changes(void)
{
    struct state_override x = {.unit = w.commune_a,
                               .kind = STATE_OVERRIDE_REPLACE,
                               .person = officer,
                               .other = second,
                               .approved_by = chief,
                               .reason = SLICE("ốm")};
    struct state_query q = {.unit = w.commune_a};
    struct state_post *posts = NULL;
    size_t n = 0;

    w.now = NIGHT + 13 * TIME_DAY;
    must(state_post_list(w.s, &w.local, &q, &w.arena, &posts, &n, &err), &err, "posts");
    x.post = posts[0].id;
    x.start = w.now + 30 * TIME_HOUR;
    x.stop = x.start + 12 * TIME_HOUR;
    x.approved_at = w.now;
    must(state_override_put(w.s, &w.local, &x, &err), &err, "a change");
    is_int(check_changes(), 2, "who goes and who comes");
    is_int(check_changes(), 2, "and nobody else");
    (void)climb();
    is_int(post(OUTBOX_SENT), 0, "not at night");
    w.now += 4 * TIME_HOUR;
    is_int(climb() + post(OUTBOX_SENT), 4, "in the morning, to both");
    ok(strcmp(bag.to[0], bag.to[1]) != 0 && strstr(bag.text[0], "Lich truc cua anh/chi thay doi"),
       "as what it is: %s", bag.text[0]);
    ok((strstr(bag.text[0], "thoi ca 08:00") != NULL) !=
               (strstr(bag.text[1], "thoi ca 08:00") != NULL) &&
           (strstr(bag.text[0], "nhan ca 08:00") != NULL) !=
               (strstr(bag.text[1], "nhan ca 08:00") != NULL),
       "one goes, one comes: %s", bag.text[1]);
    (void)check_changes();
    w.now += TIME_HOUR;
    (void)climb();
    is_int(post(OUTBOX_SENT), 0, "never again");
    w.now = x.start + MINUTE;
    (void)check_changes();
    x = (struct state_override){.unit = w.commune_a,
                                .post = posts[0].id,
                                .kind = STATE_OVERRIDE_REMOVE,
                                .person = officer,
                                .approved_by = chief,
                                .reason = SLICE("phép"),
                                .approved_at = w.now,
                                .start = w.now + 60 * TIME_HOUR,
                                .stop = w.now + 72 * TIME_HOUR};
    must(state_override_put(w.s, &w.local, &x, &err), &err, "a change far ahead");
    (void)check_changes();
    w.now = x.start - TIME_HOUR;
    (void)check_changes();
    (void)climb();
    (void)post(OUTBOX_SENT);
    for (int i = 0; i < bag.n; i++)
        ok(!strstr(bag.text[i], "Lich truc"), "made in good time: nobody is told: %s", bag.text[i]);
}

static void move(struct state_id post_id, struct state_id person, struct state_id act,
                 int64_t start, bool stands)
{
    struct state_actor sys = state_actor_system();
    struct state_shift_change x = {.unit = w.commune_a,
                                   .post = post_id,
                                   .person = person,
                                   .act = act,
                                   .start = start,
                                   .stands = stands};

    must(state_shift_change_put(w.s, &sys, &x, &err), &err, "a move");
}

/* What an import did to a person's coming shifts is one message to them. */
static void moved(void)
{
    const struct state_id act = id_new(), later = id_new();
    struct state_query q = {.unit = w.commune_a};
    struct state_post *posts = NULL;
    size_t n = 0;

    end_matters(STATE_MATTER_ALERT);
    w.now = DAY + 20 * TIME_DAY;
    must(state_post_list(w.s, &w.local, &q, &w.arena, &posts, &n, &err), &err, "posts");
    move(posts[0].id, officer, act, w.now + 20 * TIME_HOUR, false);
    move(posts[0].id, second, act, w.now + 20 * TIME_HOUR, true);
    move(posts[0].id, second, act, w.now + 32 * TIME_HOUR, true);
    move(posts[0].id, chief, later, w.now + 60 * TIME_HOUR, true);
    is_int(check_changes(), 2, "one for each whose shifts change, none of those far ahead");
    is_int(climb() + post(OUTBOX_SENT), 4, "told once each");
    ok((strstr(bag.text[0], "doi 2 ca, tu ") != NULL) !=
               (strstr(bag.text[1], "doi 2 ca, tu ") != NULL) &&
           (strstr(bag.text[0], "thoi ca ") != NULL) != (strstr(bag.text[1], "thoi ca ") != NULL),
       "how many there are, or which: %s | %s", bag.text[0], bag.text[1]);
    w.now += 24 * TIME_HOUR;
    (void)check_changes();
    (void)climb();
    is_int(post(OUTBOX_SENT), 0, "and not again, when one of them has begun");
}

/* A level whose matters are nobody's again after a while: not those told to one person. */
static void handover_taken(void)
{
    struct ladder anew = ladder;
    struct act_ctx ctx = {.s = w.s, .arena = &w.arena};
    struct state_actor a = actor(second, w.commune_a, STATE_DUTY);
    struct state_call call = {.state = 0};

    is_int(matters(second, STATE_DUTY, &call), 1, "it is seen");
    is_int(call.matter, STATE_MATTER_HANDOVER, "as a handover");
    must(matter_accept(&ctx, &a, call.id, &call, &err), &err, "taken");
    anew.levels[call.level].again = 30 * MINUTE;
    rules.ladder = &anew;
    w.now += TIME_HOUR;
    (void)climb();
    is_int(state_of(call.thing), STATE_CALL_ANSWERED, "who took it is not called again");
    is_int(post(OUTBOX_SENT), 0, "nor anybody else");
    rules.ladder = &ladder;
}

/* Who took a shift that is over, and has not left, is told once. */
static void handovers(void)
{
    struct state_handover given = {.unit = w.commune_a, .giver = officer};
    struct state_actor a = actor(officer, w.commune_a, STATE_DUTY);
    struct state_query q = {.unit = w.commune_a};
    struct state_shift x = {.unit = w.commune_a,
                            .planned = second,
                            .actual = second,
                            .state = STATE_SHIFT_ON,
                            .presence = STATE_ON_SITE,
                            .in_how = SLICE("web")};
    struct state_shift y = x;
    struct state_post *posts = NULL;
    size_t n = 0;

    y.planned = y.actual = officer;
    w.now = DAY + 18 * TIME_DAY;
    must(state_post_list(w.s, &w.local, &q, &w.arena, &posts, &n, &err), &err, "posts");
    x.post = posts[0].id;
    x.start = x.in_at = x.in_received = w.now - 8 * TIME_HOUR;
    x.stop = w.now - 14 * MINUTE;
    must(state_shift_put(w.s, &w.local, &x, &err), &err, "a shift");
    y.post = given.post = x.post;
    y.start = y.in_at = y.in_received = x.start;
    y.stop = x.stop;
    must(state_shift_put(w.s, &w.local, &y, &err), &err, "that of who stands beside");
    given.from_shift = y.id;
    given.at = w.now;
    must(state_handover_put(w.s, &a, &given, &err), &err, "a handover of it");
    must(state_handover_sign(w.s, &a, given.id, given.version, false, &err), &err, "signed");
    (void)look();
    end_matters(STATE_MATTER_HANDOVER);
    (void)climb();
    is_int(post(OUTBOX_SENT), 0, "a quarter of an hour is left for it");
    w.now += MINUTE;
    (void)look();
    end_matters(STATE_MATTER_HANDOVER);
    (void)climb();
    is_int(post(OUTBOX_SENT), 1, "then one is told, not who signed and waits");
    is_str(bag.to[0], "+84901000002", "who stands there");
    ok(strstr(bag.text[0], "Den gio ban giao ca"), "of the handover: %s", bag.text[0]);
    w.now += TIME_HOUR;
    (void)look();
    end_matters(STATE_MATTER_HANDOVER);
    (void)climb();
    is_int(post(OUTBOX_SENT), 0, "once");
    handover_taken();
}

static void nobody_there(void)
{
    struct state_id id;

    w.now = DAY + 10 * TIME_DAY;
    rules.ways.sms = false;
    id = alert(900, 5, false);
    is_int(climb(), 1, "no way out at all");
    is_int(state_of(id), STATE_CALL_NOBODY, "is said at once, not waited for");
    rules.ways.sms = true;
}

static void ladders(void)
{
    struct ladder l;
    struct err e = ERR_INIT;

    is_int(ladder_parse(SLICE("ladder: alert\n"), &l, &e), -CE_MISSING, "half a ladder");
    e = ERR_INIT;
    is_int(ladder_parse(SLICE("ladder: alert\nzone: 420\nquiet-hours: 22:00-06:00\nawake: 1\n"
                              "most: 1\nwithin: 1\nlast: 1\nlevels:\n  high:\n    again: 1\n"
                              "    steps: [{after: 5, call: duty}, {after: 1, call: head}]\n"),
                        &l, &e),
           -CE_RANGE, "steps out of order");
    is_int(e.line, 11, "with the line");
}

int main(void)
{
    const struct data_file *f;

    world_open(&w);
    f = data_find(data_folder("plans"), SLICE("ladder.yaml"));
    must(ladder_parse(data_bytes(f), &ladder, &err), &err, "the shipped ladder");
    rules = (struct call_rules){.ladder = &ladder, .ways = {.sms = true, .plain = true}};
    officer = person("P1", w.commune_a, STATE_DUTY, "0901000001");
    second = person("P2", w.commune_a, STATE_DUTY, "0901000002");
    chief = person("P3", w.commune_a, STATE_HEAD, "0901000003");
    lead = person("P4", w.root, STATE_COORDINATOR, "0901000004");
    roster();
    ladders();
    shifts();
    climbs();
    answers();
    quiet();
    drills();
    failures();
    nobody_there();
    lasting();
    requests();
    several();
    clock_back();
    clock_set();
    changes();
    handovers();
    storm();
    moved();
    parts();
    world_close(&w);
    return tap_done();
}
