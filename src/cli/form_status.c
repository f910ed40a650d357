/* SPDX-License-Identifier: Apache-2.0 */
/* canh form status: who has sent which form for which period; and the findings still open. */
#include "base/time.h"
#include "cli/form.h"
#include "form/judge.h"
#include "lang/msg_hand.h"
#include "record/finding.h"
#include "state/checks.h"

enum { BACK_MAX = 400 };

struct telling {
    struct forming *f;
    struct tabular t;
    struct err *err;
    uint32_t missing;
};

static unsigned over_limits(struct slice words)
{
    unsigned n = 0, severity;
    struct slice field;
    enum judged how;

    while (judged_next(&words, &field, &how, &severity))
        n += how == JUDGED_OVER && severity > 1;
    return n;
}

enum only { ONLY_ANY, ONLY_MISSING, ONLY_SENT, ONLY_APPROVED, ONLY_RETURNED };

static const char *const only_words[] = {"any", "missing", "sent", "approved", "returned", NULL};

static bool is_wanted(enum only only, const struct state_submission *x)
{
    static const int32_t states[] = {[ONLY_MISSING] = 0,
                                     [ONLY_SENT] = STATE_SUBMISSION_SENT,
                                     [ONLY_APPROVED] = STATE_SUBMISSION_APPROVED,
                                     [ONLY_RETURNED] = STATE_SUBMISSION_RETURNED};

    return only == ONLY_ANY || states[only] == (x->version ? x->state : 0);
}

static void put_state(struct telling *k, const struct state_submission *x, bool over)
{
    const struct form_state_word *word = form_state_word(x);

    if (x->version == 0 && over)
        tabular_word(&k->t, "missing", MSG_HAND_STATE_MISSING);
    else
        tabular_word(&k->t, word->key, word->text);
}

static struct slice person_name(struct telling *k, struct state_id id)
{
    struct ledger *l = &k->f->l;
    struct state_person person;

    return !id_is_none(id) && state_person_get(l->s, &l->actor, id, &l->arena, &person, NULL) == 0
               ? person.name
               : SLICE("");
}

/* What a program may want besides; for people there is canh form view. */
static void put_rest(struct telling *k, const struct state_submission *x)
{
    tabular_text(&k->t, x->how);
    tabular_flag(&k->t, !id_is_none(x->revises));
    tabular_time(&k->t, x->approved_at);
    tabular_text(&k->t, person_name(k, x->approved_by));
}

static void put_row(struct telling *k, const struct form *form, const struct state_unit *unit,
                    const struct record_period *p, const struct state_submission *x)
{
    struct buf period = BUF_INIT(200);
    bool over = p->stop <= k->f->at;

    k->missing += over && (x->version == 0 || x->state == STATE_SUBMISSION_RETURNED);
    if (!is_wanted((enum only)k->f->o->only, x))
        return;
    tabular_text(&k->t, form->id);
    tabular_text(&k->t, unit->code);
    if (k->t.json) {
        tabular_time(&k->t, p->start);
    } else {
        form_put_period(&period, k->t.app->lang, form->every, p);
        tabular_text(&k->t, buf_slice(&period));
    }
    put_state(k, x, over);
    if (x->version)
        tabular_id(&k->t, x->id);
    else
        tabular_none(&k->t);
    tabular_time(&k->t, x->sent_at);
    if (x->version)
        tabular_number(&k->t, over_limits(x->judged));
    else
        tabular_none(&k->t);
    tabular_text(&k->t, person_name(k, x->person));
    tabular_text(&k->t, x->note);
    if (k->t.json)
        put_rest(k, x);
    tabular_row(&k->t);
    buf_done(&period);
}

/* The periods up to the one asked for, oldest first. */
static int tell_repeating(struct telling *k, const struct record_form *form,
                          const struct state_unit *unit, const struct record_period *last)
{
    struct record_period periods[BACK_MAX];
    struct state_submission x;
    int64_t n = 0;
    int r = 0;

    periods[n++] = *last;
    for (; n < k->f->o->back; n++)
        periods[n] = record_period_before(form->form->every, &periods[n - 1], LEDGER_ZONE);
    while (n-- > 0 && r == 0) {
        r = record_standing(&k->f->rec, form->form->id, unit->id, &periods[n], &x, k->err);
        if (r == 0)
            put_row(k, form->form, unit, &periods[n], &x);
    }
    return r;
}

struct starts {
    int64_t at[1000];
    size_t n;
};

static int note_start(void *u, const struct state_submission *x)
{
    struct starts *s = u;

    for (size_t i = 0; i < s->n; i++) {
        if (s->at[i] == x->start)
            return 0;
    }
    if (s->n < CANH_LEN(s->at))
        s->at[s->n++] = x->start;
    return 0;
}

/* What happened since the oldest day asked for. */
static int tell_events(struct telling *k, const struct record_form *form,
                       const struct state_unit *unit, const struct record_period *day)
{
    struct state_query q = {.unit = unit->id,
                            .from = day->start - (k->f->o->back - 1) * TIME_DAY,
                            .to = day->stop};
    struct starts starts = {.n = 0};
    struct state_submission x;
    int r = state_submission_each(k->f->l.s, &k->f->l.actor, &q, note_start, &starts, k->err);

    for (size_t i = 0; i < starts.n && r == 0; i++) {
        struct record_period p = record_period_at(form->form->every, starts.at[i], LEDGER_ZONE);

        r = record_standing(&k->f->rec, form->form->id, unit->id, &p, &x, k->err);
        if (r == 0 && x.version)
            put_row(k, form->form, unit, &p, &x);
    }
    return r;
}

static int tell_unit(struct telling *k, const struct record_form *form,
                     const struct state_unit *unit)
{
    enum form_every every = form->form->every;
    struct record_period p;
    int64_t at = k->f->at;
    int status = ledger_time(k->f->l.app, "day", k->f->o->day, false, &at), r;

    if (status != 0)
        return status;
    p = record_period_at(record_period_repeats(every) ? every : EVERY_DAY, at, LEDGER_ZONE);
    r = record_period_repeats(every) ? tell_repeating(k, form, unit, &p)
                                     : tell_events(k, form, unit, &p);
    return r < 0 ? ledger_fail(&k->f->l, k->err) : 0;
}

static bool is_asked(const struct telling *k, const struct state_unit *u)
{
    return k->f->o->unit == NULL || state_unit_below(k->f->l.s, u->id, k->f->unit.id, 0);
}

static int tell_all(struct telling *k)
{
    struct ledger *l = &k->f->l;
    struct record_form *forms;
    struct state_unit *units;
    size_t form_count, unit_count;
    int status = 0;

    if (record_form_list(&k->f->rec, &forms, &form_count, k->err) < 0 ||
        state_units_at(l->s, &l->actor, 0, &l->arena, &units, &unit_count, k->err) < 0)
        return ledger_fail(l, k->err);
    for (size_t i = 0; i < form_count && status == 0; i++) {
        if (k->f->o->form && !slice_is(forms[i].form->id, k->f->o->form))
            continue;
        for (size_t u = 0; u < unit_count && status == 0; u++) {
            if (record_form_asks(forms[i].form, units[u].kind) && is_asked(k, &units[u]))
                status = tell_unit(k, &forms[i], &units[u]);
        }
    }
    return status;
}

static int put_finding(void *u, const struct state_finding *x)
{
    static const struct {
        const char *key;
        msg_id text;
    } severities[] = {{"green", MSG_HAND_GREEN},
                      {"yellow", MSG_HAND_YELLOW},
                      {"orange", MSG_HAND_ORANGE},
                      {"red", MSG_HAND_RED}};
    struct telling *k = u;
    struct state_unit unit;
    int32_t s = CANH_MIN(CANH_MAX(x->severity, 1), 4) - 1;

    if (x->state != STATE_FINDING_OPEN || !slice_is(x->kind, "form-limit"))
        return 0;
    if (state_unit_get(k->f->l.s, &k->f->l.actor, x->unit, &k->f->l.arena, &unit, k->err) < 0)
        return -k->err->code;
    tabular_text(&k->t, unit.code);
    tabular_word(&k->t, severities[s].key, severities[s].text);
    tabular_time(&k->t, x->first_seen);
    tabular_time(&k->t, x->last_seen);
    tabular_number(&k->t, x->count);
    tabular_text(&k->t, record_finding_title(&k->f->rec, x));
    tabular_row(&k->t);
    return 0;
}

static int tell_findings(struct telling *k)
{
    static const struct tabular_column columns[] = {
        {"unit", MSG_HAND_COL_UNIT, false},   {"severity", MSG_HAND_COL_SEVERITY, false},
        {"first", MSG_HAND_COL_FIRST, false}, {"last", MSG_HAND_COL_LAST, false},
        {"count", MSG_HAND_COL_COUNT, true},  {"title", MSG_HAND_COL_TITLE, false},
    };
    struct state_query q = {.unit = k->f->unit.id, .below = true};
    int r;

    if (k->f->o->unit == NULL)
        q.below = false;
    tabular_init(&k->t, k->f->l.app, columns, CANH_LEN(columns), k->f->o->json);
    r = state_finding_each(k->f->l.s, &k->f->l.actor, &q, put_finding, k, k->err);
    k->missing = (uint32_t)k->t.rows;
    tabular_done(&k->t);
    return r < 0 ? ledger_fail(&k->f->l, k->err) : 0;
}

static int run_status(struct app *app, const void *values, const struct operands *operands)
{
    static const struct tabular_column columns[] = {
        {"form", MSG_HAND_COL_FORM, false},   {"unit", MSG_HAND_COL_UNIT, false},
        {"from", MSG_HAND_COL_PERIOD, false}, {"state", MSG_HAND_COL_STATE, false},
        {"id", MSG_HAND_COL_ID, false},       {"sent", MSG_HAND_COL_SENT, false},
        {"over", MSG_HAND_COL_OVER, true},    {"person", MSG_HAND_COL_PERSON, false},
        {"why", MSG_HAND_COL_WHY, false},     {"how", MSG_NONE, false},
        {"revised", MSG_NONE, false},         {"decided", MSG_NONE, false},
        {"decided_by", MSG_NONE, false},
    };
    enum { SHOWN = 9 }; /* the rest only as JSON */
    const struct form_options *o = values;
    struct err err = ERR_INIT;
    struct forming f;
    struct telling k = {.f = &f, .err = &err};
    int status = form_begin(app, o, STATE_READ, NULL, &f);

    (void)operands;
    if (status != 0)
        return status;
    if (o->findings) {
        status = tell_findings(&k);
    } else {
        tabular_init(&k.t, app, columns, o->json ? CANH_LEN(columns) : SHOWN, o->json);
        status = tell_all(&k);
        tabular_done(&k.t);
    }
    return form_end(&f, status ? status : k.missing ? EXIT_FOUND : 0, &err);
}

static const struct form_options one_period = {.back = 1};

static const struct option_spec specs[] = {
    HAND_STATE,
    HAND_OPTION("form", 'f', form, "FORM", MSG_HAND_OPT_ONLY_FORM),
    HAND_OPTION("unit", 'u', unit, "CODE", MSG_HAND_OPT_BELOW),
    HAND_DAY,
    OPTION_NUMBER("back", 'n', struct form_options, back, "N", 1, BACK_MAX, MSG_HAND_OPT_BACK),
    OPTION_CHOICE("only", 0, struct form_options, only, only_words, MSG_HAND_OPT_ONLY),
    OPTION_FLAG("findings", 0, struct form_options, findings, MSG_HAND_OPT_FINDINGS),
    HAND_AT,
    HAND_JSON,
};

const struct verb verb_form_status = {
    .name = "status",
    .summary = MSG_HAND_STATUS,
    VERB_OPTIONS(specs),
    VERB_DEFAULTS(struct form_options, &one_period),
    .run = run_status,
};
