/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_write.h"
#include "view/forms.h"
#include "view/json.h"

static void write_head(struct json_write *w, const struct view_sent_form *v)
{
    const struct state_submission *x = v->submission;
    struct buf id = BUF_INIT(64);

    id_write(&id, x->id);
    json_key(w, "id");
    json_text(w, buf_slice(&id));
    json_key(w, "form");
    json_text(w, v->form->id);
    json_key(w, "unit");
    json_text(w, v->unit);
    json_key(w, "from");
    json_time(w, v->period.start);
    json_key(w, "state");
    json_text(w, slice_str(view_submission_word(x)->key));
    json_key(w, "sent");
    json_time(w, x->sent_at);
    json_key(w, "decided");
    if (x->approved_at)
        json_time(w, x->approved_at);
    else
        json_null(w);
    json_key(w, "why");
    json_text(w, x->note);
    buf_done(&id);
}

/* The values over their limits. */
static void write_over(struct json_write *w, const struct form_problem *problems, uint32_t count)
{
    json_key(w, "over");
    json_open(w, '[');
    for (uint32_t i = 0; i < count; i++) {
        if (problems[i].finding)
            json_text(w, problems[i].message);
    }
    json_close(w, ']');
}

static void write_values(struct json_write *w, const struct view_sent_form *v)
{
    struct buf text = BUF_INIT(16000);

    json_key(w, "values");
    json_open(w, '[');
    for (uint32_t i = 0; i < v->answers->count; i++) {
        const struct answer *a = &v->answers->v[i];

        buf_clear(&text);
        answer_write(&text, v->form, a, v->lang);
        json_open(w, '{');
        json_key(w, "field");
        json_text(w, v->form->fields[a->field].id);
        json_key(w, "row");
        json_u64(w, a->row);
        json_key(w, "nothing");
        json_bool(w, a->kind == ANSWER_NOTHING);
        json_key(w, "value");
        json_text(w, buf_slice(&text));
        json_close(w, '}');
    }
    json_close(w, ']');
    buf_done(&text);
}

void view_json_form_sent(struct buf *out, const struct view_sent_form *v)
{
    struct json_write w = JSON_WRITE_INIT(out);

    json_open(&w, '{');
    write_head(&w, v);
    json_key(&w, "how");
    json_text(&w, v->submission->how);
    json_key(&w, "backfilled");
    json_bool(&w, v->submission->backfilled);
    json_key(&w, "nothing");
    json_bool(&w, v->submission->nothing);
    json_key(&w, "person");
    json_text(&w, v->person);
    json_key(&w, "decided_by");
    json_text(&w, v->decider);
    write_values(&w, v);
    write_over(&w, v->problems, v->problem_count);
    json_close(&w, '}');
    buf_putc(out, '\n');
}

void view_json_form_decided(struct buf *out, const struct view_sent_form *v,
                            const struct record_decision *d)
{
    struct json_write w = JSON_WRITE_INIT(out);

    json_open(&w, '{');
    write_head(&w, v);
    json_key(&w, "changed");
    json_bool(&w, d->outcome == DECIDED);
    json_key(&w, "reopened");
    json_u64(&w, d->reopened);
    json_key(&w, "one_hand");
    json_bool(&w, d->submission.one_hand);
    json_close(&w, '}');
    buf_putc(out, '\n');
}

static const char *const outcome_keys[] = {
    [RECORD_SENT] = "sent",           [RECORD_REVISED] = "revised",
    [RECORD_UNCHANGED] = "unchanged", [RECORD_REFUSED] = "refused",
    [RECORD_CONFLICT] = "conflict",   [RECORD_APPROVED] = "approved",
    [RECORD_RETURNED] = "returned",
};

/* As canh import has them: columns of which nothing was taken. */
static void write_ignored(struct json_write *w, const struct answers *a)
{
    json_key(w, "columns_ignored");
    json_open(w, '[');
    for (uint32_t i = 0; i < a->ignored_count; i++) {
        json_open(w, '{');
        json_key(w, "column");
        json_text(w, slice_str(a->ignored[i].column));
        json_key(w, "row");
        json_u64(w, a->ignored[i].line);
        json_key(w, "heading");
        json_text(w, a->ignored[i].heading);
        json_close(w, '}');
    }
    json_close(w, ']');
}

/* What is wrong or worth knowing, in words. */
static void write_notes(struct json_write *w, const struct record_sent *sent)
{
    json_key(w, "notes");
    json_open(w, '[');
    for (uint32_t i = 0; i < sent->problem_count; i++) {
        json_open(w, '{');
        json_key(w, "warning");
        json_bool(w, sent->problems[i].finding);
        json_key(w, "text");
        json_text(w, sent->problems[i].message);
        json_close(w, '}');
    }
    json_close(w, ']');
}

void view_json_form_imported(struct buf *out, struct slice path, const struct form *form,
                             int64_t from, const struct answers *answers,
                             const struct record_sent *sent, bool applied)
{
    struct json_write w = JSON_WRITE_INIT(out);

    json_open(&w, '{');
    json_key(&w, "file");
    json_text(&w, path);
    json_key(&w, "form");
    json_text(&w, form->id);
    json_key(&w, "from");
    json_time(&w, from);
    json_key(&w, "outcome");
    json_text(&w, slice_str(outcome_keys[sent->outcome]));
    json_key(&w, "applied");
    json_bool(&w, applied);
    write_over(&w, sent->problems, sent->problem_count);
    write_ignored(&w, answers);
    write_notes(&w, sent);
    json_close(&w, '}');
    buf_putc(out, '\n');
}
