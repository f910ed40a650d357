/* SPDX-License-Identifier: Apache-2.0 */
/* Handing a shift over, on the page of the shift: what is open, who goes signs, who comes takes it.
 */
#include "base/time.h"
#include "case/case.h"
#include "data/data.h"
#include "duty/handover.h"
#include "lang/err_web.h"
#include "lang/msg_console.h"
#include "lang/said.h"
#include "net/uri.h"
#include "state/people.h"
#include "view/units.h"
#include "web/page_shift.h"

enum { ITEMS_SHOWN = 200, CASES_MAX = 50 };

/* A code that people know; of what waits for approval, what it is. */
static void write_code(struct buf *out, enum lang lang, const struct duty_item *x)
{
    static const struct {
        const char *code;
        msg_id word;
    } approvals[] = {{"leave", MSG_CONSOLE_APPROVE_LEAVE},
                     {"swap", MSG_CONSOLE_APPROVE_SWAP},
                     {"roster", MSG_CONSOLE_APPROVE_ROSTER},
                     {"coverage", MSG_CONSOLE_APPROVE_COVERAGE}};

    if (x->code.n == 0 || x->kind == DUTY_ITEM_FORM)
        return;
    for (size_t i = 0; x->kind == DUTY_ITEM_APPROVAL && i < CANH_LEN(approvals); i++) {
        if (slice_is(x->code, approvals[i].code)) {
            buf_printf(out, "%s: ", lang_text(lang, approvals[i].word));
            return;
        }
    }
    buf_printf(out, SLICE_FMT ": ", SLICE_ARG(x->code));
}

/* What canh itself found is worded here; what people said stands as they said it. */
static void write_title(struct buf *out, enum lang lang, const struct duty_item *x)
{
    write_code(out, lang, x);
    switch (x->fault) {
    case DUTY_ITEM_SHORT:
        lang_write(out, lang, MSG_CONSOLE_ITEM_SHORT, x->have, x->need);
        break;
    case DUTY_ITEM_AWAY:
        buf_printf(out, SLICE_FMT " %s", SLICE_ARG(x->title),
                   lang_text(lang, MSG_CONSOLE_ITEM_AWAY));
        break;
    case DUTY_ITEM_RECALLED:
        buf_printf(out, SLICE_FMT " %s", SLICE_ARG(x->title),
                   lang_text(lang, MSG_CONSOLE_ITEM_RECALLED));
        break;
    case DUTY_ITEM_NOT_TAKEN:
        buf_printf(out, SLICE_FMT " %s", SLICE_ARG(x->title),
                   lang_text(lang, MSG_CONSOLE_ITEM_NOT_TAKEN));
        break;
    case DUTY_ITEM_SILENT:
        buf_printf(out, SLICE_FMT " %s", SLICE_ARG(x->title),
                   lang_text(lang, MSG_CONSOLE_ITEM_SILENT));
        break;
    case DUTY_ITEM_NOT_LEFT:
        buf_printf(out, SLICE_FMT " %s", SLICE_ARG(x->title),
                   lang_text(lang, MSG_CONSOLE_ITEM_NOT_LEFT));
        break;
    case DUTY_ITEM_CLOCK_BACK:
        buf_puts(out, lang_text(lang, MSG_CONSOLE_ITEM_CLOCK_BACK));
        break;
    default:
        said_write(out, lang, lang != LANG_VI && x->english.n ? x->english : x->title);
    }
}

/* Open cases are handed over as notes that have a number. */
static bool is_case(const struct duty_item *x)
{
    return x->kind == DUTY_ITEM_NOTE && x->code.n > 0;
}

/* Where something is done about it. */
static void write_way(struct visit *v, struct page_scope *row, const struct duty_item *x)
{
    static const struct {
        const char *path;
        unsigned who; /* may come in there */
    } ways[DUTY_ITEM_MAX] = {
        [DUTY_ITEM_SHIFT] = {"/", WHO_WORK},
        [DUTY_ITEM_HANDOVER] = {"/", WHO_WORK},
        [DUTY_ITEM_APPROVAL] = {"/approvals", WHO_DUTY},
        [DUTY_ITEM_NOTICE] = {"/notices", WHO_WORK},
        [DUTY_ITEM_REQUEST] = {"/requests", WHO_WORK},
        [DUTY_ITEM_FINDING] = {"/findings", WHO_WORK},
        [DUTY_ITEM_GAP] = {"/roster", WHO_WORK},
        [DUTY_ITEM_OUTAGE] = {"/rows/probes", WHO_WORK},
        [DUTY_ITEM_PLANNED] = {"/rows/probes", WHO_WORK},
    };
    const struct view_ctx view = visit_view(v);
    struct buf href = BUF_INIT(1000);

    if (x->kind == DUTY_ITEM_FORM) {
        page_set(row, "item_form", x->code);
    } else if (x->kind == DUTY_ITEM_OVERDUE) {
        buf_puts(&href, "/plan/cells?unit=");
        uri_write_escaped(&href, view_unit_code(&view, v->who.actor.unit));
        page_set_buf(row, "item_href", &href);
    } else if (is_case(x)) {
        page_set_text(row, "item_href", "/cases");
    } else if (ways[x->kind].who & 1u << v->who.actor.role) {
        page_set_text(row, "item_href", ways[x->kind].path);
    }
    buf_done(&href);
}

void write_items(struct visit *v, struct page_scope *p, const struct duty_items *items)
{
    static const msg_id kinds[DUTY_ITEM_MAX] = {
        MSG_CONSOLE_ITEM_REQUEST,  MSG_CONSOLE_ITEM_ORDER,   MSG_CONSOLE_ITEM_FINDING,
        MSG_CONSOLE_ITEM_OUTAGE,   MSG_CONSOLE_ITEM_PLANNED, MSG_CONSOLE_ITEM_OVERDUE,
        MSG_CONSOLE_ITEM_GAP,      MSG_CONSOLE_ITEM_SHIFT,   MSG_CONSOLE_ITEM_NOTE,
        MSG_CONSOLE_ITEM_WEATHER,  MSG_CONSOLE_ITEM_POWER,   MSG_CONSOLE_ITEM_HANDOVER,
        MSG_CONSOLE_ITEM_APPROVAL, MSG_CONSOLE_ITEM_NOTICE,  MSG_CONSOLE_ITEM_FORM};
    int64_t now = state_now(v->s);

    for (size_t i = 0; i < items->count && i < ITEMS_SHOWN; i++) {
        const struct duty_item *x = &items->items[i];
        struct page_scope *row = page_add(p, "items");
        struct buf title = BUF_INIT(4000);

        write_title(&title, v->lang, x);
        page_set_buf(row, "item", &title);
        page_set_text(row, "item_kind",
                      lang_text(v->lang, is_case(x) ? MSG_CONSOLE_ITEM_CASE : kinds[x->kind]));
        if (x->due)
            page_set_end(row, "item_due", x->due, now);
        page_set_flag(row, "item_late", time_is_late(x->due, 0, now));
        page_set_text(row, "item_class", time_is_late(x->due, 0, now) ? "is-late" : "is-open");
        write_way(v, row, x);
    }
}

struct open_cases {
    struct duty_items *items;
    struct state_id unit;
    struct err *err;
};

static int add_case(void *u, const struct state_case *x)
{
    struct open_cases *c = u;
    const struct duty_item item = {.kind = DUTY_ITEM_NOTE,
                                   .code = x->number,
                                   .title = x->title,
                                   .since = x->t0};

    if (!id_eq(x->unit, c->unit))
        return 0;
    return c->items->count >= CASES_MAX ? 1 : duty_items_add(c->items, &item, c->err);
}

/* Cases that are open at the unit of the post: duty itself does not know of them. */
static int collect_cases(struct visit *v, struct state_id unit, struct duty_items *to,
                         struct err *err)
{
    struct open_cases c = {.items = to, .unit = unit, .err = err};
    const struct state_case_walk open = {.open = true};
    int r = state_case_newest(v->s, &v->who.actor, &open, add_case, &c, err);

    return CANH_MIN(r, 0);
}

/* The handover that waits for this person: somebody else's, at a post of the unit. */
static bool find_waiting(struct visit *v, const struct own_shift *m, struct state_handover *ret)
{
    struct act_ctx ctx = {.s = v->s, .arena = v->arena};

    for (uint32_t i = 0; i < m->picture.load.asked; i++) {
        if (handover_waiting(&ctx, &v->who.actor, &m->picture.load.posts[i], ret, NULL) == 0 &&
            !id_eq(ret->giver, v->who.actor.person))
            return true;
    }
    return false;
}

static int write_waiting(struct visit *v, const struct own_shift *m, struct err *err)
{
    const struct state_actor all = state_actor_system();
    struct duty_items items = {.arena = v->arena};
    struct state_handover x;
    struct page_scope *p;
    struct state_person giver;
    int r;

    if (!find_waiting(v, m, &x))
        return 0;
    p = page_add(v->page, "takeover");
    r = duty_items_read(x.items, &items, err);
    if (r < 0)
        return r;
    write_items(v, p, &items);
    page_set(p, "given_note", x.note);
    page_set(p, "objection", x.objection);
    page_set_recorded(v, p, "given_at", x.giver_at, false);
    if (state_person_get(v->s, &all, x.giver, v->arena, &giver, NULL) == 0)
        page_set(p, "giver", giver.name);
    return 0;
}

static int write_giving(struct visit *v, const struct own_shift *m, struct err *err)
{
    const struct duty_load *l = &m->picture.load;
    struct duty_items items = {.arena = v->arena};
    struct act_ctx ctx = {.s = v->s, .arena = v->arena};
    struct page_scope *p;
    struct state_handover x;
    int r = duty_items_collect(v->s, &v->who.actor, l, m->post, m->now, &items, err);

    if (r == 0)
        r = collect_cases(v, l->posts[m->post].unit, &items, err);
    if (r < 0)
        return r;
    p = page_add(v->page, "giving");
    write_items(v, p, &items);
    page_set_flag(p, "given",
                  handover_waiting(&ctx, &v->who.actor, &l->posts[m->post], &x, NULL) == 0 &&
                      id_eq(x.giver, v->who.actor.person));
    return 0;
}

int append_handover(struct visit *v, const struct own_shift *m, struct err *err)
{
    int r = write_waiting(v, m, err);

    return r == 0 && m->state == MINE_ON ? write_giving(v, m, err) : r;
}

int act_handover(struct visit *v, const struct own_shift *m, struct slice what, struct err *err)
{
    struct act_ctx ctx = visit_ctx(v);
    struct duty_items more = {.arena = v->arena};
    struct handover_request q = {.shift = {.terms = shipped_terms()},
                                 .more = &more,
                                 .note = visit_given(v, "note")};
    struct handover_result done;
    struct state_handover x;
    int r;

    if (slice_is(what, "give")) {
        r = collect_cases(v, m->picture.load.posts[m->post].unit, &more, err);
        return r < 0 ? r : handover_give(&ctx, &v->who.actor, &q, &done, err);
    }
    if (!find_waiting(v, m, &x))
        return err_fail(err, CE_NOT_FOUND, ERR_WEB_NOTHING_TO_TAKE_OVER);
    q.shift.post = x.post;
    return slice_is(what, "object") ? handover_object(&ctx, &v->who.actor, &q, &done, err)
                                    : handover_accept(&ctx, &v->who.actor, &q, &done, err);
}
