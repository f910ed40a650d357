/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/time.h"
#include "cli/plan/plan.h"
#include "lang/msg_plan.h"
#include "proof/plan_store.h"

static const struct verb *const subs[] = {
    &verb_plan_draft,   &verb_plan_review,     &verb_plan_check,
    &verb_plan_import,  &verb_plan_list,       &verb_plan_status,
    &verb_plan_explain, &verb_plan_accept,     &verb_plan_confirm,
    &verb_plan_not_yet, &verb_plan_exempt,     &verb_plan_event,
    &verb_plan_report,  &verb_plan_statements, NULL,
};

const struct verb verb_plan = {
    .name = "plan",
    .summary = MSG_PLAN_SUMMARY,
    .subs = subs,
};

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
        app_print(app, MSG_PLAN_NO_OBLIGATION, code);
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
        app_print(st->app, MSG_PLAN_NONE_ACTIVE);
        return EX_NOINPUT;
    }
    if (r == -CE_CONFLICT && plan == NULL) {
        app_print(st->app, MSG_PLAN_SEVERAL_ACTIVE);
        return EX_DATAERR;
    }
    return r < 0 ? session_fail(st, &err) : 0;
}
