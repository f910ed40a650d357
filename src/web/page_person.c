/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One person, as the head of the unit looks after them: the roles they hold, the account they sign
 * in with, the ways they are reached. A link that sets a password is shown once, in the reply.
 */
#include "account/account.h"
#include "account/grant.h"
#include "base/time.h"
#include "lang/err_web.h"
#include "lang/error.h"
#include "lang/msg_contact.h"
#include "lang/value.h"
#include "register/contact.h"
#include "view/units.h"
#include "web/web_internal.h"

struct person_page {
    struct visit *v;
    struct state_person person;
    struct state_account account;
    bool has_account;
    struct slice secret; /* of an invitation that was just made */
};

static const struct {
    const char *key;
    int32_t kind;
    msg_id title;
} contact_kinds[] = {
    {"mobile", STATE_CONTACT_MOBILE, MSG_CONTACT_KIND_MOBILE},
    {"email", STATE_CONTACT_EMAIL, MSG_CONTACT_KIND_EMAIL},
    {"phone", STATE_CONTACT_PHONE, MSG_CONTACT_KIND_PHONE},
    {"radio", STATE_CONTACT_RADIO, MSG_CONTACT_KIND_RADIO},
    {"other", STATE_CONTACT_OTHER, MSG_CONTACT_KIND_OTHER},
};

static int read_account(struct person_page *p, struct err *err)
{
    const struct state_query of = {.unit = p->person.unit};
    struct visit *v = p->v;
    struct state_account *all = NULL;
    size_t n = 0;
    int r = state_account_list(v->s, &v->who.actor, &of, v->arena, &all, &n, err);

    for (size_t i = 0; r == 0 && i < n; i++)
        if (id_eq(all[i].person, p->person.id)) {
            p->account = all[i];
            p->has_account = true;
        }
    return r;
}

/* Whether another unit has such a person is nobody's business. */
static int open_person(struct visit *v, struct person_page *p, struct err *err)
{
    struct state_id id = STATE_ID_NONE;
    int r = visit_id(v, 0, &id, err);

    *p = (struct person_page){.v = v};
    if (r == 0 && (state_person_get(v->s, &v->who.actor, id, v->arena, &p->person, NULL) < 0 ||
                   !state_may_write(v->s, &v->who.actor, p->person.unit)))
        r = err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
    return r < 0 ? r : read_account(p, err);
}

/* The page. */

/* As the state has it. */
static bool may_grant(const struct visit *v, int32_t role)
{
    return v->who.actor.role == STATE_ADMIN ||
           (v->who.actor.role == STATE_HEAD && role <= STATE_SYSADMIN);
}

static int write_grant(void *u, const struct state_grant *x)
{
    struct person_page *p = u;
    struct visit *v = p->v;
    struct page_scope *row;
    struct buf id = BUF_INIT(64);

    if (!grant_holds(x, state_now(v->s)))
        return 0;
    row = page_add(v->page, "grants");
    id_write(&id, x->id);
    page_set_buf(row, "grant", &id);
    page_set_text(row, "grant_role", view_role_text(v->lang, x->role));
    page_set(row, "grant_source", x->source);
    page_set_when(row, "grant_from", x->valid_from, 0);
    page_set_flag(row, "grant_ends", x->valid_to != 0 && x->valid_to != STATE_FOREVER);
    page_set_when(row, "grant_until", x->valid_to, 0);
    page_set_flag(row, "may_end", may_grant(v, x->role));
    return 0;
}

static int write_way(void *u, const struct state_contact *x)
{
    struct person_page *p = u;
    struct page_scope *row = page_add(p->v->page, "ways");

    for (size_t i = 0; i < CANH_LEN(contact_kinds); i++)
        if (contact_kinds[i].kind == x->kind)
            page_set_text(row, "way_kind", lang_text(p->v->lang, contact_kinds[i].title));
    page_set(row, "way_hint", x->hint);
    page_set_flag(row, "way_proven", x->proven_at != 0);
    page_set_recorded(p->v, row, "way_proven_at", x->proven_at, false);
    return 0;
}

static void write_choices(struct visit *v)
{
    for (int32_t role = STATE_OBSERVER; role < STATE_SYSTEM; role++) {
        struct page_scope *row;

        if (!may_grant(v, role))
            continue;
        row = page_add(v->page, "role_choices");
        page_set_text(row, "choice", state_role_to_str((enum state_role)role));
        page_set_text(row, "choice_title", view_role_text(v->lang, role));
    }
    for (size_t i = 0; i < CANH_LEN(contact_kinds); i++) {
        struct page_scope *row = page_add(v->page, "kind_choices");

        page_set_text(row, "choice", contact_kinds[i].key);
        page_set_text(row, "choice_title", lang_text(v->lang, contact_kinds[i].title));
    }
}

static void write_account(struct person_page *p)
{
    struct visit *v = p->v;
    struct buf link = BUF_INIT(1000);

    page_set_flag(v->page, "has_account", p->has_account);
    page_set(v->page, "account_login", p->account.login);
    page_set_flag(v->page, "account_locked", p->account.state == STATE_ACCOUNT_LOCKED);
    page_set_flag(v->page, "account_set", p->account.password_at != 0);
    page_set_when(v->page, "account_since", p->account.password_at, 0);
    if (p->secret.n == 0)
        return;
    visit_write_site(v, &link);
    buf_printf(&link, "/welcome/" SLICE_FMT, SLICE_ARG(p->secret));
    page_set_buf(v->page, "invitation", &link);
}

static int show_person(struct person_page *p, struct slice message, unsigned status,
                       struct err *err)
{
    struct visit *v = p->v;
    const struct view_ctx view = visit_view(v);
    const struct state_query of = {.ref = p->person.id};
    struct buf id = BUF_INIT(64);
    int r = state_grant_each(v->s, &v->who.actor, &of, write_grant, p, err);

    if (r == 0)
        r = state_contact_each(v->s, &v->who.actor, &of, write_way, p, err);
    if (r < 0)
        return r;
    id_write(&id, p->person.id);
    page_set_buf(v->page, "person_id", &id);
    page_set(v->page, "person_name", p->person.name);
    page_set(v->page, "person_code", p->person.code);
    page_set(v->page, "person_title", p->person.title);
    page_set(v->page, "person_unit", view_unit_name(&view, p->person.unit));
    page_set_flag(v->page, "is_me", id_eq(p->person.id, v->who.actor.person));
    page_set_flag(v->page, "may_keep", WHO_KEEPER & 1u << v->who.actor.role);
    page_set(v->page, "message", message);
    page_set_flag(v->page, "done", visit_query(v, "done").n > 0);
    write_account(p);
    write_choices(v);
    page_set_when(v->page, "now", view.at, view.at);
    r = visit_page(v, "person", err);
    v->x->reply.status = status;
    return r;
}

int page_person(struct visit *v, struct err *err)
{
    struct person_page p;
    int r = open_person(v, &p, err);

    return r < 0 ? r : show_person(&p, SLICE_NULL, 200, err);
}

/* Acts. */

/* Back to the page, which says why not where the visitor can mend it. */
static int person_answer(struct person_page *p, int r, struct err *err)
{
    struct visit *v = p->v;
    struct buf text = BUF_INIT(2000);

    if (r == 0) {
        buf_puts(&text, "/people/");
        id_write(&text, p->person.id);
        buf_puts(&text, "?done=1");
        r = visit_goto(v, buf_slice(&text));
    } else if (r == -CE_EXISTS || r == -CE_RANGE || r == -CE_SYNTAX || r == -CE_MISSING ||
               r == -CE_CONFLICT || r == -CE_DENIED) {
        unsigned status = r == -CE_DENIED ? 403 : 422;

        error_write(&text, v->lang, err);
        *err = (struct err)ERR_INIT;
        r = show_person(p, buf_slice(&text), status, err);
    }
    buf_done(&text);
    return r;
}

/* The end of the day that was chosen; none: 0. */
static int read_until(struct visit *v, int64_t *ret, struct err *err)
{
    int64_t days;

    *ret = 0;
    if (visit_given(v, "until").n == 0)
        return 0;
    if (value_date(visit_given(v, "until"), 0, &days) < 0)
        return err_fail(err, CE_SYNTAX, ERR_WEB_NO_SUCH_DAY);
    *ret = (days + 1) * TIME_DAY - ZONE_OWN * TIME_SECOND;
    return 0;
}

int post_person_grant(struct visit *v, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    struct grant_request q = {.role = state_role_from_str(visit_given(v, "role")),
                              .source = visit_given(v, "source")};
    struct state_grant given;
    struct person_page p;
    int r = open_person(v, &p, err);

    if (r < 0)
        return r;
    q.person = p.person.id;
    r = read_until(v, &q.until, err);
    if (r == 0)
        r = grant_add(&ctx, &v->who.actor, &q, &given, err);
    return person_answer(&p, r, err);
}

int post_person_grant_end(struct visit *v, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    struct state_id id = STATE_ID_NONE;
    struct state_grant x;
    struct person_page p;
    int r = open_person(v, &p, err);

    if (r == 0)
        r = visit_id(v, 1, &id, err);
    if (r == 0 && (state_grant_get(v->s, &v->who.actor, id, v->arena, &x, NULL) < 0 ||
                   !id_eq(x.person, p.person.id)))
        r = err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
    return r < 0 ? r : person_answer(&p, grant_end(&ctx, &v->who.actor, id, &x, err), err);
}

/* What is done with the account: add, reset, lock, unlock. */
static int change_account(struct person_page *p, struct buf *secret, struct err *err)
{
    struct visit *v = p->v;
    struct slice act = visit_given(v, "act");
    struct account_request q = {.unit = p->person.unit,
                                .person = p->person.id,
                                .login = visit_given(v, "login")};

    if (slice_is(act, "add") && !p->has_account)
        return account_add(v->s, &v->who.actor, &q, secret, err);
    if (!p->has_account)
        return err_fail(err, CE_CONFLICT, ERR_WEB_NO_SUCH_ACT);
    if (slice_is(act, "reset"))
        return account_reset(v->s, &v->who.actor, p->account.login, secret, err);
    if ((slice_is(act, "lock") && !id_eq(p->person.id, v->who.actor.person)) ||
        slice_is(act, "unlock"))
        return account_lock(v->s, &v->who.actor, p->account.login, slice_is(act, "unlock"), err);
    return err_fail(err, CE_CONFLICT, ERR_WEB_NO_SUCH_ACT);
}

int post_person_account(struct visit *v, struct err *err)
{
    struct buf secret = BUF_INIT(256);
    struct person_page p;
    int r = open_person(v, &p, err);

    if (r < 0)
        return r;
    r = change_account(&p, &secret, err);
    p.secret = arena_dup(v->arena, buf_slice(&secret));
    buf_done(&secret);
    if (r < 0 || p.secret.n == 0)
        return person_answer(&p, r, err);
    r = read_account(&p, err);
    return r < 0 ? r : show_person(&p, SLICE_NULL, 200, err);
}

int post_person_contact(struct visit *v, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    struct contact_change c = {.value = visit_given(v, "value")};
    struct state_contact x;
    struct person_page p;
    int r = open_person(v, &p, err);

    if (r < 0)
        return r;
    c.of = (struct contact_of){.unit = p.person.unit, .person = p.person.id};
    for (size_t i = 0; i < CANH_LEN(contact_kinds); i++)
        if (slice_is(visit_given(v, "kind"), contact_kinds[i].key))
            c.of.kind = contact_kinds[i].kind;
    r = c.of.kind == 0 || c.value.n == 0 ? err_fail(err, CE_MISSING, ERR_WEB_CONTACT_KIND_AND_VALUE)
                                         : contact_set(&ctx, &v->who.actor, &c, &x, err);
    return person_answer(&p, r, err);
}
