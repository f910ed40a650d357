/* SPDX-License-Identifier: Apache-2.0 */
/* A block tried at once gives what its records give one by one: matches, their order, all counts.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/time.h"
#include "search/session_internal.h"
#include "tap.h"

enum { ROUNDS = 40, RECORDS = 60, FOUND_MAX = 4 * RECORDS };

static const uint8_t units[2][JOURNAL_ID_SIZE] = {{1}, {2}};

static uint32_t next_random(uint32_t below)
{
    static uint64_t x = 88172645463325252u;

    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return (uint32_t)((x >> 32) % below);
}

/* What else than plain records of one unit a block has. */
enum filling { FILL_PLAIN, FILL_GAPS, FILL_REDACTED, FILL_UNITS, FILLINGS };

/* Short texts, so that what is looked for also stands across the ends of records. */
static void fill(struct block *b, enum filling kind)
{
    static const char *const words[] = {"needle",  "Needle", "need", "le",
                                        "needles", "a.b",    "x",    "\n"};
    static const uint32_t flags[FILLINGS] = {
        [FILL_GAPS] = JOURNAL_GAP, [FILL_REDACTED] = JOURNAL_REDACTED};
    int r = 0;

    block_init(b, 1000);
    for (uint32_t i = 0; i < RECORDS && r == 0; i++) {
        struct journal_record rec = {.offset = 1000 + i,
                                     .received = TIME_SECOND * (100 + i - next_random(20)),
                                     .claimed = TIME_NONE,
                                     .flags = next_random(4) ? 0 : flags[kind]};
        char text[200] = "";
        size_t n = 0;

        for (unsigned k = next_random(5); k > 0; k--)
            n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s",
                                  words[next_random(CANH_LEN(words))], next_random(3) ? " " : "");
        memcpy(rec.unit, units[kind == FILL_UNITS ? next_random(2) : 0], JOURNAL_ID_SIZE);
        rec.raw = slice_of(text, n);
        r = block_add(b, &rec);
    }
    if (r < 0)
        abort();
}

struct found_list {
    uint64_t offsets[FOUND_MAX];
    unsigned count;
    int stop_at; /* negative: never */
};

static int take(void *u, const struct search_match *m)
{
    struct found_list *f = u;

    f->offsets[f->count++] = m->record->offset;
    return (int)f->count == f->stop_at ? 7 : 0;
}

static int try_each(struct search_session *s, const struct block *b)
{
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < b->count; i++) {
        struct journal_record rec;

        block_record(b, i, &rec);
        r = search_session_try(s, &rec);
        if (r == 0 && search_session_ends(s))
            r = 1;
    }
    return r;
}

static int run(const struct block *b, struct search_request q, bool at_once,
               struct found_list *found, struct search_result *ret)
{
    struct search_session *s;
    struct err err = ERR_INIT;
    int r;

    q.match = found ? take : NULL;
    q.ctx = found;
    search_result_init(ret);
    if (search_session_new(&q, ret, &s, &err) < 0)
        return -1;
    search_session_block(s);
    r = at_once ? session_try_block(s, b) : try_each(s, b);
    (void)search_session_free(s);
    return r;
}

static bool same_counts(const struct search_result *a, const struct search_result *c)
{
    return a->matches == c->matches && a->records == c->records && a->bytes == c->bytes &&
           a->gaps == c->gaps && a->redacted == c->redacted && a->undecoded == c->undecoded &&
           a->bin_count == c->bin_count &&
           (a->bin_count == 0 || memcmp(a->bins, c->bins, a->bin_count * sizeof(*a->bins)) == 0);
}

/* Nothing is asked for but how many there are. */
static bool same_counted(const struct block *b, const struct search_request *q)
{
    struct search_result a, c;
    int r = run(b, *q, true, NULL, &a), e = run(b, *q, false, NULL, &c);
    bool ret = r == e && same_counts(&a, &c);

    search_result_done(&a);
    search_result_done(&c);
    return ret;
}

static bool same(const struct block *b, const struct search_request *q, int stop_at)
{
    struct found_list x = {.stop_at = stop_at}, y = {.stop_at = stop_at};
    struct search_result a, c;
    int r = run(b, *q, true, &x, &a), e = run(b, *q, false, &y, &c);
    bool ret = r == e && x.count == y.count &&
               memcmp(x.offsets, y.offsets, x.count * sizeof(*x.offsets)) == 0 &&
               same_counts(&a, &c);

    search_result_done(&a);
    search_result_done(&c);
    return ret;
}

static void test_query(const struct block *b, const char *query, unsigned *ret_differ)
{
    struct search_request q = {.query = slice_str(query), .scope = {.all = true}};

    *ret_differ += !same(b, &q, -1);
    *ret_differ += !same(b, &q, 2);
    q.limit = 3;
    *ret_differ += !same(b, &q, -1);
    q.limit = 0;
    q.step = TIME_MINUTE;
    *ret_differ += !same(b, &q, -1) || !same_counted(b, &q);
    q.step = 0;
    *ret_differ += !same_counted(b, &q);
    q.limit = 3;
    *ret_differ += !same_counted(b, &q);
    q.limit = 0;
    q.step = 7 * TIME_SECOND;
    *ret_differ += !same_counted(b, &q);
    q.scope = (struct search_scope){.units = units, .count = 1};
    *ret_differ += !same(b, &q, -1) || !same_counted(b, &q);
}

int main(void)
{
    static const char *const queries[] = {"needle",       "need*",          "*eedle",  "need*le",
                                          "needle AND x", "needle AND le",  "x OR le", "NOT needle",
                                          "\"a.b\"",      "a.b AND needle", "nowhere"};

    for (size_t i = 0; i < CANH_LEN(queries); i++) {
        unsigned differ = 0;

        for (unsigned round = 0; round < ROUNDS; round++) {
            struct block b;

            fill(&b, (enum filling)(round % FILLINGS));
            test_query(&b, queries[i], &differ);
            block_done(&b);
        }
        is_int(differ, 0, "%s", queries[i]);
    }
    return tap_done();
}
