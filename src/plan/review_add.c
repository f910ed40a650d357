/* SPDX-License-Identifier: Apache-2.0 */
/* What a person adds to a draft: an obligation that nobody proposed. */
#include <string.h>

#include "plan/draft_text.h"
#include "plan/review.h"

enum { LETTERS = 26, IDS_MAX = 11 * LETTERS };

static bool is_taken(const struct review *r, struct slice id)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->items[i].obligation && slice_eq(r->items[i].id, id))
            return true;
    return false;
}

/* CLAUSE.a … CLAUSE.z, CLAUSE.a0 …, as drafts have them; false: all are taken. */
static bool find_id(struct buf *id, const struct review *r, struct slice clause)
{
    for (unsigned n = 0; n < IDS_MAX; n++) {
        buf_clear(id);
        buf_printf(id, SLICE_FMT ".%c", SLICE_ARG(clause), (int)('a' + n % LETTERS));
        if (n >= LETTERS)
            buf_printf(id, "%u", n / LETTERS - 1);
        if (!is_taken(r, buf_slice(id)))
            return true;
    }
    return false;
}

static void write_pair(struct buf *out, unsigned indent, const char *key, struct slice value)
{
    if (value.n == 0)
        return;
    buf_printf(out, "%*s%s: ", (int)indent, "", key);
    draft_write_quoted(out, value);
    buf_putc(out, '\n');
}

/* [a, b] of words apart by blanks. */
static void write_words(struct buf *out, unsigned indent, const char *key, struct slice words)
{
    struct slice word;
    bool first = true;

    buf_printf(out, "%*s%s: [", (int)indent, "", key);
    while (words.n > 0 && slice_cut(&words, ' ', &word)) {
        buf_puts(out, first ? "" : ", ");
        draft_write_quoted(out, word);
        first = false;
    }
    buf_puts(out, "]\n");
}

static void write_obligation(struct buf *out, unsigned indent, struct slice id,
                             const struct review_addition *x)
{
    buf_printf(out, "%*s- id: ", (int)indent, "");
    draft_write_quoted(out, id);
    buf_putc(out, '\n');
    indent += 2;
    write_pair(out, indent, "clause", x->clause);
    buf_printf(out, "%*schecked: yes\n", (int)indent, "");
    write_pair(out, indent, "note", x->note);
    write_pair(out, indent, "chosen-by", x->chosen_by);
    buf_printf(out, "%*stitle: {vi: ", (int)indent, "");
    draft_write_quoted(out, x->title);
    buf_puts(out, ", en: ");
    draft_write_quoted(out, x->title);
    buf_puts(out, "}\n");
    write_words(out, indent, "applies-to", x->scopes);
    write_pair(out, indent, "role", x->role);
    buf_printf(out, "%*slead: lead\n%*sby: person\n", (int)indent, "", (int)indent, "");
    write_pair(out, indent, "from", x->from);
    write_pair(out, indent, "until", x->until);
    write_pair(out, indent, "every", x->every);
    write_words(out, indent, "proof", x->proof);
}

/* The last obligation, else the last clause: behind it the new one stands. */
static const struct review_item *last_item(const struct review *r)
{
    return r->count > 0 ? &r->items[r->count - 1] : NULL;
}

/* Remarks and blank lines at the end of an item are of what follows. */
static bool is_remark(struct slice line)
{
    line = slice_trim(line);
    return line.n == 0 || line.p[0] == '#';
}

/* The last line of the item that says something, and how far its list is set in. */
static uint32_t find_end(struct slice text, const struct review_item *x, unsigned *ret_indent)
{
    uint32_t line = 0, end = x->first;
    struct slice s;

    *ret_indent = 0;
    while (text.n > 0 && line < x->last) {
        (void)slice_cut(&text, '\n', &s);
        line++;
        if (line == x->first)
            while (*ret_indent < s.n && s.p[*ret_indent] == ' ')
                ++*ret_indent;
        if (line >= x->first && !is_remark(s))
            end = line;
    }
    return end;
}

/* Whether the line at which it begins is one of a list in lines, not within brackets. */
static bool is_in_lines(struct slice text, uint32_t line)
{
    struct slice s = SLICE_NULL;

    while (line-- > 0 && text.n > 0)
        (void)slice_cut(&text, '\n', &s);
    return slice_starts(slice_trim(s), SLICE("- "));
}

bool review_add(struct buf *out, struct slice text, const struct review *r,
                const struct review_addition *x)
{
    const struct review_item *last = last_item(r);
    struct buf id = BUF_INIT(REVIEW_ID_MAX);
    uint32_t line = 0, end;
    unsigned indent;
    struct slice s;
    bool fits = last && is_in_lines(text, last->first) && find_id(&id, r, x->clause) && !id.err;

    end = fits ? find_end(text, last, &indent) : 0;
    while (fits && text.n > 0) {
        (void)slice_cut(&text, '\n', &s);
        buf_append_slice(out, s);
        buf_putc(out, '\n');
        if (++line != end)
            continue;
        if (!last->obligation)
            buf_puts(out, "obligations:\n");
        write_obligation(out, indent, buf_slice(&id), x);
    }
    buf_done(&id);
    return fits;
}
