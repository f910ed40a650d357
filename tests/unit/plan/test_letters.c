/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Letters as offices lay them out (letters.txt) and as pages of law portals, PDFs and Word files
 * show them (pages.txt; a real page's structure each, the words are invented), and sorts that
 * neither of them has (unseen.txt, later.txt, with what must come out written before the first
 * run): what of each head, of the clauses' numbers and of what is proposed is read. "text" letters
 * are lines, "doc" ones paragraphs: "|a|b" is a row of a table with \n in its cells, "[1.] x" a
 * number that a word processor made. "-- key: value" is what must come out; that no text is lost is
 * checked for all.
 */
#include "base/time.h"
#include "err_words.h"
#include "golden.h"
#include "plan/draft.h"

enum { PARAS_MAX = 400 /* and another letter's behind them */ };

static struct planload load;
static const struct library *library;
static struct buf drafts;
static unsigned letters, right_heads, right_clauses, right_proposals;

struct letter {
    struct slice name;
    bool lines;
    struct draft_para paras[PARAS_MAX + 1];
    size_t count;
    uint32_t table, row;
    bool wanted; /* something is said of what must come out */
    struct slice want[9];
};

enum { NUMBER, DATE, ISSUER, TITLE, CLAUSES, TIMES, WINDOW, LEADS, ASKS };
static const char *const keys[] = {"number: ", "date: ",   "issuer: ", "title: ", "clauses: ",
                                   "times: ",  "window: ", "leads: ",  "asks: "};

/* "\n" in a cell as a line break. */
static struct slice unescape(struct slice s)
{
    struct buf out = BUF_INIT(8192);
    struct slice ret;

    for (size_t i = 0; i < s.n; i++) {
        bool line = s.p[i] == '\\' && i + 1 < s.n && s.p[i + 1] == 'n';

        buf_putc(&out, line ? '\n' : s.p[i]);
        i += line;
    }
    ret = arena_dup(&load.arena, buf_slice(&out));
    buf_done(&out);
    return ret;
}

static void add(struct letter *l, struct draft_para para)
{
    para.number = (uint32_t)l->count + 1;
    if (l->count < PARAS_MAX && slice_trim(para.text).n > 0)
        l->paras[l->count++] = para;
}

/* “^”: the cell above goes on. */
static void merge_down(struct letter *l, uint32_t col)
{
    for (size_t i = l->count; i-- > 0;) {
        if (l->paras[i].table == l->table && l->paras[i].col == col) {
            l->paras[i].rows++;
            return;
        }
    }
}

static void take_line(struct letter *l, struct slice line, bool *in_table)
{
    struct slice cell;
    uint32_t col = 0;
    size_t close = slice_find_byte(line, ']');

    if (l->lines || (line.n > 0 && line.p[0] != '|' && line.p[0] != '[')) {
        *in_table = false;
        add(l, (struct draft_para){.text = line});
    } else if (line.n > 0 && line.p[0] == '[' && close != SIZE_MAX) {
        *in_table = false;
        add(l, (struct draft_para){.text = slice_from(line, close + 1),
                                   .label = slice_of(line.p + 1, close - 1)});
    } else if (line.n > 0) {
        if (!*in_table) {
            l->table++;
            l->row = 0;
        }
        *in_table = true;
        l->row++;
        line = slice_from(line, 1);
        while (slice_cut(&line, '|', &cell)) {
            col++;
            if (slice_is(cell, "^"))
                merge_down(l, col);
            else
                add(l, (struct draft_para){.text = unescape(cell),
                                           .table = l->table,
                                           .row = l->row,
                                           .rows = 1,
                                           .col = col});
        }
    }
}

/* Takes the next letter off the file. */
static bool next_letter(struct slice *rest, struct letter *l)
{
    struct slice line;
    bool in_table = false;

    memset(l, 0, sizeof(*l));
    if (!slice_cut(rest, '\n', &line) || !slice_starts(line, SLICE("== ")))
        return false;
    l->name = slice_from(line, 3);
    l->lines = slice_ends(line, SLICE("| text"));
    while (rest->n > 0 && !slice_starts(*rest, SLICE("== ")) && slice_cut(rest, '\n', &line)) {
        bool key = false;

        for (size_t k = 0; k < CANH_LEN(keys) && slice_starts(line, SLICE("-- ")); k++) {
            struct slice name = slice_str(keys[k]);

            name = slice_head(name, name.n - 1);
            if (slice_starts(slice_from(line, 3), name)) {
                l->want[k] = slice_trim(slice_from(line, 3 + name.n));
                key = l->wanted = true;
            }
        }
        if (!key)
            take_line(l, line, &in_table);
    }
    return true;
}

static bool same(const struct letter *l, int key, struct buf *got)
{
    bool right = slice_eq(slice_trim(buf_slice(got)), l->want[key]);

    if (!right)
        is_slice(slice_trim(buf_slice(got)), l->want[key], "%.*s: %s", SLICE_ARG(l->name),
                 keys[key]);
    buf_clear(got);
    return right;
}

static void put_day(struct buf *out, int64_t day)
{
    unsigned month, d;
    int year;

    if (day == TIME_NONE)
        return;
    date_from_days(day, &year, &month, &d);
    buf_printf(out, "%04d-%02u-%02u", year, month, d);
}

static void check_head(const struct letter *l, const struct draft *d, struct buf *got)
{
    bool right;

    buf_append_slice(got, d->number);
    right = same(l, NUMBER, got);
    put_day(got, d->date);
    right = same(l, DATE, got) && right;
    buf_append_slice(got, d->issuer);
    right = same(l, ISSUER, got) && right;
    buf_printf(got, SLICE_FMT "|" SLICE_FMT, SLICE_ARG(d->kind), SLICE_ARG(d->subject));
    right = same(l, TITLE, got) && right;
    right_heads += right;
}

static void check_clauses(const struct letter *l, const struct draft *d, struct buf *got)
{
    for (uint32_t i = 0; i < d->clause_count; i++)
        buf_printf(got, "%s" SLICE_FMT, i ? " " : "", SLICE_ARG(d->clauses[i].number));
    buf_puts(got, ";");
    for (uint32_t i = 0; i < d->gap_count; i++)
        buf_printf(got, " " SLICE_FMT "<" SLICE_FMT, SLICE_ARG(d->gaps[i].after),
                   SLICE_ARG(d->gaps[i].missing));
    right_clauses += same(l, CLAUSES, got);
}

/* The letter's own times, each once a clause. */
static bool right_times(const struct letter *l, const struct draft *d, struct buf *got)
{
    for (uint32_t i = 0; i < d->proposal_count; i++) {
        const struct draft_proposal *p = &d->proposals[i];
        bool told = false;

        for (uint32_t k = 0; k < i && !told; k++)
            told = d->proposals[k].clause == p->clause &&
                   strcmp(d->proposals[k].when.every, p->when.every) == 0;
        if (p->when.every[0] == 0 || told)
            continue;
        buf_printf(got, "%s" SLICE_FMT "=%s", got->len ? " " : "",
                   SLICE_ARG(d->clauses[p->clause].number), p->when.every);
    }
    return same(l, TIMES, got);
}

/* The days of the whole plan, where the letter names them. */
static bool right_window(const struct letter *l, const struct draft *d, struct buf *got)
{
    if (l->want[WINDOW].n == 0)
        return true;
    put_day(got, d->window_from);
    buf_putc(got, ' ');
    put_day(got, d->window_until);
    return same(l, WINDOW, got);
}

/* Who leads each clause. */
static bool right_leads(const struct letter *l, const struct draft *d, struct buf *got)
{
    for (uint32_t i = 0; i < d->clause_count; i++) {
        const struct draft_clause *c = &d->clauses[i];

        if (c->lead != UINT32_MAX)
            buf_printf(got, "%s" SLICE_FMT "=" SLICE_FMT, got->len ? " " : "", SLICE_ARG(c->number),
                       SLICE_ARG(c->who));
    }
    return same(l, LEADS, got);
}

/* What of the library each clause brings up. */
static bool right_asks(const struct letter *l, const struct draft *d, struct buf *got)
{
    uint32_t last = UINT32_MAX;

    for (uint32_t i = 0; i < d->proposal_count; i++) {
        const struct draft_proposal *p = &d->proposals[i];

        if (p->entry == UINT32_MAX)
            continue;
        if (p->clause != last)
            buf_printf(got, "%s" SLICE_FMT "=", got->len ? " " : "",
                       SLICE_ARG(d->clauses[p->clause].number));
        buf_printf(got, "%s" SLICE_FMT, p->clause == last ? "," : "",
                   SLICE_ARG(
                       library->model->obligations[library->entries[p->entry].obligation].id));
        last = p->clause;
    }
    return same(l, ASKS, got);
}

static void check_proposals(const struct letter *l, const struct draft *d, struct buf *got)
{
    bool right = right_times(l, d, got);

    right = right_window(l, d, got) && right;
    right = right_leads(l, d, got) && right;
    right_proposals += right_asks(l, d, got) && right;
}

/* Into the golden file; the library's scopes, the same in all, once. */
static void keep_draft(struct slice text)
{
    size_t scopes = slice_find(text, SLICE("\nscopes:\n")), after;

    if (drafts.len > 0 && scopes != SIZE_MAX) {
        struct slice rest = slice_from(text, scopes);

        after = CANH_MIN(slice_find(rest, SLICE("\ngaps:")), slice_find(rest, SLICE("\nclauses:")));
        buf_append_slice(&drafts, slice_head(text, scopes));
        text = slice_from(rest, after);
    }
    buf_append_slice(&drafts, text);
}

/* Every word of the letter stands in the draft that is written, but for rules and the motto. */
static void check_loss(const struct letter *l, const struct draft *d)
{
    struct buf out = BUF_INIT(1 << 22);
    struct plan_source source = {.catalogue = load.catalogue};
    struct err err = ERR_INIT;
    const struct plan *p = NULL;
    struct slice key;

    draft_write(&out, d, library, SLICE("draft"));
    source.text = arena_dup(&load.arena, buf_slice(&out));
    keep_draft(source.text);
    ok(plan_parse(&load.arena, &source, &p, &err) == 0, "%.*s: reads back %u:%u %s",
       SLICE_ARG(l->name), err.line, err.col, err_words(&err));
    key = buf_slice(&out);
    for (size_t i = 0; i < l->count; i++) {
        struct slice rest = l->paras[i].text, word;

        while (rest.n > 0) {
            size_t n = 0;

            while (n < rest.n && strchr(" \n|:", rest.p[n]) == NULL)
                n++;
            word = slice_head(rest, n);
            rest = slice_from(rest, n + 1);
            while (word.n > 0 && strchr(";.,:/-*+()_", word.p[word.n - 1]))
                word = slice_head(word, word.n - 1);
            word = slice_from(word, 3); /* a title's first letter becomes small */
            if (word.n > 0 && slice_find(key, word) == SIZE_MAX &&
                slice_find(SLICE(
                               "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM ĐẢNG CỘNG SẢN VIỆT NAM Độc lập "
                               "Tự do Hạnh phúc Kính gửi Nơi nhận ngày tháng năm STT Nội dung "
                               "công việc Nhiệm vụ KẾ HOẠCH QUYẾT ĐỊNH CHỈ THỊ CÔNG ĐIỆN THÔNG BÁO "
                               "Lưu THÔNG TƯ LIÊN TỊCH TỜ TRÌNH 2026TỜ PHƯƠNG ÁN HƯỚNG DẪN "
                               "CHƯƠNG TRÌNH HÀNH ĐỘNG CÔNG ĐIỆN KHẨN LỆNH ĐIỀU ĐỘNG LIÊN TỊCH"),
                           word) == SIZE_MAX &&
                slice_find(SLICE("• –"), word) == SIZE_MAX)
                ok(false, "%.*s: “%.*s” is lost", SLICE_ARG(l->name),
                   SLICE_ARG(slice_of(word.p - 3, word.n + 3)));
        }
    }
    buf_done(&out);
}

static void check(struct letter *l)
{
    struct err err = ERR_INIT;
    struct buf got = BUF_INIT(1 << 16);
    struct draft *d = NULL;

    letters++;
    l->paras[l->count] = (struct draft_para){.text = SLICE("Thư khác, không phải thư này.")};
    if (draft_read(&load.arena, l->paras, l->count, l->lines, &d, &err) < 0 ||
        draft_propose(&load.arena, d, library, &err) < 0) {
        ok(false, "%.*s is read: %s", SLICE_ARG(l->name), err_words(&err));
        return;
    }
    if (l->wanted) {
        check_head(l, d, &got);
        check_clauses(l, d, &got);
        check_proposals(l, d, &got);
    }
    check_loss(l, d);
    buf_done(&got);
}

static void check_file(const char *name, unsigned least)
{
    static struct letter l;
    struct slice rest = planload_file(&load, name);
    unsigned before = letters;

    right_heads = right_clauses = right_proposals = 0;
    while (next_letter(&rest, &l))
        check(&l);
    tap_note("%s: %u letters: head right %u, clauses right %u, proposals right %u", name,
             letters - before, right_heads, right_clauses, right_proposals);
    ok(letters - before >= least, "%s: %u letters", name, least);
}

int main(void)
{
    struct err err = ERR_INIT;
    const struct plan *model;

    if (!planload_catalogue(&load) || (model = planload_plan(&load, "quang-ngai-2020")) == NULL ||
        library_parse(&load.arena, planload_file(&load, "plans/library.yaml"), model, &library,
                      &err) < 0) {
        ok(false, "the library loads %s", err_words(&err));
        return tap_done();
    }
    drafts = BUF_INIT(1 << 22);
    check_file("tests/unit/plan/letters.txt", 30);
    check_file("tests/unit/plan/pages.txt", 30);
    check_file("tests/unit/plan/unseen.txt", 20);
    check_file("tests/unit/plan/later.txt", 18);
    golden_is(&load, "drafts.yaml", &drafts);
    buf_clear(&drafts);
    check_file("tests/unit/plan/odd.txt", 12);
    golden_is(&load, "odd.yaml", &drafts);
    buf_done(&drafts);
    arena_done(&load.arena);
    return tap_done();
}
