/* SPDX-License-Identifier: Apache-2.0 */
/* What the texts of a case said before somebody changed them. */
#include "lang/err_web.h"
#include "lang/msg_console.h"
#include "state/people.h"
#include "view/api.h"
#include "web/api.h"
#include "web/page_cases.h"

static const msg_id field_words[STATE_CASE_FIELD_MAX] = {
    [STATE_CASE_TITLE] = MSG_CONSOLE_CASE_TITLE,
    [STATE_CASE_SYSTEM] = MSG_CONSOLE_CASE_SYSTEM,
    [STATE_CASE_WHAT] = MSG_CONSOLE_CASE_WHAT,
    [STATE_CASE_CAUSE] = MSG_CONSOLE_CASE_CAUSE,
    [STATE_CASE_REMEDY_TEXT] = MSG_CONSOLE_CASE_REMEDY,
    [STATE_CASE_SUPPORT] = MSG_CONSOLE_CASE_SUPPORT,
};

static bool was_given(const struct visit *v, const char *name)
{
    for (size_t i = 0; i < v->given.count; i++)
        if (slice_is(v->given.items[i].name, name))
            return true;
    return false;
}

int check_case_texts(const struct visit *v, const struct state_case *x, struct err *err)
{
    for (int32_t i = 1; i < STATE_CASE_FIELD_MAX; i++) {
        const char *word = case_field_word(i);

        if (was_given(v, word) && visit_given(v, word).n == 0 && case_text_now(x, i).n > 0)
            return err_fail(err, CE_MISSING, ERR_WEB_CASE_TEXT_EMPTIED,
                            lang_text(v->lang, field_words[i]));
    }
    return 0;
}

const char *case_text_emptied(const struct visit *v, const struct err *err)
{
    for (int32_t i = 1; i < STATE_CASE_FIELD_MAX; i++)
        if (slice_is(err_text(err, 0), lang_text(v->lang, field_words[i])))
            return case_field_word(i);
    return NULL;
}

static struct slice changed_by(struct visit *v, const struct state_case_text *t)
{
    const struct state_actor all = state_actor_system();
    struct state_person p;

    return !id_is_none(t->person) &&
                   state_person_get(v->s, &all, t->person, v->arena, &p, NULL) == 0
               ? p.name
               : t->login;
}

int write_case_texts(struct visit *v, const struct state_case *x, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    struct state_case_text *texts = NULL;
    size_t n = 0;
    int r = case_texts(&ctx, &v->who.actor, x->id, &texts, &n, err);

    for (size_t i = 0; r == 0 && i < n; i++) {
        const struct state_case_text *t = &texts[i];
        struct page_scope *row;

        if (t->field <= 0 || t->field >= STATE_CASE_FIELD_MAX)
            continue;
        row = page_add(v->page, "texts");
        page_set_recorded(v, row, "text_at", t->at, false);
        page_set_text(row, "text_field", lang_text(v->lang, field_words[t->field]));
        page_set(row, "text_before", t->text);
        page_set(row, "text_who", changed_by(v, t));
    }
    page_set_flag(v->page, "any_texts", n > 0);
    return r;
}

int api_case_versions(struct visit *v, struct err *err)
{
    const struct act_ctx ctx = visit_ctx(v);
    struct case_file f = {.line_count = 0};
    struct state_case_text *texts = NULL;
    struct json_write w;
    size_t n = 0;
    int r = visit_case(v, &f, err);

    if (r == 0)
        r = case_texts(&ctx, &v->who.actor, f.head.id, &texts, &n, err);
    if (r < 0)
        return r;
    api_items_begin(v, &w);
    for (size_t i = 0; i < n; i++)
        view_json_case_text(&w, &texts[i], changed_by(v, &texts[i]), v->lang);
    api_items_end(&w);
    return 0;
}
