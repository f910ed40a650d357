/* SPDX-License-Identifier: Apache-2.0 */
#include "web/template.h"

#include "base/markup.h"
#include <stdlib.h>

#include "lang/err_web.h"
#include "lang/said.h"
#include "web/template_parse.h"

enum { ARENA_MAX = 16 << 20, SHOWN_MAX = 8 << 20 };

struct template_set {
    struct arena arena;
    struct slice prefix;
    struct template *items;
    size_t count;
};

/* Values. */

struct page_item {
    struct page_item *next;
    const char *name;
    struct slice value;
    struct page_scope *rows, *last; /* a list */
};

struct page_scope {
    struct arena *arena;
    const struct page_scope *around;
    struct page_scope *next; /* row of the same list */
    struct page_item *items;
};

struct page_scope *page_new(struct arena *arena)
{
    struct page_scope *p = arena_new(arena, struct page_scope);

    if (p)
        p->arena = arena;
    return p;
}

static struct page_item *item_of(const struct page_scope *p, struct slice name)
{
    for (struct page_item *i = p->items; i; i = i->next) {
        if (slice_is(name, i->name))
            return i;
    }
    return NULL;
}

static struct page_item *item_new(struct page_scope *p, const char *name)
{
    struct page_item *i = item_of(p, slice_str(name));

    if (i)
        return i;
    i = arena_new(p->arena, struct page_item);
    if (i == NULL)
        return NULL;
    i->name = name;
    i->next = p->items;
    p->items = i;
    return i;
}

void page_set(struct page_scope *p, const char *name, struct slice value)
{
    struct page_item *i = p ? item_new(p, name) : NULL;

    if (i)
        i->value = arena_dup(p->arena, value);
}

void page_set_text(struct page_scope *p, const char *name, const char *value)
{
    page_set(p, name, slice_str(value));
}

void page_set_i64(struct page_scope *p, const char *name, int64_t value)
{
    struct buf b = BUF_INIT(32);

    buf_append_i64(&b, value);
    page_set_buf(p, name, &b);
}

void page_set_flag(struct page_scope *p, const char *name, bool yes)
{
    page_set(p, name, yes ? SLICE("1") : SLICE(""));
}

void page_set_buf(struct page_scope *p, const char *name, struct buf *b)
{
    page_set(p, name, buf_slice(b));
    buf_done(b);
}

struct page_scope *page_add(struct page_scope *p, const char *name)
{
    struct page_item *i = p ? item_new(p, name) : NULL;
    struct page_scope *row = i ? page_new(p->arena) : NULL;

    if (row == NULL)
        return NULL;
    row->around = p;
    if (i->last)
        i->last->next = row;
    else
        i->rows = row;
    i->last = row;
    return row;
}

static const struct page_item *look_up(const struct page_scope *p, const struct page_scope *frame,
                                       struct slice name)
{
    for (; p; p = p->around) {
        const struct page_item *i = item_of(p, name);

        if (i)
            return i;
    }
    return frame ? item_of(frame, name) : NULL;
}

/* Reading. */

static struct template *template_find(const struct template_set *t, struct slice name)
{
    for (size_t i = 0; i < t->count; i++) {
        if (slice_eq(t->items[i].name, name))
            return &t->items[i];
    }
    return NULL;
}

static int link_partials(struct template_set *t, struct template *one, struct err *err)
{
    for (size_t i = 0; i < one->count; i++) {
        struct template_step *s = &one->steps[i];
        const struct template *other = s->kind == STEP_PARTIAL ? template_find(t, s->text) : NULL;

        if (s->kind != STEP_PARTIAL)
            continue;
        if (other == NULL)
            return err_fail_at(err, CE_SYNTAX, s->line, 0, ERR_WEB_CONSOLE_HTML_NO_TEMPLATE_HTML,
                               one->name, s->text);
        s->other = (size_t)(other - t->items);
    }
    return 0;
}

int template_set_new(struct template_set **ret, const struct template_file *files, size_t count,
                     struct slice prefix, struct err *err)
{
    struct template_set *t = calloc(1, sizeof(*t));
    int r = 0;

    if (t == NULL)
        return err_nomem(err);
    t->arena = ARENA_INIT(ARENA_MAX);
    t->prefix = arena_dup(&t->arena, prefix);
    t->items = arena_new_array(&t->arena, count + 1, struct template);
    if (t->items == NULL || t->prefix.p == NULL)
        r = err_nomem(err);
    for (size_t i = 0; r == 0 && i < count; i++) {
        struct arena scratch = ARENA_INIT(ARENA_MAX);
        struct template one = {0};
        struct template_step *steps = NULL;

        r = template_parse(&files[i], &scratch, &one, err);
        if (r == 0) {
            steps = arena_new_array(&t->arena, one.count + 1, struct template_step);
            if (steps == NULL)
                r = err_nomem(err);
            else
                memcpy(steps, one.steps, one.count * sizeof(*steps));
        }
        t->items[t->count++] = (struct template){one.name, steps, one.count};
        arena_done(&scratch);
    }
    for (size_t i = 0; r == 0 && i < t->count; i++)
        r = link_partials(t, &t->items[i], err);
    if (r < 0)
        t = template_set_free(t);
    else
        *ret = t;
    return r;
}

struct template_set *template_set_free(struct template_set *t)
{
    if (t)
        arena_done(&t->arena);
    free(t);
    return NULL;
}

/* Writing. */

struct render {
    const struct template_set *set;
    enum lang lang;
    const struct page_scope *frame;
    struct buf *out;
    unsigned depth;
};

/* A path, query or fragment of this server: never another host, never a scheme. */
static bool is_own_path(struct slice s)
{
    if (s.n == 0 || s.p[0] == '?' || s.p[0] == '#')
        return true;
    return s.p[0] == '/' && (s.n == 1 || (s.p[1] != '/' && s.p[1] != '\\'));
}

static void append_value(struct render *r, const struct template_step *step, struct slice v)
{
    if (step->place == PLACE_URL && !is_own_path(v))
        v = SLICE("#");
    if (step->place == PLACE_URL && v.n > 0 && v.p[0] == '/')
        buf_append_slice(r->out, r->set->prefix);
    if (said_is(v)) {
        struct buf shown = BUF_INIT(SHOWN_MAX);

        said_write(&shown, r->lang, v);
        markup_write(r->out, buf_slice(&shown));
        buf_done(&shown);
    } else {
        markup_write(r->out, v);
    }
}

static int run(struct render *r, const struct template *t, size_t from, size_t to,
               const struct page_scope *p);

static int run_section(struct render *r, const struct template *t, size_t at,
                       const struct page_scope *p)
{
    const struct template_step *step = &t->steps[at];
    const struct page_item *i = look_up(p, r->frame, step->text);
    bool there = i && (i->rows || i->value.n > 0);
    int done = 0;

    if (step->kind == STEP_INVERTED)
        return there ? 0 : run(r, t, at + 1, step->other, p);
    if (!there)
        return 0;
    if (i->rows == NULL)
        return run(r, t, at + 1, step->other, p);
    for (const struct page_scope *row = i->rows; done == 0 && row; row = row->next)
        done = run(r, t, at + 1, step->other, row);
    return done;
}

static int run(struct render *r, const struct template *t, size_t from, size_t to,
               const struct page_scope *p)
{
    int done = 0;

    if (++r->depth > 2 * TEMPLATE_DEPTH_MAX)
        return -CE_DEPTH; /* a template that contains itself */
    for (size_t i = from; done == 0 && i < to; i++) {
        const struct template_step *s = &t->steps[i];
        const struct page_item *item;

        switch (s->kind) {
        case STEP_LITERAL:
            buf_append_slice(r->out, s->text);
            break;
        case STEP_PREFIX:
            buf_append_slice(r->out, r->set->prefix);
            break;
        case STEP_TEXT:
            markup_write(r->out, slice_str(lang_text(r->lang, (msg_id)s->other)));
            break;
        case STEP_VALUE:
            item = look_up(p, r->frame, s->text);
            append_value(r, s, item ? item->value : SLICE_NULL);
            break;
        case STEP_SECTION:
        case STEP_INVERTED:
            done = run_section(r, t, i, p);
            i = s->other;
            break;
        case STEP_PARTIAL:
            done = run(r, &r->set->items[s->other], 0, r->set->items[s->other].count, p);
            break;
        case STEP_END:
            break;
        }
    }
    r->depth--;
    return done;
}

int template_render(const struct template_set *t, const char *name, enum lang lang,
                    const struct page_scope *values, const struct page_scope *frame,
                    struct buf *out, struct err *err)
{
    const struct template *one = template_find(t, slice_str(name));
    struct render r = {.set = t, .lang = lang, .frame = frame, .out = out};
    int done;

    if (one == NULL)
        return err_fail(err, CE_NOT_FOUND, ERR_WEB_CONSOLE_HTML_NO_SUCH_TEMPLATE, name);
    if (values == NULL)
        return err_nomem(err);
    done = run(&r, one, 0, one->count, values);
    if (done == 0 && out->err < 0)
        done = out->err;
    return done < 0 ? err_fail(err, -done, ERR_WEB_CONSOLE_HTML, name) : 0;
}
