/* SPDX-License-Identifier: Apache-2.0 */
/* canh plan check: is this file a plan, and what is in it? */
#include "base/time.h"
#include "cli/plan/plan.h"
#include "lang/msg_plan.h"
#include "view/json.h"

struct check_options {
    bool json;
};

static const struct option_spec options[] = {
    OPTION_FLAG("json", 'j', struct check_options, json, MSG_PLAN_OPT_JSON),
};

static void write_text(struct app *app, const char *path, const struct plan *p,
                       const struct plan_count *c)
{
    struct buf *out = &app->out.buf;
    struct slice title = title_in(&p->title, app->lang);

    lang_write(out, app->lang, MSG_PLAN_CHECK_HEAD, path, (int)title.n, (const char *)title.p);
    lang_write(out, app->lang, MSG_PLAN_CHECK_COUNT, p->clause_count, c->rows, c->obligations);
    lang_write(out, app->lang, MSG_PLAN_CHECK_BY, c->by[BY_MACHINE], c->by[BY_EITHER],
               c->by[BY_PERSON]);
    if (c->waiting > 0)
        lang_write(out, app->lang, MSG_PLAN_CHECK_WAITS, c->waiting);
    for (uint32_t i = 0; i < p->gap_count; i++) {
        struct slice say = title_in(&p->gaps[i].title, app->lang);

        buf_printf(out, "  " SLICE_FMT "\n", SLICE_ARG(say));
    }
    if (p->draft)
        buf_puts(out, lang_text(app->lang, MSG_PLAN_CHECK_DRAFT));
    if (c->unchecked > 0)
        lang_write(out, app->lang, MSG_PLAN_CHECK_UNCHECKED, c->unchecked);
    for (uint32_t i = 0; i < p->contact_count; i++) {
        struct slice name = title_in(&p->contacts[i].title, app->lang);

        lang_write(out, app->lang, MSG_PLAN_CHECK_CONTACT, (int)name.n, (const char *)name.p);
    }
}

static int run(struct app *app, const void *values, const struct operands *operands)
{
    const struct check_options *o = values;
    struct state_actor nobody = state_actor_local();
    int status = 0;

    for (uint32_t i = 0; i < operands->count; i++) {
        struct arena arena = ARENA_INIT((size_t)256 << 20);
        const struct catalogue *catalogue;
        const struct plan *p = NULL;
        struct plan_count c;
        struct slice text;
        const char *path;
        int r =
            plan_read(app, &arena, NULL, &nobody, operands->items[i], &catalogue, &text, &p, &path);

        if (r == 0) {
            plan_count(p, &c);
            if (o->json)
                view_json_plan_check(&app->out.buf, slice_str(path), p, &c, app->lang);
            else
                write_text(app, path, p, &c);
        }
        status = status ? status : r;
        arena_done(&arena);
    }
    return status;
}

const struct verb verb_plan_check = {
    .name = "check",
    .summary = MSG_PLAN_CHECK_SUMMARY,
    .about = MSG_PLAN_CHECK_ABOUT,
    .operands = "FILE|NAME…",
    .min_operands = 1,
    .max_operands = OPERANDS_ANY,
    .complete = COMPLETE_FILE,
    VERB_OPTIONS(options),
    .options_size = sizeof(struct check_options),
    .run = run,
};
