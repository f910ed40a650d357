/* SPDX-License-Identifier: Apache-2.0 */
/* canh form fill: on the command line; what was typed there or on a terminal is sent. */
#include <unistd.h>

#include "base/num.h"
#include "base/time.h"
#include "cli/form/fill.h"
#include "cli/register/evidence_file.h"
#include "lang/collate.h"
#include "lang/msg_cli.h"
#include "lang/msg_hand.h"
#include "lang/msg_register.h"
#include "lang/value.h"

void fill_set(struct fill_job *k, const struct answer *x)
{
    const struct answer *old = answers_find(&k->a, x->field, x->row);

    if (old != NULL)
        k->a.v[old - k->a.v] = *x;
    else if (k->a.count < FORM_VALUES_MAX)
        k->a.v[k->a.count++] = *x;
}

/* @FILE: looked at now, kept with the form. Until then its place is held by zeros. */
static int read_photo(struct fill_job *k, uint32_t field, uint32_t row, struct slice path)
{
    static const char zeros[] = "0000000000000000000000000000000000000000000000000000000000000000";
    struct answer x = {.field = field, .row = row, .kind = ANSWER_TEXT};
    struct slice kept = arena_dup(&k->f->l.arena, path);
    struct record_photo *p = &k->photos[k->photo_count];
    const char *name = (const char *)kept.p;
    int status;

    if (k->photo_count == PHOTOS_MAX || kept.p == NULL) {
        app_print(k->f->l.app, MSG_CLI_NO_MEMORY);
        return EX_OSERR;
    }
    *p = (struct record_photo){.field = field, .row = row, .fd = -1, .name = slice_str(name)};
    status = evidence_file_open(k->f->l.app, name, k->o->not_classified, &p->fd, &p->marking);
    if (status != 0)
        return status;
    k->photo_count++;
    x.text = SLICE(zeros);
    fill_set(k, &x);
    return 0;
}

int fill_answer(struct fill_job *k, uint32_t field, uint32_t row, struct slice text)
{
    const struct form *form = k->f->form.form;
    struct slice kept = arena_dup(&k->f->l.arena, text);
    struct cell c = {.p = kept.p, .n = (uint32_t)kept.n, .kind = CELL_TEXT};
    struct answer x = {.row = row};
    struct err err = ERR_INIT;

    if (field_types[form->fields[field].kind].file && slice_starts(text, SLICE("@")))
        return read_photo(k, field, row, slice_from(text, 1));
    if (answer_read(form, field, &c, k->year, &x, &err) < 0) {
        app_fail(k->f->l.app, NULL, &err);
        return EX_DATAERR;
    }
    x.field = field;
    x.row = row;
    fill_set(k, &x);
    return 0;
}

/* By its key, or by its title as the form shows it; NULL: none, or *ret_many have that title. */
static const struct form_field *field_named(const struct form *form, struct slice name,
                                            bool *ret_many)
{
    const struct form_field *field = form_field(form, name);
    bool key = field != NULL;

    *ret_many = false;
    for (uint32_t i = 0; i < form->field_count && !key && name.n > 0; i++) {
        const struct title *title = &form->fields[i].title;

        if (!viet_same(title->vi, name) && !viet_same(title->en, name))
            continue;
        *ret_many = field != NULL;
        if (*ret_many)
            return NULL;
        field = &form->fields[i];
    }
    return field;
}

static int set_one(struct fill_job *k, const char *set)
{
    const struct form *form = k->f->form.form;
    struct slice s = slice_str(set), name;
    size_t equals = slice_find_byte(s, '='), bracket;
    const struct form_field *field;
    int64_t row = 0;
    bool repeats, many;

    if (equals == SIZE_MAX)
        return app_usage(k->f->l.app, MSG_HAND_BAD_SET, set);
    name = slice_head(s, equals);
    bracket = slice_find_byte(name, '[');
    if (bracket != SIZE_MAX) {
        struct slice number = slice_from(name, bracket + 1);

        if (!slice_ends(number, SLICE("]")) ||
            num_range(slice_head(number, number.n - 1), 1, FORM_ROWS_MAX, &row) < 0)
            return app_usage(k->f->l.app, MSG_HAND_BAD_SET, set);
        name = slice_head(name, bracket);
    }
    name = slice_trim(name);
    field = field_named(form, name, &many);
    if (many)
        app_print(k->f->l.app, MSG_HAND_MANY_FIELDS, SLICE_ARG(slice_brief(name)),
                  SLICE_ARG(form->id), SLICE_ARG(form->id));
    else if (field == NULL)
        app_print(k->f->l.app, MSG_HAND_NO_FIELD, SLICE_ARG(slice_brief(name)), SLICE_ARG(form->id),
                  SLICE_ARG(form->id));
    if (field == NULL)
        return EX_DATAERR;
    repeats = form->groups[field->group].rows > 0;
    if (repeats && row == 0)
        return app_usage(k->f->l.app, MSG_HAND_NEEDS_ROW, SLICE_ARG(field->id));
    if (!repeats && row > 0)
        return app_usage(k->f->l.app, MSG_HAND_NO_ROW, SLICE_ARG(field->id));
    return fill_answer(k, field->index, (uint32_t)row, slice_from(s, equals + 1));
}

static int set_all(struct fill_job *k)
{
    int status = 0;

    for (uint32_t i = 0; i < k->o->set.count && status == 0; i++)
        status = set_one(k, k->o->set.items[i]);
    return status;
}

/* What stands for the period is what is corrected; with --carry the last values are taken. */
static int begin_answers(struct fill_job *k, struct record_period *p)
{
    struct form_job *f = k->f;
    const struct form *form = f->form.form;
    struct answers typed;
    int status;

    k->a = (struct answers){.day = INT64_MIN,
                            .v = arena_new_array(&f->l.arena, FORM_VALUES_MAX, struct answer)};
    if (k->a.v == NULL) {
        app_print(f->l.app, MSG_CLI_NO_MEMORY);
        return EX_OSERR;
    }
    status = set_all(k); /* an event's period is among what is typed */
    if (status == 0)
        status = form_period(f, &f->form, &k->a, p);
    if (status == 0)
        status = form_known(f, &f->form, f->unit.id, p, &k->now, &k->standing, &k->before);
    if (status != 0)
        return status;
    typed = k->a;
    k->a.count = 0;
    k->a.v = arena_new_array(&f->l.arena, FORM_VALUES_MAX, struct answer);
    if (k->a.v == NULL) {
        app_print(f->l.app, MSG_CLI_NO_MEMORY);
        return EX_OSERR;
    }
    for (uint32_t i = 0; k->before && k->o->carry && !k->now && i < k->before->count; i++) {
        if (form->fields[k->before->v[i].field].carry)
            fill_set(k, &k->before->v[i]);
    }
    for (uint32_t i = 0; k->now && i < k->now->count; i++)
        fill_set(k, &k->now->v[i]);
    for (uint32_t i = 0; i < typed.count; i++)
        fill_set(k, &typed.v[i]);
    k->a.nothing = k->o->nothing;
    if (k->o->nothing)
        k->a.count = 0;
    return 0;
}

/* What cannot be accepted, with the key that --set wants for it. */
static void describe_unset(struct fill_job *k, const struct form_problem *problems, uint32_t count)
{
    struct form_job *f = k->f;
    const struct form *form = f->form.form;

    for (uint32_t i = 0; i < count; i++) {
        const struct form_problem *p = &problems[i];

        if (p->finding || p->row || p->field >= form->field_count || k->o->set.count == 0)
            form_describe_problems(f->l.app, NULL, NULL, p, 1);
        else
            app_print(f->l.app, MSG_HAND_SET_KEY, SLICE_ARG(p->message),
                      SLICE_ARG(form->fields[p->field].id));
    }
}

static int fill_send(struct fill_job *k, const struct record_period *p, bool interactive)
{
    struct form_job *f = k->f;
    struct record_entry e = {.form = &f->form,
                             .unit = f->unit.id,
                             .person = f->person,
                             .answers = &k->a,
                             .period = *p,
                             .at = f->at,
                             .how = k->o->backfilled ? "paper" : "cli",
                             .backfilled = k->o->backfilled,
                             .guarded = true,
                             .base = k->standing.id,
                             .replace = k->o->replace,
                             .photos = k->photos};
    struct record_sent sent = {.problem_count = 0};
    struct err err = ERR_INIT;

    do {
        e.photo_count = k->photo_count;
        if (record_send(&f->rec, &e, &sent, &err) < 0)
            return session_fail(&f->l, &err);
        describe_unset(k, sent.problems, sent.problem_count);
    } while (interactive && sent.outcome == RECORD_REFUSED && fill_ask_again(k, &sent));
    form_describe_outcome(f->l.app, NULL, &sent);
    if (!record_is_refused(sent.outcome))
        form_write_outcome(f, &e, &sent, false);
    return record_is_refused(sent.outcome) ? EX_DATAERR : 0;
}

static int form_fill(struct form_job *f, const struct fill_options *o)
{
    struct fill_job k = {.f = f, .o = o};
    bool interactive = o->set.count == 0 && !o->nothing && !o->carry;
    struct record_period p;
    int year;
    unsigned month, day;
    int status;

    date_from_days(record_period_at(EVERY_DAY, f->at, ZONE_OWN).day, &year, &month, &day);
    k.year = year;
    if (!record_form_asks(f->form.form, f->unit.kind)) {
        app_print(f->l.app, MSG_HAND_NOT_ASKED, SLICE_ARG(f->unit.kind),
                  SLICE_ARG(f->form.form->id));
        return EX_DATAERR;
    }
    if (interactive && !isatty(STDIN_FILENO))
        return app_usage(f->l.app, MSG_HAND_NOTHING_SET);
    if (interactive && f->form.form->every == EVERY_EVENT && !f->about->day)
        return app_usage(f->l.app, MSG_HAND_EVENT_DAY);
    status = begin_answers(&k, &p);
    if (status == 0 && interactive)
        status = fill_ask_all(&k);
    if (status == 0 && interactive)
        status = form_period(f, &f->form, &k.a, &p);
    if (status == 0)
        status = fill_send(&k, &p, interactive);
    for (size_t i = 0; i < k.photo_count; i++)
        (void)close(k.photos[i].fd);
    return status;
}

static int run_fill(struct app *app, const void *values, const struct operands *operands)
{
    const struct fill_options *o = values;
    struct err err = ERR_INIT;
    struct form_job f;
    int status;

    if (o->not_classified && o->about.person == NULL)
        return app_usage(app, MSG_REGISTER_WHO_DECLARES);
    if (o->nothing && o->set.count)
        return app_usage(app, MSG_CLI_NOT_TOGETHER, "nothing", "set");
    status = form_begin(app, &o->about, STATE_WRITE, operands->items[0], &f);
    if (status != 0)
        return status;
    status = id_is_none(f.unit.id) ? app_usage(app, MSG_CLI_NO_OPTION, "unit") : form_fill(&f, o);
    return form_end(&f, status, &err);
}

static const struct option_spec specs[] = {
    FORM_STATE(struct fill_options),
    FORM_UNIT(struct fill_options),
    FORM_DAY(struct fill_options),
    OPTION_LIST("set", 's', struct fill_options, set, "FIELD=VALUE", COMPLETE_NONE,
                MSG_HAND_OPT_SET),
    OPTION_FLAG("nothing", 0, struct fill_options, nothing, MSG_HAND_OPT_NOTHING),
    OPTION_FLAG("carry", 'c', struct fill_options, carry, MSG_HAND_OPT_CARRY),
    FORM_PERSON(struct fill_options),
    OPTION_FLAG("backfilled", 0, struct fill_options, backfilled, MSG_HAND_OPT_BACKFILLED),
    OPTION_FLAG("replace", 0, struct fill_options, replace, MSG_HAND_OPT_REPLACE_APPROVED),
    OPTION_FLAG("not-classified", 0, struct fill_options, not_classified,
                MSG_REGISTER_OPT_NOT_CLASSIFIED),
    FORM_AT(struct fill_options),
};

const struct verb verb_form_fill = {
    FORM_VERB("fill", MSG_HAND_FILL, specs, struct fill_options, run_fill),
    .about = MSG_HAND_FILL_ABOUT,
    .operands = "FORM",
    .min_operands = 1,
    .max_operands = 1,
};
