/* SPDX-License-Identifier: Apache-2.0 */
/* One's own account: the second factor, and signing out wherever one is signed in. */
#include <sodium.h>

#include "account/account.h"
#include "account/totp.h"
#include "base/hex.h"
#include "lang/err_web.h"
#include "lang/error.h"
#include "lang/msg_console.h"
#include "state/people.h"
#include "view/units.h"
#include "web/web_internal.h"

/* Four letters at a time, as they are typed into a phone. */
static void write_secret(struct visit *v, const uint8_t secret[TOTP_SECRET])
{
    struct buf text = BUF_INIT(100), apart = BUF_INIT(200);
    char hex[2 * TOTP_SECRET + 1] = "";

    totp_write_secret(&text, secret);
    for (size_t i = 0; i < text.len; i++)
        buf_printf(&apart, "%s%c", i > 0 && i % 4 == 0 ? " " : "", buf_cstr(&text)[i]);
    hex_write(hex, secret, TOTP_SECRET);
    page_set_text(v->page, "secret", hex);
    page_set_buf(v->page, "secret_text", &apart);
    sodium_memzero(hex, sizeof(hex));
    buf_done(&text);
}

/* In which one messages come, and the others. */
static void write_languages(struct visit *v, enum lang told)
{
    static const msg_id names[LANG_MAX] = {
        [LANG_VI] = MSG_CONSOLE_TOLD_IN_VI, [LANG_EN] = MSG_CONSOLE_TOLD_IN_EN};

    for (int lang = 0; lang < LANG_MAX; lang++) {
        struct page_scope *row = page_add(v->page, "told_in");

        page_set_text(row, "code", lang_to_str((enum lang)lang));
        page_set_text(row, "name", lang_text(v->lang, names[lang]));
        page_set_flag(row, "chosen", lang == (int)told);
    }
}

/* secret: the one that was shown before; NULL: a new one. */
static int show_me(struct visit *v, const uint8_t *secret, struct slice message, unsigned status,
                   struct err *err)
{
    uint8_t made[TOTP_SECRET];
    bool second = false;
    int32_t told = STATE_LANG_NONE;
    int r = account_second_has(v->s, v->who.account, &second, err);

    if (r == 0)
        r = account_language_of(v->s, v->who.actor.person, &told, err);
    if (r < 0)
        return r;
    write_languages(v, state_lang(told));
    if (!second && secret == NULL)
        account_second_new(made);
    if (!second)
        write_secret(v, secret ? secret : made);
    sodium_memzero(made, sizeof(made));
    page_set_flag(v->page, "has_second", second);
    page_set(v->page, "my_login", v->who.login);
    page_set_text(v->page, "my_role", view_role_text(v->lang, v->who.actor.role));
    page_set_when(v->page, "session_ends", v->who.ends, state_now(v->s));
    page_set(v->page, "message", message);
    page_set_flag(v->page, "done", slice_is(visit_query(v, "done"), "1"));
    page_set_flag(v->page, "told", slice_is(visit_query(v, "done"), "told"));
    r = visit_page(v, "me", err);
    v->x->reply.status = status;
    return r;
}

int page_me(struct visit *v, struct err *err)
{
    return show_me(v, NULL, SLICE_NULL, 200, err);
}

int post_me_second(struct visit *v, struct err *err)
{
    uint8_t secret[TOTP_SECRET];
    struct buf why = BUF_INIT(1000);
    bool second = false;
    int r = account_second_has(v->s, v->who.account, &second, err);

    if (r == 0 && second)
        r = err_fail(err, CE_CONFLICT, ERR_WEB_SECOND_IS_SET);
    if (r == 0 && !hex_get(visit_given(v, "secret"), secret, TOTP_SECRET))
        r = err_fail(err, CE_SYNTAX, ERR_WEB_WHAT_WAS_SENT_CANNOT_READ);
    if (r < 0)
        return r;
    r = account_second_set(v->s, v->who.account, secret, visit_given(v, "code"), err);
    if (r == 0) {
        r = visit_goto(v, SLICE("/me?done=1"));
    } else if (r == -CE_DENIED) {
        error_write(&why, v->lang, err);
        *err = (struct err)ERR_INIT;
        r = show_me(v, secret, buf_slice(&why), 422, err);
    }
    sodium_memzero(secret, sizeof(secret));
    buf_done(&why);
    return r;
}

int post_me_told(struct visit *v, struct err *err)
{
    enum lang lang = lang_from_str(visit_given(v, "lang"));
    int r = lang == LANG_MAX ? err_fail(err, CE_UNKNOWN, ERR_WEB_NO_SUCH_LANGUAGE)
                             : account_language(v->s, &v->who.actor, lang, err);

    return r < 0 ? r : visit_done(v, SLICE("/me?done=told"));
}

int post_me_out(struct visit *v, struct err *err)
{
    int r = sign_out_all(v->s, v->who.account, err);

    visit_set_session(v, "");
    return r < 0 ? r : visit_goto(v, SLICE("/sign-in"));
}
