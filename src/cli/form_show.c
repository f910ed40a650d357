/* SPDX-License-Identifier: Apache-2.0 */
/* canh form list, show, define: the forms there are, their fields and limits, and own ones. */
#include "cli/form.h"
#include "lang/msg_cli.h"
#include "lang/msg_hand.h"
#include "lang/value.h"

static const struct every_word {
    const char *key;
    msg_id text;
} every_words[FORM_EVERY_MAX] = {
    [EVERY_SHIFT] = {"shift", MSG_HAND_EVERY_SHIFT},
    [EVERY_DAY] = {"day", MSG_HAND_EVERY_DAY},
    [EVERY_WEEK] = {"week", MSG_HAND_EVERY_WEEK},
    [EVERY_MONTH] = {"month", MSG_HAND_EVERY_MONTH},
    [EVERY_EVENT] = {"event", MSG_HAND_EVERY_EVENT},
    [EVERY_ONCE] = {"once", MSG_HAND_EVERY_ONCE},
};

static uint32_t limits_of(const struct form *f)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < f->field_count; i++)
        n += f->fields[i].limit_count;
    return n;
}

static void put_form(struct tabular *t, const struct record_form *f)
{
    struct buf kinds = BUF_INIT(4000);

    for (uint32_t i = 0; i < f->form->kind_count; i++)
        buf_printf(&kinds, "%s" SLICE_FMT, i ? " " : "", SLICE_ARG(f->form->kinds[i]));
    tabular_text(t, f->form->id);
    tabular_number(t, f->form->edition);
    tabular_word(t, every_words[f->form->every].key, every_words[f->form->every].text);
    tabular_number(t, f->form->field_count);
    tabular_number(t, limits_of(f->form));
    if (f->own)
        tabular_word(t, "canh", MSG_HAND_FROM_CANH);
    else
        tabular_word(t, "state", MSG_HAND_FROM_STATE);
    tabular_text(t, form_text_in(&f->form->title, t->app->lang));
    tabular_text(t, buf_slice(&kinds));
    tabular_row(t);
    buf_done(&kinds);
}

static int run_list(struct app *app, const void *values, const struct operands *operands)
{
    static const struct tabular_column columns[] = {
        {"form", MSG_HAND_COL_FORM, false},    {"edition", MSG_HAND_COL_EDITION, true},
        {"every", MSG_HAND_COL_EVERY, false},  {"fields", MSG_HAND_COL_FIELDS, true},
        {"limits", MSG_HAND_COL_LIMITS, true}, {"from", MSG_HAND_COL_FROM, false},
        {"title", MSG_HAND_COL_TITLE, false},  {"for", MSG_HAND_COL_FOR, false},
    };
    const struct form_options *o = values;
    struct record_form *forms;
    struct err err = ERR_INIT;
    struct forming f;
    struct tabular t;
    size_t n = 0;
    int status = form_begin(app, o, STATE_READ, NULL, &f), r;

    (void)operands;
    if (status != 0)
        return status;
    r = record_form_list(&f.rec, &forms, &n, &err);
    tabular_init(&t, app, columns, CANH_LEN(columns), o->json);
    for (size_t i = 0; r == 0 && i < n; i++) {
        if (!o->unit || record_form_asks(forms[i].form, f.unit.kind))
            put_form(&t, &forms[i]);
    }
    tabular_done(&t);
    return form_end(&f, r, &err);
}

/* -- show ------------------------------------------------------------------------------------ */

static void put_limits(struct buf *out, const struct form_field *f, enum lang lang)
{
    for (uint32_t i = 0; i < f->limit_count; i++) {
        const struct form_limit *l = &f->limits[i];

        buf_printf(out, "%s" SLICE_FMT " (%s", i ? "; " : "",
                   SLICE_ARG(form_text_in(&l->title, lang)), form_origin_to_str(l->origin));
        if (l->from != INT64_MIN) {
            buf_puts(out, ", ≥ ");
            date_put(out, l->from);
        }
        if (l->until != INT64_MAX) {
            buf_puts(out, ", < ");
            date_put(out, l->until);
        }
        if (l->source.n)
            buf_printf(out, ", " SLICE_FMT, SLICE_ARG(l->source));
        buf_putc(out, ')');
    }
}

static void put_field(struct tabular *t, const struct form *form, const struct form_field *f)
{
    const struct form_group *g = &form->groups[f->group];
    struct buf text = BUF_INIT(16000);

    tabular_text(t, f->id);
    tabular_text(t, slice_str(field_kind_to_str(f->kind)));
    tabular_flag(t, g->rows > 0);
    tabular_flag(t, f->required);
    tabular_flag(t, f->nothing);
    buf_put_slice(&text, form_text_in(&f->title, t->app->lang));
    if (f->unit.vi.n)
        buf_printf(&text, " (" SLICE_FMT ")", SLICE_ARG(form_text_in(&f->unit, t->app->lang)));
    for (uint32_t i = 0; i < f->choice_count; i++)
        buf_printf(&text, "%s" SLICE_FMT, i ? " | " : ": ", SLICE_ARG(f->choices[i].id));
    tabular_text(t, buf_slice(&text));
    buf_clear(&text);
    put_limits(&text, f, t->app->lang);
    tabular_text(t, buf_slice(&text));
    tabular_row(t);
    buf_done(&text);
}

static int run_show(struct app *app, const void *values, const struct operands *operands)
{
    static const struct tabular_column columns[] = {
        {"field", MSG_HAND_COL_FIELD, false},     {"kind", MSG_HAND_COL_KIND, false},
        {"repeats", MSG_HAND_COL_REPEATS, false}, {"required", MSG_HAND_COL_REQUIRED, false},
        {"nothing", MSG_HAND_COL_NOTHING, false}, {"title", MSG_HAND_COL_TITLE, false},
        {"limits", MSG_HAND_COL_LIMIT, false},
    };
    const struct form_options *o = values;
    struct err err = ERR_INIT;
    struct forming f;
    struct tabular t;
    int status = form_begin(app, o, STATE_READ, operands->items[0], &f);

    if (status != 0)
        return status;
    tabular_init(&t, app, columns, CANH_LEN(columns), o->json);
    for (uint32_t i = 0; i < f.form.form->field_count; i++)
        put_field(&t, f.form.form, &f.form.form->fields[i]);
    tabular_done(&t);
    return form_end(&f, 0, &err);
}

/* -- define ---------------------------------------------------------------------------------- */

static int run_define(struct app *app, const void *values, const struct operands *operands)
{
    const struct form_options *o = values;
    struct record_form form;
    struct err err = ERR_INIT;
    struct slice yaml;
    struct forming f;
    int status, r;

    if (o->unit == NULL)
        return app_usage(app, MSG_CLI_NO_OPTION, "unit");
    status = form_begin(app, o, STATE_WRITE, NULL, &f);
    if (status != 0)
        return status;
    status = ledger_read(app, &f.l.arena, operands->items[0], &yaml);
    if (status != 0)
        return form_end(&f, status, &err);
    r = record_form_define(&f.rec, f.unit.id, yaml, &form, &err);
    if (r == -CE_EXISTS) {
        app_say(app, MSG_HAND_EDITION_EXISTS, operands->items[0]);
        return form_end(&f, EX_DATAERR, &err);
    }
    if (r < 0)
        return form_end(&f, app_fail(app, operands->items[0], &err), &err);
    lang_put(&app->out.buf, app->lang, MSG_HAND_DEFINED, SLICE_ARG(form.form->id),
             form.form->edition, form.form->field_count, limits_of(form.form));
    return form_end(&f, 0, &err);
}

static const struct option_spec list_specs[] = {HAND_STATE, HAND_UNIT, HAND_JSON};
static const struct option_spec show_specs[] = {HAND_STATE, HAND_JSON};
static const struct option_spec define_specs[] = {HAND_STATE, HAND_OPTION("unit", 'u', unit, "CODE",
                                                                          MSG_HAND_OPT_ISSUER)};

const struct verb verb_form_list = {HAND_VERB("list", MSG_HAND_LIST, list_specs, run_list)};
const struct verb verb_form_show = {HAND_VERB("show", MSG_HAND_SHOW, show_specs, run_show),
                                    .operands = "FORM", .min_operands = 1, .max_operands = 1};
const struct verb verb_form_define = {HAND_VERB("define", MSG_HAND_DEFINE, define_specs,
                                                run_define),
                                      .about = MSG_HAND_DEFINE_ABOUT,
                                      .operands = "FILE",
                                      .min_operands = 1,
                                      .max_operands = 1,
                                      .complete = COMPLETE_FILE};
