/* SPDX-License-Identifier: Apache-2.0 */
#include "web/api.h"

#include "base/num.h"
#include "base/time.h"
#include "control/act.h"
#include "lang/err_web.h"
#include "lang/level.h"
#include "view/api.h"

void api_items_begin(struct visit *v, struct json_write *w)
{
    visit_json_begin(v, w);
    json_open(w, '{');
    json_key(w, "items");
    json_open(w, '[');
}

void api_items_end(struct json_write *w)
{
    json_close(w, ']');
    json_close(w, '}');
}

static void cursor_write(struct buf *out, const struct cursor *c)
{
    buf_append_i64(out, c->at);
    buf_putc(out, '.');
    id_write(out, c->id);
}

void api_items_end_at(struct json_write *w, bool more, const struct cursor *last)
{
    struct buf text = BUF_INIT(100);

    cursor_write(&text, last);
    json_close(w, ']');
    json_key(w, "cursor");
    if (more)
        json_text(w, buf_slice(&text));
    else
        json_null(w);
    json_close(w, '}');
    buf_done(&text);
}

int cursor_asked(const struct visit *v, struct cursor *ret, struct err *err)
{
    struct slice cursor = visit_query(v, "cursor");
    size_t cut = slice_find_byte(cursor, '.');

    *ret = (struct cursor){.at = 0};
    if (cursor.n > 0 &&
        (cut == SIZE_MAX || num_range(slice_head(cursor, cut), 1, INT64_MAX, &ret->at) < 0 ||
         id_parse(slice_from(cursor, cut + 1), &ret->id) < 0))
        return err_fail(err, CE_SYNTAX, ERR_WEB_CURSOR_NOT_ONE_OURS);
    return 0;
}

void page_set_cursor(struct page_scope *p, bool more, const struct cursor *last)
{
    struct buf text = BUF_INIT(100);

    cursor_write(&text, last);
    page_set_flag(p, "more", more);
    page_set_buf(p, "cursor", &text);
}

int api_limit(const struct visit *v, size_t usual, int64_t most, size_t *ret, struct err *err)
{
    struct slice limit = visit_query(v, "limit");
    int64_t n = (int64_t)usual;

    if (limit.n > 0 && num_range(limit, 1, most, &n) < 0)
        return err_fail(err, CE_RANGE, ERR_WEB_LIMIT_1, most);
    *ret = (size_t)n;
    return 0;
}

static void api_object_begin(struct visit *v, struct json_write *w)
{
    visit_json_begin(v, w);
    json_open(w, '{');
}

void api_reply_error(struct visit *v, const char *code, struct slice message, const char *field)
{
    struct json_write w;

    api_object_begin(v, &w);
    json_member_text(&w, "code", slice_str(code));
    json_member_text(&w, "message", message);
    json_key(&w, "field");
    if (field)
        json_text(&w, slice_str(field));
    else
        json_null(&w);
    json_close(&w, '}');
}

void api_reply_done(struct visit *v)
{
    struct json_write w;

    api_object_begin(v, &w);
    json_member_bool(&w, "done", true);
    json_close(&w, '}');
}

void api_reply_outcome(struct visit *v, const char *outcome)
{
    struct json_write w;

    api_object_begin(v, &w);
    json_member_text(&w, "outcome", slice_str(outcome));
    json_close(&w, '}');
}

void api_reply_visitor(struct visit *v)
{
    struct json_write w;

    api_object_begin(v, &w);
    json_member_text(&w, "login", v->who.login);
    json_member_text(&w, "name", v->who.name);
    json_member_text(&w, "unit", v->who.unit_name);
    json_key(&w, "unit_id");
    view_json_id(&w, v->who.actor.unit);
    json_member_text(&w, "role", slice_str(state_role_to_str(v->who.actor.role)));
    json_member_text(&w, "csrf", slice_str(v->who.csrf));
    json_member_time(&w, "ends", v->who.ends);
    json_close(&w, '}');
}

void api_reply_shift(struct visit *v, const char *state, struct slice post, int64_t from,
                     int64_t until)
{
    struct json_write w;

    api_object_begin(v, &w);
    json_member_text(&w, "state", slice_str(state));
    json_key(&w, "post");
    if (post.n > 0)
        json_text(&w, post);
    else
        json_null(&w);
    json_member_time(&w, "from", from);
    json_member_time(&w, "until", until);
    json_close(&w, '}');
}

static void write_scan_rule(struct json_write *w, const struct desk_scan_row *r)
{
    json_open(w, '{');
    json_member_text(w, "level", slice_str(level_name(r->level)));
    json_member_text(w, "title", r->title);
    json_member_text(w, "rule", r->rule);
    json_member_i64(w, "count", (int64_t)r->count);
    json_member_time(w, "first", r->first);
    json_member_time(w, "last", r->last);
    json_close(w, '}');
}

void api_reply_scan(struct visit *v, const struct desk_scan_report *x, bool kept)
{
    struct json_write w;

    api_object_begin(v, &w);
    json_member_i64(&w, "events", (int64_t)x->events);
    json_member_i64(&w, "logs", (int64_t)x->logs);
    json_member_i64(&w, "alerts", (int64_t)x->alerts);
    json_member_i64(&w, "unreadable", (int64_t)(x->unreadable + x->damaged));
    json_member_bool(&w, "kept", kept);
    json_key(&w, "rules");
    json_open(&w, '[');
    for (size_t i = 0; i < x->row_count; i++)
        write_scan_rule(&w, &x->rows[i]);
    json_close(&w, ']');
    json_close(&w, '}');
}

static void write_bins(struct json_write *w, const struct search_found *x)
{
    json_key(w, "bins");
    json_open(w, '[');
    for (size_t i = 0; i < x->bin_count; i++) {
        json_open(w, '{');
        json_member_time(w, "at", x->bins[i].at);
        json_member_i64(w, "count", x->bins[i].count);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void write_values(struct json_write *w, const struct search_found *x)
{
    json_key(w, "values");
    json_open(w, '[');
    for (size_t i = 0; i < x->value_count; i++) {
        json_open(w, '{');
        json_member_text(w, "value", x->values[i].value);
        json_member_i64(w, "count", x->values[i].count);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void write_unseen(struct json_write *w, const struct search_found *x)
{
    static const char *const names[UNSEEN_MAX] = {
        [UNSEEN_DAMAGED] = "damaged",   [UNSEEN_UNDECODED] = "undecoded",
        [UNSEEN_PARTLY] = "partly",     [UNSEEN_GAPS] = "gaps",
        [UNSEEN_REDACTED] = "redacted", [UNSEEN_OTHER_VALUES] = "other_values",
        [UNSEEN_WITHOUT] = "without",   [UNSEEN_GONE] = "gone"};

    json_key(w, "unseen");
    json_open(w, '{');
    for (size_t i = 0; i < UNSEEN_MAX; i++)
        json_member_i64(w, names[i], x->unseen[i]);
    json_close(w, '}');
}

void api_reply_search(struct visit *v, const struct search_found *x)
{
    struct json_write w;

    api_object_begin(v, &w);
    json_member_time(&w, "from", x->from);
    json_member_time(&w, "until", x->until);
    json_member_i64(&w, "matches", CANH_MAX(x->matches, (int64_t)x->record_count));
    json_key(&w, "records");
    json_open(&w, '[');
    for (size_t i = 0; i < x->record_count; i++)
        api_write_event(&w, x->records[i].at, x->records[i].source, x->records[i].text);
    json_close(&w, ']');
    write_bins(&w, x);
    write_values(&w, x);
    json_member_bool(&w, "more", x->more);
    write_unseen(&w, x);
    json_close(&w, '}');
}

void api_write_event(struct json_write *w, int64_t at, struct slice source, struct slice text)
{
    json_open(w, '{');
    json_member_time(w, "at", at);
    json_member_text(w, "source", source);
    json_member_text(w, "text", text);
    json_close(w, '}');
}

void api_write_waiting(struct json_write *w, const struct api_waiting *x)
{
    json_open(w, '{');
    json_key(w, "id");
    view_json_id(w, x->id);
    json_member_text(w, "kind", slice_str(x->kind));
    json_member_text(w, "title", x->title);
    json_member_time(w, "from", x->from);
    json_member_time(w, "until", x->until == STATE_FOREVER ? TIME_NONE : x->until);
    json_member_time(w, "updated_at", x->since);
    json_member_bool(w, "ready", x->ready);
    json_close(w, '}');
}

void api_sent_begin(struct visit *v, struct json_write *w, const char *outcome)
{
    api_object_begin(v, w);
    json_member_text(w, "outcome", slice_str(outcome));
    json_key(w, "problems");
    json_open(w, '[');
}

void api_write_problem(struct json_write *w, struct slice field, uint32_t row, struct slice message)
{
    json_open(w, '{');
    json_member_text(w, "field", field);
    json_member_i64(w, "row", row);
    json_member_text(w, "message", message);
    json_close(w, '}');
}

void api_sent_end(struct json_write *w)
{
    api_items_end(w);
}

static void write_cell(struct json_write *w, enum control_kind kind, struct slice cell)
{
    int64_t n = 0;
    bool number = num_range(cell, INT64_MIN, INT64_MAX, &n) == 0;

    switch (kind) {
    case CONTROL_IS_NUMBER:
    case CONTROL_IS_BYTES:
    case CONTROL_IS_SPAN:
        json_i64(w, n);
        break;
    case CONTROL_IS_TIME:
        json_time(w, number && n != 0 ? n : TIME_NONE);
        break;
    case CONTROL_IS_FLAG:
        json_bool(w, n != 0);
        break;
    case CONTROL_IS_TEXT:
    case CONTROL_IS_ID:
        json_text(w, cell);
    }
}

void api_write_cells(struct json_write *w, const struct control_act *act, const struct slice *cells,
                     size_t n)
{
    json_open(w, '{');
    for (size_t i = 0; i < CANH_MIN(n, act->column_count); i++) {
        json_key(w, act->columns[i].key);
        write_cell(w, act->columns[i].kind, cells[i]);
    }
    json_close(w, '}');
}
