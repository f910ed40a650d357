/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A roster, a list of people or of assets from Excel: read apart from everything, shown as what it
 * would do, and done when a person says so. What was shown waits here for a while; when the import
 * would do anything else by then, it does nothing. All of it but the loop's part is LANE_WRITE's.
 */
#include <stdlib.h>

#include "base/num.h"
#include "base/time.h"
#include "import/import.h"
#include "lang/err_web.h"
#include "lang/msg_console.h"
#include "office/workbook_wire.h"
#include "plan/catalogue.h"
#include "proof/plan_store.h"
#include "state/duty.h"
#include "web/web_internal.h"

enum { WAITING_MOST = 4, ROWS_SHOWN = 200, NOTES_SHOWN = 100 };
#define WAITS (20 * TIME_MINUTE)

/* One import that was shown. */
struct held_import {
    struct state_id id, person; /* id none: free */
    int64_t at;
    struct arena arena; /* all of it */
    const struct sheet *sheet;
    struct import_options opt;
    struct import_report report;
};

struct imports {
    struct held_import items[WAITING_MOST];
};

struct imports *imports_new(void)
{
    return calloc(1, sizeof(struct imports));
}

struct imports *imports_free(struct imports *all)
{
    for (size_t i = 0; all && i < WAITING_MOST; i++)
        arena_done(&all->items[i].arena);
    free(all);
    return NULL;
}

/* The oldest makes room. */
static struct held_import *make_room(struct imports *all)
{
    struct held_import *oldest = &all->items[0];

    for (size_t i = 1; i < WAITING_MOST; i++)
        if (all->items[i].at < oldest->at)
            oldest = &all->items[i];
    arena_done(&oldest->arena);
    *oldest = (struct held_import){.arena = ARENA_INIT((size_t)96 << 20)};
    return oldest;
}

static struct held_import *find_waiting(struct visit *v, struct state_id id)
{
    int64_t now = state_now(v->s);

    for (size_t i = 0; i < WAITING_MOST; i++) {
        struct held_import *w = &v->web->imports->items[i];

        if (!id_is_none(id) && id_eq(w->id, id) && id_eq(w->person, v->who.actor.person) &&
            w->at <= now && now - w->at < WAITS)
            return w;
    }
    return NULL;
}

static const struct {
    const char *name, *back;
    enum import_kind kind;
    msg_id title;
} kinds[] = {
    {"roster", "/roster", IMPORT_ROSTER, MSG_CONSOLE_IMPORT_ROSTER},
    {"people", "/people", IMPORT_PEOPLE, MSG_CONSOLE_IMPORT_PEOPLE},
    {"assets", "/assets", IMPORT_ASSETS, MSG_CONSOLE_IMPORT_ASSETS},
    {"units", "/units", IMPORT_UNITS, MSG_CONSOLE_IMPORT_UNITS},
};

static int kind_of(struct visit *v, size_t *ret, struct err *err)
{
    for (size_t i = 0; i < CANH_LEN(kinds); i++)
        if (slice_is(v->x->params[0], kinds[i].name)) {
            *ret = i;
            return 0;
        }
    return err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
}

static void write_kind(struct visit *v, size_t kind)
{
    page_set_text(v->page, "kind", kinds[kind].name);
    page_set_text(v->page, "kind_back", kinds[kind].back);
    page_set_text(v->page, "kind_title", lang_text(v->lang, kinds[kind].title));
    page_set_flag(v->page, "is_roster", kinds[kind].kind == IMPORT_ROSTER);
}

static int write_posts(struct visit *v, struct err *err)
{
    const struct state_query q = {.unit = v->who.actor.unit, .below = true};
    const struct view_ctx view = visit_view(v);
    struct state_post *posts = NULL;
    size_t n = 0;
    int r = state_post_list(v->s, &v->who.actor, &q, v->arena, &posts, &n, err);

    for (size_t i = 0; r == 0 && i < n; i++) {
        struct page_scope *row = page_add(v->page, "choices");

        struct buf id = BUF_INIT(64);

        id_write(&id, posts[i].id);
        page_set_buf(row, "choice", &id);
        page_set(row, "choice_title", posts[i].name);
        if (!id_eq(posts[i].unit, v->who.actor.unit))
            page_set(row, "choice_of", view_unit_code(&view, posts[i].unit));
    }
    return r;
}

int page_import(struct visit *v, struct err *err)
{
    size_t kind = 0;
    struct civil c;
    int r = kind_of(v, &kind, err);

    if (r == 0 && kinds[kind].kind == IMPORT_ROSTER)
        r = write_posts(v, err);
    if (r < 0)
        return r;
    write_kind(v, kind);
    time_to_civil(state_now(v->s), ZONE_OWN, &c);
    page_set_i64(v->page, "year", c.year);
    return visit_page(v, "import", err);
}

/* The preview. */

static const char *change_mark(enum import_change c)
{
    static const char *const marks[IMPORT_CHANGE_MAX] = {"on", "silent", "same", "missed"};

    return marks[c];
}

static void write_report(struct visit *v, const struct import_report *rep)
{
    static const char *const names[IMPORT_CHANGE_MAX] = {"added", "changed", "same", "failed"};
    static const msg_id words[IMPORT_CHANGE_MAX] = {MSG_CONSOLE_IMPORT_ADDED,
                                                    MSG_CONSOLE_IMPORT_CHANGED,
                                                    MSG_CONSOLE_IMPORT_SAME,
                                                    MSG_CONSOLE_IMPORT_FAILED};
    struct page_scope *p = v->page;

    for (unsigned i = 0; i < IMPORT_CHANGE_MAX; i++)
        page_set_i64(p, names[i], (int64_t)rep->counts[i]);
    for (size_t i = 0; i < rep->note_count && i < NOTES_SHOWN; i++) {
        const struct import_note *n = &rep->notes[i];
        struct page_scope *row = page_add(p, "notes");
        struct buf place = BUF_INIT(2000);

        workbook_place(&place, v->lang, SLICE_NULL, n->row, n->col);
        page_set_buf(row, "note_place", &place);
        page_set(row, "note_text", n->text);
        page_set(row, "note_heading", n->heading);
        page_set_flag(row, "note_warning", n->warning);
        if (n->count > 1)
            page_set_i64(row, "note_count", n->count);
    }
    for (size_t i = 0; i < rep->ignored_count; i++)
        page_set(page_add(p, "ignored"), "ignored_heading", rep->ignored[i].heading);
    for (size_t i = 0; i < rep->row_count && i < ROWS_SHOWN; i++) {
        const struct import_row *x = &rep->rows[i];
        struct page_scope *row;

        if (x->change == IMPORT_SAME)
            continue;
        row = page_add(p, "rows");
        page_set_i64(row, "row_number", x->number);
        page_set(row, "row_what", x->what);
        page_set_text(row, "row_mark", change_mark(x->change));
        page_set_text(row, "row_change", lang_text(v->lang, words[x->change]));
    }
}

static const struct sheet *choose_sheet(const struct workbook *t, enum import_kind kind)
{
    for (uint32_t i = 0; i < t->sheet_count; i++)
        if (!t->sheets[i].hidden && import_fits(kind, &t->sheets[i]))
            return &t->sheets[i];
    return workbook_first(t);
}

/* Kinds of units or of assets, by what people call them. */
static int read_words(struct held_import *w, enum word_list list, struct err *err)
{
    const struct catalogue *c;
    struct import_word *words;
    int r = catalogue_parse(&w->arena, proof_data("catalogue.yaml"), &c, err);

    if (r < 0)
        return r;
    words = arena_new_array(&w->arena, c->count[list] + 1, struct import_word);
    if (words == NULL)
        return err_nomem(err);
    for (uint32_t i = 0; i < c->count[list]; i++) {
        const struct word *x = &c->words[list][i];

        words[i] = (struct import_word){x->id, x->title.vi, x->title.en, x->also};
    }
    w->opt.kinds = words;
    w->opt.kind_count = c->count[list];
    return 0;
}

/* What the visitor says of the file beside it. */
static int read_options(struct visit *v, struct held_import *w, size_t kind, struct err *err)
{
    struct state_id id;
    struct state_post post;
    int64_t year = 0;

    w->opt = (struct import_options){.kind = kinds[kind].kind,
                                     .lang = v->lang,
                                     .invented = state_is_demo(v->s),
                                     .unit = v->who.actor.unit,
                                     .source = arena_dup(&w->arena, v->file_name)};
    if (kinds[kind].kind == IMPORT_ASSETS)
        return read_words(w, WORDS_ASSET_KINDS, err);
    if (kinds[kind].kind == IMPORT_UNITS)
        return read_words(w, WORDS_UNIT_KINDS, err);
    if (kinds[kind].kind != IMPORT_ROSTER)
        return 0;
    if (visit_given(v, "year").n && num_range(visit_given(v, "year"), 2000, 2190, &year) < 0)
        return err_fail(err, CE_SYNTAX, ERR_WEB_NO_SUCH_DAY);
    w->opt.year = (int)year;
    if (visit_given(v, "post").n == 0)
        return 0;
    if (id_parse(visit_given(v, "post"), &id) < 0 ||
        state_post_get(v->s, &v->who.actor, id, v->arena, &post, NULL) < 0)
        return err_fail(err, CE_NOT_FOUND, ERR_WEB_NO_SUCH_THING);
    w->opt.post = post.id;
    w->opt.unit = post.unit;
    return 0;
}

static int read_sheet(struct held_import *w, struct slice file, struct err *err)
{
    struct slice bytes = arena_dup(&w->arena, file); /* texts borrow from it */
    struct workbook *t = NULL;

    if (bytes.p == NULL)
        return err_nomem(err);
    if (workbook_decode(bytes, NULL, &w->arena, &t) < 0)
        return err_fail(err, CE_ENCODING, ERR_WEB_FILE_CANNOT_BE_READ);
    w->sheet = choose_sheet(t, w->opt.kind);
    return w->sheet ? 0 : err_fail(err, CE_MISSING, ERR_WEB_FILE_CANNOT_BE_READ);
}

static int import_preview(struct visit *v, struct err *err)
{
    struct held_import *w = make_room(v->web->imports);
    struct buf id = BUF_INIT(64);
    size_t kind = 0;
    int r = kind_of(v, &kind, err);

    if (r == 0)
        r = read_options(v, w, kind, err);
    if (r == 0)
        r = read_sheet(w, v->file, err);
    if (r == 0)
        r = import_sheet(v->s, &v->who.actor, w->sheet, &w->opt, &w->arena, &w->report, err);
    if (r < 0)
        return r;
    write_kind(v, kind);
    write_report(v, &w->report);
    page_set(v->page, "file", v->file_name);
    if (w->report.counts[IMPORT_FAILED] == 0) {
        w->id = id_new();
        w->person = v->who.actor.person;
        w->at = state_now(v->s);
        id_write(&id, w->id);
    }
    page_set_buf(v->page, "waiting", &id);
    return visit_page(v, "import-preview", err);
}

/* What the workbook is as bytes stands instead of the file. */
static int import_read(struct visit *v, const struct desk_file *file, struct err *err)
{
    v->file = arena_dup(v->arena, file->bytes);
    if (v->file.p == NULL)
        return err_nomem(err);
    return lane_go(v, LANE_WRITE, import_preview, err);
}

int post_import(struct visit *v, struct err *err)
{
    size_t kind = 0;
    int r = kind_of(v, &kind, err);

    return r < 0 ? r : visit_read_file(v, DESK_TABLE, import_read, err);
}

static int import_done(struct visit *v, struct err *err)
{
    struct buf path = BUF_INIT(100);
    size_t kind = 0;
    int r = kind_of(v, &kind, err);

    desk_web_changed(v->web, "shift", v->who.actor.unit, STATE_ID_NONE);
    buf_printf(&path, "%s?done=1", kinds[kind].back);
    if (r == 0)
        r = visit_goto(v, buf_slice(&path));
    buf_done(&path);
    return r;
}

int post_import_apply(struct visit *v, struct err *err)
{
    struct state_id id = STATE_ID_NONE;
    struct import_report done;
    struct held_import *w = NULL;
    size_t kind = 0;
    int r = kind_of(v, &kind, err);

    if (r == 0 && id_parse(visit_given(v, "waiting"), &id) == 0)
        w = find_waiting(v, id);
    if (r == 0 && (w == NULL || w->opt.kind != kinds[kind].kind))
        r = err_fail(err, CE_CONFLICT, ERR_WEB_IMPORT_IS_OVER);
    if (r < 0)
        return r;
    w->opt.apply = true;
    w->opt.previewed = &w->report;
    r = import_sheet(v->s, &v->who.actor, w->sheet, &w->opt, &w->arena, &done, err);
    w->id = STATE_ID_NONE;
    w->at = 0;
    return r < 0 ? r : lane_finish(v, import_done, err);
}
