/* SPDX-License-Identifier: Apache-2.0 */
#include "record/fill.h"
#include "report/formsheet.h"

#include <stdio.h>

#include "base/file.h"
#include "base/time.h"
#include "err_words.h"
#include "tap.h"

static struct err err;

static const struct form *load(struct arena *arena, const char *name)
{
    struct buf text = BUF_INIT(1 << 20);
    const struct form *f = NULL;
    char path[4096];

    (void)snprintf(path, sizeof(path), "%s/forms/%s.yaml", tap_source_dir(), name);
    if (file_read(path, &text, &err) < 0 || form_parse(arena, buf_slice(&text), &f, &err) < 0)
        tap_note("%s:%u:%u: %s", path, err.line, err.col, err_words(&err));
    buf_done(&text);
    return f;
}

/* Some answer to every field, as people might give it. */
static void fill(const struct form *f, struct arena *arena, struct answers *a)
{
    a->v = arena_new_array(arena, FORM_VALUES_MAX, struct answer);
    for (uint32_t i = 0; i < f->field_count; i++) {
        const struct form_field *x = &f->fields[i];
        struct answer v = {.field = i, .row = f->groups[x->group].rows > 0, .kind = ANSWER_NUMBER};

        if (x->kind == FIELD_DATE || x->kind == FIELD_TIME || x->kind == FIELD_MOMENT) {
            v.kind = ANSWER_TIME;
            v.time = x->kind == FIELD_DATE   ? days_from_date(2026, 11, 21)
                     : x->kind == FIELD_TIME ? 450
                                             : days_from_date(2026, 11, 21) * 1440 + 450;
        } else if (x->kind == FIELD_TEXT || x->kind == FIELD_EVIDENCE) {
            v.kind = ANSWER_TEXT;
            v.text =
                x->kind == FIELD_TEXT
                    ? SLICE("=chữ")
                    : SLICE("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
        } else if (x->kind == FIELD_CHOICE) {
            v.kind = ANSWER_TEXT;
            v.text = x->choices[x->choice_count - 1].id;
        } else if (x->nothing && i % 2 == 1) {
            v.kind = ANSWER_NOTHING;
        } else {
            v.number = x->kind == FIELD_YES_NO ? 1 : x->kind == FIELD_COUNT ? 12 : 99.5;
        }
        a->v[a->count++] = v;
    }
}

static bool same(const struct answer *a, const struct answer *b)
{
    return a && b && a->kind == b->kind && a->number == b->number && a->time == b->time &&
           slice_eq(a->text, b->text);
}

/* All carried values come back from the template as they went in. */
static void round_trip(const char *name)
{
    struct arena arena = ARENA_INIT((size_t)64 << 20);
    struct formsheet_options o = {.unit = SLICE("VT-01"), .lang = LANG_VI};
    const struct form *f = load(&arena, name);
    struct buf out = BUF_INIT(4 << 20);
    struct answers last = {0}, back = {0};
    struct form_problem *p = NULL;
    struct workbook *t = NULL;
    struct form *all;
    uint32_t n = 0;

    if (!ok(f != NULL, "%s is there", name))
        return;
    all = arena_new(&arena, struct form);
    *all = *f;
    all->fields = arena_new_array(&arena, FORM_FIELDS_MAX, struct form_field);
    memcpy(all->fields, f->fields, f->field_count * sizeof(*f->fields));
    for (uint32_t i = 0; i < all->field_count; i++)
        all->fields[i].carry = true; /* as if a person had typed everything */
    fill(all, &arena, &last);
    o.last = &last;
    o.day = days_from_date(2026, 11, 22);
    is_int(formsheet(all, &o, &out, &err), 0, "%s: a template: %s", name, err_words(&err));
    is_int(workbook_read(&arena, buf_slice(&out), NULL, &t, &err), 0, "%s: is read: %s", name,
           err_words(&err));
    if (t != NULL)
        is_int(answers_from_workbook(all, t, &arena, &back, &p, &n, &err), 0, "%s: %s", name,
               err_words(&err));
    is_int(n, 0, "%s: no problems%s", name, n ? (const char *)p[0].message.p : "");
    is_slice(back.unit, SLICE("VT-01"), "%s: the unit", name);
    is_int(back.day, o.day, "%s: the day", name);
    is_int(back.count, last.count, "%s: as many answers", name);
    for (uint32_t i = 0; i < last.count; i++)
        ok(same(&last.v[i], answers_find(&back, last.v[i].field, last.v[i].row)), "%s: " SLICE_FMT,
           name, SLICE_ARG(f->fields[last.v[i].field].id));
    buf_done(&out);
    arena_done(&arena);
}

static void test_empty(void)
{
    struct arena arena = ARENA_INIT((size_t)64 << 20);
    struct formsheet_options o = {.day = INT64_MIN, .lang = LANG_EN};
    const struct form *f = load(&arena, "telecom-daily");
    struct buf out = BUF_INIT(4 << 20);
    struct answers back = {0};
    struct form_problem *p = NULL;
    struct workbook *t = NULL;
    uint32_t n = 0;

    is_int(formsheet(f, &o, &out, &err), 0, "an empty template in English");
    is_int(workbook_read(&arena, buf_slice(&out), NULL, &t, &err), 0, "is read");
    is_int(answers_from_workbook(f, t, &arena, &back, &p, &n, &err), 0, "as a form");
    is_int(back.count, 0, "without an answer");
    ok(back.day == INT64_MIN && back.unit.n == 0, "without unit and day");
    is_int(form_check(f, &back, &arena, &p, &n, &err), 0, "is checked");
    is_int(form_problems_word(f, p, n, LANG_EN, &arena, &err), 0, "and worded");
    ok(n > 5 && !p[0].finding, "blank is not accepted: " SLICE_FMT, SLICE_ARG(p[0].message));
    buf_done(&out);
    arena_done(&arena);
}

int main(void)
{
    static const char *const names[] = {"agency-daily", "telecom-daily", "postal-daily",
                                        "outage",       "maintenance",   "spares-power",
                                        "routes",       "expansion",     "outlets",
                                        "kt1",          "spam",          "contraband"};

    for (size_t i = 0; i < CANH_LEN(names); i++)
        round_trip(names[i]);
    test_empty();
    return tap_done();
}
