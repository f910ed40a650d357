/* SPDX-License-Identifier: Apache-2.0 */
/* canh form import: filled workbooks and tables. Preview first; all or nothing. */
#include <stdio.h>
#include <unistd.h>

#include "base/time.h"
#include "cli/form/form.h"
#include "lang/error.h"
#include "lang/msg_cli.h"
#include "lang/msg_hand.h"
#include "office/sandboxed.h"
#include "record/fill.h"
#include "view/json.h"

struct form_import_options {
    struct form_about about;
    const char *form;
    bool apply, replace, backfilled, json;
};

/* One file: what it says, and what became of it. */
struct handed {
    const char *path;
    struct record_form form;
    struct answers a;
    struct record_entry *entry; /* of the job's */
    struct record_sent *sent;
    bool bad; /* answers that cannot be read: said already */
};

struct job {
    struct form_job f;
    const struct form_import_options *o;
    struct handed *files;
    struct record_entry *entries;
    struct record_sent *sent;
    uint32_t count;
};

static int read_table(struct form_job *f, const char *path, struct workbook **ret)
{
    struct workbook_limits limits = workbook_default_limits;
    struct err err = ERR_INIT;
    struct buf place = BUF_INIT(400);
    struct slice bytes;
    int status = session_read(f->l.app, &f->l.arena, path, &bytes);

    if (status != 0)
        return status;
    if (sandboxed_workbook(&f->l.arena, bytes, &limits, session_degrades(), ret, &err) == 0)
        return 0;
    workbook_place(&place, f->l.app->lang, SLICE(""), err.line, err.col);
    buf_printf(app_line(f->l.app), "%s: %s%s", path, buf_cstr(&place), place.len ? ": " : "");
    error_write(&f->l.app->line, f->l.app->lang, &err);
    app_print_line(f->l.app);
    buf_done(&place);
    return app_status(&err);
}

/* The form that --form names, or the file itself. */
static int choose_form(struct job *j, const struct workbook *t, struct handed *h)
{
    struct form_job *f = &j->f;
    struct slice name = workbook_form(t);

    if (j->o->form)
        name = slice_str(j->o->form);
    if (name.n == 0) {
        app_print(f->l.app, MSG_HAND_WHICH_FORM, h->path);
        return EX_DATAERR;
    }
    return form_choose(f, name, &h->form);
}

static int choose_unit(struct form_job *f, struct handed *h)
{
    struct state_unit unit = f->unit;
    struct buf code = BUF_INIT(400);
    int status = 0;

    if (h->a.unit.n > 0) {
        buf_append_slice(&code, slice_trim(slice_head(h->a.unit, 200)));
        status = session_unit(&f->l, buf_cstr(&code), &unit);
    } else if (f->about->unit == NULL) {
        app_print(f->l.app, MSG_HAND_WHICH_UNIT, h->path);
        status = EX_DATAERR;
    }
    buf_done(&code);
    if (status != 0)
        return status;
    if (f->about->unit && !id_eq(unit.id, f->unit.id)) {
        app_print(f->l.app, MSG_HAND_OTHER_UNIT, h->path, SLICE_ARG(unit.code), f->about->unit);
        return EX_DATAERR;
    }
    if (!record_form_asks(h->form.form, unit.kind)) {
        app_print(f->l.app, MSG_HAND_NOT_ASKED, SLICE_ARG(unit.kind), SLICE_ARG(h->form.form->id));
        return EX_DATAERR;
    }
    h->entry->unit = unit.id;
    return 0;
}

static int read_answers(struct form_job *f, const struct workbook *t, struct handed *h)
{
    struct form_problem *problems = NULL;
    struct err err = ERR_INIT;
    uint32_t count = 0;

    if (answers_from_workbook(h->form.form, t, &f->l.arena, &h->a, &problems, &count, &err) < 0 ||
        form_problems_word(h->form.form, problems, count, f->l.app->lang, &f->l.arena, &err) < 0) {
        err.line = 0;
        app_fail(f->l.app, h->path, &err);
        return EX_DATAERR;
    }
    form_describe_problems(f->l.app, h->path, NULL, problems, count); /* their places are in them */
    h->bad = count > 0;
    return 0;
}

static void fill_entry(struct job *j, const struct workbook *t, struct handed *h)
{
    const struct form_import_options *o = j->o;
    struct record_entry *e = h->entry;

    e->form = &h->form;
    e->person = j->f.person;
    e->answers = &h->a;
    e->at = j->f.at;
    e->how = o->backfilled ? "paper" : t->format == WORKBOOK_CSV ? "csv" : "xlsx";
    e->backfilled = o->backfilled;
    e->sheet = slice_head(h->a.sheet, 64);
    e->replace = o->replace;
    e->guarded = !o->replace && h->a.sheet.n > 0;
    if (h->a.base.n > 0 && id_parse(h->a.base, &e->base) < 0)
        e->base = STATE_ID_NONE;
}

static int read_file(struct job *j, struct handed *h)
{
    struct form_job *f = &j->f;
    struct workbook *t = NULL;
    int status = read_table(f, h->path, &t);

    if (status == 0)
        status = choose_form(j, t, h);
    if (status == 0)
        status = read_answers(f, t, h);
    if (status == 0)
        status = choose_unit(f, h);
    if (status == 0)
        status = form_period(f, &h->form, &h->a, &h->entry->period);
    if (status == 0)
        fill_entry(j, t, h);
    return status;
}

/* Every file is read, so that all that is wrong is said at once. */
static int read_all(struct job *j, const struct operands *operands)
{
    int status = 0;

    j->files = arena_new_array(&j->f.l.arena, operands->count, struct handed);
    j->entries = arena_new_array(&j->f.l.arena, operands->count, struct record_entry);
    j->sent = arena_new_array(&j->f.l.arena, operands->count, struct record_sent);
    if (j->files == NULL || j->entries == NULL || j->sent == NULL) {
        app_print(j->f.l.app, MSG_CLI_NO_MEMORY);
        return EX_OSERR;
    }
    for (j->count = 0; j->count < operands->count; j->count++) {
        struct handed *h = &j->files[j->count];
        int one;

        h->path = operands->items[j->count];
        h->entry = &j->entries[j->count];
        h->sent = &j->sent[j->count];
        one = read_file(j, h);
        status = status ? status : one;
        if (status == 0 && h->bad)
            status = EX_DATAERR;
    }
    return status;
}

static int send_all(struct job *j, bool apply, bool *ret_bad)
{
    struct err err = ERR_INIT;
    int r = record_send_all(&j->f.rec, j->entries, j->count, apply, j->sent, ret_bad, &err);

    return r < 0 ? session_fail(&j->f.l, &err) : 0;
}

/* The answers that differ from what stands: field, before, now. */
static void write_changes(struct form_job *f, const struct handed *h)
{
    struct buf *out = &f->l.app->out.buf;
    const struct form *form = h->form.form;
    struct answers was;

    if (record_form_answers(&f->rec, form, &h->sent->standing, &was, &ERR_INIT) < 0)
        return;
    for (uint32_t i = 0; i < h->a.count; i++) {
        const struct answer *now = &h->a.v[i], *old = answers_find(&was, now->field, now->row);

        if (old && old->kind == now->kind && old->number == now->number && old->time == now->time &&
            slice_eq(old->text, now->text))
            continue;
        buf_printf(out, "  ~ " SLICE_FMT,
                   SLICE_ARG(title_in(&form->fields[now->field].title, f->l.app->lang)));
        if (now->row)
            buf_printf(out, " [%u]", now->row);
        buf_puts(out, ": ");
        if (old)
            answer_write(out, form, old, f->l.app->lang);
        else
            buf_puts(out, "–");
        buf_puts(out, " → ");
        answer_write(out, form, now, f->l.app->lang);
        buf_putc(out, '\n');
    }
}

/* What the table has and nothing was taken from. */
static void describe_ignored(struct app *app, const struct handed *h)
{
    for (uint32_t i = 0; i < h->a.ignored_count; i++) {
        const struct answers_ignored *x = &h->a.ignored[i];
        struct buf place = BUF_INIT(4096);

        workbook_place(&place, app->lang, x->sheet, x->line, x->col);
        app_print(app, MSG_HAND_IGNORED, h->path, buf_cstr(&place), SLICE_ARG(x->heading));
        buf_done(&place);
    }
}

static void show_one(struct job *j, struct handed *h, bool applied)
{
    struct app *app = j->f.l.app;

    form_describe_problems(app, h->path, &h->a, h->sent->problems, h->sent->problem_count);
    form_describe_outcome(app, h->path, h->sent);
    if (j->o->json) {
        view_json_form_imported(&app->out.buf, slice_str(h->path), h->form.form,
                                h->entry->period.start, &h->a, h->sent,
                                applied && h->sent->outcome != RECORD_UNCHANGED);
        return;
    }
    form_write_outcome(&j->f, h->entry, h->sent, !applied);
    if ((h->sent->outcome == RECORD_REVISED || h->sent->outcome == RECORD_APPROVED) && !applied)
        write_changes(&j->f, h);
}

static void show_all(struct job *j, bool applied)
{
    for (uint32_t i = 0; i < j->count; i++)
        show_one(j, &j->files[i], applied);
}

static bool anything_to_send(const struct job *j)
{
    for (uint32_t i = 0; i < j->count; i++) {
        if (j->files[i].sent->outcome != RECORD_UNCHANGED)
            return true;
    }
    return false;
}

/* “c” (có) or “y” (yes), whatever the language. */
static bool import_agreed(struct app *app)
{
    char answer[16] = "";

    if (!app->out_tty || !app->err_tty || !isatty(STDIN_FILENO))
        return false;
    buf_puts(&app->out.buf, lang_text(app->lang, MSG_HAND_ASK));
    if (!out_flush(&app->out) || fgets(answer, sizeof(answer), stdin) == NULL)
        return false;
    return strchr("cCyY", answer[0]) != NULL && answer[0] != 0;
}

static int run_job(struct job *j)
{
    struct app *app = j->f.l.app;
    bool bad = false;
    int status = send_all(j, j->o->apply, &bad);

    if (status != 0)
        return status;
    for (uint32_t i = 0; i < j->count; i++)
        describe_ignored(app, &j->files[i]);
    show_all(j, j->o->apply && !bad);
    if (bad) {
        app_print(app, MSG_HAND_NOTHING_WRITTEN);
        return EX_DATAERR;
    }
    if (j->o->apply || j->o->json || !anything_to_send(j))
        return 0;
    if (!import_agreed(app)) {
        app_print(app, MSG_HAND_PREVIEW);
        return 0;
    }
    status = send_all(j, true, &bad);
    if (status == 0)
        show_all(j, !bad);
    return status ? status : bad ? EX_DATAERR : 0;
}

static int run_import(struct app *app, const void *values, const struct operands *operands)
{
    const struct form_import_options *o = values;
    struct err err = ERR_INIT;
    struct job j = {.o = o};
    int status = form_begin(app, &o->about, STATE_WRITE, NULL, &j.f);

    if (status != 0)
        return status;
    status = read_all(&j, operands);
    if (status == 0)
        status = run_job(&j);
    else
        app_print(app, MSG_HAND_NOTHING_WRITTEN);
    return form_end(&j.f, status, &err);
}

static const struct option_spec specs[] = {
    FORM_STATE(struct form_import_options),
    FORM_OPTION(struct form_import_options, "form", 'f', form, "FORM", MSG_HAND_OPT_FORM),
    FORM_UNIT(struct form_import_options),
    FORM_DAY(struct form_import_options),
    OPTION_FLAG("apply", 'a', struct form_import_options, apply, MSG_HAND_OPT_APPLY),
    OPTION_FLAG("replace", 0, struct form_import_options, replace, MSG_HAND_OPT_REPLACE),
    FORM_PERSON(struct form_import_options),
    OPTION_FLAG("backfilled", 0, struct form_import_options, backfilled, MSG_HAND_OPT_BACKFILLED),
    FORM_AT(struct form_import_options),
    FORM_JSON(struct form_import_options),
};

const struct verb verb_form_import = {
    FORM_VERB("import", MSG_HAND_IMPORT, specs, struct form_import_options, run_import),
    .about = MSG_HAND_IMPORT_ABOUT,
    .operands = "FILE…",
    .min_operands = 1,
    .max_operands = OPERANDS_ANY,
    .complete = COMPLETE_FILE,
};
