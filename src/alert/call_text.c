/* SPDX-License-Identifier: Apache-2.0 */
#include "alert/call_text.h"

#include "lang/level.h"
#include "lang/msg_call.h"
#include "lang/msg_said.h"
#include "lang/said.h"
#include "lang/tone.h"
#include "lang/zone.h"
#include "state/people.h"
#include "state/units.h"

enum { TITLE_MAX = 60, UNIT_MAX = 40 };

/* Of who is told; of a webhook, and where nobody chose one, Vietnamese. */
static enum lang lang_of(struct state *s, const struct state_message *m)
{
    const struct state_actor sys = state_actor_system();
    struct arena arena = ARENA_INIT(1 << 16);
    struct state_person p = {.lang = STATE_LANG_NONE};
    enum lang lang = LANG_VI;

    if (!id_is_none(m->person) && state_person_get(s, &sys, m->person, &arena, &p, NULL) == 0)
        lang = state_lang(p.lang);
    arena_done(&arena);
    return lang;
}

/* The first characters of a text, whole ones. */
static void write_short(struct buf *out, struct slice s, size_t most)
{
    size_t n = 0, at = 0;

    while (at < s.n && n < most) {
        at++;
        while (at < s.n && (s.p[at] & 0xc0) == 0x80)
            at++;
        n++;
    }
    buf_append_slice(out, slice_head(s, at));
    if (at < s.n)
        buf_puts(out, "…");
}

static void write_unit(struct buf *out, struct state *s, struct state_id id)
{
    const struct state_actor sys = state_actor_system();
    struct arena arena = ARENA_INIT(1 << 16);
    struct state_unit u;

    if (state_unit_get(s, &sys, id, &arena, &u, NULL) == 0)
        write_short(out, u.short_name.n ? u.short_name : u.name, UNIT_MAX);
    arena_done(&arena);
}

/* Where it can be seen; letters only: a phone at home does not open a closed network. */
static void write_link(struct buf *out, const struct outbox_ways *ways,
                       const struct state_call *call, const struct state_message *m)
{
    if (m->channel != STATE_CHANNEL_MAIL || ways->link.n == 0)
        return;
    buf_printf(out, "\n" SLICE_FMT "/", SLICE_ARG(ways->link));
    if (call->matter != STATE_MATTER_ALERT)
        return;
    buf_puts(out, "alerts/");
    id_write(out, call->thing);
}

/* What it is: an alert's title, or the kind of matter and its name. */
static void write_title(struct buf *out, enum lang lang, const struct state_call *call)
{
    static const msg_id kinds[STATE_MATTER_MAX] = {
        [STATE_MATTER_SHIFT] = MSG_CALL_MATTER_SHIFT,
        [STATE_MATTER_OUTAGE] = MSG_CALL_MATTER_OUTAGE,
        [STATE_MATTER_CLOCK] = MSG_CALL_MATTER_CLOCK,
        [STATE_MATTER_REQUEST] = MSG_CALL_MATTER_REQUEST,
        [STATE_MATTER_FAULT] = MSG_CALL_MATTER_FAULT,
        [STATE_MATTER_LIFE] = MSG_CALL_MATTER_LIFE,
        [STATE_MATTER_READY] = MSG_CALL_MATTER_READY,
        [STATE_MATTER_CHANGE] = MSG_CALL_MATTER_CHANGE,
        [STATE_MATTER_HANDOVER] = MSG_CALL_MATTER_HANDOVER,
        [STATE_MATTER_TEST] = MSG_CALL_MATTER_TEST,
    };

    struct buf mark = BUF_INIT(100), shown = BUF_INIT(1 << 16);
    struct slice title;

    said_write(&shown, lang, call->title);
    title = buf_slice(&shown);
    for (int l = 0; call->drill && l < LANG_MAX; l++) { /* stands before the whole text */
        buf_clear(&mark);
        call_text_mark(&mark, (enum lang)l);
        if (slice_starts(title, buf_slice(&mark)))
            title = slice_from(title, mark.len);
    }
    if (call->matter > STATE_MATTER_ALERT && call->matter < STATE_MATTER_MAX)
        buf_printf(out, "%s: ", lang_text(lang, kinds[call->matter]));
    write_short(out, title, TITLE_MAX);
    buf_done(&mark);
    buf_done(&shown);
}

/* How to answer, where answers are heard. */
static void write_reply(struct buf *out, enum lang lang, const struct outbox_ways *ways,
                        const struct state_message *m)
{
    char code[16];

    if (m->channel != STATE_CHANNEL_SMS || !ways->replies || m->code.n >= sizeof(code))
        return;
    memcpy(code, m->code.p, m->code.n);
    code[m->code.n] = 0;
    buf_puts(out, " ");
    lang_write(out, lang, MSG_CALL_REPLY, code);
}

/* A test: that nothing has happened, and what to do with the code. */
static void write_test(struct buf *out, enum lang lang, const struct outbox_ways *ways,
                       const struct state_message *m)
{
    char code[16] = "";

    memcpy(code, m->code.p, CANH_MIN(m->code.n, sizeof(code) - 1));
    if (m->channel == STATE_CHANNEL_SMS && ways->replies)
        lang_write(out, lang, MSG_CALL_TEST_REPLY, code);
    else
        lang_write(out, lang, MSG_CALL_TEST_TYPE, code);
}

/* As the way wants it. */
static void write_as(struct buf *out, const struct outbox_ways *ways, const struct state_message *m,
                     struct buf *text)
{
    if (m->channel == STATE_CHANNEL_SMS && ways->plain)
        viet_write_plain(out, buf_slice(text));
    else
        buf_append_slice(out, buf_slice(text));
    buf_done(text);
}

void call_text_mark(struct buf *out, enum lang lang)
{
    buf_puts(out, lang_text(lang, MSG_SAID_DRILL));
}

static void call_text_begin(struct buf *text, enum lang lang, struct state *s,
                            const struct state_call *call, const struct state_message *m)
{
    if (state_is_demo(s) || call->drill)
        call_text_mark(text, lang);
    buf_printf(text, "canh " SLICE_FMT ": ", SLICE_ARG(m->code));
}

void call_text_one(struct buf *out, struct state *s, const struct outbox_ways *ways,
                   const struct state_call *call, const struct state_message *m)
{
    struct buf text = BUF_INIT(4000), title = BUF_INIT(1000), unit = BUF_INIT(1000);
    const enum lang lang = lang_of(s, m);
    struct civil c;

    if (call->matter == STATE_MATTER_TEST) {
        call_text_begin(&text, lang, s, call, m);
        write_test(&text, lang, ways, m);
        write_as(out, ways, m, &text);
        return;
    }
    time_to_civil(state_now(s), ZONE_OWN, &c);
    write_title(&title, lang, call);
    write_unit(&unit, s, call->unit);
    call_text_begin(&text, lang, s, call, m);
    lang_write(&text, lang, MSG_CALL_ONE, level_capitals(lang, m->level), buf_cstr(&title),
               buf_cstr(&unit), (unsigned)c.hour, (unsigned)c.minute, (unsigned)c.day,
               (unsigned)c.month);
    write_reply(&text, lang, ways, m);
    write_link(&text, ways, call, m);
    write_as(out, ways, m, &text);
    buf_done(&title);
    buf_done(&unit);
}

void call_text_many(struct buf *out, struct state *s, const struct outbox_ways *ways,
                    const struct state_call *call, const struct state_message *m)
{
    struct buf text = BUF_INIT(4000), unit = BUF_INIT(1000);
    const enum lang lang = lang_of(s, m);

    write_unit(&unit, s, call->unit);
    call_text_begin(&text, lang, s, call, m);
    lang_write(&text, lang, MSG_CALL_MANY, (unsigned)m->count, buf_cstr(&unit),
               level_capitals(lang, m->level));
    write_reply(&text, lang, ways, m);
    write_link(&text, ways, call, m);
    write_as(out, ways, m, &text);
    buf_done(&unit);
}

void call_text_subject(struct buf *out, struct state *s, const struct outbox_ways *ways,
                       const struct state_call *call, const struct state_message *m)
{
    struct buf unit = BUF_INIT(1000);
    const enum lang lang = lang_of(s, m);

    (void)ways;
    write_unit(&unit, s, call->unit);
    if (state_is_demo(s) || call->drill)
        call_text_mark(out, lang);
    if (call->matter == STATE_MATTER_TEST && m->count == 1)
        buf_puts(out, lang_text(lang, MSG_CALL_TEST_SUBJECT));
    else
        lang_write(out, lang, MSG_CALL_SUBJECT, level_capitals(lang, m->level), buf_cstr(&unit));
    buf_printf(out, " (" SLICE_FMT ")", SLICE_ARG(m->code));
    buf_done(&unit);
}

void call_text_copy(struct buf *out, enum lang lang, struct state *s, const struct state_alert *x)
{
    const struct state_message m = {.level = x->level};
    const struct state_call call = {.matter = STATE_MATTER_ALERT,
                                    .title =
                                        lang == LANG_VI && x->title_vi.n ? x->title_vi : x->title,
                                    .drill = x->drill};
    struct buf title = BUF_INIT(1000), unit = BUF_INIT(1000);
    struct civil c;

    time_to_civil(x->last_seen, ZONE_OWN, &c);
    write_title(&title, lang, &call);
    write_unit(&unit, s, x->unit);
    if (state_is_demo(s) || x->drill)
        call_text_mark(out, lang);
    lang_write(out, lang, MSG_CALL_ONE, level_capitals(lang, m.level), buf_cstr(&title),
               buf_cstr(&unit), (unsigned)c.hour, (unsigned)c.minute, (unsigned)c.day,
               (unsigned)c.month);
    buf_done(&title);
    buf_done(&unit);
}
