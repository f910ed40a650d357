/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/draft.h"
#include "plan/draft_text.h"
#include "plan/plan.h"

#include <stdlib.h>

#include "base/time.h"
#include "err_words.h"
#include "golden.h"

static struct planload load;
static const struct library *library;

/* A text's lines as paragraphs. */
static size_t split(struct slice text, struct draft_para *to, size_t max)
{
    size_t n = 0;
    uint32_t number = 0;
    struct slice line;

    while (n < max && slice_cut(&text, '\n', &line)) {
        number++;
        if (slice_trim(line).n > 0)
            to[n++] = (struct draft_para){.text = line, .number = number};
    }
    return n;
}

static struct draft *draft_of(struct slice text)
{
    static struct draft_para paras[2000];
    struct err err = ERR_INIT;
    struct draft *d = NULL;

    ok(draft_read(&load.arena, paras, split(text, paras, 2000), true, &d, &err) == 0 &&
           draft_propose(&load.arena, d, library, &err) == 0,
       "a letter is read %s", err_words(&err));
    return d;
}

static void numbers_are(const struct draft *d, const char *want)
{
    struct buf got = BUF_INIT(4000);

    for (uint32_t i = 0; i < d->clause_count; i++)
        buf_printf(&got, "%s" SLICE_FMT, i ? " " : "", SLICE_ARG(d->clauses[i].number));
    buf_puts(&got, ";");
    for (uint32_t i = 0; i < d->gap_count; i++)
        buf_printf(&got, " " SLICE_FMT "<" SLICE_FMT, SLICE_ARG(d->gaps[i].after),
                   SLICE_ARG(d->gaps[i].missing));
    is_str(buf_cstr(&got), want, "clauses and gaps");
    buf_done(&got);
}

/* What is written reads back as a plan with the same clauses and proposals. */
static const struct plan *reads_back(const struct draft *d)
{
    struct buf out = BUF_INIT(1 << 22);
    struct plan_source source = {.catalogue = load.catalogue};
    struct err err = ERR_INIT;
    const struct plan *p = NULL;

    draft_write(&out, d, library, SLICE("draft"));
    source.text = arena_dup(&load.arena, buf_slice(&out));
    ok(plan_parse(&load.arena, &source, &p, &err) == 0, "the draft reads back %u:%u %s", err.line,
       err.col, err_words(&err));
    buf_done(&out);
    if (p == NULL)
        return NULL;
    is_int(p->clause_count, d->clause_count, "with all its clauses");
    is_int(p->obligation_count, d->proposal_count, "and all its proposals");
    ok(p->draft && !p->clauses[0].checked, "marked as to be checked");
    for (uint32_t i = 0; i < d->proposal_count; i++) {
        const struct draft_when *w = &d->proposals[i].when;

        if (i < p->obligation_count && w->every[0] != 0)
            is_slice(p->obligations[i].parts[0].word, w->word, "in the letter's words");
    }
    for (uint32_t i = 0; i < p->clause_count; i++) {
        if (!slice_eq(p->clauses[i].text, d->clauses[i].text))
            is_slice(p->clauses[i].text, d->clauses[i].text, "word for word");
    }
    return p;
}

/* Of the model's 69, how many are proposed in their own clause, and how many elsewhere. */
static void measure(const struct draft *d)
{
    static const struct {
        const char *draft, *plan;
    } same[] = {{"I.p1", "I.C"}};
    const struct plan *m = library->model;
    unsigned right = 0, wrong = 0;

    for (uint32_t i = 0; i < d->proposal_count; i++) {
        const struct draft_proposal *p = &d->proposals[i];
        const struct plan_obligation *o = &m->obligations[library->entries[p->entry].obligation];
        struct slice number = d->clauses[p->clause].number;

        if (slice_is(number, same[0].draft))
            number = slice_str(same[0].plan);
        if (slice_eq(number, m->clauses[o->clause].number)) {
            right++;
        } else {
            wrong++;
            tap_note(SLICE_FMT " proposed at " SLICE_FMT ": " SLICE_FMT, SLICE_ARG(o->id),
                     SLICE_ARG(number), SLICE_ARG(p->term));
        }
    }
    tap_note("%u of 69 proposed where they belong, %u elsewhere", right, wrong);
    ok(right >= 66, "nearly all obligations of the directive are proposed");
    ok(wrong <= 6, "and few where they do not belong");
}

static void test_directive(void)
{
    struct buf text = BUF_INIT(1 << 20);
    const struct draft *d;
    char path[4096];

    (void)snprintf(path, sizeof(path), "%s/../directive.txt", tap_data_dir() ? tap_data_dir() : "");
    if (tap_data_dir() == NULL || file_read(path, &text, NULL) < 0) {
        tap_skip("the document itself is not here");
        return;
    }
    d = draft_of(arena_dup(&load.arena, buf_slice(&text)));
    buf_done(&text);
    if (d == NULL)
        return;
    numbers_are(d, "P I I.1 I.2 I.3 I.4 I.5 I.6 I.8 I.p1 II II.1 II.2 II.3 II.4 II.5 II.6 II.7 C; "
                   "I.6<I.7");
    is_slice(d->number, SLICE("/STTTT"), "number");
    is_int(d->date, days_from_date(2020, 10, 5), "date");
    is_slice(d->place, SLICE("Quảng Ngãi"), "place");
    is_slice(d->issuer, SLICE("SỞ THÔNG TIN VÀ TRUYỀN THÔNG"), "issuer");
    is_slice(d->subject,
             SLICE("V/v phương án quản lý, bảo đảm an ninh, an toàn thông tin trong thời gian "
                   "trước Đại hội Đảng bộ tỉnh Quảng Ngãi lần thứ XX"),
             "subject");
    is_int(d->recipient_count, 7, "seven recipients");
    is_int(d->observer_count, 5, "five who get a copy");
    is_slice(d->end_event, SLICE("Đại hội đại biểu Đảng bộ tỉnh lần thứ XX"), "what ends it");
    for (uint32_t i = 0; i < d->clause_count; i++) {
        struct slice number =
            slice_is(d->clauses[i].number, "I.p1") ? SLICE("I.C") : d->clauses[i].number;
        uint32_t k = plan_find_clause(library->model, number);

        ok(k != PLAN_NONE && slice_starts(d->clauses[i].text, library->model->clauses[k].text),
           "clause " SLICE_FMT " has its text", SLICE_ARG(number));
    }
    measure(d);
    (void)reads_back(d);
}

static void test_invented(void)
{
    const struct draft *d = draft_of(planload_file(&load, "tests/unit/plan/letter.txt"));
    const struct plan *p;
    unsigned unmarked = 0;

    if (d == NULL)
        return;
    numbers_are(d, "P A A.1 A.1.a A.1.b A.1.d A.1.đ A.2 A.2.-1 A.2.-2 B B.1 B.2 B.4 C C-2; "
                   "A.1.b<A.1.c B.2<B.3");
    is_slice(d->number, SLICE("12/CAT-PA05"), "number");
    is_int(d->date, days_from_date(2027, 1, 4), "date");
    is_slice(d->end_event, SLICE("Tết Nguyên đán Đinh Mùi"), "from nay đến hết");
    p = reads_back(d);
    for (uint32_t i = 0; i < d->proposal_count; i++)
        unmarked += d->proposals[i].unmarked;
    ok(unmarked > 0, "a clause typed without tones is recognised, and marked so");
    ok(p && plan_find_obligation(p, SLICE("A.1.a.a")) != PLAN_NONE, "backup is proposed");
}

static void test_odd(void)
{
    struct draft_para one = {.text = SLICE("chỉ một dòng"), .number = 1};
    struct draft_para *many = calloc(DRAFT_PARAS_MAX, sizeof(*many));
    struct arena arena = ARENA_INIT(64 << 20);
    struct draft *d = NULL;

    ok(draft_read(&load.arena, NULL, 0, true, &d, NULL) == 0 && d->clause_count == 0,
       "nothing gives nothing");
    ok(draft_read(&load.arena, &one, 1, true, &d, NULL) == 0, "one line");
    is_int(draft_read(&load.arena, &one, DRAFT_PARAS_MAX + 1, true, &d, NULL), -CE_TOO_BIG,
           "too many paragraphs");
    ok(draft_read(&arena, many, DRAFT_PARAS_MAX, false, &d, NULL) == 0, "as many as may be");
    one.text = slice_of(memset(many, 'x', 100000), 100000);
    ok(draft_read(&arena, &one, 1, false, &d, NULL) == 0 && d->clause_count == 7,
       "and one that is long");
    free(many);
    arena_done(&arena);
}

static void test_capitals(void)
{
    static const struct {
        const char *text;
        bool capitals;
    } rows[] = {
        {"", false},           {"A", false},     {"AB", true},      {"AZ", true},
        {"Ab", false},         {"ABCDa", false}, {"ABCDEa", true},  {"ABCDEFGHab", false},
        {"ABCDEFGHIaz", true}, {"12/34", false}, {"SỞ Y TẾ", true}, {"Sở Y tế", false},
    };

    for (size_t i = 0; i < CANH_LEN(rows); i++)
        ok(draft_is_capitals(slice_str(rows[i].text)) == rows[i].capitals, "“%s”", rows[i].text);
}

/* Lines as a letter's paragraphs: which belong to one. */
static void joined_are(const char *text, const char *want)
{
    struct draft_para paras[20];
    struct draft_block *blocks = NULL;
    struct buf got = BUF_INIT(4000);
    struct err err = ERR_INIT;
    size_t n = 0, count = split(slice_str(text), paras, 20);

    is_int(draft_blocks(&load.arena, paras, count, true, &blocks, &n, &err), 0, "joined");
    for (size_t i = 0; i < n; i++)
        buf_printf(&got, "%s" SLICE_FMT, i ? "|" : "", SLICE_ARG(blocks[i].whole));
    is_str(buf_cstr(&got), want, "paragraphs of lines");
    buf_done(&got);
}

#define LONG "Một dòng dài như các dòng trong thư, hết câu ở ngay đây."

static void test_joined(void)
{
    joined_are(LONG "\nRà soát,\nKiểm tra\nMáy chủ", LONG "|Rà soát, Kiểm tra|Máy chủ");
    joined_are(LONG "\nRà soát\nkiểm tra", LONG "|Rà soát kiểm tra");
    joined_are(LONG "\nRà soát fire-\nwall và work-\nstation",
               LONG "|Rà soát firewall và workstation");
    joined_are(LONG "\nRà soát đường hữu nghị Việt-\nnga",
               LONG "|Rà soát đường hữu nghị Việt- nga");
    joined_are(LONG "\nRà soát fire\xc2\xad\nwall", LONG "|Rà soát firewall");
    joined_are(LONG "\nRà soát fire-\n  wall", LONG "|Rà soát firewall");
    joined_are(LONG "\nRà soát:\nkiểm tra", LONG "|Rà soát:|kiểm tra");
    joined_are(LONG "\nRà soát\n- kiểm tra", LONG "|Rà soát|- kiểm tra");
    joined_are(LONG "\nRà soát,\nCăn cứ Luật", LONG "|Rà soát,|Căn cứ Luật");
    joined_are(LONG "\nRà soát,\nNơi nhận", LONG "|Rà soát,|Nơi nhận");
    joined_are(LONG "\nRà soát,\nXét đề nghị", LONG "|Rà soát,|Xét đề nghị");
    joined_are(LONG "\nMột dòng dài như các dòng trong thư không hết câu\nMáy chủ",
               LONG "|Một dòng dài như các dòng trong thư không hết câu Máy chủ");
    joined_are(LONG "\nMột dòng dài như các dòng trong thư, hết câu;\nMáy chủ",
               LONG "|Một dòng dài như các dòng trong thư, hết câu;|Máy chủ");
    joined_are(LONG "\nSỞ Y TẾ\nTRUNG TÂM", LONG "|SỞ Y TẾ|TRUNG TÂM");
    joined_are(LONG "\nSỞ Y TẾ,\nTRUNG TÂM", LONG "|SỞ Y TẾ, TRUNG TÂM");
    joined_are(LONG "\nSỞ Y TẾ,\nTrung tâm", LONG "|SỞ Y TẾ,|Trung tâm");
}

/* Numbers in words go on where numbers stood, else they count by themselves. */
static void test_words(void)
{
    numbers_are(draft_of(SLICE("Kính gửi: A.\n1. Một việc.\n2. Hai việc.\nBa là, ba việc.\n"
                               "Bốn là, bốn việc.\n5. Năm việc.\n")),
                "1 2 3 4 5;");
    numbers_are(draft_of(SLICE("Kính gửi: A.\n1. Việc.\n2. Việc.\na) Ý.\nb) Ý.\nBa là, việc.\n")),
                "1 2 2.a 2.b 3;");
    numbers_are(draft_of(
                    SLICE("Kính gửi: A.\n1. Việc.\na) Ý.\nb) Ý.\nMột là, việc.\nHai là, việc.\n")),
                "1 1.a 1.b 1.b.1 1.b.2;");
    numbers_are(draft_of(SLICE("Kính gửi: A.\nI. Mục.\nMột là, việc.\nHai là, việc.\nII. Mục.\n"
                               "Một là, việc.\n")),
                "I I.1 I.2 II II.1;");
}

/* What YAML cannot hold in quotes is a blank, what it quotes with is kept. */
static void test_quoting(void)
{
    const struct draft *d = draft_of(SLICE("Kính gửi: A.\n1. Ký \"tự\" \\ a\x01"
                                           "b\x7F"
                                           "c\xC2\x9F"
                                           "d\xE2\x80\xA8"
                                           "e\xE2\x80\xA9"
                                           "g\xEF\xBF\xBE"
                                           "h\xEF\xBF\xBF"
                                           "i\xFF"
                                           "k\n"));
    struct buf out = BUF_INIT(1 << 20);
    struct plan_source source = {.catalogue = load.catalogue};
    struct err err = ERR_INIT;
    const struct plan *p = NULL;

    draft_write(&out, d, library, SLICE("draft"));
    source.text = arena_dup(&load.arena, buf_slice(&out));
    if (ok(plan_parse(&load.arena, &source, &p, &err) == 0 && p->clause_count == 1,
           "reads back: %u:%u %s", err.line, err.col, err_words(&err)))
        is_slice(p->clauses[0].text, SLICE("Ký \"tự\" \\ a b c d e g h i k"), "all that is text");
    buf_done(&out);
}

static void list_is(const struct slice *list, uint32_t count, const char *want, const char *what)
{
    struct buf got = BUF_INIT(4000);

    for (uint32_t i = 0; i < count; i++)
        buf_printf(&got, "%s" SLICE_FMT, i ? "|" : "", SLICE_ARG(list[i]));
    is_str(buf_cstr(&got), want, "%s", what);
    buf_done(&got);
}

/* An end in two columns, and an annex behind it that is none of them. */
static void test_end(void)
{
    const struct draft *d = draft_of(SLICE("SỞ A\nSố: 5/SA\nKính gửi: Các phòng.\n1. Trực ca.\n"
                                           "Nơi nhận:                    GIÁM ĐỐC\n"
                                           "- Như trên;                    (Đã ký)\n"
                                           "- Lưu: VT.                 Lê Văn Thử\n"
                                           "PHỤ LỤC\n"
                                           "1. Cột một               cột hai.\n"));

    numbers_are(d, "1 PL PL.1;");
    list_is(d->other, d->other_count, "- Như trên;|- Lưu: VT.|GIÁM ĐỐC|(Đã ký)|Lê Văn Thử",
            "who gets it, then who signed it");
    d = draft_of(SLICE("SỞ A\nSố: 5/SA\nLam Giang, ngày 1 tháng 12 năm 2026\n"
                       "(Gửi qua trục liên thông)\nKính gửi: Các phòng.\n1. Việc chung.\n"));
    numbers_are(d, "1;");
    list_is(d->other, d->other_count, "(Gửi qua trục liên thông)", "a line of the head");
}

static void test_leads(void)
{
    static const struct {
        const char *text, *lead;
    } rows[] = {
        {"Sở Y tế chủ trì, phối hợp với Công an tỉnh rà soát.", "Sở Y tế"},
        {"Giao Sở Khoa học và Công nghệ chủ trì theo dõi.", "Sở Khoa học và Công nghệ"},
        {"Công an tỉnh có trách nhiệm chủ trì điều tra.", "Công an tỉnh"},
        {"Yêu cầu Viễn thông tỉnh, chủ trì ứng cứu.", "Viễn thông tỉnh"},
        {"Rà soát. Đơn vị nào chủ trì thì báo cáo.", ""},
        {"các đơn vị được phân công chủ trì báo cáo", ""},
        {"đơn vị chủ trì báo cáo", ""},
        {"Giao Công an tỉnh kiểm tra trong quý I.", "Công an tỉnh"},
        {"Văn phòng theo dõi, đôn đốc.", "Văn phòng"},
        {"Phòng ngừa, theo dõi tấn công.", ""},
        {"Sở yêu cầu: rà soát.", ""},
        {"Văn phòng thông báo để các đơn vị biết, thực hiện./.", ""},
        {"Công an tỉnh đề nghị các đơn vị phối hợp thực hiện./.", ""},
        {"Trực 24/24 giờ.", ""},
        {"", ""},
    };
    struct arena arena = ARENA_INIT(1 << 20);

    for (size_t i = 0; i < CANH_LEN(rows); i++)
        is_slice(draft_lead(&arena, slice_str(rows[i].text)), slice_str(rows[i].lead),
                 "who leads: %s", rows[i].text);
    arena_done(&arena);
}

/* A paragraph of three clauses' length is all there, in order, below its number. */
static void test_long_paragraph(void)
{
    struct arena arena = ARENA_INIT(64 << 20);
    struct buf text = BUF_INIT(1 << 20), got = BUF_INIT(1 << 20);
    struct draft_para paras[2];
    struct draft *d;
    struct err e = ERR_INIT;

    for (unsigned i = 0; text.len < 40000; i++)
        buf_printf(&text, "Câu số %u của một đoạn rất dài. ", i);
    text.len--;
    paras[0] = (struct draft_para){.text = SLICE("Kính gửi: Các sở."), .number = 1};
    paras[1] = (struct draft_para){.text = buf_slice(&text), .label = SLICE("1."), .number = 2};
    is_int(draft_read(&arena, paras, 2, false, &d, &e), 0, "a very long paragraph");
    for (uint32_t i = 0; i < d->clause_count; i++) {
        ok(d->clauses[i].text.n <= PLAN_TEXT_MAX, "a clause of a size that a plan can have");
        buf_puts(&got, i ? " " : "");
        buf_append_slice(&got, d->clauses[i].text);
    }
    is_int(d->clause_count, 3, "three clauses");
    is_slice(d->clauses[1].number, SLICE("1.p1"), "the second below the first");
    ok(slice_eq(buf_slice(&got), buf_slice(&text)), "and nothing is lost");
    buf_done(&text);
    buf_done(&got);
    arena_done(&arena);
}

/* Lines of a text: one that no letterhead has is no reason to give up, nor are many numbers. */
static void test_long_lines(void)
{
    struct arena arena = ARENA_INIT(64 << 20);
    struct buf text = BUF_INIT(1 << 20), numbers = BUF_INIT(1 << 22);
    struct draft_para paras[2] = {{.text = SLICE("Kính gửi: Các sở."), .number = 1}, {.number = 2}};
    struct draft *d;
    struct err e = ERR_INIT;
    size_t kept = 0;

    while (text.len < 70000)
        buf_puts(&text, "một câu dài. ");
    paras[1].text = slice_trim(buf_slice(&text));
    if (is_int(draft_read(&arena, paras, 2, true, &d, &e), 0, "a very long line: %s",
               err_words(&e))) {
        for (uint32_t i = 0; i < d->clause_count; i++)
            kept += d->clauses[i].text.n + 1;
        ok(kept > paras[1].text.n, "is all there");
    }
    while (numbers.len < 1000000)
        buf_puts(&numbers, "1 ");
    buf_puts(&numbers, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc Số: 1/A");
    paras[0].text = buf_slice(&numbers);
    is_int(draft_read(&arena, paras, 1, true, &d, &e), 0, "a line of numbers before a letterhead");
    buf_done(&text);
    buf_done(&numbers);
    arena_done(&arena);
}

/* How long the clauses are that a paragraph of so many bytes gives: `unit` again and again, and at
 * one place something else. */
static void parts_are(const char *unit, size_t bytes, size_t at, const char *there,
                      const char *want)
{
    struct arena arena = ARENA_INIT(64 << 20);
    struct buf text = BUF_INIT(1 << 20), got = BUF_INIT(1000);
    struct draft_para para = {.label = SLICE("1."), .number = 1};
    struct draft *d;
    struct err e = ERR_INIT;

    while (text.len < bytes + 8)
        buf_puts(&text, unit);
    memcpy(text.p + at, there, strlen(there));
    para.text = slice_of(text.p, bytes);
    is_int(draft_read(&arena, &para, 1, false, &d, &e), 0, "%zu bytes of “%s”", bytes, unit);
    for (uint32_t i = 0; i < d->clause_count; i++)
        buf_printf(&got, "%s%zu", i ? " " : "", d->clauses[i].text.n);
    is_str(buf_cstr(&got), want, "lie in so many clauses");
    buf_done(&text);
    buf_done(&got);
    arena_done(&arena);
}

static void test_parted(void)
{
    const size_t max = PLAN_TEXT_MAX;

    parts_are("x", max, 0, "x", "16384");
    parts_are("ab c", max, 0, "a", "16384");
    parts_are("x", max + 1, 0, "x", "16384 1");
    parts_are("ữ", 3 * 6000, 0, "ữ", "16383 1617");             /* between two characters */
    parts_are("x", max + 10, max, " y", "16384 9");             /* at a blank */
    parts_are("x", max + 10, max + 1, " y", "16384 10");        /* the blank comes too late */
    parts_are("x", max + 10, max - 9, " yyyyy zz", "16381 12"); /* the last one */
    parts_are("x", max + 10, max - 9, ". yyyy zz", "16376 17"); /* behind a sentence first */
    parts_are("x", max + 10, max - 9, "; yyyy zz", "16376 17");
    parts_are("x", max + 10, max / 2 - 1, ". ", "16384 10"); /* not too far before */
    parts_are("x", max + 10, max / 2, ". ", "8193 8200");
}

/* Paragraphs before the first number are one clause while they fit. */
static void test_preamble(void)
{
    struct arena arena = ARENA_INIT(64 << 20);
    uint8_t text[PLAN_TEXT_MAX / 2];
    struct draft_para paras[3] = {{.text = SLICE("Kính gửi: A."), .number = 1}};
    struct draft *d;
    struct err e = ERR_INIT;

    memset(text, 'x', sizeof(text));
    paras[1] = (struct draft_para){.text = slice_of(text, sizeof(text)), .number = 2};
    paras[2] = (struct draft_para){.text = slice_of(text, sizeof(text) - 1), .number = 3};
    is_int(draft_read(&arena, paras, 3, false, &d, &e), 0, "two paragraphs that fit one clause");
    numbers_are(d, "P;");
    paras[2].text.n++;
    is_int(draft_read(&arena, paras, 3, false, &d, &e), 0, "two that do not");
    numbers_are(d, "P P-2;");
    arena_done(&arena);
}

/* More than a plan can name is counted, or stays in the clauses' texts. */
static void test_many(void)
{
    struct arena arena = ARENA_INIT(64 << 20);
    struct draft_para *paras = calloc(DRAFT_CLAUSES_MAX, sizeof(*paras));
    struct draft *d;
    struct err e = ERR_INIT;
    char text[DRAFT_LEADS_MAX + 2][64];
    uint32_t led = 0;

    for (uint32_t i = 0; i < DRAFT_CLAUSES_MAX; i++)
        paras[i] = (struct draft_para){.text = SLICE("Tưới cây hằng ngày, hằng tuần."),
                                       .label = SLICE("-"),
                                       .number = i + 1};
    ok(draft_read(&arena, paras, 600, false, &d, &e) == 0 &&
           draft_propose(&arena, d, library, &e) == 0,
       "600 clauses with two times each");
    is_int(d->proposal_count, DRAFT_PROPOSALS_MAX, "as many as are kept");
    is_int(d->more_proposals, 1200 - DRAFT_PROPOSALS_MAX, "the others are counted");

    for (size_t i = 0; i < CANH_LEN(text); i++) {
        (void)snprintf(text[i], sizeof(text[i]), "Giao Công an xã %c%c chủ trì tưới cây.",
                       (char)('A' + i / 26), (char)('A' + i % 26));
        paras[i].text = slice_str(text[i]);
    }
    paras[CANH_LEN(text)].text = slice_str(text[0]);
    ok(draft_read(&arena, paras, CANH_LEN(text) + 1, false, &d, &e) == 0 &&
           draft_propose(&arena, d, library, &e) == 0,
       "more leads than a plan names");
    for (uint32_t i = 0; i < d->clause_count; i++)
        led += d->clauses[i].lead == i;
    is_int(led, DRAFT_LEADS_MAX, "as many as it names");
    is_int(d->clauses[CANH_LEN(text)].lead, 0, "and the first once more");
    free(paras);
    arena_done(&arena);
}

static void test_levels(void)
{
    const struct draft *d;

    numbers_are(draft_of(SLICE("Kính gửi: A.\n1. Việc.\n1.1.1. Ý.\n1.2.2. Ý.\n")),
                "1 1.1 1.2; 1<1.1-2");
    numbers_are(draft_of(SLICE("Kính gửi: A.\n1. Việc.\n1.1.1. Ý.\n1.1.2. Ý.\n1.2.1. Ý.\n")),
                "1 1.1 1.2 1.1-2;");
    numbers_are(draft_of(SLICE("Kính gửi: A.\n1. Việc.\n2. Việc.\n1. Việc.\n4. Việc.\n2. Việc.\n"
                               "4. Việc.\n")),
                "1 2 1-2 4 2-2 4-2; 1-2<3");
    numbers_are(draft_of(SLICE("Kính gửi: A.\na) Ý.\n5.1. Việc.\n5.2. Việc.\n6.1. Việc.\n")),
                "a 5.1 5.2 6.1;");
    numbers_are(draft_of(SLICE("Kính gửi: A.\nI. Mục.\n1. Việc.\na) Ý.\n3.1. Việc.\n3."
                               "2. Việc.\n")),
                "I I.1 I.1.a I.3.1 I.3.2;");
    numbers_are(draft_of(SLICE("Kính gửi: A.\nA. PHẦN\nA.1. Việc.\n(1) Ý.\n(2) Ý.\nA.2. Việc.\n"
                               "(1) Ý.\na) Ý.\n(1) Ý.\n(2) Ý.\n3. Việc.\n(4) Việc.\n")),
                "A A.1 A.1.1 A.1.2 A.2 A.2.1 A.2.1.a A.2.1.a.1 A.2.1.a.2 A.3 A.4;");
    numbers_are(draft_of(SLICE("Kính gửi: A.\nChương I\nCHUNG\nĐiều 1. Việc.\nĐiều 2. Việc.\n"
                               "Chương II\nRIÊNG\nMục 1\nMỘT\nĐiều 3. Việc.\nĐiều 5. Việc.\n")),
                "I I.1 I.2 II II.1 II.1.3 II.1.5; II.1.3<II.1.4");
    d = draft_of(SLICE("Kính gửi: A.\n27. Việc.\n60. Việc.\n"));
    is_int(d->gap_count, 40, "twenty of each gap are named");
    is_slice(d->gaps[39].missing, SLICE("47"), "the last of the second");
    is_int(d->more_gaps, 6 + 12, "the others are counted");

    numbers_are(draft_of(SLICE("Kính gửi: A.\nCác đơn vị sau:\nMột việc của đơn vị.\n"
                               "Hai việc của đơn vị.\n")),
                "P p1 p2;");
    numbers_are(draft_of(SLICE("Kính gửi: A.\n1. Việc.\na) Ý.\nThực hiện./.\nPHỤ LỤC\n"
                               "b) Ý khác.\n1. Việc.\n")),
                "1 1.a C PL PL.b PL.1; PL<PL.a");
    numbers_are(draft_of(SLICE("Kính gửi: A.\n1. Việc.\nThực hiện./.\nPHỤ LỤC I\n1. Ý.\n"
                               "PHỤ LỤC III\n1. Ý.\n")),
                "1 C PL PL.1 PL-2 PL-2.1;");
}

static void put_text(struct buf *out, const char *name, struct slice s)
{
    if (s.n > 0)
        buf_printf(out, " %s=“" SLICE_FMT "”", name, SLICE_ARG(s));
}

static void put_texts(struct buf *out, const char *name, const struct slice *list, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        put_text(out, name, list[i]);
}

static void put_day(struct buf *out, const char *name, int64_t day)
{
    if (day == TIME_NONE)
        return;
    buf_printf(out, " %s=", name);
    time_format(out, day * TIME_DAY, 0);
}

static void put_draft(struct buf *out, const struct draft *d)
{
    put_text(out, "number", d->number);
    put_day(out, "date", d->date);
    put_text(out, "place", d->place);
    put_text(out, "issuer", d->issuer);
    put_text(out, "kind", d->kind);
    put_text(out, "subject", d->subject);
    put_texts(out, "to", d->recipients, d->recipient_count);
    put_texts(out, "copy", d->observers, d->observer_count);
    put_texts(out, "basis", d->basis, d->basis_count);
    put_texts(out, "other", d->other, d->other_count);
    put_text(out, "end", d->end_event);
    put_day(out, "from", d->window_from);
    put_day(out, "until", d->window_until);
    for (uint32_t i = 0; i < d->clause_count; i++) {
        const struct draft_clause *c = &d->clauses[i];

        put_text(out, "clause", c->number);
        buf_printf(out, " at %u", c->para);
        put_text(out, "text", c->text);
        put_text(out, "who", c->who);
        if (c->task != NULL) {
            put_text(out, "task", c->task->what);
            put_text(out, "by", c->task->who);
            put_text(out, "with", c->task->with);
            put_text(out, "due", c->task->due);
        }
    }
    for (uint32_t i = 0; i < d->gap_count; i++)
        put_text(out, "gap", d->gaps[i].missing);
    for (uint32_t i = 0; i < d->proposal_count; i++) {
        const struct draft_proposal *p = &d->proposals[i];

        put_text(out, "proposed", d->clauses[p->clause].number);
        put_text(out, "by", p->term);
        buf_printf(out, "%s %s", p->unmarked ? " unmarked" : "", p->when.every);
        put_text(out, "as", p->when.word);
        put_day(out, "from", p->from);
        put_day(out, "until", p->until);
    }
}

/* A copy with line breaks for “¶” and bars for “¦”. */
static struct slice unescape(struct arena *arena, struct slice s)
{
    uint8_t *to = arena_alloc(arena, s.n + 1);
    size_t n = 0;

    for (size_t i = 0; to != NULL && i < s.n; i++) {
        bool mark = s.p[i] == 0xC2 && i + 1 < s.n && (s.p[i + 1] == 0xB6 || s.p[i + 1] == 0xA6);

        to[n++] = !mark ? s.p[i] : s.p[++i] == 0xB6 ? '\n' : '|';
    }
    return slice_of(to, n);
}

/* The cells of a row behind “&” each. */
static size_t add_row(struct draft_para *to, size_t max, struct slice row, uint32_t number,
                      const struct draft_para *above)
{
    size_t n = 0;
    uint32_t col = 0;
    struct slice cell;

    (void)slice_cut(&row, '&', &cell);
    while (n < max && slice_cut(&row, '&', &cell)) {
        cell = slice_trim(cell);
        col++;
        if (cell.n > 0)
            to[n++] = (struct draft_para){.text = cell,
                                          .number = number,
                                          .table = above ? above->table : number,
                                          .row = above ? above->row + 1 : 1,
                                          .col = col};
    }
    return n;
}

/* A letter on one line, “|” where its lines end; behind “doc” they are paragraphs, or rows of a
 * table where they begin with “&”. */
static void read_letter(struct slice letter, struct buf *out)
{
    static struct draft_para paras[200];
    struct arena arena = ARENA_INIT(64 << 20);
    struct draft *d = NULL;
    size_t n = 0;
    uint32_t number = 0;
    bool doc = slice_starts(letter, SLICE("doc ")), row, above = false;
    struct slice line;

    letter = slice_from(letter, doc ? 4 : 0);
    while (n < CANH_LEN(paras) && slice_cut(&letter, '|', &line)) {
        line = slice_trim(unescape(&arena, line));
        row = slice_starts(line, SLICE("&"));
        number++;
        if (row)
            n +=
                add_row(paras + n, CANH_LEN(paras) - n, line, number, above ? &paras[n - 1] : NULL);
        else if (line.n > 0)
            paras[n++] = (struct draft_para){.text = line, .number = number};
        above = row && n > 0;
    }
    if (draft_read(&arena, paras, n, !doc, &d, NULL) == 0 &&
        draft_propose(&arena, d, library, NULL) == 0)
        put_draft(out, d);
    arena_done(&arena);
}

/* Lines copied from a page, “|” between them, as the lines and cells of the letter that they were;
 * how many stand above it. Nothing lies behind them. */
static void read_page(struct slice page, struct buf *out)
{
    static struct draft_para paras[120];
    struct arena arena = ARENA_INIT(4 << 20);
    struct draft_para *lines, *made = NULL;
    size_t n = 0, count = 0, above = 0;
    struct slice line;

    for (; n < CANH_LEN(paras) && slice_cut(&page, '|', &line); n++)
        paras[n] = (struct draft_para){.text = unescape(&arena, line), .number = (uint32_t)n + 1};
    lines = memmove(paras + CANH_LEN(paras) - n, paras, n * sizeof(*paras));
    if (draft_page(&arena, lines, n, &made, &count, &above, NULL) == 0) {
        buf_printf(out, "%zu", above);
        for (size_t i = 0; i < count; i++) {
            if (made[i].table > 0)
                buf_printf(out, " [%u %u %u]", made[i].table, made[i].row, made[i].col);
            buf_printf(out, " “" SLICE_FMT "”", SLICE_ARG(made[i].text));
        }
    }
    arena_done(&arena);
}

/* Lines, “|” between them, as the paragraphs that they make: marker and text of each. */
static void read_joined(struct slice page, struct buf *out)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct draft_para paras[20];
    struct draft_block *blocks = NULL;
    size_t n = 0, count = 0;
    struct slice line;

    for (; n < CANH_LEN(paras) && slice_cut(&page, '|', &line); n++)
        paras[n] = (struct draft_para){.text = line, .number = (uint32_t)n + 1};
    if (draft_blocks(&arena, paras, n, true, &blocks, &count, NULL) == 0) {
        for (size_t i = 0; i < count; i++) {
            buf_printf(out, "%s" SLICE_FMT, i ? "|" : "", SLICE_ARG(blocks[i].whole));
            if (!slice_eq(blocks[i].text, blocks[i].whole))
                put_text(out, "text", blocks[i].text);
        }
    }
    arena_done(&arena);
}

/* Lines as a page's columns, “|” where they end; a line behind “||” is none of them. */
static void read_columns(struct slice page, struct buf *out)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct draft_para paras[20], *made = NULL;
    size_t n = 0, count = 0, made_count = 0;
    struct slice line;

    for (bool behind = false; n < CANH_LEN(paras) && slice_cut(&page, '|', &line);) {
        if (line.n > 0)
            paras[n++] = (struct draft_para){.text = line};
        behind = behind || line.n == 0;
        count += !behind;
    }
    if (draft_columns(&arena, paras, count, &made, &made_count, NULL) == 0) {
        for (size_t i = 0; i < made_count; i++)
            buf_printf(out, "%s" SLICE_FMT, i ? "|" : "", SLICE_ARG(made[i].text));
    }
    arena_done(&arena);
}

static void test_model(void)
{
    struct slice model = SLICE_NULL;
    struct err err = ERR_INIT;

    ok(library_model(&load.arena, planload_file(&load, "plans/library.yaml"), &model, &err) == 0,
       "the library's model: %s", err_words(&err));
    is_slice(model, SLICE("quang-ngai-2020"), "by its name");
    is_int(library_model(&load.arena, SLICE("library: a\n"), &model, &err), -CE_MISSING,
           "none is named");
    is_int(library_model(&load.arena, SLICE("model: [a]\n"), &model, &err), -CE_SYNTAX,
           "not by a name");
}

/* What is written of a letter with all that a note, a title and a name can be. */
static void test_written(void)
{
    struct buf text = BUF_INIT(1 << 16), out = BUF_INIT(1 << 22);
    const struct draft *d;

    buf_puts(&text, "SỞ A\nSố: 5/SA\nKính gửi: Sở B.\n1. Sao lưu dữ liệu 02 lần/ngày.\n"
                    "2. Tưới cây 500 ngày/lần.\n3. Tưới hoa 06 lần/tuần.\n4. Giao Sở B chủ trì. "
                    "Tưới rau ");
    while (text.len < 1000)
        buf_puts(&text, "thật đều tay ");
    buf_puts(&text, "hằng ngày.\n5. Làm hằng ngày:");
    for (uint32_t i = 0; i < library->entry_count; i++)
        buf_printf(&text, " " SLICE_FMT, SLICE_ARG(library->entries[i].terms[0].text));
    buf_puts(&text, ".\n");
    d = draft_of(arena_dup(&load.arena, buf_slice(&text)));
    draft_write(&out, d, library, SLICE("draft"));
    golden_is(&load, "written.yaml", &out);
    (void)reads_back(d);
    buf_done(&text);
    buf_done(&out);
}

int main(void)
{
    struct err err = ERR_INIT;
    const struct plan *model;

    if (!planload_catalogue(&load) || (model = planload_plan(&load, "quang-ngai-2020")) == NULL)
        return tap_done();
    ok(library_parse(&load.arena, planload_file(&load, "plans/library.yaml"), model, &library,
                     &err) == 0,
       "the library loads: %u:%u %s", err.line, err.col, err_words(&err));
    if (library != NULL) {
        for (uint32_t i = 0; i < library->audience_count; i++)
            ok(library->audiences[i].term_count > 0, "audience " SLICE_FMT " has terms",
               SLICE_ARG(library->audiences[i].id));
        for (uint32_t i = 0; i < library->entry_count; i++)
            ok(library->entries[i].term_count > 0, "entry %u has terms", i);
        is_int(library->entry_count, 69, "with all 69 obligations");
        test_directive();
        test_invented();
        test_odd();
        test_capitals();
        test_joined();
        test_words();
        test_quoting();
        test_end();
        test_leads();
        test_long_paragraph();
        test_long_lines();
        test_parted();
        test_preamble();
        test_many();
        test_model();
        test_written();
        test_levels();
    }
    golden_lines(&load, "heads.txt", read_letter);
    golden_lines(&load, "columns.txt", read_columns);
    golden_lines(&load, "joins.txt", read_joined);
    golden_lines(&load, "page-lines.txt", read_page);
    arena_done(&load.arena);
    return tap_done();
}
