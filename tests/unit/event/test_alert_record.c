/* SPDX-License-Identifier: Apache-2.0 */
/* An alert as it stands in the journal: what is written is read; what is not one is refused. */
#include "event/alert_record.h"

#include "base/hex.h"
#include "err_words.h"
#include "tap.h"

static struct arena arena = ARENA_INIT(1 << 20);

static bool same(const struct alert_record *a, const struct alert_record *b)
{
    return memcmp(a->id, b->id, sizeof(a->id)) == 0 && slice_eq(a->rule, b->rule) &&
           slice_eq(a->title, b->title) && a->level == b->level && slice_eq(a->about, b->about) &&
           slice_eq(a->host, b->host) && slice_eq(a->user, b->user) &&
           slice_eq(a->address, b->address) && a->start == b->start && a->time == b->time &&
           slice_eq(a->event, b->event) && slice_eq(a->stream, b->stream) &&
           slice_eq(a->asset, b->asset) && slice_eq(a->suppression, b->suppression) &&
           a->history == b->history;
}

static void round_trip(const struct alert_record *x, const char *what)
{
    struct buf out = BUF_INIT(ALERT_RECORD_MAX);
    struct alert_record y = {.level = -1};
    struct err err = ERR_INIT;

    alert_record_write(&out, x);
    is_int(alert_record_read(buf_slice(&out), &arena, &y, &err), 0, "%s is read %s", what,
           err_words(&err));
    ok(same(x, &y), "%s is the same: %s", what, buf_cstr(&out));
    buf_done(&out);
}

static void test_round_trip(void)
{
    struct alert_record x = {.rule = SLICE("r"), .level = 1};

    round_trip(&x, "the least");
    for (size_t i = 0; i < sizeof(x.id); i++)
        x.id[i] = (uint8_t)(0xF0 - 17 * i);
    x = (struct alert_record){.rule = SLICE("rule"),
                              .title = SLICE("a \"title\""),
                              .level = 5,
                              .about = SLICE("about"),
                              .host = SLICE("host"),
                              .user = SLICE("Người dùng"),
                              .address = SLICE("::1"),
                              .start = -1,
                              .time = INT64_MAX,
                              .event = SLICE("e"),
                              .stream = SLICE("s"),
                              .asset = SLICE("as"),
                              .suppression = SLICE("su"),
                              .history = true};
    memset(x.id, 0xA7, sizeof(x.id));
    round_trip(&x, "all of it");
}

/* A text that is too long is cut before a character, not in it. */
static void test_cut(void)
{
    static char text[ALERT_RECORD_TEXT + 10];
    struct alert_record x = {.rule = SLICE("r"), .level = 1}, y = {.level = -1};
    struct buf out = BUF_INIT(ALERT_RECORD_MAX);
    struct err err = ERR_INIT;

    memset(text, 'a', sizeof(text));
    memcpy(text + ALERT_RECORD_TEXT - 1, "Đ", 2);
    for (size_t n = ALERT_RECORD_TEXT - 1; n < ALERT_RECORD_TEXT + 5; n++) {
        buf_clear(&out);
        x.title = slice_of(text, n);
        alert_record_write(&out, &x);
        if (alert_record_read(buf_slice(&out), &arena, &y, &err) < 0)
            ok(false, "%zu bytes: %s", n, err_words(&err));
        if (n != ALERT_RECORD_TEXT) /* half a character, which no text ends with */
            is_int(y.title.n, ALERT_RECORD_TEXT - 1, "%zu bytes are cut", n);
    }
    buf_done(&out);
}

#define ID "\"id\":\"000102030405060708090a0b0c0d0eff\""

static void read_is(const char *json, int want)
{
    struct alert_record x = {.level = -1};
    struct err err = ERR_INIT;
    int r = alert_record_read(slice_str(json), &arena, &x, &err);

    is_int(r, want, "%s", json);
    ok(r == 0 || (x.level == -1 && err.code == -want), "and nothing is given when refused");
}

static void test_refused(void)
{
    struct alert_record x;
    struct err err = ERR_INIT;
    static char large[ALERT_RECORD_MAX + 2];

    read_is("{\"v\":1," ID ",\"rule\":\"r\",\"level\":1}", 0);
    read_is("{\"v\":2," ID ",\"rule\":\"r\",\"level\":5,\"new\":\"field\"}", 0);
    read_is("{\"v\":0," ID ",\"rule\":\"r\",\"level\":1}", -CE_UNKNOWN);
    read_is("{\"v\":\"1\"," ID ",\"rule\":\"r\",\"level\":1}", -CE_UNKNOWN);
    read_is("{\"v\":1," ID ",\"rule\":\"r\",\"level\":0}", -CE_RANGE);
    read_is("{\"v\":1," ID ",\"rule\":\"r\",\"level\":6}", -CE_RANGE);
    read_is("{\"v\":1," ID ",\"rule\":\"r\"}", -CE_MISSING);
    read_is("{\"v\":1," ID ",\"level\":1}", -CE_MISSING);
    read_is("{\"v\":1," ID ",\"rule\":\"\",\"level\":1}", -CE_MISSING);
    read_is("{\"v\":1,\"rule\":\"r\",\"level\":1}", -CE_MISSING);
    read_is("{\"v\":1," ID ",\"rule\":7,\"level\":1}", -CE_SYNTAX);
    read_is("{\"id\":\"00\",\"rule\":\"r\",\"level\":1}", -CE_SYNTAX);
    read_is("{\"id\":\"0001020304050607 8090a0b0c0d0e0f\",\"rule\":\"r\",\"level\":1}", -CE_SYNTAX);
    read_is("{\"id\":\"000102030405060708090a0b0c0d0eff00\",\"rule\":\"r\",\"level\":1}",
            -CE_SYNTAX);
    read_is("{\"id\":1,\"rule\":\"r\",\"level\":1}", -CE_SYNTAX);
    read_is("{\"v\":1," ID ",\"rule\":\"r\",\"level\":\"1\"}", -CE_RANGE);
    read_is("{\"v\":1," ID ",\"rule\":\"r\",\"level\":1,\"start\":\"1\"}", -CE_SYNTAX);
    read_is("{\"v\":1," ID ",\"rule\":\"r\",\"level\":1,\"time\":1.5}", -CE_SYNTAX);
    read_is("rubbish", -CE_SYNTAX);
    is_int(alert_record_read(slice_of(large, ALERT_RECORD_MAX), &arena, &x, &err), -CE_SYNTAX,
           "as large as may be");
    is_int(alert_record_read(slice_of(large, ALERT_RECORD_MAX + 1), &arena, &x, &err), -CE_TOO_BIG,
           "too large");
    if (alert_record_read(SLICE("{" ID ",\"rule\":\"r\",\"level\":3}"), &arena, &x, &err) == 0)
        ok(x.id[0] == 0 && x.id[1] == 1 && x.id[10] == 10 && x.id[15] == 255,
           "every byte of the id");
}

/* Stored ids must stay what they are; computed with Python's hashlib. */
static void test_event_id(void)
{
    uint8_t source[16], id[16];
    char text[33] = "";

    for (unsigned i = 0; i < sizeof(source); i++)
        source[i] = (uint8_t)i;
    event_id(source, SLICE("base"), 258, id);
    hex_write(text, id, sizeof(id));
    is_str(text, "b0c0451ee7fdfc0114a7c89d98f66f68", "BLAKE2b of source, base and place");
}

int main(void)
{
    test_round_trip();
    test_cut();
    test_refused();
    test_event_id();
    arena_done(&arena);
    return tap_done();
}
