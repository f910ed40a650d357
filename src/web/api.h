/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_WEB_API_H
#define CANH_WEB_API_H
/*
 * What answers of the API have in common, and those that are about the console itself; nouns are
 * view/api.h's. Members are documented in console/openapi.json.
 */
#include "web/page_search.h"
#include "web/web_internal.h"

/*
 * A list: {"items": […]}, with "cursor" where it comes in parts. The caller writes the items
 * between begin and end:
 *
 *     r = api_limit(v, PAGE_MOST, API_MOST, &q.limit, err);
 *     …
 *     api_items_begin(v, &w);
 *     r = alert_queue(…, write_one, &w, err);
 *     api_items_end_at(&w, q.more, &at);
 */
void api_items_begin(struct visit *v, struct json_write *w);
void api_items_end(struct json_write *w);

/* The last one of a part: a list goes on behind it. */
struct cursor {
    int64_t at; /* 0: from the beginning */
    struct state_id id;
};
void api_items_end_at(struct json_write *w, bool more, const struct cursor *last);
/* ?cursor= as one of these was written; at is 0 without one. -CE_SYNTAX. */
CANH_MUST_USE int cursor_asked(const struct visit *v, struct cursor *ret, struct err *err);
/* Into the page: `more`, and `cursor` for the way on. */
void page_set_cursor(struct page_scope *p, bool more, const struct cursor *last);
/* ?limit=; usual without one. -CE_RANGE: not from 1 to most. */
CANH_MUST_USE int api_limit(const struct visit *v, size_t usual, int64_t most, size_t *ret,
                            struct err *err);

/* What went wrong; field: of what was sent, NULL: of no one field. */
void api_reply_error(struct visit *v, const char *code, struct slice message, const char *field);
void api_reply_done(struct visit *v);
/* How a word of what was done is called. */
void api_reply_outcome(struct visit *v, const char *outcome);
/* Who is signed in. */
void api_reply_visitor(struct visit *v);
/* A shift of the visitor's own; post empty: none, from and until are TIME_NONE then. */
void api_reply_shift(struct visit *v, const char *state, struct slice post, int64_t from,
                     int64_t until);
/* What a log means; kept: as evidence of a case. */
void api_reply_scan(struct visit *v, const struct desk_scan_report *x, bool kept);
/* What a search of the journal found. */
void api_reply_search(struct visit *v, const struct search_found *x);
/* A row of an act, as an item of a list: its columns are the members. */
struct control_act;
void api_write_cells(struct json_write *w, const struct control_act *act, const struct slice *cells,
                     size_t n);
/* A line of a log, as an item of a list. */
void api_write_event(struct json_write *w, int64_t at, struct slice source, struct slice text);

/* What waits for somebody's decision, as an item of a list. */
struct api_waiting {
    struct state_id id;
    const char *kind;
    struct slice title;
    int64_t from, until, since;
    bool ready; /* else somebody else answers first */
};
void api_write_waiting(struct json_write *w, const struct api_waiting *x);

/* What became of a form: the outcome, and what is wrong with its fields between begin and end. */
void api_sent_begin(struct visit *v, struct json_write *w, const char *outcome);
void api_write_problem(struct json_write *w, struct slice field, uint32_t row,
                       struct slice message);
void api_sent_end(struct json_write *w);

#endif
