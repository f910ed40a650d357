/* SPDX-License-Identifier: Apache-2.0 */
/* A draft as the YAML of a plan. */
#include "base/ascii.h"
#include "base/fold.h"
#include "base/time.h"
#include "base/utf.h"
#include "plan/draft.h"
#include "plan/draft_text.h"

enum { LINE = 110 };

static const struct slice wordless = SLICE_INIT("(không có chữ)");

/* What YAML cannot hold in quotes or in a comment: a blank stands for it. */
static bool is_no_text(uint32_t c)
{
    return c < ' ' || c == 0x7f || c >= UTF_INVALID || (c >= 0x80 && c < 0xa0) || c == 0x2028 ||
           c == 0x2029 || c == 0xfeff || c == 0xfffe || c == 0xffff;
}

void draft_write_quoted(struct buf *out, struct slice s)
{
    s = slice_head(s, DRAFT_NAME_MAX);
    buf_putc(out, '"');
    while (s.n > 0) {
        unsigned length;
        uint32_t c = utf8_decode(s.p, s.n, &length);

        if (c == '"' || c == '\\')
            buf_printf(out, "\\%c", (int)c);
        else if (is_no_text(c))
            buf_putc(out, ' ');
        else
            buf_append(out, s.p, length);
        s = slice_from(s, length);
    }
    buf_putc(out, '"');
}

/* A quoted scalar over several lines, folded at blanks. */
static void write_folded(struct buf *out, struct slice s, unsigned indent)
{
    size_t width = 0;

    s = slice_head(s, PLAN_TEXT_MAX);
    buf_putc(out, '"');
    while (s.n > 0) {
        unsigned length;
        uint32_t c = utf8_decode(s.p, s.n, &length);

        if (c == ' ' && width > LINE - 12 && s.n > 1) {
            buf_printf(out, "\n%*s", (int)indent, "");
            width = 0;
        } else if (c == '"' || c == '\\') {
            buf_printf(out, "\\%c", (int)c);
        } else if (is_no_text(c)) {
            buf_putc(out, ' ');
        } else {
            buf_append(out, s.p, length);
        }
        width++;
        s = slice_from(s, length);
    }
    buf_putc(out, '"');
}

static void write_pair(struct buf *out, const char *key, struct slice value)
{
    if (value.n == 0)
        return;
    buf_printf(out, "  %s: ", key);
    draft_write_quoted(out, value);
    buf_putc(out, '\n');
}

static void write_list(struct buf *out, const char *key, const struct slice *list, uint32_t count)
{
    if (count == 0)
        return;
    buf_printf(out, "  %s:\n", key);
    for (uint32_t i = 0; i < count; i++) {
        buf_puts(out, "    - ");
        draft_write_quoted(out, list[i]);
        buf_putc(out, '\n');
    }
}

static void write_date(struct buf *out, int64_t days)
{
    unsigned month, day;
    int year;

    date_from_days(days, &year, &month, &day);
    buf_printf(out, "%04d-%02u-%02u", year, month, day);
}

static bool begins_large(struct slice s)
{
    unsigned length;
    uint32_t c = s.n > 0 ? utf8_decode(s.p, s.n, &length) : 0;

    return fold_char(c) != c;
}

/* “KẾ HOẠCH” and what stands below it: “Kế hoạch bảo đảm …”. */
static void write_name(struct buf *name, const struct draft *d)
{
    struct slice kind = d->kind, subject = d->subject;
    bool first = true;

    if (kind.n == 0) {
        buf_append_slice(name, subject.n ? subject : SLICE("Kế hoạch (chưa rõ tên)"));
        return;
    }
    while (kind.n > 0) {
        unsigned length;
        uint32_t c = utf8_decode(kind.p, kind.n, &length);
        uint8_t bytes[4];

        c = first ? c : fold_char(c);
        buf_append(name, bytes, utf8_encode(c, bytes));
        kind = slice_from(kind, length);
        first = false;
    }
    if (subject.n > 0) {
        unsigned length;
        uint32_t c = utf8_decode(subject.p, subject.n, &length);
        uint8_t bytes[4];
        bool abbreviation = begins_large(slice_from(subject, length)); /* or all of it capitals */

        buf_putc(name, ' ');
        buf_append(name, bytes, utf8_encode(abbreviation ? c : fold_char(c), bytes));
        buf_append_slice(name, slice_from(subject, length));
    }
}

static void write_document(struct buf *out, const struct draft *d)
{
    struct buf name = BUF_INIT(1 << 20);
    struct slice subject;

    write_name(&name, d);
    subject = buf_slice(&name);
    buf_puts(out, "title:\n");
    write_pair(out, "vi", subject);
    write_pair(out, "en", subject);
    buf_puts(out, "document:\n");
    write_pair(out, "number", d->number);
    if (d->date != TIME_NONE) {
        buf_puts(out, "  date: ");
        write_date(out, d->date);
        buf_putc(out, '\n');
    }
    write_pair(out, "issuer", d->issuer);
    if (d->subject.n > 0 || d->kind.n > 0)
        write_pair(out, "subject", subject);
    buf_done(&name);
    write_list(out, "basis", d->basis, d->basis_count);
    write_list(out, "recipients", d->recipients, d->recipient_count);
    write_list(out, "observers", d->observers, d->observer_count);
}

static int64_t start_of(const struct draft *d)
{
    return d->window_from != TIME_NONE ? d->window_from : d->date != TIME_NONE ? d->date : 0;
}

static void write_window(struct buf *out, const struct draft *d)
{
    buf_puts(out,
             "zone: Asia/Ho_Chi_Minh\nholidays: vn\n"
             "chosen-by: theo văn bản nếu văn bản nêu, không thì canh đề xuất; chưa ai duyệt\n"
             "# Thời gian: các ngày văn bản nêu, nếu không thì từ ngày văn bản; còn thiếu thì ghi "
             "thêm.\nwindow:\n  start: ");
    write_date(out, start_of(d));
    if (d->window_from == TIME_NONE && d->date == TIME_NONE)
        buf_puts(out, " # văn bản không nêu ngày nào: phải ghi lại");
    buf_puts(out, "\n  end: ");
    if (d->window_until != TIME_NONE)
        write_date(out, d->window_until);
    else
        buf_puts(out, "unknown");
    buf_putc(out, '\n');
    write_pair(out, "end-event", d->end_event.n ? d->end_event : SLICE("chưa rõ"));
}

/* Names in lower-case ASCII stay plain; whatever else is quoted. */
static void write_words(struct buf *out, const struct plan *m, enum word_list list, uint64_t set)
{
    bool first = true;

    buf_putc(out, '[');
    for (uint32_t i = 0; i < m->catalogue->count[list]; i++) {
        if (set >> i & 1) {
            buf_printf(out, "%s" SLICE_FMT, first ? "" : ", ",
                       SLICE_ARG(m->catalogue->words[list][i].id));
            first = false;
        }
    }
    buf_putc(out, ']');
}

static void write_title(struct buf *out, const struct title *t)
{
    buf_puts(out, "{vi: ");
    draft_write_quoted(out, title_in(t, LANG_VI));
    buf_puts(out, ", en: ");
    draft_write_quoted(out, title_in(t, LANG_EN));
    buf_putc(out, '}');
}

static void write_scope(struct buf *out, const struct plan *m, const struct plan_scope *s)
{
    buf_printf(out, "  - id: " SLICE_FMT "\n    name: ", SLICE_ARG(s->id));
    write_title(out, &s->title);
    if (s->kinds) {
        buf_puts(out, "\n    kinds: ");
        write_words(out, m, WORDS_UNIT_KINDS, s->kinds);
    }
    if (s->tags) {
        buf_puts(out, "\n    tags: ");
        write_words(out, m, WORDS_UNIT_TAGS, s->tags);
    }
    if (s->asset_roles) {
        buf_puts(out, "\n    asset-roles: ");
        write_words(out, m, WORDS_ASSET_ROLES, s->asset_roles);
    }
    if (s->origin != ORIGIN_DOCUMENT)
        buf_printf(out, "\n    origin: %s", plan_origin_to_str(s->origin));
    if (!s->enabled)
        buf_puts(out, "\n    enabled: no");
    buf_putc(out, '\n');
}

/* Who leads by the letter's own words. */
static void write_leads(struct buf *out, const struct draft *d)
{
    for (uint32_t i = 0; i < d->clause_count; i++) {
        if (d->clauses[i].lead != i)
            continue;
        buf_printf(out, "  - {id: lead-%u, name: ", i);
        draft_write_quoted(out, d->clauses[i].who);
        buf_puts(out, "}\n");
    }
}

static void write_names(struct buf *out, const struct draft *d, const struct plan *m)
{
    buf_puts(out, "authorities:\n  - {id: lead, name: ");
    draft_write_quoted(out, d->issuer.n ? d->issuer : SLICE("Cơ quan chủ trì"));
    buf_puts(out, "}\n");
    write_leads(out, d);
    if (m->scope_count > 0)
        buf_puts(out, "scopes:\n");
    for (uint32_t i = 0; i < m->scope_count; i++)
        write_scope(out, m, &m->scopes[i]);
    if (d->gap_count > 0)
        buf_puts(out, "gaps:\n");
    for (uint32_t i = 0; i < d->gap_count; i++) {
        const struct draft_gap *g = &d->gaps[i];

        buf_puts(out, "  - {id: ");
        draft_write_quoted(out, g->missing);
        if (g->after.n) {
            buf_puts(out, ", after: ");
            draft_write_quoted(out, g->after);
        }
        buf_printf(out, ", say: \"Văn bản không có " SLICE_FMT "\"}\n", SLICE_ARG(g->missing));
    }
}

static void write_clauses(struct buf *out, const struct draft *d)
{
    if (d->clause_count > 0)
        buf_puts(out, "clauses:\n");
    for (uint32_t i = 0; i < d->clause_count; i++) {
        const struct draft_clause *c = &d->clauses[i];

        buf_puts(out, "  - number: ");
        draft_write_quoted(out, c->number);
        if (c->label.n > 0) {
            buf_puts(out, "\n    label: ");
            draft_write_quoted(out, slice_head(c->label, 60));
        }
        buf_puts(out, "\n    checked: no\n    text: ");
        write_folded(out, c->text.n ? c->text : wordless, 6);
        buf_putc(out, '\n');
    }
}

static bool phase_free(const struct frequency *f)
{
    return f->override_count == 0 && f->base.kind != FREQ_PHASE;
}

/* The model's frequency; of one that speaks of phases, which a draft has none of, the base rule. */
static void write_every(struct buf *out, const struct frequency *f)
{
    struct frequency base = *f;
    struct buf text = BUF_INIT(1000);

    base.override_count = 0;
    if (base.base.kind == FREQ_PHASE)
        base.base = (struct frequency_rule){.kind = FREQ_AT_START,
                                            .minute = FREQ_NO_TIME,
                                            .span = f->base.span};
    frequency_write(&text, phase_free(f) ? f : &base);
    draft_write_quoted(out, buf_slice(&text));
    buf_done(&text);
}

static void write_span_pair(struct buf *out, const char *indent, const char *key, struct span s)
{
    if (s.ns == 0 && s.workdays == 0)
        return;
    buf_printf(out, "\n%s%s: ", indent, key);
    span_write(out, s);
}

static void write_part(struct buf *out, const struct plan *m, const struct plan_part *p,
                       const struct draft_when *when, const char *indent)
{
    buf_printf(out, "\n%severy: ", indent);
    if (when && when->every[0])
        draft_write_quoted(out, slice_str(when->every));
    else
        write_every(out, &p->every);
    buf_printf(out, "\n%sproof: [", indent);
    for (uint32_t i = 0; i < p->kind_count; i++)
        buf_printf(out, "%s" SLICE_FMT, i ? ", " : "",
                   SLICE_ARG(m->catalogue->words[WORDS_EVIDENCE][p->kinds[i]].id));
    buf_putc(out, ']');
    if (p->needs != STRENGTH_DECLARED)
        buf_printf(out, "\n%sneeds: %s", indent, strength_to_str(p->needs));
    write_span_pair(out, indent, "grace", p->grace);
    if (p->at_least != 1000)
        buf_printf(out, "\n%sat-least: %u.%u", indent, p->at_least / 10, p->at_least % 10);
}

static void write_word(struct buf *out, const struct draft_when *when)
{
    if (when->every[0] == 0 || when->word.n == 0)
        return;
    buf_puts(out, "\n    word: ");
    draft_write_quoted(out, slice_head(when->word, 300));
}

static void write_head(struct buf *out, const struct draft *d, const struct draft_proposal *p,
                       struct slice letter)
{
    buf_printf(out, "  - id: \"" SLICE_FMT "." SLICE_FMT "\"\n    clause: ",
               SLICE_ARG(d->clauses[p->clause].number), SLICE_ARG(letter));
    draft_write_quoted(out, d->clauses[p->clause].number);
    buf_puts(out, "\n    checked: no");
}

/* The days of a clause that speaks of its own. */
static void append_days(struct buf *out, const struct draft_proposal *p)
{
    if (p->from == TIME_NONE)
        return;
    buf_puts(out, "\n    from: ");
    write_date(out, p->from);
    buf_puts(out, "\n    until: ");
    write_date(out, p->until);
}

static void write_lead(struct buf *out, const struct draft *d, uint32_t clause)
{
    if (d->clauses[clause].lead != UINT32_MAX)
        buf_printf(out, "\n    lead: lead-%u", d->clauses[clause].lead);
    else
        buf_puts(out, "\n    lead: lead");
}

/* What the letter wants and the frequency does not say: plainly, where whoever checks reads it. */
static void append_rough(struct buf *text, const struct draft_when *when)
{
    static const char *const fits[] = {
        [WHEN_SPREAD] = "văn bản không nói vào lúc nào, canh chia đều, hãy sửa theo thực tế",
        [WHEN_TIMES] = "nhiều lần trong một kỳ, nghĩa vụ này đòi mỗi kỳ một lần",
        [WHEN_APART] = "cách nhiều kỳ mới một lần, nghĩa vụ này đòi mỗi kỳ một lần",
    };

    if (when->every[0] == 0)
        return;
    if (when->fit != WHEN_EXACT)
        buf_printf(text, "; CHÚ Ý: văn bản nói \"" SLICE_FMT "\": %s", SLICE_ARG(when->word),
                   fits[when->fit]);
}

static void write_reason(struct buf *out, const struct draft_proposal *p,
                         const struct plan_obligation *o)
{
    struct buf text = BUF_INIT(1000);

    buf_printf(&text, "thư viện " SLICE_FMT ", vì có \"" SLICE_FMT "\"%s", SLICE_ARG(o->id),
               SLICE_ARG(p->term), p->unmarked ? " (so không dấu)" : "");
    append_rough(&text, &p->when);
    buf_puts(out, "\n    note: ");
    draft_write_quoted(out, buf_slice(&text));
    buf_done(&text);
}

/* How something is proved that the library knows nothing of: by minutes, if the catalogue has them.
 */
static struct slice plain_proof(const struct catalogue *c)
{
    for (uint32_t i = 0; i < c->count[WORDS_EVIDENCE]; i++) {
        if (slice_is(c->words[WORDS_EVIDENCE][i].id, "file.minutes"))
            return c->words[WORDS_EVIDENCE][i].id;
    }
    return c->words[WORDS_EVIDENCE][0].id;
}

/* What the letter itself says, without the library: a task with its lead and date, a sentence with
 * a frequency. */
static void write_own(struct buf *out, const struct draft *d, const struct library *lib,
                      const struct draft_proposal *p, struct slice letter)
{
    const struct draft_clause *c = &d->clauses[p->clause];
    const struct plan *m = lib->model;
    struct slice title = slice_head(c->task ? c->task->what : c->text, 300);
    struct title t;
    struct buf note = BUF_INIT(1000);

    title = title.n > 0 ? title : wordless;
    t = (struct title){.vi = title, .en = title};
    write_head(out, d, p, letter);
    buf_puts(&note, "không có trong thư viện; lấy từ chính văn bản");
    append_rough(&note, &p->when);
    buf_puts(out, "\n    note: ");
    draft_write_quoted(out, buf_slice(&note));
    buf_done(&note);
    buf_puts(out, "\n    title: ");
    write_title(out, &t);
    buf_puts(out, "\n    applies-to: [");
    for (uint32_t i = 0; i < m->scope_count; i++) {
        if (m->scopes[i].enabled) {
            buf_append_slice(out, m->scopes[i].id);
            break;
        }
    }
    buf_printf(out, "]\n    role: " SLICE_FMT, SLICE_ARG(m->catalogue->words[WORDS_ROLES][0].id));
    write_lead(out, d, p->clause);
    buf_puts(out, "\n    by: person");
    append_days(out, p);
    write_word(out, &p->when);
    buf_printf(out, "\n    every: \"%s\"\n    proof: [" SLICE_FMT "]\n",
               p->when.every[0] ? p->when.every : "at-end", SLICE_ARG(plain_proof(m->catalogue)));
}

static void write_obligation(struct buf *out, const struct draft *d, const struct library *lib,
                             const struct draft_proposal *p, struct slice letter)
{
    const struct plan *m = lib->model;
    const struct plan_obligation *o = &m->obligations[lib->entries[p->entry].obligation];

    write_head(out, d, p, letter);
    write_reason(out, p, o);
    buf_puts(out, "\n    title: ");
    write_title(out, &o->title);
    buf_puts(out, "\n    applies-to: [");
    for (uint32_t i = 0; i < o->scope_count; i++)
        buf_printf(out, "%s" SLICE_FMT, i ? ", " : "", SLICE_ARG(m->scopes[o->scopes[i]].id));
    buf_printf(out, "]\n    role: " SLICE_FMT,
               SLICE_ARG(m->catalogue->words[WORDS_ROLES][o->role].id));
    write_lead(out, d, p->clause);
    buf_printf(out, "\n    by: %s", plan_by_to_str(o->by));
    if (o->asset_role != PLAN_NONE)
        buf_printf(out, "\n    asset-role: " SLICE_FMT,
                   SLICE_ARG(m->catalogue->words[WORDS_ASSET_ROLES][o->asset_role].id));
    if (o->origin != ORIGIN_DOCUMENT)
        buf_printf(out, "\n    origin: %s", plan_origin_to_str(o->origin));
    if (o->say.vi.n > 0) {
        buf_puts(out, "\n    say: ");
        write_title(out, &o->say);
    }
    append_days(out, p);
    write_word(out, &p->when);
    write_part(out, m, &o->parts[0], &p->when, "    ");
    if (o->part_count > 1)
        buf_puts(out, "\n    also:");
    for (uint32_t i = 1; i < o->part_count; i++) {
        buf_printf(out, "\n      - id: " SLICE_FMT "\n        title: ", SLICE_ARG(o->parts[i].id));
        write_title(out, &o->parts[i].title);
        write_part(out, m, &o->parts[i], NULL, "        ");
    }
    buf_putc(out, '\n');
}

static void write_obligations(struct buf *out, const struct draft *d, const struct library *lib)
{
    uint32_t clause = UINT32_MAX;
    unsigned n = 0;

    if (d->proposal_count > 0)
        buf_puts(out, "obligations:\n");
    for (uint32_t i = 0; i < d->proposal_count; i++) {
        char letter[8];
        struct slice name;

        n = d->proposals[i].clause == clause ? n + 1 : 0;
        clause = d->proposals[i].clause;
        letter[0] = (char)('a' + n % 26);
        letter[1] = (char)('0' + n / 26 % 10);
        name = slice_of(letter, n < 26 ? 1 : 2);
        if (d->proposals[i].entry == UINT32_MAX)
            write_own(out, d, lib, &d->proposals[i], name);
        else
            write_obligation(out, d, lib, &d->proposals[i], name);
    }
}

static void write_comment(struct buf *out, struct slice s)
{
    buf_puts(out, "#   ");
    while (s.n > 0) {
        unsigned length;
        uint32_t c = utf8_decode(s.p, s.n, &length);

        if (is_no_text(c))
            buf_putc(out, ' ');
        else
            buf_append(out, s.p, length);
        s = slice_from(s, length);
    }
    buf_putc(out, '\n');
}

/* Nothing of a letter is lost: what no field above has, and clauses that nothing came of. */
static void write_rest(struct buf *out, const struct draft *d)
{
    uint32_t next = 0;
    bool any = false;

    if (d->other_count > 0 || d->place.n > 0)
        buf_puts(out, "# Phần đầu và phần cuối văn bản, những gì chưa có ở trên:\n");
    if (d->place.n > 0)
        write_comment(out, d->place);
    for (uint32_t i = 0; i < d->other_count; i++)
        write_comment(out, d->other[i]);
    for (uint32_t i = 0; i < d->clause_count; i++) {
        while (next < d->proposal_count && d->proposals[next].clause < i)
            next++;
        if (next < d->proposal_count && d->proposals[next].clause == i)
            continue;
        buf_printf(out, "%s" SLICE_FMT, any ? ", " : "# Điều khoản không có đề xuất nào: ",
                   SLICE_ARG(d->clauses[i].number));
        any = true;
    }
    if (any)
        buf_putc(out, '\n');
    if (d->more_proposals > 0)
        buf_printf(out, "# Còn %u đề xuất nữa không ghi: quá %d đề xuất trong một bản nháp.\n",
                   d->more_proposals, DRAFT_PROPOSALS_MAX);
    if (d->more_gaps > 0)
        buf_printf(out, "# Còn %u số bị khuyết nữa không ghi.\n", d->more_gaps);
}

void draft_write(struct buf *out, const struct draft *d, const struct library *lib, struct slice id)
{
    buf_puts(out,
             "# Bản nháp do canh lập từ một văn bản. Mọi điều ở đây phải có người đối chiếu "
             "với văn bản:\n# canh plan review TỆP đi qua từng điều khoản; hoặc tự ghi checked: "
             "yes ở chỗ đúng,\n# xong thì bỏ dòng draft.\n");
    buf_printf(out, "plan: " SLICE_FMT "\ndraft: yes\n", SLICE_ARG(id));
    write_document(out, d);
    write_window(out, d);
    write_names(out, d, lib->model);
    write_clauses(out, d);
    write_obligations(out, d, lib);
    write_rest(out, d);
}
