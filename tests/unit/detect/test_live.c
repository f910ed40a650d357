/* SPDX-License-Identifier: Apache-2.0 */
/* Correlations as items come: one by one, late, of several units, begun anew in the middle. */
#include "detect/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tap.h"

#define MANY    "3be82d4a-3680-4a82-a271-1add0f030ff4" /* ten failed logins of an address in 5 min */
#define SPRAYED "0c832b69-3572-4c0d-84a9-173f0dc882cb" /* … for eight accounts in 30 min */
#define FAILED  "3b6fd273-6ed4-4f99-a17e-12c9608229e7"
#define START   INT64_C(1764400000000000000)

static struct generation *rules;
static unsigned begun, told;
static char about[100], title[100], advice[100];
static int64_t from;

static void take(void *ctx, const struct alert_record *a)
{
    (void)ctx;
    begun += a->start != from;
    told++;
    from = a->start;
    (void)snprintf(about, sizeof(about), SLICE_FMT, SLICE_ARG(a->about));
    (void)snprintf(title, sizeof(title), SLICE_FMT, SLICE_ARG(a->title_vi));
    (void)snprintf(advice, sizeof(advice), SLICE_FMT, SLICE_ARG(slice_head(a->advice_vi, 13)));
}

struct given {
    const char *unit, *address, *user, *correlation, *source;
    int64_t seconds;
    unsigned event;
    bool history;
};

static void give(struct live *l, const struct given *x)
{
    struct buf text = BUF_INIT(4096);

    buf_printf(&text,
               "{\"correlation\":\"%s\",\"rule\":\"" FAILED
               "\",\"unit\":\"%s\",\"event\":\"%032u\","
               "\"time\":%lld,\"group0\":\"%s\"",
               x->correlation ? x->correlation : MANY, x->unit ? x->unit : "u", x->event,
               (long long)(START + x->seconds * TIME_SECOND),
               x->address ? x->address : "192.0.2.1");
    if (x->user)
        buf_printf(&text, ",\"value0\":\"%s\"", x->user);
    if (x->source)
        buf_printf(&text, ",\"source\":\"%s\"", x->source);
    buf_puts(&text, x->history ? ",\"history\":true}" : "}");
    if (live_add(l, buf_slice(&text), take, NULL) < 0)
        abort();
    buf_done(&text);
}

static void many(struct live *l, unsigned first, unsigned count, int64_t seconds, int64_t step)
{
    for (unsigned i = 0; i < count; i++)
        give(l, &(struct given){.event = first + i, .seconds = seconds + (int64_t)i * step});
    if (live_decide(l, take, NULL) < 0)
        abort();
}

static struct live *fresh(void)
{
    struct live *l = live_new(rules);

    if (l == NULL)
        abort();
    begun = told = 0;
    from = 0;
    return l;
}

static void test_count(void)
{
    struct live *l = fresh();

    many(l, 0, 9, 0, 1);
    is_int(told, 0, "nine are not ten");
    many(l, 9, 1, 20, 0);
    is_int(begun, 1, "ten are");
    is_str(about, "192.0.2.1", "it is about the address");
    is_str(title, "Nhiều lần đăng nhập thất bại từ một địa chỉ", "told in Vietnamese, too");
    is_str(advice, "Chặn địa", "with what to do");
    many(l, 10, 3, 30, 1);
    is_int(begun, 1, "what goes on is the same alert");
    is_int(told, 4, "that counts on");
    many(l, 20, 1, 3600, 0);
    many(l, 30, 10, 7200, 1);
    is_int(begun, 2, "later it is another one");
    l = live_free(l);
}

static void test_late(void)
{
    struct live *l = fresh();

    many(l, 0, 5, 0, 1);
    many(l, 10, 4, 200, 1);
    give(l, &(struct given){.event = 50, .seconds = 100});
    is_int(live_decide(l, take, NULL), 0, "a late one");
    is_int(begun, 1, "takes its place, and is the tenth");
    give(l, &(struct given){.event = 51, .seconds = -3600});
    is_int(live_counts(l).late, 1, "one that is too late is counted");
    l = live_free(l);
    l = fresh();
    many(l, 0, 9, 0, 1);
    give(l, &(struct given){.event = 50, .seconds = 290});
    give(l, &(struct given){.event = 51, .seconds = 310});
    is_int(live_decide(l, take, NULL), 0, "ten in five minutes");
    is_int(begun, 1, "begin once, though the window moves on");
    l = live_free(l);
}

static void test_apart(void)
{
    struct live *l = fresh();

    many(l, 0, 9, 0, 1);
    give(l, &(struct given){.event = 20, .unit = "v", .seconds = 10});
    give(l, &(struct given){.event = 21, .address = "192.0.2.2", .seconds = 10});
    give(l, &(struct given){.event = 22, .history = true, .seconds = 10});
    is_int(live_decide(l, take, NULL), 0, "events of others");
    is_int(told, 0, "another unit, address, or history counts apart");
    is_int(live_counts(l).groups, 4, "each has a window");
    give(l, &(struct given){.event = 23, .user = "x", .seconds = 10, .correlation = SPRAYED});
    is_int(live_decide(l, take, NULL), 0, "another correlation, of thirty minutes");
    live_sweep(l, START + TIME_DAY);
    live_sweep(l, START + TIME_DAY + 10 * TIME_MINUTE);
    is_int(live_counts(l).groups, 5, "they stay for as long as something can happen in them");
    live_sweep(l, START + TIME_DAY + 10 * TIME_MINUTE + 1);
    is_int(live_counts(l).groups, 1, "and go when nothing more came, also history's");
    live_sweep(l, START + TIME_DAY + 35 * TIME_MINUTE + 1);
    is_int(live_counts(l).groups, 0, "each after its own timespan");
    l = live_free(l);
}

/* How far behind the clock a source's times are says nothing about whether more is to come. */
static void test_lagging(void)
{
    struct live *l = fresh();

    for (unsigned i = 0; i < 10; i++) {
        many(l, i, 1, i, 0);
        live_sweep(l, START + TIME_DAY + i * 20 * TIME_SECOND);
        live_sweep(l, START + TIME_DAY + (i * 20 + 10) * TIME_SECOND);
    }
    is_int(begun, 1, "ten events of yesterday's times that come now are ten");
    l = live_free(l);
}

/* More groups than there may be: those go for which nothing came for longest, whatever times. */
static void test_room(void)
{
    const unsigned room = LIVE_GROUPS_MAX * 3 / 4;
    struct live *l = fresh();
    char address[20];

    for (unsigned i = 0; i < room - 1; i++) {
        (void)snprintf(address, sizeof(address), "%u", i);
        if (i == room - 2)
            many(l, 2 * room, 9, -3600, 1);
        give(l, &(struct given){.event = i, .address = address, .seconds = i});
    }
    is_int(live_counts(l).groups, room, "as many as there is room for");
    give(l, &(struct given){.event = room, .address = "z", .seconds = room});
    is_int(live_decide(l, take, NULL), 0, "one more");
    is_int(live_counts(l).dropped, room / 4 + 1, "a quarter of them goes");
    many(l, 3 * room, 1, -3590, 0);
    is_int(begun, 1, "but not one for which something came just now, however old it says it is");
    l = live_free(l);
}

/* Two sources' histories of the same hours, read one after the other and in turns. */
static void test_histories(void)
{
    struct live *l = fresh();

    for (unsigned i = 0; i < 10; i++) {
        give(l, &(struct given){.event = i, .history = true, .source = "a", .seconds = i});
        live_sweep(l, START + TIME_DAY + i * TIME_MINUTE);
    }
    give(l, &(struct given){.event = 20, .history = true, .source = "a", .seconds = 7200});
    is_int(live_decide(l, take, NULL), 0, "one source, slowly");
    is_int(begun, 1, "however long it takes to read");
    for (unsigned i = 0; i < 10; i++)
        give(l,
             &(struct given){.event = 30 + i, .history = true, .source = "b", .seconds = 600 + i});
    is_int(live_decide(l, take, NULL), 0, "another one, of an earlier hour");
    is_int(begun, 2, "has windows of its own");
    is_int(live_counts(l).late, 0, "nothing of it is late");
    l = live_free(l);
}

static void test_values(void)
{
    struct live *l = fresh();
    char user[20];

    for (unsigned i = 0; i < 20; i++) {
        (void)snprintf(user, sizeof(user), "%s%u", i % 2 ? "User" : "uSER", i % 8 < 7 ? i % 7 : 0);
        give(l, &(struct given){.event = i, .user = user, .seconds = i, .correlation = SPRAYED});
    }
    is_int(live_decide(l, take, NULL), 0, "values");
    is_int(told, 0, "seven accounts, in whatever case, are not eight");
    give(l, &(struct given){.event = 40, .user = "x", .seconds = 30, .correlation = SPRAYED});
    is_int(live_decide(l, take, NULL), 0, "one more");
    is_int(begun, 1, "is the eighth");
    l = live_free(l);
}

static void test_unknown(void)
{
    struct live *l = fresh();

    give(l, &(struct given){.event = 1, .correlation = "gone"});
    is_int(live_add(l, SLICE("{\"time\":1"), take, NULL), 0, "no item at all");
    is_int(live_add(l, SLICE("[]"), take, NULL), 0, "no object");
    is_int(live_add(l,
                    SLICE("{\"correlation\":\"" MANY "\",\"rule\":\"" FAILED
                          "\",\"unit\":\"u\",\"time\":1,\"group0\":\"a\"}"),
                    take, NULL),
           0, "of no event");
    is_int(live_counts(l).unknown, 4, "what cannot be placed is counted");
    ok(live_span(l) >= TIME_HOUR && live_span(l) <= LIVE_SPAN_MAX + LIVE_LATE,
       "items are needed for a while");
    l = live_free(l);
}

#define PLAIN(id)                                                                                  \
    "title: " id "\nname: " id "\nlogsource: {product: windows, service: security}\n"              \
    "detection: {s: {EventID: 1}, condition: s}\n---\n"

#define COUNTED                                                                                    \
    "title: many\nlevel: high\ncorrelation: {type: event_count, rules: [one], timespan: 1m, "      \
    "condition: {gte: 2}}\n---\n"

/* Without ids, in one file: at lines 1, 6, 11 and 15. */
static const char nameless[] = PLAIN("one") PLAIN("two") COUNTED
    "title: first-one\nlevel: high\ncorrelation: {type: temporal_ordered, timespan: 7d, "
    "condition: one and two}\n";

static void nameless_give(struct live *l, const char *path, unsigned correlation, unsigned rule,
                          unsigned event)
{
    struct buf text = BUF_INIT(4096);

    buf_printf(&text,
               "{\"correlation\":\"%s:%u\",\"rule\":\"%s:%u\",\"unit\":\"u\",\"event\":\"%032u\","
               "\"time\":%lld}",
               path, correlation, path, rule, event, (long long)START + event);
    if (live_add(l, buf_slice(&text), take, NULL) < 0)
        abort();
    buf_done(&text);
}

/* The text stands in a file of that name while it is used. */
static struct live *live_of(struct slice text, char *path)
{
    const char *name = path;
    int fd = mkstemp(path);
    struct generation_options o = {.rules = {&name, 1}, .sigma_2_2 = true, .no_jit = true};
    struct generation *own = NULL;
    struct live *l;

    if (fd < 0 || write(fd, text.p, text.n) != (ssize_t)text.n ||
        generation_load(&o, &own, NULL) < 0 || (l = live_new(own)) == NULL)
        abort();
    (void)generation_unref(own);
    (void)close(fd);
    (void)unlink(path);
    begun = told = 0;
    from = 0;
    return l;
}

/* Windows of history wait for their next event longer than the shortest spans. */
static void test_span(void)
{
    char path[] = "/tmp/canh-test-XXXXXX", none[] = "/tmp/canh-test-XXXXXX";
    struct live *l = live_of(SLICE(PLAIN("one") COUNTED), path);

    is_int(live_span(l), 10 * TIME_MINUTE, "items are needed for as long as history waits");
    l = live_free(l);
    l = live_of(SLICE(PLAIN("one")), none);
    is_int(live_span(l), 0, "without correlations none is");
    l = live_free(l);
}

/* Rules without an id are told apart by their lines; a window that is too full is counted. */
static void test_nameless(void)
{
    char path[] = "/tmp/canh-test-XXXXXX";
    struct live *l = live_of(SLICE(nameless), path);

    nameless_give(l, path, 11, 1, 1);
    nameless_give(l, path, 11, 1, 2);
    is_int(live_decide(l, take, NULL), 0, "two of one rule");
    is_int(begun, 1, "make its correlation");
    nameless_give(l, path, 15, 6, 3);
    nameless_give(l, path, 15, 1, 4);
    is_int(live_counts(l).unknown, 0, "each is known by its line");
    nameless_give(l, path, 12, 1, 5);
    nameless_give(l, path, 11, 6, 5);
    is_int(live_counts(l).unknown, 2, "and by no other");
    for (unsigned i = 0; i < WINDOW_ORDERED_MAX - 2; i++)
        nameless_give(l, path, 15, 6, 10 + i);
    is_int(live_counts(l).crowded, 0, "a full window");
    nameless_give(l, path, 15, 6, 9000);
    nameless_give(l, path, 15, 6, 9001);
    is_int(live_counts(l).crowded, 1, "one more counts once");
    l = live_free(l);
}

int main(void)
{
    struct generation_options o = {.min_status = STATUS_EXPERIMENTAL, .no_jit = true};

    if (generation_load(&o, &rules, NULL) < 0)
        abort();
    test_count();
    test_late();
    test_apart();
    test_lagging();
    test_room();
    test_histories();
    test_values();
    test_unknown();
    test_span();
    test_nameless();
    rules = generation_unref(rules);
    return tap_done();
}
