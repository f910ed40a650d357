/* SPDX-License-Identifier: Apache-2.0 */
/* canh evidence list, show, verify: what there is, what it proves, whether it is whole. */
#include "base/file.h"
#include "base/width.h"
#include "cli/plan.h"
#include "cli/registers.h"
#include "lang/msg_plan.h"
#include "lang/msg_register.h"
#include "record/handed.h"

/* Evidence by the first digits of its id, as lists show them. */
struct wanted {
    struct slice prefix;
    struct arena *arena;
    struct state_evidence found;
    unsigned count;
};

static int compare_id(void *u, const struct state_evidence *x)
{
    struct wanted *w = u;

    if (!id_begins(x->id, w->prefix) || w->count++ > 0)
        return 0;
    w->found = *x;
    w->found.title = arena_dup(w->arena, x->title);
    w->found.kind = arena_dup(w->arena, x->kind);
    w->found.name = arena_dup(w->arena, x->name);
    w->found.type = arena_dup(w->arena, x->type);
    w->found.sha256 = arena_dup(w->arena, x->sha256);
    w->found.text = arena_dup(w->arena, x->text);
    w->found.origin = arena_dup(w->arena, x->origin);
    w->found.marking = arena_dup(w->arena, x->marking);
    return 0;
}

int register_evidence(struct registering *y, const char *id, struct state_evidence *ret)
{
    struct wanted w = {.prefix = slice_str(id), .arena = &y->l.arena};
    struct state_query q = {.limit = 0};
    struct err err = ERR_INIT;

    if (w.prefix.n < TABULAR_ID_MIN || w.prefix.n > STATE_ID_TEXT)
        return app_usage(y->l.app, MSG_REGISTER_BAD_ID, id);
    if (state_evidence_each(y->l.s, &y->l.actor, &q, compare_id, &w, &err) < 0)
        return ledger_fail(&y->l, &err);
    if (w.count != 1) {
        if (w.count == 0)
            app_say(y->l.app, MSG_REGISTER_NO_EVIDENCE, id);
        else
            app_say(y->l.app, MSG_REGISTER_EVIDENCE_AMBIGUOUS, id);
        return EX_NOINPUT;
    }
    *ret = w.found;
    return 0;
}

/* -- looking --------------------------------------------------------------------------------- */

static const struct tabular_column columns[] = {
    {"id", MSG_REGISTER_COL_ID, false},
    {"unit", MSG_REGISTER_COL_UNIT, false},
    {"kind", MSG_REGISTER_COL_KIND, false},
    {"strength", MSG_REGISTER_COL_STRENGTH, false},
    {"collected", MSG_REGISTER_COL_COLLECTED, false},
    {"expires", MSG_REGISTER_COL_EXPIRES, false},
    {"expired", MSG_REGISTER_COL_EXPIRED, false},
    {"unread", MSG_REGISTER_COL_UNREAD, false},
    {"file", MSG_REGISTER_COL_FILE, false},
    {"title", MSG_REGISTER_COL_TITLE, false},
};

static void put_strength(struct tabular *g, int32_t strength)
{
    enum strength s = (enum strength)CANH_MIN(CANH_MAX(strength, 0), 3);

    tabular_text(g, slice_str(g->json ? strength_to_str(s) : plan_strength_word(g->app->lang, s)));
}

static int put_row(void *u, const struct state_evidence *x)
{
    struct register_rows *k = u;
    struct tabular *g = &k->out;

    if (k->y->o->kind && slice_find(x->kind, slice_str(k->y->o->kind)) == SIZE_MAX)
        return 0;
    tabular_id(g, x->id);
    tabular_text(g, register_unit_code(k->y, x->unit));
    tabular_text(g, x->kind);
    put_strength(g, x->strength);
    tabular_time(g, x->collected);
    tabular_time(g, x->expires);
    tabular_flag(g, x->expires && x->expires <= k->y->at);
    tabular_flag(g, slice_is(x->marking, EVIDENCE_UNREAD));
    tabular_text(g, x->name);
    tabular_text(g, x->title);
    tabular_row(g);
    return 0;
}

static int each_row(struct register_rows *k, const struct state_query *q)
{
    return state_evidence_each(k->y->l.s, &k->y->l.actor, q, put_row, k, k->err);
}

static int run_list(struct app *app, const void *values, const struct operands *operands)
{
    (void)operands;
    return register_list(app, values, columns, CANH_LEN(columns), each_row);
}

static const struct tabular_column proof_columns[] = {
    {"obligation", MSG_REGISTER_COL_OBLIGATION, false},
    {"shows", MSG_REGISTER_COL_SHOWS, false},
    {"from", MSG_REGISTER_COL_PERIOD_FROM, false},
    {"until", MSG_REGISTER_COL_PERIOD_UNTIL, false},
};

struct proofs {
    struct register_rows k;
    struct state_id evidence;
};

static int put_proof_row(void *u, const struct state_proof *x)
{
    struct proofs *p = u;
    struct ledger *l = &p->k.y->l;
    struct tabular *g = &p->k.out;
    struct state_obligation o;

    if (!id_eq(x->evidence, p->evidence))
        return 0;
    if (state_obligation_get(l->s, &l->actor, x->obligation, &l->arena, &o, p->k.err) < 0)
        return -p->k.err->code;
    tabular_text(g, o.code);
    if (x->verdict == STATE_SHOWS_MET)
        tabular_word(g, "met", MSG_PLAN_STATE_MET);
    else
        tabular_word(g, "not-met", MSG_PLAN_STATE_NOT_MET);
    tabular_time(g, x->start);
    tabular_time(g, x->stop - x->start > 1 ? x->stop : 0);
    tabular_row(g);
    return 0;
}

static void put_details(struct registering *y, const struct state_evidence *e)
{
    struct app *app = y->l.app;
    struct buf text = BUF_INIT(256);

    for (size_t i = 0; i < e->sha256.n; i++)
        buf_printf(&text, "%02x", e->sha256.p[i]);
    tabular_line(app, MSG_REGISTER_COL_TEXT, e->text);
    tabular_line(app, MSG_REGISTER_COL_TYPE, e->type);
    tabular_line(app, MSG_REGISTER_COL_SHA256, buf_slice(&text));
    tabular_line(app, MSG_REGISTER_COL_ORIGIN, e->origin);
    tabular_line(app, MSG_REGISTER_COL_PERSON, register_person_name(y, e->signer));
    if (slice_is(e->marking, EVIDENCE_UNREAD))
        tabular_line(app, MSG_REGISTER_COL_MARKING,
                     slice_str(lang_text(app->lang, MSG_REGISTER_DECLARED_UNREAD)));
    buf_clear(&text);
    if (!id_is_none(e->revises))
        id_put(&text, e->revises);
    tabular_line(app, MSG_REGISTER_COL_REVISES, buf_slice(&text));
    buf_done(&text);
}

static int save_file(struct registering *y, const struct state_evidence *e, const char *path)
{
    struct buf bytes = BUF_INIT(HANDED_MAX);
    struct err err = ERR_INIT;
    CANH_CLEANUP(fd_closep) int fd = -1;
    int r = state_evidence_open(y->l.s, &y->l.actor, e->id, &fd, &err);

    if (r == 0)
        r = file_read_fd(fd, path, &bytes, &err);
    if (r == 0)
        r = file_replace(path, buf_slice(&bytes), 0600, &err);
    buf_done(&bytes);
    return r < 0 ? app_fail(y->l.app, NULL, &err) : 0;
}

static int show(struct registering *y, const struct state_evidence *e)
{
    struct state_query q = {.unit = e->unit};
    struct err err = ERR_INIT;
    struct proofs p = {.k = {.y = y, .err = &err}, .evidence = e->id};
    struct app *app = y->l.app;
    int r;

    tabular_init(&p.k.out, app, columns, CANH_LEN(columns), y->o->json);
    (void)put_row(&p.k, e);
    tabular_done(&p.k.out);
    if (!y->o->json) {
        put_details(y, e);
        buf_putc(&app->out.buf, '\n');
    }
    tabular_init(&p.k.out, app, proof_columns, CANH_LEN(proof_columns), y->o->json);
    r = state_proof_each(y->l.s, &y->l.actor, &q, put_proof_row, &p, &err);
    tabular_done(&p.k.out);
    return r < 0 ? ledger_fail(&y->l, &err) : 0;
}

static int run_show(struct app *app, const void *values, const struct operands *operands)
{
    const struct register_options *o = values;
    struct state_evidence e = {0};
    struct err err = ERR_INIT;
    struct registering y;
    int status = register_begin(app, o, STATE_READ, NULL, 0, &y);

    if (status != 0)
        return status;
    status = register_evidence(&y, operands->items[0], &e);
    if (status == 0)
        status = o->save ? save_file(&y, &e, o->save) : show(&y, &e);
    return register_end(&y, status, &err);
}

static int run_verify(struct app *app, const void *values, const struct operands *operands)
{
    const struct register_options *o = values;
    struct state_evidence_check c;
    struct err err = ERR_INIT;
    struct registering y;
    int status = register_begin(app, o, o->remove_orphans ? STATE_WRITE : STATE_READ, NULL, 0, &y);
    int r;

    (void)operands;
    if (status != 0)
        return status;
    r = state_evidence_verify(y.l.s, o->remove_orphans, &c, &err);
    r = r == -CE_CORRUPT ? 0 : r; /* the counts say it */
    if (r == 0)
        lang_put(&app->out.buf, app->lang, MSG_REGISTER_EVIDENCE_VERIFIED,
                 (unsigned long long)c.files, (unsigned long long)c.bytes,
                 (unsigned long long)c.missing, (unsigned long long)c.damaged,
                 (unsigned long long)c.orphans);
    return register_end(&y, r < 0 ? r : c.missing + c.damaged > 0 ? EXIT_FOUND : 0, &err);
}

static const struct option_spec list_specs[] = {
    REGISTER_STATE,
    REGISTER_UNIT,
    REGISTER_TEXT("kind", 'k', kind, "KIND", MSG_REGISTER_OPT_LIST_KIND),
    REGISTER_JSON,
};
const struct verb verb_evidence_list =
    REGISTER_PLAIN("list", MSG_REGISTER_EVIDENCE_LIST, list_specs, run_list);

static const struct option_spec show_specs[] = {
    REGISTER_STATE,
    REGISTER_FILE("save", 's', save, MSG_REGISTER_OPT_SAVE),
    REGISTER_JSON,
};
const struct verb verb_evidence_show =
    REGISTER_ONE("show", MSG_REGISTER_EVIDENCE_SHOW, "ID", show_specs, run_show);

static const struct option_spec verify_specs[] = {
    REGISTER_STATE,
    OPTION_FLAG("remove-orphans", 0, struct register_options, remove_orphans,
                MSG_REGISTER_OPT_REMOVE_ORPHANS),
};
const struct verb verb_evidence_verify =
    REGISTER_PLAIN("verify", MSG_REGISTER_EVIDENCE_VERIFY, verify_specs, run_verify);
