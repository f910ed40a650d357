/* SPDX-License-Identifier: Apache-2.0 */
/* A form's YAML, a zero byte, a table of answers: read, fill, check. */
#include <stdlib.h>

#include "../tests/support/err_words.h"
#include "form/form.h"
#include "form/judge.h"
#include "record/fill.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* It names fields, each once. */
static void try_judging(const struct form *f, const struct answers *a,
                        const struct form_problem *problems, uint32_t count, struct arena *arena)
{
    struct form_judgement j;
    struct err err = ERR_INIT;

    if (form_judge(f, a, problems, count, arena, &j, &err) < 0) {
        if (err_words(&err)[0] == 0)
            abort();
        return;
    }
    for (uint32_t i = 0; i < j.field_count; i++) {
        if (j.fields[i].field >= f->field_count ||
            (i && j.fields[i].field <= j.fields[i - 1].field))
            abort();
    }
    if (j.field_count > f->field_count)
        abort();
    if (j.event_count > FORM_ROWS_MAX)
        abort();
}

static void try_answers(const struct form *f, struct slice bytes, struct arena *arena)
{
    struct workbook_limits limits = workbook_default_limits;
    struct form_problem *problems;
    struct answers answers;
    struct workbook *t;
    struct err err = ERR_INIT;
    uint32_t count = 0;

    limits.max_cells = 20000;
    if (workbook_read(arena, bytes, &limits, &t, &err) < 0)
        return;
    if (answers_from_workbook(f, t, arena, &answers, &problems, &count, &err) < 0)
        return;
    for (uint32_t i = 0; i < answers.count; i++) {
        struct buf b = BUF_INIT(1 << 16);

        if (answers.v[i].field >= f->field_count)
            abort();
        answer_write(&b, f, &answers.v[i], LANG_EN);
        buf_done(&b);
    }
    answers.day = 20000;
    if (form_check(f, &answers, arena, &problems, &count, &err) < 0 ||
        form_problems_word(f, problems, count, LANG_EN, arena, &err) < 0) {
        if (err_words(&err)[0] == 0)
            abort();
        return;
    }
    try_judging(f, &answers, problems, count, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = ARENA_INIT((size_t)64 << 20);
    struct slice rest = slice_of(data, size), yaml = SLICE_NULL;
    const struct form *f = NULL;
    struct err err = ERR_INIT;

    (void)slice_cut(&rest, 0, &yaml);
    if (form_parse(&arena, yaml, &f, &err) == 0)
        try_answers(f, rest, &arena);
    else if (err.code == 0 || err_words(&err)[0] == 0)
        abort();
    arena_done(&arena);
    return 0;
}
