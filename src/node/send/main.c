/* SPDX-License-Identifier: Apache-2.0 */
/*
 * canh-send: letters of the desk out to gateways, and what became of them back. No state, nothing
 * listens here, no folder but what names and certificates are found by.
 */
#include "base/file.h"
#include "base/time.h"
#include "lang/err_node.h"
#include "node/wire/role.h"
#include "notify/inbox.h"
#include "notify/notify.h"

enum { KEY_MAX = 4096 };
#define TURN      (10 * TIME_SECOND / 1000)
#define ASK_EVERY (3 * TIME_SECOND)

struct sender {
    struct role role;
    struct channel desk;
    struct notify *notify;
    struct notify_settings settings;
    struct buf smtp_key, sms_key, webhook_key;
    struct loop_timer *timer, *asks;
    bool draining;
    bool inbox_told; /* how the inbox stands: */
    struct buf inbox_why;
    uint32_t inbox_bad;
};

static void send_describe(void *u, const uint8_t id[16], enum notify_outcome outcome,
                          struct slice reason)
{
    struct sender *s = u;
    struct buf body = BUF_INIT(1000);

    frame_put_bytes(&body, id, 16);
    frame_put_u8(&body, (uint8_t)outcome);
    frame_put_text(&body, slice_head(reason, CANH_MIN(reason.n, (size_t)WIRE_REASON_MAX)));
    if (channel_is_open(&s->desk))
        (void)!channel_send(&s->desk, WIRE_OUTCOME, buf_slice(&body), NULL, 0, NULL);
    buf_done(&body);
}

static void send_turn(void *u, struct loop_timer *t)
{
    struct sender *s = u;

    notify_run(s->notify);
    if (notify_busy(s->notify))
        (void)!loop_timer_set(t, TURN, 0, NULL);
    else if (s->draining)
        loop_stop(s->role.loop);
}

/* How the inbox stands is told when it changes. */
static void report_inbox(struct sender *s, struct slice why, uint32_t bad)
{
    struct buf body = BUF_INIT(1000);

    why = slice_head_utf8(why, WIRE_REASON_MAX);
    if (s->inbox_told && bad == s->inbox_bad && slice_eq(why, buf_slice(&s->inbox_why)))
        return;
    buf_clear(&s->inbox_why);
    buf_append_slice(&s->inbox_why, why);
    s->inbox_bad = bad;
    frame_put_text(&body, buf_slice(&s->inbox_why));
    frame_put_u32(&body, bad);
    s->inbox_told = channel_is_open(&s->desk) &&
                    channel_send(&s->desk, WIRE_INBOX, buf_slice(&body), NULL, 0, NULL) == 0;
    buf_done(&body);
}

/* What the gateway received goes to the desk as it is; only the desk knows what it may mean. */
static void receive_inbox(void *u, bool answered, struct slice text)
{
    struct sender *s = u;
    struct arena arena = ARENA_INIT(1 << 20);
    struct inbox_message list[INBOX_MESSAGES_MAX];
    size_t bad = 0, n = answered ? inbox_read(text, &arena, list, &bad) : 0;

    report_inbox(s, answered ? SLICE("") : text, (uint32_t)bad);
    for (size_t i = 0; i < n && channel_is_open(&s->desk); i++) {
        struct buf body = BUF_INIT(FRAME_MAX);

        frame_put_text(&body, list[i].id);
        frame_put_text(&body, list[i].from);
        frame_put_text(&body, list[i].text);
        (void)!channel_send(&s->desk, WIRE_HEARD, buf_slice(&body), NULL, 0, NULL);
        buf_done(&body);
    }
    arena_done(&arena);
}

static void ask_inbox(void *u, struct loop_timer *t)
{
    struct sender *s = u;

    (void)t;
    if (s->draining || !channel_is_open(&s->desk))
        return;
    notify_inbox_ask(s->notify, receive_inbox);
    (void)!loop_timer_set(s->timer, 0, 0, NULL);
}

static int receive_heard_done(void *u, struct frame *f, struct err *err)
{
    struct sender *s = u;
    struct frame_reader r = frame_reader(f->body);
    struct slice id = frame_get_text(&r, INBOX_ID_MAX);

    if (frame_end(&r) < 0)
        return err_fail(err, CE_PEER, ERR_NODE_LETTER_IS_NONE);
    notify_inbox_done(s->notify, id);
    return loop_timer_set(s->timer, 0, 0, err);
}

static int receive_letter(void *u, struct frame *f, struct err *err)
{
    struct sender *s = u;
    struct frame_reader r = frame_reader(f->body);
    uint8_t id[16];
    uint32_t way;
    struct letter l = {.level = 0};

    frame_get_bytes(&r, id, sizeof(id));
    way = frame_get_u32(&r);
    l.level = (int32_t)frame_get_u32(&r);
    l.to = frame_get_text(&r, WIRE_LETTER_MAX);
    l.code = frame_get_text(&r, WIRE_LETTER_MAX);
    l.subject = frame_get_text(&r, WIRE_LETTER_MAX);
    l.text = frame_get_text(&r, WIRE_LETTER_MAX);
    if (frame_end(&r) < 0 || way < NOTIFY_SMS || way > NOTIFY_HOOK)
        return err_fail(err, CE_PEER, ERR_NODE_LETTER_IS_NONE);
    notify_send(s->notify, id, (enum notify_way)way, &l);
    return loop_timer_set(s->timer, 0, 0, err);
}

static const struct frame_rule rules[] = {
    {.type = WIRE_LETTER, .max = FRAME_MAX, .take = receive_letter},
    {.type = WIRE_HEARD_DONE, .max = 200, .take = receive_heard_done},
};

static void desk_lost(void *u, struct channel *c, const struct err *err)
{
    (void)u;
    (void)c;
    (void)err; /* letters under way go on; the desk holds them for unknown */
}

static int receive_link(void *u, enum wire_role peer, int fd, struct err *err)
{
    struct sender *s = u;

    if (peer != ROLE_DESK) {
        fd_closep(&fd);
        return err_fail(err, CE_PEER, ERR_NODE_CONNECTION_SOMEBODY_ELSE);
    }
    channel_close(&s->desk);
    s->inbox_told = false;
    return channel_open(&s->desk, fd, rules, CANH_LEN(rules), s, s->role.loop, desk_lost, err);
}

static void send_drain(void *u)
{
    struct sender *s = u;

    s->draining = true;
    if (!notify_busy(s->notify))
        loop_stop(s->role.loop);
}

/* A key is a file: its first line. */
static int read_key(struct slice path, struct buf *to, struct slice *ret, struct err *err)
{
    struct buf name = BUF_INIT(PLACE_PATH);
    int r = 0;

    if (path.n > 0) {
        buf_append_slice(&name, path);
        r = file_read(buf_cstr(&name), to, err);
    }
    *ret = slice_trim(
        slice_head(buf_slice(to), CANH_MIN(slice_find_byte(buf_slice(to), '\n'), to->len)));
    buf_done(&name);
    return r;
}

static int send_settle(struct sender *s, struct err *err)
{
    const struct config *c = &s->role.config;
    struct notify_settings *to = &s->settings;
    int r;

    *to = (struct notify_settings){.smtp = c->smtp,
                                   .smtp_user = c->smtp_user,
                                   .from = c->from,
                                   .sms = c->sms,
                                   .inbox = c->sms_inbox,
                                   .webhook = c->webhook};
    r = read_key(c->smtp_key, &s->smtp_key, &to->smtp_password, err);
    if (r == 0)
        r = read_key(c->sms_key, &s->sms_key, &to->sms_token, err);
    if (r == 0)
        r = read_key(c->webhook_key, &s->webhook_key, &to->webhook_key, err);
    return r < 0 ? r : notify_new(&s->notify, to, send_describe, s, err);
}

static int sender_begin(struct sender *s, struct err *err)
{
    static const char *const read[] = {"/etc/resolv.conf",
                                       "/etc/hosts",
                                       "/etc/nsswitch.conf",
                                       "/etc/host.conf",
                                       "/etc/gai.conf",
                                       "/etc/services",
                                       "/etc/ssl",
                                       "/usr/share/ca-certificates",
                                       "/usr/lib",
                                       "/lib",
                                       "/run/systemd/resolve",
                                       NULL};
    int r = send_settle(s, err);

    if (r == 0)
        r = loop_timer_add(s->role.loop, 3600 * TIME_SECOND, 0, send_turn, s, &s->timer, err);
    if (r == 0 && s->settings.inbox.n > 0)
        r = loop_timer_add(s->role.loop, ASK_EVERY, ASK_EVERY, ask_inbox, s, &s->asks, err);
    if (r == 0)
        r = role_listen(&s->role, err);
    if (r == 0)
        r = role_confine(&s->role, read, NULL, err);
    return r < 0 ? r : role_ready(&s->role, err);
}

int main(int argc, char **argv)
{
    static struct sender s = {.role = {.name = "send", .link = receive_link, .drain = send_drain},
                              .desk.fd = -1,
                              .smtp_key = BUF_INIT(KEY_MAX),
                              .sms_key = BUF_INIT(KEY_MAX),
                              .webhook_key = BUF_INIT(KEY_MAX),
                              .inbox_why = BUF_INIT(WIRE_REASON_MAX)};
    struct err err = ERR_INIT;
    int status;

    s.role.u = &s;
    status = role_begin(&s.role, argc, argv);
    if (status != 0)
        return status;
    status = sender_begin(&s, &err) < 0 ? role_fail(&s.role, &err) : role_run(&s.role);
    channel_close(&s.desk);
    s.notify = notify_free(s.notify);
    buf_done(&s.inbox_why);
    return status;
}
