/* SPDX-License-Identifier: Apache-2.0 */
/* canh evidence: a statement or a file, and which obligations it proves. */
#include "register/evidence.h"
#include "base/file.h"
#include "cli/plan/plan.h"
#include "cli/register/evidence_file.h"
#include "cli/register/register.h"
#include "lang/msg_register.h"
#include "lang/said.h"

/* "restore-report" or "file.restore-report"; *ret_near: what a mistyped one is nearest to. */
static uint32_t find_kind(const struct catalogue *c, const char *name, struct slice *ret_near)
{
    uint32_t i = catalogue_find(c, WORDS_EVIDENCE, slice_str(name));
    struct buf full = BUF_INIT(200);

    *ret_near = catalogue_near(c, WORDS_EVIDENCE, slice_str(name));
    if (i == UINT32_MAX) {
        buf_printf(&full, "file.%s", name);
        i = catalogue_find(c, WORDS_EVIDENCE, buf_slice(&full));
        if (ret_near->n == 0)
            *ret_near = catalogue_near(c, WORDS_EVIDENCE, buf_slice(&full));
    }
    buf_done(&full);
    return i;
}

static void describe_added(struct app *app, const struct state_evidence *e, uint32_t done)
{
    struct buf id = BUF_INIT(64), title = BUF_INIT(4000);

    id_write(&id, e->id);
    said_write(&title, app->lang, e->title);
    lang_write(&app->out.buf, app->lang, MSG_REGISTER_EVIDENCE_ADDED, buf_cstr(&id), (int)title.len,
               buf_cstr(&title), done);
    if (done == 0)
        app_print(app, MSG_REGISTER_EVIDENCE_UNUSED);
    buf_done(&id);
    buf_done(&title);
}

struct add_options {
    struct register_scope scope;
    const char *plan, *kind, *obligation, *file, *title, *text, *expires, *revises;
    bool confirmed, not_classified, not_met;
};

static int register_evidence_add(struct register_job *y, const struct add_options *o,
                                 const struct proof_world *w, uint32_t kind, uint32_t only)
{
    const struct evidence_kind *k = &w->catalogue->evidence[kind];
    const struct word *word = &w->catalogue->words[WORDS_EVIDENCE][kind];
    struct evidence_draft draft = {.unit = y->unit.id,
                                   .kind = word->id,
                                   .text = register_text(o->text),
                                   .method = k->method,
                                   .confirmed = o->confirmed,
                                   .signer = y->person,
                                   .stands = k->stands,
                                   .verdict = o->not_met ? STATE_SHOWS_NOT_MET : STATE_SHOWS_MET};
    struct evidence_file file = {.fd = -1, .name = register_text(o->file)};
    struct buf title = BUF_INIT(1000);
    struct state_evidence e, old;
    struct err err = ERR_INIT;
    int status = session_time(y->l.app, "expires", o->expires, true, &draft.expires), r;

    if (status == 0 && o->revises)
        status = register_evidence(y, o->revises, &old);
    if (status == 0 && o->file)
        status = evidence_file_open(y->l.app, o->file, o->not_classified, &file.fd, &file.marking);
    if (status != 0)
        return status;
    draft.file = o->file ? &file : NULL;
    draft.revises = o->revises ? old.id : STATE_ID_NONE;
    said_title(&title, &word->title, SAID_SHORT);
    draft.title = o->title ? slice_str(o->title) : buf_slice(&title);
    if (draft.expires == 0 && k->lasts.ns > 0)
        draft.expires = act_at(&y->act) + k->lasts.ns;
    r = proof_rows_taking(w, kind, only, &draft.obligations, &draft.obligation_count, &err);
    if (r == 0)
        r = evidence_add(&y->act, &y->l.actor, &draft, &e, &err);
    fd_closep(&file.fd);
    if (r == 0)
        describe_added(y->l.app, &e, (uint32_t)draft.obligation_count);
    if (r == 0 && draft.confirmed && e.strength != STATE_CONFIRMED)
        app_print(y->l.app, MSG_REGISTER_ONE_HAND);
    buf_done(&title); /* which the evidence may bear */
    return r < 0 ? session_fail(&y->l, &err) : 0;
}

static int run_add(struct app *app, const void *values, const struct operands *operands)
{
    const struct add_options *o = values;
    const struct register_given given[] = {{"unit", o->scope.unit, REGISTER_OWN},
                                           {"kind", o->kind, REGISTER_NEEDED},
                                           {"title", o->title, REGISTER_TYPED},
                                           {"text", o->text, REGISTER_TYPED}};
    struct err err = ERR_INIT;
    struct proof_world w;
    struct register_job y;
    uint32_t kind, only = PLAN_NONE;
    struct slice near;
    int status = register_begin(app, &o->scope, STATE_WRITE, given, CANH_LEN(given), &y);

    (void)operands;
    if (status != 0)
        return status;
    if (o->not_classified && o->scope.person == NULL)
        return register_end(&y, app_usage(app, MSG_REGISTER_WHO_DECLARES), &err);
    status = plan_world(&y.l, o->plan, NULL, 0, 0, &w);
    if (status != 0)
        return register_end(&y, status, &err);
    kind = find_kind(w.catalogue, o->kind, &near);
    if (kind == UINT32_MAX) {
        app_print(app, MSG_REGISTER_NO_KIND, o->kind, (int)near.n,
                  near.n ? (const char *)near.p : "");
        status = EX_NOINPUT;
    }
    if (status == 0 && o->obligation)
        status = plan_part(app, &w, o->obligation, &only);
    if (status == 0)
        status = register_evidence_add(&y, o, &w, kind, only);
    proof_close(&w);
    return register_end(&y, status, &err);
}

static const struct option_spec add_specs[] = {
    REGISTER_STATE(struct add_options),
    REGISTER_UNIT(struct add_options),
    REGISTER_TEXT(struct add_options, "plan", 'p', plan, "NAME", MSG_REGISTER_OPT_PLAN),
    REGISTER_TEXT(struct add_options, "kind", 'k', kind, "KIND", MSG_REGISTER_OPT_KIND),
    REGISTER_TEXT(struct add_options, "obligation", 'o', obligation, "ID",
                  MSG_REGISTER_OPT_OBLIGATION),
    REGISTER_FILE(struct add_options, "file", 'f', file, MSG_REGISTER_OPT_FILE),
    REGISTER_TEXT(struct add_options, "title", 't', title, "TEXT", MSG_REGISTER_OPT_TITLE),
    REGISTER_TEXT(struct add_options, "text", 0, text, "TEXT", MSG_REGISTER_OPT_TEXT),
    REGISTER_AT(struct add_options),
    REGISTER_TEXT(struct add_options, "expires", 0, expires, "DATE", MSG_REGISTER_OPT_EXPIRES),
    REGISTER_WHO(struct add_options),
    REGISTER_TEXT(struct add_options, "revises", 0, revises, "ID", MSG_REGISTER_OPT_REVISES),
    OPTION_FLAG("confirmed", 0, struct add_options, confirmed, MSG_REGISTER_OPT_CONFIRMED),
    REGISTER_NOT_CLASSIFIED(struct add_options),
    OPTION_FLAG("not-met", 0, struct add_options, not_met, MSG_REGISTER_OPT_NOT_MET),
};

static const struct verb verb_add = {
    .name = "add",
    .summary = MSG_REGISTER_EVIDENCE_ADD,
    .about = MSG_REGISTER_EVIDENCE_ADD_ABOUT,
    VERB_OPTIONS(add_specs),
    .options_size = sizeof(struct add_options),
    .run = run_add,
};

static const struct verb *const subs[] = {&verb_add, &verb_evidence_list, &verb_evidence_show,
                                          &verb_evidence_verify, NULL};

const struct verb verb_evidence = {.name = "evidence",
                                   .summary = MSG_REGISTER_EVIDENCE,
                                   .subs = subs};
