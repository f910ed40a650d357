/* SPDX-License-Identifier: Apache-2.0 */
/* canh evidence: a statement or a file, and which obligations it proves. */
#include "base/file.h"
#include "base/time.h"
#include "base/width.h"
#include "cli/evidence_file.h"
#include "cli/plan.h"
#include "cli/registers.h"
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
    struct buf id = BUF_INIT(64);

    id_put(&id, x->id);
    if (slice_starts(buf_slice(&id), w->prefix) && w->count++ == 0) {
        w->found = *x;
        w->found.title = arena_dup(w->arena, x->title);
        w->found.kind = arena_dup(w->arena, x->kind);
        w->found.name = arena_dup(w->arena, x->name);
        w->found.type = arena_dup(w->arena, x->type);
        w->found.sha256 = arena_dup(w->arena, x->sha256);
        w->found.text = arena_dup(w->arena, x->text);
        w->found.origin = arena_dup(w->arena, x->origin);
    }
    buf_done(&id);
    return 0;
}

static int find_evidence(struct registering *y, const char *id, struct state_evidence *ret)
{
    struct wanted w = {.prefix = slice_str(id), .arena = &y->l.arena};
    struct state_query q = {.limit = 0};
    struct err err = ERR_INIT;

    if (w.prefix.n < 4 || w.prefix.n > STATE_ID_TEXT)
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
        status = find_evidence(y, y->o->revises, &old);
    if (status == 0 && y->o->file)
        status = evidence_file_open(y->l.app, y->o->file, &fd);
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

/* -- looking --------------------------------------------------------------------------------- */

static const struct tabular_column columns[] = {
    {"id", MSG_REGISTER_COL_ID, false},
    {"unit", MSG_REGISTER_COL_UNIT, false},
    {"kind", MSG_REGISTER_COL_KIND, false},
    {"strength", MSG_REGISTER_COL_STRENGTH, false},
    {"collected", MSG_REGISTER_COL_COLLECTED, false},
    {"expires", MSG_REGISTER_COL_EXPIRES, false},
    {"expired", MSG_REGISTER_COL_EXPIRED, false},
    {"file", MSG_REGISTER_COL_FILE, false},
    {"title", MSG_REGISTER_COL_TITLE, false},
};

struct listing {
    struct registering *y;
    struct tabular out;
    const char *kind;
    struct err *err;
};

static void put_id(struct tabular *g, struct state_id id)
{
    struct buf text = BUF_INIT(64);

    id_put(&text, id);
    tabular_text(g, slice_head(buf_slice(&text), g->json ? STATE_ID_TEXT : 8));
    buf_done(&text);
}

static void put_strength(struct tabular *g, int32_t strength)
{
    enum strength s = (enum strength)CANH_MIN(CANH_MAX(strength, 0), 3);

    tabular_text(g, slice_str(g->json ? strength_to_str(s) : plan_strength_word(g->app->lang, s)));
}

static int put_row(void *u, const struct state_evidence *x)
{
    struct listing *k = u;
    struct tabular *g = &k->out;

    if (k->kind && slice_find(x->kind, slice_str(k->kind)) == SIZE_MAX)
        return 0;
    put_id(g, x->id);
    tabular_text(g, register_unit_code(k->y, x->unit));
    tabular_text(g, x->kind);
    put_strength(g, x->strength);
    tabular_time(g, x->collected);
    tabular_time(g, x->expires);
    tabular_flag(g, x->expires && x->expires <= k->y->at);
    tabular_text(g, x->name);
    tabular_text(g, x->title);
    tabular_row(g);
    return 0;
}

static int run_list(struct app *app, const void *values, const struct operands *operands)
{
    const struct register_options *o = values;
    struct state_query q = {.limit = 0};
    struct err err = ERR_INIT;
    struct registering y;
    struct listing k = {.y = &y, .kind = o->kind};
    int status = register_begin(app, o, STATE_READ, NULL, 0, &y), r;

    (void)operands;
    if (status != 0)
        return status;
    q.unit = y.unit.id;
    tabular_init(&k.out, app, columns, CANH_LEN(columns), o->json);
    r = state_evidence_each(y.l.s, &y.l.actor, &q, put_row, &k, &err);
    tabular_done(&k.out);
    return register_end(&y, r, &err);
}

static const struct tabular_column proof_columns[] = {
    {"obligation", MSG_REGISTER_COL_OBLIGATION, false},
    {"shows", MSG_REGISTER_COL_SHOWS, false},
    {"from", MSG_REGISTER_COL_PERIOD_FROM, false},
    {"until", MSG_REGISTER_COL_PERIOD_UNTIL, false},
};

struct proofs {
    struct listing k;
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

static void put_line(struct app *app, enum msg_id title, struct slice text)
{
    struct buf *out = &app->out.buf;

    if (text.n == 0)
        return;
    buf_printf(out, "%s: ", lang_text(app->lang, title));
    text_put_safe(out, text);
    buf_putc(out, '\n');
}

static void put_details(struct registering *y, const struct state_evidence *e)
{
    struct app *app = y->l.app;
    struct buf text = BUF_INIT(256);

    for (size_t i = 0; i < e->sha256.n; i++)
        buf_printf(&text, "%02x", e->sha256.p[i]);
    put_line(app, MSG_REGISTER_COL_TEXT, e->text);
    put_line(app, MSG_REGISTER_COL_TYPE, e->type);
    put_line(app, MSG_REGISTER_COL_SHA256, buf_slice(&text));
    put_line(app, MSG_REGISTER_COL_ORIGIN, e->origin);
    put_line(app, MSG_REGISTER_COL_PERSON, register_person_name(y, e->signer));
    buf_clear(&text);
    if (!id_is_none(e->revises))
        id_put(&text, e->revises);
    put_line(app, MSG_REGISTER_COL_REVISES, buf_slice(&text));
    buf_done(&text);
}

static int save_file(struct registering *y, const struct state_evidence *e, const char *path)
{
    struct buf bytes = BUF_INIT(EVIDENCE_FILE_MAX);
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
    status = find_evidence(&y, operands->items[0], &e);
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

static const struct option_spec list_specs[] = {
    REGISTER_STATE,
    REGISTER_UNIT,
    REGISTER_TEXT("kind", 'k', kind, "KIND", MSG_REGISTER_OPT_LIST_KIND),
    REGISTER_JSON,
};
static const struct verb verb_list =
    REGISTER_PLAIN("list", MSG_REGISTER_EVIDENCE_LIST, list_specs, run_list);

static const struct option_spec show_specs[] = {
    REGISTER_STATE,
    REGISTER_FILE("save", 's', save, MSG_REGISTER_OPT_SAVE),
    REGISTER_JSON,
};
static const struct verb verb_show =
    REGISTER_ONE("show", MSG_REGISTER_EVIDENCE_SHOW, "ID", show_specs, run_show);

static const struct option_spec verify_specs[] = {
    REGISTER_STATE,
    OPTION_FLAG("remove-orphans", 0, struct register_options, remove_orphans,
                MSG_REGISTER_OPT_REMOVE_ORPHANS),
};
static const struct verb verb_verify =
    REGISTER_PLAIN("verify", MSG_REGISTER_EVIDENCE_VERIFY, verify_specs, run_verify);

static const struct verb *const subs[] = {&verb_add, &verb_list, &verb_show, &verb_verify, NULL};

const struct verb verb_evidence = {.name = "evidence",
                                   .summary = MSG_REGISTER_EVIDENCE,
                                   .subs = subs};
