/* SPDX-License-Identifier: Apache-2.0 */
/* canh evidence list, show, verify: what there is, what it proves, whether it is whole. */
#include "base/file.h"
#include "base/hex.h"
#include "base/width.h"
#include "cli/plan/plan.h"
#include "cli/register/register.h"
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

int register_evidence(struct register_job *y, const char *id, struct state_evidence *ret)
{
    struct wanted w = {.prefix = slice_str(id), .arena = &y->l.arena};
    struct state_query q = {.limit = 0};
    struct err err = ERR_INIT;

    if (w.prefix.n < LISTING_ID_MIN || w.prefix.n > STATE_ID_TEXT)
        return app_usage(y->l.app, MSG_REGISTER_BAD_ID, id);
    if (state_evidence_each(y->l.s, &y->l.actor, &q, compare_id, &w, &err) < 0)
        return session_fail(&y->l, &err);
    if (w.count != 1) {
        if (w.count == 0)
            app_print(y->l.app, MSG_REGISTER_NO_EVIDENCE, id);
        else
            app_print(y->l.app, MSG_REGISTER_EVIDENCE_AMBIGUOUS, id);
        return EX_NOINPUT;
    }
    *ret = w.found;
    return 0;
}

static int run_list(struct app *app, const void *values, const struct operands *operands)
{
    (void)operands;
    return register_list(app, values, view_evidence);
}

static void write_details(struct register_job *y, const struct state_evidence *e)
{
    struct view_ctx ctx = register_ctx(y);
    struct app *app = y->l.app;
    struct buf text = BUF_INIT(256);

    buf_append_hex(&text, e->sha256.p, e->sha256.n);
    listing_line(app, MSG_REGISTER_COL_TEXT, e->text);
    listing_line(app, MSG_REGISTER_COL_TYPE, e->type);
    listing_line(app, MSG_REGISTER_COL_SHA256, buf_slice(&text));
    listing_line(app, MSG_REGISTER_COL_ORIGIN, e->origin);
    listing_line(app, MSG_REGISTER_COL_PERSON, view_person_name(&ctx, e->signer));
    if (slice_is(e->marking, EVIDENCE_UNREAD))
        listing_line(app, MSG_REGISTER_COL_MARKING,
                     slice_str(lang_text(app->lang, MSG_REGISTER_DECLARED_UNREAD)));
    buf_clear(&text);
    if (!id_is_none(e->revises))
        id_write(&text, e->revises);
    listing_line(app, MSG_REGISTER_COL_REVISES, buf_slice(&text));
    buf_done(&text);
}

static int save_file(struct register_job *y, const struct state_evidence *e, const char *path)
{
    struct buf bytes = BUF_INIT(HANDED_MAX);
    struct err err = ERR_INIT;
    CANH_CLEANUP(fd_closep) int fd = -1;
    int r = state_evidence_open(y->l.s, &y->l.actor, e->id, &fd, &err);

    if (r == 0)
        r = file_read_fd(fd, path, &bytes, &err);
    if (r == 0)
        r = file_deliver(path, buf_slice(&bytes), 0600, &err);
    buf_done(&bytes);
    return r < 0 ? app_fail(y->l.app, NULL, &err) : 0;
}

static int register_show(struct register_job *y, const struct listing_options *o,
                         const struct state_evidence *e)
{
    struct view_query q = {.unit = e->unit, .only = e->id};
    struct view_ctx ctx = register_ctx(y);
    struct app *app = y->l.app;
    struct err err = ERR_INIT;
    struct table evidence, proofs;
    const struct table *both[] = {&evidence, &proofs};
    int r = view_evidence(&ctx, &q, &evidence, &err);
    int s = view_evidence_proofs(&ctx, &q, &proofs, &err), status;

    if (!listing_is_plain(o)) {
        status = listing_print_all(app, both, 2, o);
    } else {
        status = listing_print(app, &evidence, o);
        write_details(y, e);
        buf_putc(&app->out.buf, '\n');
        if (status == 0)
            status = listing_print(app, &proofs, o);
    }
    table_done(&evidence);
    table_done(&proofs);
    return r < 0 || s < 0 ? session_fail(&y->l, &err) : status;
}

struct show_options {
    struct register_scope scope;
    const char *save;
    struct listing_options listing;
};

static int run_show(struct app *app, const void *values, const struct operands *operands)
{
    const struct show_options *o = values;
    struct state_evidence e = {0};
    struct err err = ERR_INIT;
    struct register_job y;
    int status = listing_check(app, &o->listing);

    if (status == 0)
        status = register_begin(app, &o->scope, STATE_READ, NULL, 0, &y);
    if (status != 0)
        return status;
    status = register_evidence(&y, operands->items[0], &e);
    if (status == 0)
        status = o->save ? save_file(&y, &e, o->save) : register_show(&y, &o->listing, &e);
    return register_end(&y, status, &err);
}

struct verify_options {
    struct register_scope scope;
    bool remove_orphans;
};

static int run_verify(struct app *app, const void *values, const struct operands *operands)
{
    const struct verify_options *o = values;
    struct state_evidence_check c;
    struct err err = ERR_INIT;
    struct register_job y;
    int status =
        register_begin(app, &o->scope, o->remove_orphans ? STATE_WRITE : STATE_READ, NULL, 0, &y);
    int r;

    (void)operands;
    if (status != 0)
        return status;
    r = state_evidence_verify(y.l.s, o->remove_orphans, &c, &err);
    r = r == -CE_CORRUPT ? 0 : r; /* the counts say it */
    if (r == 0)
        lang_write(&app->out.buf, app->lang, MSG_REGISTER_EVIDENCE_VERIFIED,
                   (unsigned long long)c.files, (unsigned long long)c.bytes,
                   (unsigned long long)c.missing, (unsigned long long)c.damaged,
                   (unsigned long long)c.orphans);
    return register_end(&y, r < 0 ? r : c.missing + c.damaged > 0 ? EXIT_FOUND : 0, &err);
}

static const struct option_spec list_specs[] = {
    REGISTER_STATE(struct register_list_options),
    REGISTER_UNIT(struct register_list_options),
    REGISTER_TEXT(struct register_list_options, "kind", 'k', kind, "KIND",
                  MSG_REGISTER_OPT_LIST_KIND),
    LISTING_OPTIONS(struct register_list_options, listing),
};
const struct verb verb_evidence_list =
    REGISTER_PLAIN("list", MSG_REGISTER_EVIDENCE_LIST, list_specs, struct register_list_options,
                   run_list);

static const struct option_spec show_specs[] = {
    REGISTER_STATE(struct show_options),
    REGISTER_FILE(struct show_options, "save", 's', save, MSG_REGISTER_OPT_SAVE),
    LISTING_OPTIONS(struct show_options, listing),
};
const struct verb verb_evidence_show = REGISTER_ONE("show", MSG_REGISTER_EVIDENCE_SHOW, "ID",
                                                    show_specs, struct show_options, run_show);

static const struct option_spec verify_specs[] = {
    REGISTER_STATE(struct verify_options),
    OPTION_FLAG("remove-orphans", 0, struct verify_options, remove_orphans,
                MSG_REGISTER_OPT_REMOVE_ORPHANS),
};
const struct verb verb_evidence_verify =
    REGISTER_PLAIN("verify", MSG_REGISTER_EVIDENCE_VERIFY, verify_specs, struct verify_options,
                   run_verify);
