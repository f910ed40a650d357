/* SPDX-License-Identifier: Apache-2.0 */
#include "record/forms.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/time.h"
#include "data/data.h"
#include "lang/err_record.h"
#include "record/period.h"
#include "state/units.h"

enum { FORMS_MAX = 1000, UP_MAX = 64, FORMS_OWN_MAX = 64, OWN_BYTES_MAX = 32 << 20 };

/* Forms that canh carries are the same while it runs, and are read once, whichever thread asks
 * first: a page lists all of them. */
struct own_form {
    const struct data_file *file;
    const struct form *form;
};
static struct own_form own_forms[FORMS_OWN_MAX];
static struct arena own_arena = ARENA_INIT(OWN_BYTES_MAX);
static pthread_mutex_t own_lock = PTHREAD_MUTEX_INITIALIZER;

static int keep_own(const struct record *c, const struct data_file *file, const struct form **ret,
                    struct err *err)
{
    size_t i = 0;
    int r;

    while (i < FORMS_OWN_MAX && own_forms[i].file && own_forms[i].file != file)
        i++;
    if (i == FORMS_OWN_MAX)
        return form_parse(c->arena, data_bytes(file), ret, err);
    if (own_forms[i].file == NULL) {
        r = form_parse(&own_arena, data_bytes(file), &own_forms[i].form, err);
        if (r < 0)
            return r;
        own_forms[i].file = file;
    }
    *ret = own_forms[i].form;
    return 0;
}

static int parse_own(const struct record *c, const struct data_file *file, const struct form **ret,
                     struct err *err)
{
    int r;

    pthread_mutex_lock(&own_lock);
    r = keep_own(c, file, ret, err);
    pthread_mutex_unlock(&own_lock);
    return r;
}

static int find_own(const struct record *c, struct slice name, struct record_form *ret,
                    struct err *err)
{
    const struct data_folder *folder = data_folder("forms");
    const struct data_file *file = NULL;
    struct buf path = BUF_INIT(200);

    buf_printf(&path, SLICE_FMT ".yaml", SLICE_ARG(slice_head(name, 100)));
    if (folder != NULL)
        file = data_find(folder, buf_slice(&path));
    buf_done(&path);
    if (file == NULL)
        return err_fail(err, CE_NOT_FOUND, ERR_RECORD_NO_FORM, slice_head(name, 64));
    *ret = (struct record_form){.yaml = data_bytes(file), .own = true};
    return parse_own(c, file, &ret->form, err);
}

/* A row whose text is that of canh's own form is that form. */
static int read_row(const struct record *c, const struct state_form *row,
                    const struct record_form *own, struct record_form *ret, struct err *err)
{
    if (own->form && slice_eq(row->yaml, own->yaml)) {
        *ret = *own;
        ret->id = row->id;
        return 0;
    }
    *ret = (struct record_form){.yaml = arena_dup(c->arena, row->yaml), .id = row->id};
    if (ret->yaml.p == NULL)
        return err_nomem(err);
    return form_parse(c->arena, ret->yaml, &ret->form, err);
}

int record_form_find(const struct record *c, struct slice name, struct record_form *ret,
                     struct err *err)
{
    struct record_form own = {.own = false};
    struct state_form row;
    int mine = find_own(c, name, &own, err);
    int r = state_form_find(c->s, &c->actor, STATE_ID_NONE, name, c->arena, &row, err);

    if (mine < 0 && mine != -CE_NOT_FOUND)
        return mine;
    if (r < 0 && r != -CE_NOT_FOUND)
        return r;
    if (r == 0 && (mine < 0 || own.form == NULL || row.edition >= (int32_t)own.form->edition)) {
        return read_row(c, &row, &own, ret, err);
    }
    if (mine == 0)
        *ret = own;
    return mine;
}

struct names {
    const struct record *c;
    struct slice *v;
    size_t n;
};

static int add_name(struct names *names, struct slice name)
{
    for (size_t i = 0; i < names->n; i++) {
        if (slice_eq(names->v[i], name))
            return 0;
    }
    if (names->n < FORMS_MAX)
        names->v[names->n++] = arena_dup(names->c->arena, name);
    return 0;
}

static int add_row(void *u, const struct state_form *x)
{
    return add_name(u, x->name);
}

static int by_name(const void *a, const void *b)
{
    return slice_cmp(*(const struct slice *)a, *(const struct slice *)b);
}

static int forms_collect(struct names *names, struct err *err)
{
    const struct data_folder *folder = data_folder("forms");
    struct state_query all = {.limit = 0};
    int r;

    names->v = arena_new_array(names->c->arena, FORMS_MAX, struct slice);
    if (names->v == NULL)
        return err_nomem(err);
    for (size_t i = 0; folder && i < folder->count; i++) {
        struct slice name = slice_str(folder->files[i].name), ending = SLICE(".yaml");

        if (slice_ends(name, ending))
            (void)add_name(names, slice_head(name, name.n - ending.n));
    }
    r = state_form_each(names->c->s, &names->c->actor, &all, add_row, names, err);
    qsort(names->v, names->n, sizeof(*names->v), by_name);
    return r;
}

int record_form_list(const struct record *c, struct record_form **ret, size_t *ret_n,
                     struct err *err)
{
    struct names names = {.c = c};
    struct record_form *forms;
    int r = forms_collect(&names, err);

    if (r < 0)
        return r;
    forms = arena_new_array(c->arena, names.n + 1, struct record_form);
    if (forms == NULL)
        return err_nomem(err);
    for (size_t i = 0; i < names.n && r == 0; i++)
        r = record_form_find(c, names.v[i], &forms[i], err);
    *ret = forms;
    *ret_n = names.n;
    return r;
}

static int write_form(const struct record *c, struct state_id issuer, struct record_form *f,
                      struct err *err)
{
    struct buf kinds = BUF_INIT(4000);
    struct state_form row = {.unit = issuer,
                             .name = f->form->id,
                             .edition = (int32_t)f->form->edition,
                             .title = f->form->title.vi,
                             .yaml = f->yaml};
    struct state_actor system = state_actor_system();
    int r;

    for (uint32_t i = 0; i < f->form->kind_count; i++)
        buf_printf(&kinds, "%s" SLICE_FMT, i ? " " : "", SLICE_ARG(f->form->kinds[i]));
    row.kinds = buf_slice(&kinds);
    r = state_form_put(c->s, &system, &row, err); /* canh's own form, whoever fills it first */
    f->id = row.id;
    buf_done(&kinds);
    return r;
}

int record_form_define(const struct record *c, struct state_id issuer, struct slice yaml,
                       struct record_form *ret, struct err *err)
{
    struct record_form f = {.yaml = yaml}, old = {.own = false};
    struct state_form row;
    int r = form_parse(c->arena, yaml, &f.form, err);

    if (r < 0)
        return r;
    r = record_form_find(c, f.form->id, &old, err);
    if (r < 0 && r != -CE_NOT_FOUND)
        return r;
    if (r == 0 && slice_eq(old.yaml, yaml) && !id_is_none(old.id)) {
        *ret = old;
        return 0;
    }
    if (r == 0 && old.form && f.form->edition <= old.form->edition)
        return err_fail(err, CE_EXISTS, ERR_RECORD_EDITION_RAISE_EDITION, old.form->edition,
                        f.form->id);
    row = (struct state_form){.unit = issuer};
    if (!state_may_write(c->s, &c->actor, row.unit))
        return err_fail(err, CE_DENIED, ERR_RECORD_FORM_UNIT_OUTSIDE_ACTORS_SCOPE);
    r = write_form(c, issuer, &f, err);
    *ret = f;
    return r;
}

int record_form_row(const struct record *c, struct record_form *f, struct err *err)
{
    struct state_form row;
    int r;

    if (!id_is_none(f->id))
        return 0;
    r = state_form_find(c->s, &c->actor, STATE_ID_NONE, f->form->id, c->arena, &row, err);
    if (r == 0 && row.edition == (int32_t)f->form->edition)
        f->id = row.id;
    return r == -CE_NOT_FOUND ? 0 : r;
}

int record_form_keep(const struct record *c, struct state_id unit, struct record_form *f,
                     struct err *err)
{
    struct state_actor system = state_actor_system();
    struct state_unit u;
    int r = record_form_row(c, f, err);

    if (r < 0 || !id_is_none(f->id))
        return r;
    for (unsigned up = 0; up < UP_MAX; up++) {
        r = state_unit_get(c->s, &system, unit, c->arena, &u, err);
        if (r < 0 || id_is_none(u.parent))
            break;
        unit = u.parent;
    }
    return r < 0 ? r : write_form(c, unit, f, err);
}

bool record_form_asks(const struct form *f, struct slice unit_kind)
{
    for (uint32_t i = 0; i < f->kind_count; i++) {
        if (slice_eq(f->kinds[i], unit_kind))
            return true;
    }
    return false;
}

void record_finding_code(struct buf *out, const struct form *f, const struct form_field *field,
                         const struct form_limit *limit)
{
    buf_printf(out, "form." SLICE_FMT "." SLICE_FMT "." SLICE_FMT, SLICE_ARG(f->id),
               SLICE_ARG(field->id), SLICE_ARG(limit->id));
}

static bool forms_read_value(const struct form *f, const struct state_value *v, struct answer *ret)
{
    const struct form_field *field = form_field(f, v->field);

    if (field == NULL || v->row < 0 || v->kind < STATE_VALUE_BLANK || v->kind > STATE_VALUE_TIME)
        return false;
    *ret = (struct answer){.field = field->index,
                           .row = (uint32_t)v->row,
                           .kind = (enum answer_kind)v->kind,
                           .number = v->number,
                           .time = v->number_i,
                           .text = v->text};
    return true;
}

int record_form_answers(const struct record *c, const struct form *f,
                        const struct state_submission *x, struct answers *ret, struct err *err)
{
    struct state_value *values = NULL;
    size_t n = 0;
    int r = state_value_list(c->s, &c->actor, x->id, c->arena, &values, &n, err);

    if (r < 0)
        return r;
    *ret = (struct answers){.nothing = x->nothing,
                            .day = record_period_at(f->every == EVERY_ONCE ? EVERY_DAY : f->every,
                                                    f->every == EVERY_ONCE ? x->sent_at : x->start,
                                                    c->zone)
                                       .day,
                            .v = arena_new_array(c->arena, n + 1, struct answer)};
    if (ret->v == NULL)
        return err_nomem(err);
    for (size_t i = 0; i < n; i++)
        ret->count += forms_read_value(f, &values[i], &ret->v[ret->count]);
    return 0;
}
