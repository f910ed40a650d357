/* SPDX-License-Identifier: Apache-2.0 */
#include "form/form.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "err_words.h"
#include "tap.h"

static struct err err;

static const struct form *parse(struct arena *arena, const char *text)
{
    const struct form *f = NULL;

    err = ERR_INIT;
    return form_parse(arena, slice_str(text), &f, &err) == 0 ? f : NULL;
}

static void check_shipped(const char *name, const char *path)
{
    struct arena arena = ARENA_INIT(16 << 20);
    struct buf text = BUF_INIT(1 << 20);
    const struct form *f;

    if (file_read(path, &text, &err) < 0)
        tap_note("%s", err_words(&err));
    f = parse(&arena, buf_cstr(&text));
    ok(f != NULL, "%s: %u:%u %s", name, err.line, err.col, err_words(&err));
    for (uint32_t i = 0; f != NULL && i < f->field_count; i++) {
        const struct form_field *x = &f->fields[i];

        ok(x->title.en.n > 0, "%s: %.*s has both languages", name, SLICE_ARG(x->id));
        for (uint32_t k = 0; k < x->limit_count; k++)
            ok(x->limits[k].origin == FORM_PROPOSAL || x->limits[k].source.vi.n > 0,
               "%s: where the limit comes from", name);
    }
    if (f != NULL)
        ok(slice_eq(f->id, slice_head(slice_str(name), strlen(name) - 5)) && f->kind_count > 0,
           "%s is named like its file and says who fills it", name);
    buf_done(&text);
    arena_done(&arena);
}

static void test_shipped(void)
{
    char folder[2048], path[4096];
    struct dirent **names;
    int n;

    (void)snprintf(folder, sizeof(folder), "%s/forms", tap_source_dir());
    n = scandir(folder, &names, NULL, alphasort);
    ok(n >= 14, "the forms are there");
    for (int i = 0; i < n; i++) {
        (void)snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name);
        if (slice_ends(slice_str(names[i]->d_name), SLICE(".yaml")))
            check_shipped(names[i]->d_name, path);
        free(names[i]);
    }
    free(names);
}

#define HEAD  "form: f\ntitle: T\nevery: day\nfor: [telecom]\n"
#define GROUP HEAD "groups:\n- group: g\n  title: G\n  fields:\n"
#define FIELD GROUP "  - {field: a, title: A, kind: count}\n"

#define HOURS                                                                                      \
    GROUP "  - {field: a, title: Began, kind: moment}\n"                                           \
          "  - {field: b, title: Ended, kind: moment}\n"                                           \
          "  - {field: h, title: Hours, kind: number, min: 0, hours: {from: a, until: b}}\n"

static void test_hours(void)
{
    struct arena arena = ARENA_INIT(4 << 20);
    const struct form *f = parse(&arena, HOURS);
    struct answer v[] = {{.field = 0, .kind = ANSWER_TIME, .time = 1000},
                         {.field = 2, .kind = ANSWER_NUMBER, .number = 77}};
    struct answer ends = {.field = 1, .kind = ANSWER_TIME, .time = 1000 + 205};
    struct answers a = {.day = 0, .v = v, .count = 1};
    struct form_problem *problems = NULL;
    uint32_t n = 0;

    ok(f != NULL, "a form with hours is read: %s", err_words(&err));
    is_int(form_work_out(f, &a, &arena, &err), 0, "one moment alone");
    is_int(a.count, 1, "gives no hours");
    a = (struct answers){.day = 0, .v = v, .count = 2};
    is_int(form_work_out(f, &a, &arena, &err), 0, "whatever was typed");
    is_int((int)a.v[1].number, 77, "stays while an end lacks");
    a.v[a.count++] = ends;
    is_int(form_work_out(f, &a, &arena, &err), 0, "both moments");
    is_int((int)(a.v[1].number * 100 + 0.5), 342,
           "give the hours to the hundredth, over the typed");
    is_int(form_check(f, &a, &arena, &problems, &n, &err), 0, "it is checked");
    is_int(n, 0, "and taken");
    a.v[2].time = 940;
    is_int(form_work_out(f, &a, &arena, &err), 0, "whatever comes of it");
    is_int(form_check(f, &a, &arena, &problems, &n, &err), 0, "an end before the beginning");
    ok(n == 1 && problems[0].kind == FORM_PROBLEM_BEFORE && problems[0].field == 1,
       "is a problem of the end");
    is_int(form_problems_word(f, problems, n, LANG_EN, &arena, &err), 0, "in words");
    is_slice(problems[0].message, SLICE("Ended: before “Began”"), "that name both");
    arena_done(&arena);
}

static void test_errors(void)
{
    static const struct {
        const char *what, *text;
        int code;
        unsigned line, col;
    } cases[] = {
        {"not YAML", "a: [", CE_SYNTAX, 2, 1},
        {"nothing", "", CE_SYNTAX, 1, 1},
        {"a list", "- a", CE_SYNTAX, 1, 1},
        {"an unknown key", "frm: x\n", CE_UNKNOWN, 1, 1},
        {"no name", "title: T\n", CE_MISSING, 1, 1},
        {"an unknown rhythm", "form: f\ntitle: T\nevery: dayly\n", CE_UNKNOWN, 3, 8},
        {"no groups", HEAD, CE_MISSING, 1, 1},
        {"a group without fields", HEAD "groups:\n- {group: g, title: G}\n", CE_MISSING, 6, 3},
        {"an unknown kind", GROUP "  - {field: a, title: A, kind: integer}\n", CE_UNKNOWN, 9, 32},
        {"a field without a kind", GROUP "  - {field: a, title: A}\n", CE_MISSING, 9, 5},
        {"a field twice", FIELD "  - {field: a, title: A, kind: count}\n", CE_EXISTS, 10, 5},
        {"a limit without a bound",
         GROUP "  - {field: a, title: A, kind: count, limits: [{id: l, title: L}]}\n", CE_MISSING,
         9, 48},
        {"a limit of a text",
         GROUP "  - {field: a, title: A, kind: text, limits: [{id: l, title: L, max: 1}]}\n",
         CE_CONFLICT, 9, 46},
        {"a limit by law without its source",
         GROUP "  - {field: a, title: A, kind: count, limits: [{id: l, title: L, max: 1, "
               "origin: law}]}\n",
         CE_MISSING, 9, 48},
        {"a limit over before it begins",
         GROUP "  - {field: a, title: A, kind: count, limits: [{id: l, title: L, max: 1, "
               "from: 2026-02-01, until: 2026-01-01}]}\n",
         CE_CONFLICT, 9, 48},
        {"a date that is none",
         GROUP "  - {field: a, title: A, kind: count, limits: [{id: l, title: L, max: 1, "
               "from: 2026-02-30}]}\n",
         CE_SYNTAX, 9, 80},
        {"a choice without choices", GROUP "  - {field: a, title: A, kind: choice}\n", CE_CONFLICT,
         9, 5},
        {"a reference to nothing", GROUP "  - {field: a, title: A, kind: count, at-most: b}\n",
         CE_UNKNOWN, 9, 48},
        {"a condition without a test",
         FIELD "  - {field: b, title: B, kind: count, required-if: {field: a}}\n", CE_SYNTAX, 10,
         52},
        {"hours between what are no moments",
         FIELD "  - {field: b, title: B, kind: number, hours: {from: a, until: a}}\n", CE_CONFLICT,
         10, 47},
        {"bounds crossed", GROUP "  - {field: a, title: A, kind: count, min: 3, max: 2}\n",
         CE_CONFLICT, 9, 5},
        {"too many rows", HEAD "groups:\n- {group: g, title: G, rows: 5000}\n", CE_RANGE, 6, 30},
        {"two documents", FIELD "---\na: b\n", CE_SYNTAX, 1, 1},
    };

    for (size_t i = 0; i < CANH_LEN(cases); i++) {
        struct arena arena = ARENA_INIT(4 << 20);

        ok(parse(&arena, cases[i].text) == NULL, "%s is refused", cases[i].what);
        is_int(err.code, cases[i].code, "%s: %s", cases[i].what, err_words(&err));
        is_int(err.line, cases[i].line, "%s: line", cases[i].what);
        is_int(err.col, cases[i].col, "%s: column", cases[i].what);
        arena_done(&arena);
    }
}

int main(void)
{
    test_shipped();
    test_errors();
    test_hours();
    return tap_done();
}
