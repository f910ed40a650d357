/* SPDX-License-Identifier: Apache-2.0 */
/* What a gateway hands out as received, line by line; what people write back. */
#include "alert/reply.h"
#include "notify/inbox.h"
#include "tap.h"

static struct inbox_message list[INBOX_MESSAGES_MAX];

static void lines(void)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct buf out = BUF_INIT(1000);
    size_t bad = 0;
    size_t n =
        inbox_read(SLICE(
                       "{\"id\":\"a-1\",\"from\":\"+84901234567\",\"text\":\"K7Q2M\",\"at\":1}\r\n"
                       "\n"
                       "{\"id\":17,\"from\":\"0901234567\",\"text\":\"BAO x\"}\n"
                       "{\"id\":\"a b\",\"from\":\"1\",\"text\":\"\"}\n"
                       "{\"from\":\"1\",\"text\":\"x\"}\n"
                       "[1]\n"),
                   &arena, list, &bad);

    is_int((int64_t)n, 2, "two messages");
    is_int((int64_t)bad, 3, "three lines are none");
    ok(slice_is(list[0].id, "a-1") && slice_is(list[0].text, "K7Q2M"), "id and text");
    ok(slice_is(list[1].id, "17"), "a number is an id, too");
    inbox_write_done(&out, list[0].id);
    is_str(buf_cstr(&out), "{\"done\":[\"a-1\"]}", "what is said to be done");
    buf_done(&out);
    arena_done(&arena);
}

static void many(void)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct buf text = BUF_INIT(1 << 20);
    size_t bad = 0;

    for (int i = 0; i < 300; i++)
        buf_printf(&text, "{\"id\":\"%d\",\"from\":\"0901234567\",\"text\":\"x\"}\n", i);
    is_int((int64_t)inbox_read(buf_slice(&text), &arena, list, &bad), INBOX_MESSAGES_MAX,
           "at most so many at once");
    buf_done(&text);
    arena_done(&arena);
}

static void replies(void)
{
    static const struct {
        const char *text, *code;
        enum reply_kind kind;
        const char *report;
    } rows[] = {
        {"K7Q2M", "K7Q2M", REPLY_TO_CODE, ""},
        {"  k7q2m  da nhan", "K7Q2M", REPLY_TO_CODE, ""},
        {"Đã nhận: K7Q2M.", "K7Q2M", REPLY_TO_CODE, ""},
        {"canh K7Q2M", "K7Q2M", REPLY_TO_CODE, ""},
        {"K7Q2", "", REPLY_NOTHING, ""},
        {"K7Q2MM", "", REPLY_NOTHING, ""},
        {"", "", REPLY_NOTHING, ""},
        {"BAO mất điện từ 6h\nGửi từ điện thoại", "", REPLY_REPORT, "mất điện từ 6h"},
        {"báo: cháy nổ", "", REPLY_REPORT, "cháy nổ"},
        {"Bao", "", REPLY_NOTHING, ""},
        {"K7Q2M BAO xong", "K7Q2M", REPLY_TO_CODE, ""},
        {"baobao x", "", REPLY_NOTHING, ""},
    };

    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        struct reply r;

        reply_parse(slice_str(rows[i].text), &r);
        is_int((int)r.kind, (int)rows[i].kind, "kind of “%s”", rows[i].text);
        is_str(r.count ? r.codes[0] : "", rows[i].code, "code of “%s”", rows[i].text);
        ok(slice_is(r.text, rows[i].report), "report of “%s”", rows[i].text);
    }
}

int main(void)
{
    lines();
    many();
    replies();
    return tap_done();
}
