/* SPDX-License-Identifier: Apache-2.0 */
/* Signing in and out, the link that sets a password, the language. */
#include "account/account.h"
#include "base/file.h"
#include "lang/err_web.h"
#include "lang/error.h"
#include "lang/msg_console.h"
#include "web/api.h"

/* Where to go on: a path of this console, else the first page. */
static struct slice next_of(struct slice asked)
{
    bool own = asked.n > 0 && asked.p[0] == '/' &&
               (asked.n == 1 || (asked.p[1] != '/' && asked.p[1] != '\\')) &&
               slice_find_byte(asked, '\n') == SIZE_MAX && slice_find_byte(asked, '\r') == SIZE_MAX;

    return own ? asked : SLICE("/");
}

static int show_sign_in(struct visit *v, unsigned status, struct slice message, struct err *err)
{
    int r;

    page_set(v->page, "message", message);
    r = visit_page(v, "sign-in", err);
    v->x->reply.status = status;
    return r;
}

int page_sign_in(struct visit *v, struct err *err)
{
    struct slice next = next_of(visit_query(v, "next"));

    if (v->known)
        return visit_goto(v, next);
    page_set(v->page, "next", next);
    page_set_flag(v->page, "welcome", visit_query(v, "welcome").n > 0);
    page_set(v->page, "login", visit_query(v, "welcome"));
    return show_sign_in(v, 200, SLICE_NULL, err);
}

/* Appends why not, in the reader's language. */
static void write_refusal(struct visit *v, int code, int64_t wait, struct buf *out)
{
    struct buf span = BUF_INIT(100);

    if (code == -CE_BUSY) {
        append_span(&span, v->lang, wait + 59 * TIME_SECOND);
        lang_write(out, v->lang, MSG_CONSOLE_SIGN_IN_WAIT, buf_cstr(&span));
    } else if (code == -CE_MISSING) {
        buf_puts(out, lang_text(v->lang, MSG_CONSOLE_SIGN_IN_CODE));
    } else {
        buf_puts(out, lang_text(v->lang, MSG_CONSOLE_SIGN_IN_WRONG));
    }
    buf_done(&span);
}

static int try_sign_in(struct visit *v, int64_t *ret_wait, struct err *err)
{
    struct sign_in q = {
        .login = visit_given(v, "login"),
        .password = uri_pairs_get(&v->given, "password"),
        .code = visit_given(v, "code"),
        .from = http_peer(v->x),
    };
    struct session_secret secret;
    int r = sign_in(v->s, &q, &secret, ret_wait, err);

    if (r < 0)
        return r;
    if (v->known) /* whoever was signed in here is out */
        r = sign_out(v->s, v->token, err);
    visit_set_session(v, secret.token);
    v->token = arena_dup(v->arena, slice_str(secret.token));
    v->known = r == 0 && visitor_of(v->s, v->token, VISITOR_SEEN, v->arena, &v->who, NULL) == 0;
    return r;
}

int post_sign_in(struct visit *v, struct err *err)
{
    struct slice next = next_of(visit_given(v, "next"));
    struct buf why = BUF_INIT(1000);
    int64_t wait = 0;
    int r = try_sign_in(v, &wait, err);

    if (r == 0)
        return visit_goto(v, next);
    if (r != -CE_DENIED && r != -CE_BUSY && r != -CE_MISSING)
        return r;
    write_refusal(v, r, wait, &why);
    page_set(v->page, "next", next);
    page_set(v->page, "login", visit_given(v, "login"));
    page_set_flag(v->page, "want_code", r == -CE_MISSING || visit_given(v, "code").n > 0);
    r = show_sign_in(v, r == -CE_BUSY ? 429 : 403, buf_slice(&why), err);
    buf_done(&why);
    return r;
}

int post_sign_out(struct visit *v, struct err *err)
{
    int r = sign_out(v->s, v->token, err);

    visit_set_session(v, "");
    return r < 0 ? r : visit_goto(v, SLICE("/sign-in"));
}

int post_language(struct visit *v, struct err *err)
{
    enum lang lang = lang_from_str(visit_given(v, "lang"));

    if (lang == LANG_MAX)
        return err_fail(err, CE_UNKNOWN, ERR_WEB_NO_SUCH_LANGUAGE);
    visit_set_language(v, lang);
    return visit_goto(v, next_of(visit_given(v, "next")));
}

int page_welcome(struct visit *v, struct err *err)
{
    struct slice login = SLICE_NULL;
    int r = account_invited(v->s, v->x->params[0], v->arena, &login, err);

    if (r < 0)
        return r;
    page_set(v->page, "login", login);
    return visit_page(v, "welcome", err);
}

/* The file with the first link lies about no longer than the link is good. */
static void forget_first_link(const struct desk_web *w, struct slice secret)
{
    struct buf text = BUF_INIT(1000);

    if (w->first_link && file_read(w->first_link, &text, NULL) == 0 &&
        slice_find(buf_slice(&text), secret) != SIZE_MAX)
        (void)file_remove(w->first_link, NULL);
    buf_done(&text);
}

/* With the name that they will type again. */
static int goto_sign_in(struct visit *v, struct slice login)
{
    struct buf to = BUF_INIT(500);
    int r;

    buf_puts(&to, "/sign-in?welcome=");
    uri_write_escaped(&to, login);
    r = visit_goto(v, buf_slice(&to));
    buf_done(&to);
    return r;
}

int post_welcome(struct visit *v, struct err *err)
{
    struct slice password = uri_pairs_get(&v->given, "password"), login = SLICE_NULL;
    struct buf why = BUF_INIT(1000);
    int r = account_invited(v->s, v->x->params[0], v->arena, &login, err);

    if (r < 0)
        return r;
    if (!slice_eq(password, uri_pairs_get(&v->given, "again")))
        r = err_fail(err, CE_RANGE, ERR_WEB_TWO_PASSWORDS_NOT_SAME);
    else
        r = account_accept(v->s, v->x->params[0], password, err);
    if (r == 0) {
        forget_first_link(v->web, v->x->params[0]);
        return goto_sign_in(v, login);
    }
    if (r != -CE_RANGE)
        return r;
    error_write(&why, v->lang, err);
    page_set(v->page, "login", login);
    page_set(v->page, "message", buf_slice(&why));
    buf_done(&why);
    r = visit_page(v, "welcome", err);
    v->x->reply.status = 422;
    return r;
}

/* The same by the API. */

int api_session_add(struct visit *v, struct err *err)
{
    struct buf why = BUF_INIT(240);
    int64_t wait = 0;
    int r = try_sign_in(v, &wait, err);

    if (r == -CE_BUSY) {
        struct buf seconds = BUF_INIT(32);

        buf_append_i64(&seconds, wait / TIME_SECOND + 1);
        http_reply_header(v->x, "Retry-After", buf_slice(&seconds));
        buf_done(&seconds);
    }
    if (r == -CE_DENIED || r == -CE_BUSY || r == -CE_MISSING) {
        write_refusal(v, r, wait, &why);
        r = err_fail(err, (enum ce) - r, ERR_BASE_TEXT, buf_slice(&why));
    }
    buf_done(&why);
    if (r < 0)
        return r;
    if (!v->known)
        return err_fail(err, CE_DENIED, ERR_WEB_THIS_PERSON_NO_ROLE_NOW);
    api_reply_visitor(v);
    return 0;
}

int api_session_drop(struct visit *v, struct err *err)
{
    int r = sign_out(v->s, v->token, err);

    visit_set_session(v, "");
    http_reply_status(v->x, 204);
    return r;
}

int api_me(struct visit *v, struct err *err)
{
    (void)err;
    api_reply_visitor(v);
    return 0;
}
