/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/time.h"
#include "cli/plan/plan.h"
#include "lang/msg_plan.h"
#include "proof/plan_store.h"

static const struct verb *const subs[] = {
    &verb_plan_draft,   &verb_plan_review,
    &verb_plan_check,   &verb_plan_import,
    &verb_plan_list,    &verb_plan_status,
    &verb_plan_explain, &verb_plan_accept,
    &verb_plan_confirm, &verb_plan_not_yet,
    &verb_plan_exempt,  &verb_plan_event,
    &verb_plan_report,  NULL,
};

const struct verb verb_plan = {
    .name = "plan",
    .summary = MSG_PLAN_SUMMARY,
    .subs = subs,
};

const char *plan_state_word(enum lang lang, enum status_state s)
{
    static const msg_id words[STATUS_STATE_MAX] = {
        [STATUS_NOT_DUE] = MSG_PLAN_STATE_NOT_DUE,
        [STATUS_MET] = MSG_PLAN_STATE_MET,
        [STATUS_EXEMPT] = MSG_PLAN_STATE_EXEMPT,
        [STATUS_IN_PROGRESS] = MSG_PLAN_STATE_IN_PROGRESS,
        [STATUS_DUE] = MSG_PLAN_STATE_DUE,
        [STATUS_NOT_YET] = MSG_PLAN_STATE_NOT_YET,
        [STATUS_UNKNOWN] = MSG_PLAN_STATE_UNKNOWN,
        [STATUS_OVERDUE] = MSG_PLAN_STATE_OVERDUE,
        [STATUS_NOT_MET] = MSG_PLAN_STATE_NOT_MET,
    };

    return lang_text(lang, words[s]);
}

const char *plan_reason_word(enum lang lang, enum status_reason r)
{
    static const msg_id words[REASON_MAX] = {
        [REASON_PROVEN] = MSG_PLAN_REASON_PROVEN,
        [REASON_PROVEN_LATE] = MSG_PLAN_REASON_PROVEN_LATE,
        [REASON_COVERED] = MSG_PLAN_REASON_COVERED,
        [REASON_SHOWN_BAD] = MSG_PLAN_REASON_SHOWN_BAD,
        [REASON_BROKEN] = MSG_PLAN_REASON_BROKEN,
        [REASON_HOLES] = MSG_PLAN_REASON_HOLES,
        [REASON_SILENT] = MSG_PLAN_REASON_SILENT,
        [REASON_MISSED] = MSG_PLAN_REASON_MISSED,
        [REASON_LATE] = MSG_PLAN_REASON_LATE,
        [REASON_WEAK] = MSG_PLAN_REASON_WEAK,
        [REASON_EXPIRED] = MSG_PLAN_REASON_EXPIRED,
        [REASON_WAITS] = MSG_PLAN_REASON_WAITS,
        [REASON_EXEMPT] = MSG_PLAN_REASON_EXEMPT,
        [REASON_NOT_YET] = MSG_PLAN_REASON_NOT_YET,
        [REASON_STARTED] = MSG_PLAN_REASON_STARTED,
        [REASON_RUNNING] = MSG_PLAN_REASON_RUNNING,
        [REASON_AHEAD] = MSG_PLAN_REASON_AHEAD,
        [REASON_SUPERSEDED] = MSG_PLAN_REASON_SUPERSEDED,
        [REASON_TOO_LATE] = MSG_PLAN_REASON_TOO_LATE,
    };

    return lang_text(lang, words[r]);
}

const char *plan_strength_word(enum lang lang, enum strength s)
{
    static const msg_id words[] = {MSG_PLAN_STRENGTH_NONE, MSG_PLAN_STRENGTH_DECLARED,
                                   MSG_PLAN_STRENGTH_CONFIRMED, MSG_PLAN_STRENGTH_MEASURED};

    return lang_text(lang, words[s]);
}

const char *plan_origin_word(enum lang lang, enum plan_origin o)
{
    static const msg_id words[ORIGIN_MAX] = {MSG_PLAN_ORIGIN_DOCUMENT, MSG_PLAN_ORIGIN_LAW,
                                             MSG_PLAN_ORIGIN_PROPOSAL};

    return lang_text(lang, words[o]);
}

/* Whether the name is one of canh's own plans and no file. */
static struct slice own_plan(struct arena *arena, const char *name, const char **ret_path)
{
    struct buf file = BUF_INIT(200);
    struct slice text, kept;

    buf_printf(&file, "%s.yaml", name);
    text = strchr(name, '/') ? SLICE_NULL : proof_data(buf_cstr(&file));
    kept = arena_dup(arena, buf_slice(&file));
    buf_done(&file);
    if (text.p != NULL && kept.p != NULL)
        *ret_path = (const char *)kept.p;
    return text;
}

int plan_read(struct app *app, struct arena *arena, struct state *s, const struct state_actor *a,
              const char *name, const struct catalogue **ret_catalogue, struct slice *ret_text,
              const struct plan **ret, const char **ret_path)
{
    struct err err = ERR_INIT;
    int status;

    *ret_path = name;
    *ret_text = own_plan(arena, name, ret_path);
    if (ret_text->p == NULL) {
        status = session_read(app, arena, name, ret_text);
        if (status != 0)
            return status;
    }
    if (catalogue_parse(arena, proof_data("catalogue.yaml"), ret_catalogue, &err) < 0)
        return app_fail(app, "catalogue.yaml", &err);
    if (plan_store_parse(arena, s, a, *ret_catalogue, *ret_text, ret, &err) < 0)
        return app_fail(app, *ret_path, &err);
    return 0;
}

int plan_part(struct app *app, const struct proof_world *w, const char *code, uint32_t *ret_part)
{
    struct slice s = slice_str(code), part = SLICE_NULL;
    size_t slash = slice_find_byte(s, '/');

    if (slash != SIZE_MAX) {
        part = slice_from(s, slash + 1);
        s = slice_head(s, slash);
    }
    *ret_part = status_find_part(w->status, plan_find_obligation(w->plan, s), part);
    if (*ret_part == PLAN_NONE) {
        app_say(app, MSG_PLAN_NO_OBLIGATION, code);
        return EX_NOINPUT;
    }
    return 0;
}

int plan_world(struct session *st, const char *plan, const char *now, int64_t from, int64_t until,
               struct proof_world *ret)
{
    struct proof_options opt = {.plan = slice_str(plan), .from = from, .until = until};
    struct err err = ERR_INIT;
    int status = session_time(st->app, "at", now, false, &opt.now), r;

    if (status != 0)
        return status;
    r = proof_open(&st->arena, st->s, &st->actor, &opt, ret, &err);
    if (r == -CE_NOT_FOUND && plan == NULL) {
        app_say(st->app, MSG_PLAN_NONE_ACTIVE);
        return EX_NOINPUT;
    }
    if (r == -CE_CONFLICT && plan == NULL) {
        app_say(st->app, MSG_PLAN_SEVERAL_ACTIVE);
        return EX_DATAERR;
    }
    return r < 0 ? session_fail(st, &err) : 0;
}
