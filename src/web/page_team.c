/* SPDX-License-Identifier: Apache-2.0 */
/* "Đội ứng cứu": who there is, what they can do, whether they can come; asked for help with an
 * incident; requests for help with their clock. */
#include "base/time.h"
#include "case/team.h"
#include "lang/err_web.h"
#include "lang/msg_console.h"
#include "lang/value.h"
#include "lang/zone.h"
#include "register/request.h"
#include "state/cases.h"
#include "view/api.h"
#include "web/api.h"

static struct slice standing_text(struct visit *v, enum team_standing s)
{
    static const msg_id words[TEAM_STANDING_MAX] = {MSG_CONSOLE_TEAM_FREE, MSG_CONSOLE_TEAM_BUSY,
                                                    MSG_CONSOLE_TEAM_AWAY};

    return slice_str(lang_text(v->lang, words[s]));
}

static void write_member(struct visit *v, const struct team_member *m)
{
    static const char *const marks[TEAM_STANDING_MAX] = {"on", "late", "unknown"};
    struct page_scope *row = page_add(v->page, "members");
    struct buf id = BUF_INIT(64);

    id_write(&id, m->person);
    page_set_buf(row, "member", &id);
    page_set(row, "member_name", m->name);
    page_set(row, "member_of", m->unit_name);
    page_set(row, "member_skills", m->skills);
    page_set(row, "member_note", m->note);
    page_set(row, "member_standing", standing_text(v, m->standing));
    page_set_text(row, "member_mark", marks[m->standing]);
    page_set_i64(row, "member_in_hand", m->in_hand);
    page_set_flag(row, "member_has", m->in_hand > 0);
    page_set_flag(row, "member_away", m->standing == TEAM_AWAY);
    if (m->until != 0 && m->until != STATE_FOREVER)
        page_set_when(row, "member_until", m->until, state_now(v->s));
    if (id_eq(m->person, v->who.actor.person)) {
        page_set_flag(v->page, "me", true);
        page_set_flag(v->page, "me_away", m->standing == TEAM_AWAY);
    }
}

/* Requests for help that are not ended, with the clock of their acceptance. */
static int write_help(void *u, const struct state_request *x)
{
    struct visit *v = u;
    const struct view_ctx view = visit_view(v);
    struct page_scope *row;
    struct buf id = BUF_INIT(64);

    if (x->kind != STATE_HELP || x->state >= STATE_REQUEST_ANSWERED)
        return 0;
    row = page_add(v->page, "help");
    id_write(&id, x->id);
    page_set_buf(row, "help_id", &id);
    page_set(row, "help_number", x->number);
    page_set(row, "help_title", x->title);
    page_set(row, "help_from", view_unit_name(&view, x->unit));
    page_set_recorded(v, row, "help_opened", x->opened, false);
    page_set_flag(row, "help_accepted", x->accepted_at != 0);
    page_set_recorded(v, row, "help_accepted_at", x->accepted_at, false);
    page_set_span(row, "help_took", v->lang, CANH_MAX(x->accepted_at - x->opened, (int64_t)0));
    page_set_flag(row, "help_late",
                  x->due != 0 && (x->accepted_at ? x->accepted_at : view.at) > x->due);
    if (x->due)
        page_set_when(row, "help_due", x->due, view.at);
    return 0;
}

/* The incident that help is wanted for: ?case=ID. */
static int write_incident(struct visit *v, struct err *err)
{
    struct slice given = visit_query(v, "case");
    struct state_case incident;
    struct state_id id;

    if (given.n == 0)
        return 0;
    if (id_parse(given, &id) < 0 ||
        state_case_get(v->s, &v->who.actor, id, v->arena, &incident, NULL) < 0)
        return err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
    page_set(v->page, "incident", given);
    page_set(v->page, "incident_number", incident.number);
    page_set(v->page, "incident_title", incident.title);
    return 0;
}

int page_team(struct visit *v, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    const struct state_query q = {.unit = v->who.actor.unit, .below = true};
    struct team_member *rows = NULL;
    size_t n = 0;
    int r = write_incident(v, err);

    if (r == 0)
        r = team_list(&ctx, &v->who.actor, visit_query(v, "skill"), &rows, &n, err);
    for (size_t i = 0; r == 0 && i < n; i++)
        write_member(v, &rows[i]);
    if (r == 0)
        r = state_request_each(v->s, &v->who.actor, &q, write_help, v, err);
    if (r < 0)
        return r;
    page_set_i64(v->page, "member_count", (int64_t)n);
    page_set(v->page, "skill", visit_query(v, "skill"));
    page_set_flag(v->page, "said", visit_query(v, "said").n > 0);
    page_set(v->page, "asked", visit_query(v, "asked"));
    page_set_when(v->page, "now", state_now(v->s), state_now(v->s));
    return visit_page(v, "team", err);
}

int api_team(struct visit *v, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    struct team_member *rows = NULL;
    struct json_write w;
    size_t n = 0;
    int r = team_list(&ctx, &v->who.actor, visit_query(v, "skill"), &rows, &n, err);

    if (r < 0)
        return r;
    api_items_begin(v, &w);
    for (size_t i = 0; i < n; i++)
        view_json_team_member(&w, &rows[i]);
    api_items_end(&w);
    return 0;
}

int post_team_availability(struct visit *v, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    struct team_word word = {.away = slice_is(visit_given(v, "away"), "1"),
                             .note = visit_given(v, "note")};
    struct slice until = visit_given(v, "until");
    int64_t days;
    int r;

    if (word.away && until.n > 0) { /* to the end of that day */
        if (value_date(until, 0, &days) < 0)
            return err_fail(err, CE_SYNTAX, ERR_WEB_NO_SUCH_DAY);
        word.until = (days + 1) * TIME_DAY - ZONE_OWN * TIME_SECOND;
    }
    r = team_declare(&ctx, &v->who.actor, &word, err);
    return r < 0 ? r : visit_done(v, SLICE("/team?said=1"));
}

int post_team_ask(struct visit *v, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    struct team_request ask = {.unit = v->who.actor.unit, .text = visit_given(v, "text")};
    struct slice incident = visit_given(v, "case");
    struct state_request request;
    struct buf path = BUF_INIT(200);
    int r = 0;

    if (id_parse(visit_given(v, "member"), &ask.member) < 0 ||
        (incident.n > 0 && id_parse(incident, &ask.incident) < 0))
        return err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
    r = team_ask(&ctx, &v->who.actor, &ask, &request, err);
    if (r == -CE_DENIED)
        return err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
    if (r < 0)
        return r;
    desk_web_changed(v->web, "matter", request.other, request.id);
    buf_puts(&path, "/team?asked=");
    uri_write_escaped(&path, request.number);
    r = visit_done(v, buf_slice(&path));
    buf_done(&path);
    return r;
}
