/* SPDX-License-Identifier: Apache-2.0 */
/* canh evidence: a statement or a file, and which obligations it proves. */
#include "base/file.h"
#include "base/time.h"
#include "cli/evidence_file.h"
#include "cli/plan.h"
#include "cli/registers.h"
#include "lang/msg_register.h"
#include "state/evidence.h"

/* A proof that stands without an end: as long as anyone looks back. */
#define LONG (3650 * TIME_DAY)

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

/* fd < 0: a statement without a file. */
static int put_evidence(struct registering *y, int fd, struct state_evidence *e, struct err *err)
{
    if (fd < 0)
        return state_evidence_put(y->l.s, &y->l.actor, e, err);
    return state_evidence_add(y->l.s, &y->l.actor, fd, slice_str(y->o->file), e, err);
}

static int put_proof(struct registering *y, const struct proof_world *w, uint32_t part,
                     const struct evidence_kind *kind, const struct state_evidence *e,
                     struct err *err)
{
    struct state_proof p = {.unit = y->unit.id,
                            .obligation = w->part_rows[part],
                            .evidence = e->id,
                            .start = e->collected,
                            .stop = e->collected + 1,
                            .collected = e->collected,
                            .expires = e->expires,
                            .verdict = y->o->not_met ? STATE_SHOWS_NOT_MET : STATE_SHOWS_MET,
                            .strength = e->strength};

    if (kind->stands)
        p.stop = e->expires ? e->expires : e->collected + LONG;
    return state_proof_put(y->l.s, &y->l.actor, &p, err);
}

/* The proofs of all parts that take this kind of evidence, or of the one that was named. */
static int put_proofs(struct registering *y, const struct proof_world *w, uint32_t kind,
                      uint32_t only, const struct state_evidence *e, uint32_t *done,
                      struct err *err)
{
    uint32_t count;
    const struct status_part *parts = status_parts(w->status, &count);
    int r = 0;

    for (uint32_t i = 0; i < count && r == 0; i++) {
        bool takes = i == only;

        for (uint32_t k = 0; k < parts[i].part->kind_count && only == PLAN_NONE; k++)
            takes = takes || parts[i].part->kinds[k] == kind;
        if (takes) {
            r = put_proof(y, w, i, &w->catalogue->evidence[kind], e, err);
            *done += r == 0;
        }
    }
    return r;
}

/* The evidence and its proofs, or nothing. */
static int put_all(struct registering *y, const struct proof_world *w, int fd, uint32_t kind,
                   uint32_t only, struct state_evidence *e, uint32_t *done, struct err *err)
{
    int r = state_begin(y->l.s, err);

    if (r == 0)
        r = put_evidence(y, fd, e, err);
    if (r == 0)
        r = put_proofs(y, w, kind, only, e, done, err);
    if (r == 0)
        r = state_commit(y->l.s, err);
    if (r < 0)
        state_rollback(y->l.s);
    return r;
}

static void say_added(struct app *app, const struct state_evidence *e, uint32_t done)
{
    struct buf id = BUF_INIT(64);

    id_put(&id, e->id);
    lang_put(&app->out.buf, app->lang, MSG_REGISTER_EVIDENCE_ADDED, buf_cstr(&id), (int)e->title.n,
             (const char *)e->title.p, done);
    if (done == 0)
        app_say(app, MSG_REGISTER_EVIDENCE_UNUSED);
    buf_done(&id);
}

static int add(struct registering *y, const struct proof_world *w, uint32_t kind, uint32_t only)
{
    const struct evidence_kind *k = &w->catalogue->evidence[kind];
    const struct word *word = &w->catalogue->words[WORDS_EVIDENCE][kind];
    struct state_evidence old, e = {.unit = y->unit.id,
                                    .kind = word->id,
                                    .title = title_in(&word->title, LANG_VI),
                                    .method = k->method,
                                    .strength = y->o->confirmed ? STATE_CONFIRMED : STATE_DECLARED,
                                    .collected = y->at,
                                    .origin = SLICE("person"),
                                    .text = register_text(y->o->text),
                                    .signer = y->person};
    CANH_CLEANUP(fd_closep) int fd = -1;
    struct err err = ERR_INIT;
    uint32_t done = 0;
    int status = ledger_time(y->l.app, "expires", y->o->expires, true, &e.expires);

    if (status == 0 && y->o->revises)
        status = register_evidence(y, y->o->revises, &old);
    if (status == 0 && y->o->file)
        status = evidence_file_open(y->l.app, y->o->file, y->o->not_classified, &fd, &e.marking);
    if (status != 0)
        return status;
    e.revises = y->o->revises ? old.id : STATE_ID_NONE;
    e.title = y->o->title ? slice_str(y->o->title) : e.title;
    if (e.expires == 0 && k->lasts.ns > 0)
        e.expires = e.collected + k->lasts.ns;
    if (put_all(y, w, fd, kind, only, &e, &done, &err) < 0)
        return ledger_fail(&y->l, &err);
    say_added(y->l.app, &e, done);
    return 0;
}

static int run_add(struct app *app, const void *values, const struct operands *operands)
{
    const struct register_options *o = values;
    const struct required required[] = {{"unit", o->unit}, {"kind", o->kind}};
    struct err err = ERR_INIT;
    struct proof_world w;
    struct registering y;
    uint32_t kind, only = PLAN_NONE;
    struct slice near;
    int status = register_begin(app, o, STATE_WRITE, required, 2, &y);

    (void)operands;
    if (status != 0)
        return status;
    if (o->not_classified && o->person == NULL)
        return register_end(&y, app_usage(app, MSG_REGISTER_WHO_DECLARES), &err);
    status = plan_world(&y.l, o->plan, NULL, 0, 0, &w);
    if (status != 0)
        return register_end(&y, status, &err);
    kind = find_kind(w.catalogue, o->kind, &near);
    if (kind == UINT32_MAX) {
        app_say(app, MSG_REGISTER_NO_KIND, o->kind, (int)near.n,
                near.n ? (const char *)near.p : "");
        status = EX_NOINPUT;
    }
    if (status == 0 && o->obligation)
        status = plan_part(app, &w, o->obligation, &only);
    if (status == 0)
        status = add(&y, &w, kind, only);
    proof_close(&w);
    return register_end(&y, status, &err);
}

static const struct option_spec add_specs[] = {
    REGISTER_STATE,
    REGISTER_UNIT,
    REGISTER_TEXT("plan", 'p', plan, "NAME", MSG_REGISTER_OPT_PLAN),
    REGISTER_TEXT("kind", 'k', kind, "KIND", MSG_REGISTER_OPT_KIND),
    REGISTER_TEXT("obligation", 'o', obligation, "ID", MSG_REGISTER_OPT_OBLIGATION),
    REGISTER_FILE("file", 'f', file, MSG_REGISTER_OPT_FILE),
    REGISTER_TEXT("title", 't', title, "TEXT", MSG_REGISTER_OPT_TITLE),
    REGISTER_TEXT("text", 0, text, "TEXT", MSG_REGISTER_OPT_TEXT),
    REGISTER_AT,
    REGISTER_TEXT("expires", 0, expires, "DATE", MSG_REGISTER_OPT_EXPIRES),
    REGISTER_WHO,
    REGISTER_TEXT("revises", 0, revises, "ID", MSG_REGISTER_OPT_REVISES),
    OPTION_FLAG("confirmed", 0, struct register_options, confirmed, MSG_REGISTER_OPT_CONFIRMED),
    REGISTER_NOT_CLASSIFIED,
    OPTION_FLAG("not-met", 0, struct register_options, not_met, MSG_REGISTER_OPT_NOT_MET),
};

static const struct verb verb_add = {
    .name = "add",
    .summary = MSG_REGISTER_EVIDENCE_ADD,
    .about = MSG_REGISTER_EVIDENCE_ADD_ABOUT,
    VERB_OPTIONS(add_specs),
    REGISTER_VERB,
    .run = run_add,
};

static const struct verb *const subs[] = {&verb_add, &verb_evidence_list, &verb_evidence_show,
                                          &verb_evidence_verify, NULL};

const struct verb verb_evidence = {.name = "evidence",
                                   .summary = MSG_REGISTER_EVIDENCE,
                                   .subs = subs};
