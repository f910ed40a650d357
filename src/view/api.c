/* SPDX-License-Identifier: Apache-2.0 */
#include "view/api.h"

#include "alert/alert.h"
#include "alert/matter.h"
#include "lang/level.h"
#include "lang/said.h"

/* The word of a number that the state keeps; the first one for any other. */
static struct slice word_of(const char *const *words, size_t count, int32_t v)
{
    return slice_str(words[v > 0 && (size_t)v < count ? v : 0]);
}

void view_json_id(struct json_write *w, struct state_id id)
{
    struct buf text = BUF_INIT(64);

    id_write(&text, id);
    json_text(w, buf_slice(&text));
    buf_done(&text);
}

static void member_said(struct json_write *w, const char *key, enum lang lang, struct slice s)
{
    struct buf shown = BUF_INIT(8 << 20);

    said_write(&shown, lang, s);
    json_member_text(w, key, buf_slice(&shown));
    buf_done(&shown);
}

static void member_id(struct json_write *w, struct state_id id)
{
    json_key(w, "id");
    view_json_id(w, id);
}

void view_json_alert(struct json_write *w, const struct state_alert *x)
{
    json_open(w, '{');
    member_id(w, x->id);
    json_member_text(w, "code", x->code);
    json_member_text(w, "rule", x->rule);
    json_member_text(w, "title", x->title);
    json_member_text(w, "level", slice_str(level_name(x->level)));
    json_member_text(w, "state", slice_str(alert_state_word(x->state)));
    json_member_text(w, "about", x->about);
    json_member_i64(w, "count", x->count);
    json_member_time(w, "first", x->first_seen);
    json_member_time(w, "last", x->last_seen);
    json_member_time(w, "updated_at", x->changed);
    json_close(w, '}');
}

void view_json_message(struct json_write *w, const struct state_message *x)
{
    json_open(w, '{');
    json_member_time(w, "at", x->created);
    json_member_text(w, "way", slice_str(channel_word(x->channel)));
    json_member_text(w, "state", slice_str(message_state_word(x->state)));
    json_member_text(w, "code", x->code);
    json_member_i64(w, "tries", x->tries);
    json_member_text(w, "reason", x->reason);
    json_close(w, '}');
}

void view_json_suppression(struct json_write *w, const struct state_suppression *x)
{
    json_open(w, '{');
    member_id(w, x->id);
    json_member_text(w, "code", x->code);
    json_member_text(w, "rule", x->rule);
    json_member_text(w, "field", x->field);
    json_member_text(w, "value", x->value);
    json_member_text(w, "reason", x->reason);
    json_member_time(w, "until", x->stop);
    json_member_time(w, "updated_at", x->changed);
    json_close(w, '}');
}

void view_json_matter(struct json_write *w, const struct state_call *x, enum lang lang)
{
    static const char *const states[] = {"", "climbing", "taken", "nobody", "over"};

    json_open(w, '{');
    member_id(w, x->id);
    json_member_text(w, "kind", slice_str(matter_word(x->matter)));
    json_member_text(w, "level", slice_str(level_name(x->level)));
    member_said(w, "title", lang, x->title);
    json_member_text(w, "state", word_of(states, CANH_LEN(states), x->state));
    json_member_time(w, "since", x->created);
    json_member_time(w, "updated_at", x->changed);
    json_close(w, '}');
}

void view_json_case(struct json_write *w, const struct case_file *f, enum lang lang)
{
    const struct state_case *x = &f->head;
    const struct case_clock *next = case_next_clock(f);

    json_open(w, '{');
    member_id(w, x->id);
    json_member_text(w, "number", x->number);
    member_said(w, "title", lang, x->title);
    json_member_text(w, "class", x->class);
    json_member_text(w, "level", slice_str(level_name(x->level)));
    json_member_text(w, "state", slice_str(case_state_word(x->state)));
    json_member_time(w, "t0", x->t0);
    json_member_time(w, "due", next ? next->due : TIME_NONE);
    json_member_i64(w, "version", x->version);
    json_member_time(w, "updated_at", x->changed);
    json_close(w, '}');
}

void view_json_case_text(struct json_write *w, const struct state_case_text *t, struct slice person,
                         enum lang lang)
{
    json_open(w, '{');
    json_member_time(w, "at", t->at);
    json_member_text(w, "field", slice_str(case_field_word(t->field)));
    member_said(w, "text", lang, t->text);
    json_member_text(w, "person", person);
    json_close(w, '}');
}

void view_json_team_member(struct json_write *w, const struct team_member *x)
{
    json_open(w, '{');
    json_member_text(w, "name", x->name);
    json_member_text(w, "code", x->code);
    json_member_text(w, "unit", x->unit_code);
    json_member_text(w, "skills", x->skills);
    json_member_text(w, "standing", slice_str(team_standing_word(x->standing)));
    json_member_time(w, "until", x->until && x->until != STATE_FOREVER ? x->until : TIME_NONE);
    json_close(w, '}');
}

void view_json_request(struct json_write *w, const struct view_ctx *c, const struct request_row *x)
{
    static const char *const states[] = {"new",      "new",    "accepted", "working",
                                         "answered", "closed", "withdrawn"};
    const struct state_request *r = &x->request;

    json_open(w, '{');
    member_id(w, r->id);
    json_member_text(w, "number", r->number);
    json_member_text(w, "kind", r->kind == STATE_HELP ? SLICE("help") : SLICE("difficulty"));
    member_said(w, "title", c->lang, r->title);
    json_member_text(w, "state", word_of(states, CANH_LEN(states), r->state));
    json_member_text(w, "from", view_unit_code(c, r->unit));
    json_member_text(w, "to", view_unit_code(c, r->other));
    json_member_time(w, "opened", r->opened);
    json_member_time(w, "due", r->due ? r->due : TIME_NONE);
    json_member_bool(w, "late", x->late);
    json_member_time(w, "updated_at", r->changed);
    json_close(w, '}');
}

void view_json_notice(struct json_write *w, const struct state_notice *n, int64_t changed)
{
    json_open(w, '{');
    member_id(w, n->id);
    json_member_text(w, "code", n->code);
    json_member_text(w, "title", n->title);
    json_member_bool(w, "attest", n->attest);
    json_member_time(w, "due", n->due ? n->due : TIME_NONE);
    json_member_time(w, "updated_at", changed);
    json_close(w, '}');
}

void view_json_form_due(struct json_write *w, const struct form *f, const struct record_period *p,
                        const struct state_submission *x, enum lang lang)
{
    static const char *const states[] = {"open", "draft", "sent", "approved", "returned"};

    json_open(w, '{');
    json_member_text(w, "form", f->id);
    json_member_text(w, "title", title_in(&f->title, lang));
    json_member_text(w, "every", slice_str(form_every_to_str(f->every)));
    json_member_time(w, "from", p->start);
    json_member_time(w, "until", p->stop);
    json_member_text(w, "state", word_of(states, CANH_LEN(states), x->version ? x->state : 0));
    json_member_time(w, "updated_at", x->version ? x->changed : TIME_NONE);
    json_close(w, '}');
}

void view_json_outage(struct json_write *w, const struct view_ctx *c, const struct form *f,
                      const struct state_submission *x, bool open)
{
    json_open(w, '{');
    member_id(w, x->id);
    json_member_text(w, "form", f->id);
    json_member_text(w, "unit", view_unit_code(c, x->unit));
    json_member_time(w, "began", x->start);
    json_member_bool(w, "open", open);
    json_member_time(w, "updated_at", x->changed);
    json_close(w, '}');
}

void view_json_item(struct json_write *w, const struct duty_item *x, enum lang lang)
{
    json_open(w, '{');
    json_member_text(w, "kind", slice_str(duty_item_kind_to_str(x->kind)));
    json_member_text(w, "code", x->code);
    member_said(w, "title", lang, x->title);
    json_member_time(w, "due", x->due ? x->due : TIME_NONE);
    json_close(w, '}');
}

static void write_clause(struct json_write *w, const struct overview_clause *c)
{
    json_open(w, '{');
    json_member_text(w, "number", c->number);
    json_member_text(w, "title", c->title);
    json_member_i64(w, "proved", c->proved);
    json_member_i64(w, "declared", c->declared);
    json_member_i64(w, "not_met", c->not_met + c->overdue);
    json_member_i64(w, "unknown", c->unknown);
    json_close(w, '}');
}

void view_json_overview(struct json_write *w, const struct overview *x, int64_t at)
{
    json_open(w, '{');
    json_member_text(w, "plan", x->plan);
    json_member_time(w, "at", at);
    json_member_i64(w, "posts_required", x->posts_required);
    json_member_i64(w, "posts_covered", x->posts_covered);
    json_member_i64(w, "units", x->units);
    json_member_i64(w, "units_reporting", x->units_reporting);
    json_key(w, "clauses");
    json_open(w, '[');
    for (size_t i = 0; i < x->clause_count; i++)
        write_clause(w, &x->clauses[i]);
    json_close(w, ']');
    json_close(w, '}');
}
