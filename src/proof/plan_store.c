/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/plan_store.h"

#include <stdio.h>

#include "base/time.h"
#include "lang/err_proof.h"
#include "state/units.h"
#include "yaml/yaml.h"

struct loader {
    struct arena *arena;
    struct state *s;
    const struct state_actor *a;
    const struct catalogue *catalogue;
};

static int plan_store_load(void *ctx, struct slice id, unsigned depth, const struct plan **ret,
                           struct err *err)
{
    struct loader *l = ctx;
    struct plan_source source = {.catalogue = l->catalogue,
                                 .load = plan_store_load,
                                 .load_ctx = l,
                                 .depth = depth};
    struct state_plan row;
    char name[128];

    if (l->s && state_plan_find(l->s, l->a, STATE_ID_NONE, id, l->arena, &row, NULL) == 0) {
        source.text = row.yaml;
    } else {
        (void)snprintf(name, sizeof(name), SLICE_FMT ".yaml", SLICE_ARG(id));
        source.text = proof_data(name);
    }
    if (source.text.p == NULL)
        return err_fail(err, CE_NOT_FOUND, ERR_PROOF_NEITHER_IMPORTED_NOR_AMONG_CANHS);
    return plan_parse(l->arena, &source, ret, err);
}

int plan_store_parse(struct arena *arena, struct state *s, const struct state_actor *a,
                     const struct catalogue *catalogue, struct slice text, const struct plan **ret,
                     struct err *err)
{
    struct loader l = {arena, s, a, catalogue};
    struct plan_source source = {.text = text,
                                 .catalogue = catalogue,
                                 .load = plan_store_load,
                                 .load_ctx = &l};

    return plan_parse(arena, &source, ret, err);
}

void plan_store_code(struct buf *out, const struct plan *p, const struct status_part *part)
{
    buf_append_slice(out, p->obligations[part->obligation].id);
    if (part->part->id.n > 0) {
        buf_putc(out, '/');
        buf_append_slice(out, part->part->id);
    }
}

/* One import: the actor, the plan's row, where the texts go. */
struct import {
    struct arena *arena;
    struct state *s;
    const struct state_actor *a;
    const struct plan *p;
    const struct plan_store_options *opt;
    struct plan_store_result *res;
    struct state_plan row;
    struct state_id *clauses;
    struct err *err;
};

static struct slice plan_store_keep(struct import *im, struct buf *b)
{
    struct slice s = arena_dup(im->arena, buf_slice(b));

    buf_done(b);
    return s;
}

/* state: of a new plan, and of one that was a draft. */
static int write_plan(struct import *im, struct slice text, int32_t state)
{
    const struct plan *p = im->p;
    struct buf basis = BUF_INIT(60000);
    struct state_plan *row = &im->row;
    int r = state_plan_find(im->s, im->a, STATE_ID_NONE, p->id, im->arena, row, NULL);

    if (r < 0) {
        *row = (struct state_plan){.unit = im->opt->unit, .code = p->id, .state = state};
        im->res->added = true;
    } else if (row->state == STATE_PLAN_CLOSED) {
        return err_fail(im->err, CE_CONFLICT, ERR_PROOF_PLAN_CLOSED, p->id);
    }
    if (row->state == STATE_PLAN_DRAFT)
        row->state = state;
    else if (state == STATE_PLAN_DRAFT && !im->res->added)
        return err_fail(im->err, CE_CONFLICT, ERR_PROOF_PLAN_IS_NO_DRAFT, p->id);
    for (uint32_t i = 0; i < p->document.basis_count; i++)
        buf_printf(&basis, "%s" SLICE_FMT, i ? "\n" : "", SLICE_ARG(p->document.basis[i]));
    row->number = p->document.number;
    row->title = p->title.vi;
    row->basis = plan_store_keep(im, &basis);
    row->issued =
        p->document.date == TIME_NONE ? 0 : p->document.date * TIME_DAY - p->offset_s * TIME_SECOND;
    row->start = p->start;
    row->stop = p->end == INT64_MAX ? STATE_FOREVER : p->end;
    row->stop_event = p->end_event.vi;
    row->yaml = text;
    if (im->opt->activate)
        row->state = STATE_PLAN_ACTIVE;
    r = state_plan_put(im->s, im->a, row, im->err);
    im->res->plan = row->id;
    return r;
}

static int write_clause(struct import *im, uint32_t i)
{
    const struct plan_clause *c = &im->p->clauses[i];
    struct state_clause row;

    if (state_clause_find(im->s, im->a, im->row.id, c->number, im->arena, &row, NULL) < 0)
        row = (struct state_clause){.unit = im->row.unit, .plan = im->row.id, .number = c->number};
    row.text = c->text;
    row.note = c->note;
    row.position = (int32_t)i;
    if (state_clause_put(im->s, im->a, &row, im->err) < 0)
        return -im->err->code;
    im->clauses[i] = row.id;
    im->res->clauses++;
    return 0;
}

static int write_phase(struct import *im, uint32_t i)
{
    const struct plan_phase *f = &im->p->phases[i];
    struct state_phase row;

    if (f->from == INT64_MAX)
        return 0; /* its time is not known yet */
    if (state_phase_find(im->s, im->a, im->row.id, f->id, im->arena, &row, NULL) < 0)
        row = (struct state_phase){.unit = im->row.unit, .plan = im->row.id, .code = f->id};
    row.name = f->title.vi;
    row.start = f->from;
    row.stop = f->until == INT64_MAX ? STATE_FOREVER : f->until;
    return state_phase_put(im->s, im->a, &row, im->err);
}

/* Lists of words as texts: scopes, kinds of evidence, who provides. */
static void plan_store_describe(struct import *im, const struct plan_obligation *o,
                                const struct plan_part *part, struct state_obligation *row)
{
    const struct plan *p = im->p;
    struct buf applies = BUF_INIT(4000), proof = BUF_INIT(4000), every = BUF_INIT(1000),
               inherits = BUF_INIT(1000);

    for (uint32_t i = 0; i < o->scope_count; i++)
        buf_printf(&applies, "%s" SLICE_FMT, i ? " " : "", SLICE_ARG(p->scopes[o->scopes[i]].id));
    for (uint32_t i = 0; i < part->kind_count; i++)
        buf_printf(&proof, "%s" SLICE_FMT, i ? " " : "",
                   SLICE_ARG(p->catalogue->words[WORDS_EVIDENCE][part->kinds[i]].id));
    frequency_write(&every, &part->every);
    if (o->inherit.scope != PLAN_NONE)
        buf_printf(&inherits, SLICE_FMT " " SLICE_FMT, SLICE_ARG(p->scopes[o->inherit.scope].id),
                   SLICE_ARG(p->obligations[o->inherit.obligation].id));
    row->applies = plan_store_keep(im, &applies);
    row->proof = plan_store_keep(im, &proof);
    row->frequency = plan_store_keep(im, &every);
    row->inherits = plan_store_keep(im, &inherits);
}

static int write_part(struct import *im, uint32_t i, uint32_t k, int32_t position)
{
    const struct plan *p = im->p;
    const struct plan_obligation *o = &p->obligations[i];
    struct status_part part = {.obligation = i, .index = k, .part = &o->parts[k]};
    struct buf code = BUF_INIT(200);
    struct state_obligation row;
    struct slice name;
    bool known;

    plan_store_code(&code, p, &part);
    name = plan_store_keep(im, &code);
    known = state_obligation_find(im->s, im->a, im->row.id, name, im->arena, &row, NULL) == 0;
    if (!known)
        row = (struct state_obligation){.unit = im->row.unit, .plan = im->row.id, .code = name};
    row.clause = im->clauses[o->clause];
    row.title = k == 0 ? o->title.vi : o->parts[k].title.vi.n ? o->parts[k].title.vi : o->title.vi;
    row.who = p->catalogue->words[WORDS_ROLES][o->role].id;
    row.word = o->parts[k].word;
    row.chosen_by = o->chosen_by;
    row.lead = p->authorities[o->lead].id;
    row.origin = slice_str(plan_origin_to_str(o->origin));
    row.grace = o->parts[k].grace.ns;
    row.start = o->from == INT64_MIN ? p->start : o->from;
    row.stop = o->until == INT64_MAX ? STATE_FOREVER : o->until;
    row.position = position;
    row.enabled = o->enabled;
    plan_store_describe(im, o, &o->parts[k], &row);
    im->res->parts++;
    return state_obligation_put(im->s, im->a, &row, im->err);
}

/* Switches off the rows of obligations that the text no longer has. */
static int switch_off(struct import *im)
{
    struct state_query q = {.ref = im->row.id};
    struct state_obligation *rows;
    size_t n;

    if (state_obligation_list(im->s, im->a, &q, im->arena, &rows, &n, im->err) < 0)
        return -im->err->code;
    for (size_t i = 0; i < n; i++) {
        size_t slash = slice_find_byte(rows[i].code, '/');
        struct slice id = slash == SIZE_MAX ? rows[i].code : slice_head(rows[i].code, slash);
        struct slice part = slash == SIZE_MAX ? SLICE_NULL : slice_from(rows[i].code, slash + 1);
        uint32_t o = plan_find_obligation(im->p, id);
        bool found = false;

        for (uint32_t k = 0; o != PLAN_NONE && k < im->p->obligations[o].part_count; k++)
            found = found || slice_eq(im->p->obligations[o].parts[k].id, part);
        if (found || !rows[i].enabled)
            continue;
        rows[i].enabled = false;
        im->res->off++;
        if (state_obligation_put(im->s, im->a, &rows[i], im->err) < 0)
            return -im->err->code;
    }
    return 0;
}

/* Whether any obligation could be asked of a unit of this kind: tags and assets change, so only
 * the kind decides who is given the plan. */
static bool asked_of(const struct plan *p, uint32_t kind)
{
    for (uint32_t i = 0; i < p->obligation_count; i++) {
        for (uint32_t k = 0; k < p->obligations[i].scope_count; k++) {
            const struct plan_scope *s = &p->scopes[p->obligations[i].scopes[k]];

            if (p->obligations[i].enabled && s->enabled && (s->kinds == 0 || s->kinds >> kind & 1))
                return true;
        }
    }
    return false;
}

static bool has_assignment(const struct state_assignment *rows, size_t n, struct state_id unit)
{
    for (size_t i = 0; i < n; i++) {
        if (id_eq(rows[i].unit, unit))
            return true;
    }
    return false;
}

static int plan_store_assign(struct import *im)
{
    struct state_query q = {.ref = im->row.id};
    struct state_assignment *rows;
    struct state_unit *units;
    size_t n, m;

    if (state_units_at(im->s, im->a, 0, im->arena, &units, &n, im->err) < 0 ||
        state_assignment_list(im->s, im->a, &q, im->arena, &rows, &m, im->err) < 0)
        return -im->err->code;
    for (size_t i = 0; i < n; i++) {
        uint32_t kind = catalogue_find(im->p->catalogue, WORDS_UNIT_KINDS, units[i].kind);
        struct state_assignment x = {.unit = units[i].id, .plan = im->row.id};

        if (kind >= CATALOGUE_SET_MAX || !asked_of(im->p, kind))
            continue;
        im->res->units++;
        if (!has_assignment(rows, m, units[i].id) &&
            state_assignment_put(im->s, im->a, &x, im->err) < 0)
            return -im->err->code;
    }
    return 0;
}

static int write_all(struct import *im, struct slice text)
{
    const struct plan *p = im->p;
    int32_t position = 0;
    int r = write_plan(im, text, STATE_PLAN_APPROVED);

    im->clauses = arena_new_array(im->arena, p->clause_count + 1, struct state_id);
    if (r == 0 && im->clauses == NULL)
        r = err_nomem(im->err);
    for (uint32_t i = 0; i < p->clause_count && r == 0; i++)
        r = write_clause(im, i);
    for (uint32_t i = 0; i < p->phase_count && r == 0; i++)
        r = write_phase(im, i);
    for (uint32_t i = 0; i < p->obligation_count && r == 0; i++) {
        for (uint32_t k = 0; k < p->obligations[i].part_count && r == 0; k++)
            r = write_part(im, i, k, position++);
    }
    if (r == 0)
        r = switch_off(im);
    if (r == 0 && im->opt->activate)
        r = plan_store_assign(im);
    return r;
}

int plan_store_import(struct arena *arena, struct state *s, const struct state_actor *a,
                      const struct plan *p, struct slice text, const struct plan_store_options *opt,
                      struct plan_store_result *ret, struct err *err)
{
    struct err here = ERR_INIT;
    struct plan_store_result res = {.obligations = p->obligation_count};
    struct import im = {
        .arena = arena, .s = s, .a = a, .p = p, .opt = opt, .res = &res, .err = err ? err : &here};
    struct plan_count count;
    int r;

    plan_count(p, &count);
    if (p->draft && !opt->unchecked)
        return err_fail(err, CE_DENIED, ERR_PROOF_DRAFT_NOT_CHECKED, count.unchecked);
    if (count.unchecked > 0 && !opt->unchecked)
        return err_fail(err, CE_DENIED, ERR_PROOF_CLAUSES_AND_OBLIGATIONS_NOT_CHECKED,
                        count.unchecked);
    r = state_begin(s, im.err);
    if (r < 0)
        return r;
    r = write_all(&im, text);
    if (r == 0)
        r = state_commit(s, im.err);
    if (r < 0) {
        state_rollback(s);
        return r;
    }
    *ret = res;
    return 0;
}

int plan_store_draft(struct arena *arena, struct state *s, const struct state_actor *a,
                     const struct plan *p, struct slice text, struct state_id unit,
                     struct plan_store_result *ret, struct err *err)
{
    const struct plan_store_options opt = {.unit = unit};
    struct err here = ERR_INIT;
    struct plan_store_result res = {.obligations = p->obligation_count};
    struct import im = {
        .arena = arena, .s = s, .a = a, .p = p, .opt = &opt, .res = &res, .err = err ? err : &here};
    int r = state_act_begin(s, im.err);

    if (r < 0)
        return r;
    r = state_act_end(s, write_plan(&im, text, STATE_PLAN_DRAFT), im.err);
    if (r == 0)
        *ret = res;
    return r;
}

struct slice plan_store_title(struct arena *arena, const struct state_plan *plan, enum lang lang)
{
    struct yaml_docs docs = {.count = 0};
    struct slice english = SLICE_NULL;

    if (lang != LANG_VI && yaml_parse(arena, plan->yaml, &yaml_default_limits, &docs, NULL) == 0 &&
        docs.count > 0)
        english = yaml_get_text(yaml_get(docs.roots[0], "title"), "en");
    return english.n > 0 ? english : plan->title;
}
