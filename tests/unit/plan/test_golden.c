/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything that is read from the shipped plans and their words, member by member; and from small
 * ones, right and wrong, of tests/golden/plan/read.txt: a line “==== what it is”, a plan, a
 * catalogue or a library, a line “----”, what is read or where it is refused.
 */
#include "golden.h"

#include "base/num.h"
#include "base/time.h"
#include "calendar/calendar.h"
#include "plan/library.h"

static struct planload load;

static void put_text(struct buf *out, const char *name, struct slice s)
{
    if (s.n > 0)
        buf_printf(out, " %s=" SLICE_FMT, name, SLICE_ARG(s));
}

static void put_title(struct buf *out, const char *name, const struct title *t)
{
    put_text(out, name, t->vi);
    put_text(out, "en", t->en);
}

static void put_instant(struct buf *out, const char *name, int64_t t)
{
    if (t == INT64_MIN || t == INT64_MAX || t == TIME_NONE)
        return;
    buf_printf(out, " %s=", name);
    time_format(out, t, 0);
}

static void put_number(struct buf *out, const char *name, uint64_t v)
{
    if (v != 0 && v != PLAN_NONE)
        buf_printf(out, " %s=%llx", name, (unsigned long long)v);
}

static void put_list(struct buf *out, const char *name, const struct slice *list, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        put_text(out, name, list[i]);
        buf_putc(out, '\n');
    }
}

static void put_catalogue(struct buf *out, const struct catalogue *c)
{
    for (int list = 0; list < WORDS_MAX; list++) {
        for (uint32_t i = 0; i < c->count[list]; i++) {
            const struct word *w = &c->words[list][i];

            buf_printf(out, "word %d", list);
            put_text(out, "id", w->id);
            put_title(out, "title", &w->title);
            put_text(out, "also", w->also);
            if (list == WORDS_UNIT_KINDS) {
                put_title(out, "brief", &c->unit_kinds[i].brief);
                put_text(out, "layout", c->unit_kinds[i].layout);
                put_text(out, "daily", c->unit_kinds[i].daily);
            }
            if (list == WORDS_EVIDENCE) {
                const struct evidence_kind *e = &c->evidence[i];

                buf_printf(out, " from=%s", evidence_from_to_str(e->from));
                put_text(out, "what", e->what);
                put_text(out, "waits", e->waits);
                buf_printf(out, " %s %u%s%s lasts=", strength_to_str(e->strength), e->method,
                           e->machine ? " machine" : "", e->stands ? " stands" : "");
                span_write(out, e->lasts);
                for (uint32_t k = 0; k < e->field_count; k++)
                    put_text(out, "field", e->fields[k]);
            }
            buf_putc(out, '\n');
        }
    }
}

static void put_head(struct buf *out, const struct plan *p)
{
    const struct plan_document *d = &p->document;

    buf_puts(out, "plan");
    put_text(out, "id", p->id);
    put_text(out, "extends", p->extends);
    put_title(out, "title", &p->title);
    buf_printf(out, "%s offset=%d", p->draft ? " draft" : "", p->offset_s);
    put_text(out, "zone", p->zone);
    put_text(out, "holidays", p->holidays);
    put_instant(out, "start", p->start);
    put_instant(out, "end", p->end);
    put_title(out, "end-event", &p->end_event);
    put_text(out, "window", p->window_source);
    put_text(out, "chosen-by", p->chosen_by);
    for (uint32_t i = 0; i < p->shift_count; i++)
        buf_printf(out, " shift=%u", p->shifts[i]);
    buf_puts(out, "\ndocument");
    put_text(out, "number", d->number);
    put_text(out, "date", d->date_text);
    put_text(out, "issuer", d->issuer);
    put_text(out, "subject", d->subject);
    put_text(out, "note", d->note);
    put_number(out, "day", d->date == TIME_NONE ? 0 : (uint64_t)d->date);
    put_instant(out, "signed", d->signed_at);
    buf_putc(out, '\n');
    put_list(out, "basis", d->basis, d->basis_count);
    put_list(out, "recipient", d->recipients, d->recipient_count);
    put_list(out, "observer", d->observers, d->observer_count);
}

static void put_lists(struct buf *out, const struct plan *p)
{
    for (uint32_t i = 0; i < p->phase_count; i++) {
        put_text(out, "phase", p->phases[i].id);
        put_title(out, "title", &p->phases[i].title);
        put_instant(out, "from", p->phases[i].from);
        put_instant(out, "until", p->phases[i].until);
        buf_putc(out, '\n');
    }
    for (uint32_t i = 0; i < p->authority_count; i++) {
        put_text(out, "authority", p->authorities[i].id);
        put_title(out, "title", &p->authorities[i].title);
        put_text(out, "unit", p->authorities[i].unit);
        buf_putc(out, '\n');
    }
    for (uint32_t i = 0; i < p->contact_count; i++) {
        put_text(out, "contact", p->contacts[i].id);
        put_title(out, "title", &p->contacts[i].title);
        buf_putc(out, '\n');
    }
    for (uint32_t i = 0; i < p->gap_count; i++) {
        put_text(out, "gap", p->gaps[i].missing);
        put_text(out, "after", p->gaps[i].after);
        put_title(out, "title", &p->gaps[i].title);
        buf_putc(out, '\n');
    }
    for (uint32_t i = 0; i < p->scope_count; i++) {
        const struct plan_scope *s = &p->scopes[i];

        put_text(out, "scope", s->id);
        put_title(out, "title", &s->title);
        put_number(out, "kinds", s->kinds);
        put_number(out, "tags", s->tags);
        put_number(out, "assets", s->asset_roles);
        buf_printf(out, " origin=%d%s", s->origin, s->enabled ? "" : " off");
        put_instant(out, "from", s->from);
        put_instant(out, "until", s->until);
        put_text(out, "source", s->source);
        buf_putc(out, '\n');
    }
    for (uint32_t i = 0; i < p->clause_count; i++) {
        const struct plan_clause *c = &p->clauses[i];

        put_text(out, "clause", c->number);
        put_text(out, "label", c->label);
        put_title(out, "title", &c->title);
        buf_printf(out, " text=%zu%s", c->text.n, c->checked ? "" : " unchecked");
        put_text(out, "note", c->note);
        buf_putc(out, '\n');
    }
}

static void put_part(struct buf *out, const struct plan *p, const struct plan_part *part)
{
    buf_puts(out, "  part");
    put_text(out, "id", part->id);
    put_title(out, "title", &part->title);
    put_text(out, "word", part->word);
    buf_puts(out, " every=");
    frequency_write(out, &part->every);
    for (uint32_t i = 0; i < part->kind_count; i++)
        put_text(out, "kind", p->catalogue->words[WORDS_EVIDENCE][part->kinds[i]].id);
    buf_printf(out, " needs=%s grace=", strength_to_str(part->needs));
    span_write(out, part->grace);
    buf_printf(out, " at-least=%u%s\n", part->at_least, plan_part_waits(p, part) ? " waits" : "");
}

static void put_obligation(struct buf *out, const struct plan *p, const struct plan_obligation *o)
{
    put_text(out, "obligation", o->id);
    put_text(out, "row", o->row);
    put_title(out, "title", &o->title);
    put_text(out, "clause", p->clauses[o->clause].number);
    for (uint32_t i = 0; i < o->scope_count; i++)
        put_text(out, "scope", p->scopes[o->scopes[i]].id);
    put_text(out, "role", p->catalogue->words[WORDS_ROLES][o->role].id);
    put_text(out, "lead", p->authorities[o->lead].id);
    if (o->asset_role != PLAN_NONE)
        put_text(out, "asset", p->catalogue->words[WORDS_ASSET_ROLES][o->asset_role].id);
    buf_printf(out, " by=%d origin=%d%s%s", o->by, o->origin, o->enabled ? "" : " off",
               o->checked ? "" : " unchecked");
    put_instant(out, "from", o->from);
    put_instant(out, "until", o->until);
    put_text(out, "chosen-by", o->chosen_by);
    put_text(out, "source", o->source);
    put_text(out, "note", o->note);
    put_title(out, "say", &o->say);
    if (o->inherit.scope != PLAN_NONE) {
        put_text(out, "inherits", p->scopes[o->inherit.scope].id);
        put_text(out, "of", p->obligations[o->inherit.obligation].id);
        put_number(out, "assets", o->inherit.asset_roles);
        put_number(out, "tags", o->inherit.tags);
    }
    buf_putc(out, '\n');
    for (uint32_t i = 0; i < o->part_count; i++)
        put_part(out, p, &o->parts[i]);
}

static void put_plan(struct buf *out, const struct plan *p)
{
    struct plan_count count;

    put_head(out, p);
    put_lists(out, p);
    for (uint32_t i = 0; i < p->obligation_count; i++)
        put_obligation(out, p, &p->obligations[i]);
    plan_count(p, &count);
    buf_printf(out, "rows=%u obligations=%u by=%u/%u/%u parts=%u unchecked=%u waiting=%u\n",
               count.rows, count.obligations, count.by[0], count.by[1], count.by[2], count.parts,
               count.unchecked, count.waiting);
}

static void put_terms(struct buf *out, const char *name, const struct library_term *terms,
                      uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        put_text(out, name, terms[i].text);
        for (uint32_t k = 0; k < terms[i].count; k++) {
            put_text(out, "key", terms[i].pieces[k].key);
            put_text(out, "plain", terms[i].pieces[k].plain);
        }
    }
    buf_putc(out, '\n');
}

static void put_library(struct buf *out, const struct library *l)
{
    for (uint32_t i = 0; i < l->audience_count; i++) {
        put_text(out, "audience", l->audiences[i].id);
        put_terms(out, "term", l->audiences[i].terms, l->audiences[i].term_count);
    }
    for (uint32_t i = 0; i < l->entry_count; i++) {
        const struct library_entry *e = &l->entries[i];

        put_text(out, "entry", l->model->obligations[e->obligation].id);
        if (e->audience != UINT32_MAX)
            put_text(out, "for", l->audiences[e->audience].id);
        put_terms(out, "term", e->terms, e->term_count);
    }
}

/* A plan that others extend. */
static int load_base(void *ctx, struct slice id, unsigned depth, const struct plan **ret,
                     struct err *err)
{
    struct plan_source source = {.catalogue = load.catalogue, .depth = depth};

    (void)ctx;
    source.text = SLICE(
        "plan: base\ntitle: {vi: Gốc, en: Base}\nwindow: {start: 2020-10-05, end: 2020-10-22}\n"
        "authorities: [{id: l, name: {vi: A, en: B}}]\nscopes: [{id: all, kinds: [agency]}]\n"
        "clauses: [{number: I.1, text: a}]\nobligations:\n  - {id: a, clause: I.1, title: {vi: a, "
        "en: b}, applies-to: all, role: sysadmin, lead: l, every: daily, proof: probe.service}\n"
        "  - {id: b, clause: I.1, title: {vi: a, en: b}, applies-to: all, role: sysadmin, lead: l, "
        "every: weekly, proof: duty.log, also: [{id: x, every: monthly, proof: duty.log}]}\n");
    return slice_is(id, "base") ? plan_parse(&load.arena, &source, ret, err)
                                : err_code(err, CE_NOT_FOUND);
}

static int read_text(struct slice text, struct buf *out, struct err *err)
{
    struct plan_source source = {.text = text, .catalogue = load.catalogue, .load = load_base};
    const struct catalogue *c = NULL;
    const struct library *l = NULL;
    const struct plan *p = NULL;
    int r;

    if (slice_starts(text, SLICE("catalogue"))) {
        r = catalogue_parse(&load.arena, text, &c, err);
        if (r == 0)
            put_catalogue(out, c);
    } else if (slice_starts(text, SLICE("model"))) {
        (void)load_base(NULL, SLICE("base"), 0, &p, NULL);
        r = library_parse(&load.arena, text, p, &l, err);
        if (r == 0)
            put_library(out, l);
    } else {
        r = plan_parse(&load.arena, &source, &p, err);
        if (r == 0)
            put_plan(out, p);
    }
    return r;
}

static void read_item(struct slice text, struct buf *out)
{
    struct err err = ERR_INIT;
    int r = read_text(text, out, &err);

    if (r < 0)
        buf_printf(out, "refused (%d) at %u:%u: %s\n", -r, err.line, err.col, err_words(&err));
}

/* The items of read.txt whose lines are changed one at a time in changes.txt, and what they give.
 */
enum { BASES = 4 };
static struct slice bases[BASES], base_reads[BASES];

/* “2 12 text”: line 12 of the second item is that instead; “2 12”: it is not there. */
static bool change_line(struct slice change, struct buf *text, unsigned *ret_base)
{
    struct slice rest, line, word[2];
    int64_t base, at, i = 0;

    if (!slice_cut(&change, ' ', &word[0]) || num_range(word[0], 1, BASES, &base) < 0)
        return false;
    (void)slice_cut(&change, ' ', &word[1]);
    if (num_range(word[1], 1, 1000, &at) < 0)
        return false;
    *ret_base = (unsigned)base - 1;
    rest = bases[base - 1];
    while (rest.n > 0 && slice_cut(&rest, '\n', &line)) {
        i++;
        if (i == at && word[1].p + word[1].n == change.p + change.n)
            continue;
        buf_append_slice(text, i == at ? change : line);
        buf_putc(text, '\n');
    }
    return true;
}

/* Lines of one text that another has not, after a word. */
static void put_others(struct buf *out, const char *word, struct slice lines, struct slice others)
{
    struct slice line;

    while (lines.n > 0 && slice_cut(&lines, '\n', &line)) {
        if (line.n == 0 || slice_find(others, line) != SIZE_MAX)
            continue;
        buf_printf(out, "%s%s", out->p[out->len - 1] != ' ' ? " / " : "", word);
        buf_append_slice(out, word[0] ? slice_brief(slice_trim(line)) : slice_trim(line));
    }
}

/* What a changed item gives that it did not give before, and gives no more. */
static void read_change(struct slice change, struct buf *out)
{
    struct buf text = BUF_INIT(1 << 20), got = BUF_INIT(1 << 20);
    struct arena arena = load.arena; /* with what is loaded in it */
    unsigned base = 0;

    load.arena = ARENA_INIT(16 << 20);
    if (change_line(change, &text, &base))
        read_item(buf_slice(&text), &got);
    put_others(out, "", buf_slice(&got), base_reads[base]);
    if (!slice_starts(buf_slice(&got), SLICE("refused")))
        put_others(out, "without ", base_reads[base], buf_slice(&got));
    arena_done(&load.arena);
    load.arena = arena;
    buf_done(&text);
    buf_done(&got);
}

static void read_file(void)
{
    unsigned n = 0;
    struct slice rest = planload_file(&load, "tests/golden/plan/read.txt");
    struct buf out = BUF_INIT(1 << 22);
    size_t before;

    while (rest.n > 0) {
        size_t next = slice_find(slice_from(rest, 1), SLICE("\n==== "));
        struct slice item = slice_head(rest, next == SIZE_MAX ? rest.n : next + 2);
        size_t from = slice_find_byte(item, '\n') + 1, end = slice_find(item, SLICE("\n----\n"));

        end = end == SIZE_MAX ? item.n : end + 1;
        buf_append_slice(&out, slice_head(item, end));
        buf_puts(&out, "----\n");
        before = out.len;
        read_item(slice_of(item.p + from, end - from), &out);
        if (n < BASES) {
            bases[n] = slice_of(item.p + from, end - from);
            base_reads[n++] = arena_dup(&load.arena, slice_from(buf_slice(&out), before));
        }
        rest = slice_from(rest, item.n);
    }
    golden_is(&load, "read.txt", &out);
    buf_done(&out);
}

int main(void)
{
    static const char *const plans[] = {"quang-ngai-2020", "today-2026"};
    struct buf out = BUF_INIT(1 << 22);

    if (!planload_catalogue(&load))
        return tap_done();
    put_catalogue(&out, load.catalogue);
    for (size_t i = 0; i < CANH_LEN(plans); i++) {
        const struct plan *p = planload_plan(&load, plans[i]);

        if (p != NULL)
            put_plan(&out, p);
    }
    golden_is(&load, "plans.txt", &out);
    read_file();
    golden_lines(&load, "changes.txt", read_change);
    buf_done(&out);
    arena_done(&load.arena);
    return tap_done();
}
