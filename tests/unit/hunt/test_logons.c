/* SPDX-License-Identifier: Apache-2.0 */
/* Logons as workers pack them, into rows: counted, paired, by weight. */
#include "hunt/logons.h"

#include <stdio.h>

#include "base/time.h"
#include "hunt/pack.h"
#include "tap.h"

static struct buf records = {.max = 1 << 24};

static void put(int64_t second, enum kind_role role, const char *user, const char *from,
                const char *session)
{
    size_t began = pack_begin(&records);

    pack_u64(&records, (uint64_t)(second < 0 ? TIME_NONE : second * TIME_SECOND));
    pack_u64(&records, role);
    pack_u64(&records, LABEL_HOW);
    pack_text(&records, slice_str(user));
    pack_text(&records, SLICE_NULL);
    pack_text(&records, SLICE("web1"));
    pack_text(&records, slice_str(from));
    pack_text(&records, SLICE("ssh"));
    pack_text(&records, slice_str(session));
    pack_end(&records, began);
}

static struct logons *make(void)
{
    struct logons *l = logons_new(1 << 30);

    is_int(logons_add(l, buf_slice(&records)), 0, "add");
    is_int(logons_end(l), 0, "end");
    buf_clear(&records);
    return l;
}

static void test_rows(void)
{
    struct logon_row row;
    struct logons *l;

    for (int i = 0; i < 5; i++)
        put(10 + i, ROLE_FAIL, "an", "192.0.2.1", "");
    put(30, ROLE_OFF, "an", "", "s1"); /* out of order: the log of another file */
    put(20, ROLE_ON, "An", "192.0.2.1", "s1");
    put(40, ROLE_ON, "an", "192.0.2.1", "s2");
    for (int i = 0; i < 9; i++)
        put(50 + i, ROLE_FAIL, "root", "192.0.2.2", "");
    put(60, ROLE_ON, "binh", "", "s3");
    put(70, ROLE_ON, "binh", "", "s3"); /* never closed before it opened again */
    put(75, ROLE_OFF, "binh", "", "s3");
    put(76, ROLE_OFF, "binh", "", "s3"); /* and closed twice */
    put(-1, ROLE_ON, "chi", "192.0.2.3", "");
    l = make();
    ok(logons_next(l, &row), "a row");
    is_slice(row.user, SLICE("an"), "failures and then a logon stand first");
    ok(row.good == 2 && row.failed == 5 && row.before == 5, "counted");
    ok(row.sessions == 1 && row.longest == 10 * TIME_SECOND, "one session of ten seconds");
    ok(row.first == 10 * TIME_SECOND && row.last == 40 * TIME_SECOND, "first and last");
    ok(logons_next(l, &row) && row.failed == 9 && row.before == 0, "then failures alone");
    ok(logons_next(l, &row) && slice_is(row.user, "chi") && row.first == TIME_NONE,
       "then from elsewhere; without a time, too");
    ok(logons_next(l, &row) && slice_is(row.user, "binh") && row.good == 2 && row.sessions == 1 &&
           row.total == 5 * TIME_SECOND,
       "an off closes the last on");
    ok(!logons_next(l, &row), "no more");
    is_int(logons_dropped(l), 0, "nothing lost");
    l = logons_free(l);
}

/* A million guesses at as many names. */
static void test_many(void)
{
    struct logons *l = logons_new(1 << 30);
    struct logon_row row;
    uint64_t rows = 0, sum = 0;
    char name[32];

    for (int i = 0; i < 300000; i++) {
        (void)snprintf(name, sizeof(name), "user%d", i % 100000);
        put(i, ROLE_FAIL, name, "192.0.2.9", "");
        if (records.len > (1 << 20)) {
            ok(logons_add(l, buf_slice(&records)) == 0, "add");
            buf_clear(&records);
        }
    }
    ok(logons_add(l, buf_slice(&records)) == 0 && logons_end(l) == 0, "all");
    while (logons_next(l, &row)) {
        rows++;
        sum += row.failed;
    }
    is_int(rows, 100000, "a row a name");
    is_int(sum, 300000, "each guess counted");
    l = logons_free(l);
}

int main(void)
{
    test_rows();
    test_many();
    buf_done(&records);
    return tap_done();
}
