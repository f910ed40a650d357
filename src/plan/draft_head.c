/* SPDX-License-Identifier: Apache-2.0 */
/* What stands above and below the body of an official letter (NĐ 30/2020, Phụ lục I). */
#include "base/ascii.h"
#include "base/num.h"
#include "base/time.h"
#include "plan/draft_text.h"
#include "plan/terms.h"

/* The number that stands after a word: "ngày 05 tháng 10". */
static bool number_after(struct slice s, const char *word, int64_t min, int64_t max, int64_t *ret)
{
    size_t at = slice_find(s, slice_str(word)), n = 0;

    if (at == SIZE_MAX)
        return false;
    at += strlen(word);
    while (at + n < s.n && ascii_is_digit(s.p[at + n]))
        n++;
    return num_range(slice_of(s.p + at, n), min, max, ret) == 0;
}

static void read_date(struct draft *d, struct slice s)
{
    size_t at = slice_find(s, SLICE("gày ")); /* with a small or a capital letter before it */
    int64_t day, month, year;

    if (d->date != TIME_NONE || at == SIZE_MAX || at > 60)
        return;
    if (draft_short_date(s, &d->date, &at)) {
        s = slice_trim(slice_head(s, at));
        d->place = s.n && s.p[s.n - 1] == ',' ? slice_head(s, s.n - 1) : s;
        return;
    }
    if (!number_after(slice_from(s, at), "gày ", 1, 31, &day) ||
        !number_after(slice_from(s, at), "tháng ", 1, 12, &month) ||
        !number_after(slice_from(s, at), "năm ", 1945, 2199, &year) ||
        !date_valid((int)year, (unsigned)month, (unsigned)day))
        return;
    d->date = days_from_date((int)year, (unsigned)month, (unsigned)day);
    s = slice_trim(slice_head(s, at - (at > 0)));
    d->place = s.n && s.p[s.n - 1] == ',' ? slice_head(s, s.n - 1) : s;
}

static void add_other(struct draft *d, struct slice s)
{
    if (!draft_is_rule(s))
        d->other[d->other_count++] = s; /* there is room for every block */
}

/* Into a list of the head; what is too much or too long for it is kept among the rest. */
static void draft_head_add(struct draft *d, struct slice *list, uint32_t *count, struct slice s)
{
    while (s.n && (s.p[s.n - 1] == ';' || s.p[s.n - 1] == '.' || s.p[s.n - 1] == ','))
        s = slice_trim(slice_head(s, s.n - 1));
    if (s.n == 0)
        return;
    if (*count < DRAFT_LIST_MAX && s.n <= DRAFT_NAME_MAX)
        list[(*count)++] = s;
    else
        add_other(d, s);
}

/* “Kính gửi:”, then a line each: with dashes, or ended by semicolons. */
static size_t read_recipients(struct draft *d, const struct draft_block *b, size_t i, size_t count)
{
    struct slice after = b[i].whole;
    size_t colon = slice_find_byte(after, ':');
    bool more = colon == SIZE_MAX || colon + 2 >= after.n || slice_ends(after, SLICE(";")) ||
                slice_ends(after, SLICE(","));

    if (slice_starts(after, SLICE("Kính gửi ")) && colon != sizeof("Kính gửi ") - 1) {
        /* “Kính gửi các anh chị,”, “Kính gửi các đơn vị:” */
        draft_head_add(d, d->recipients, &d->recipient_count,
                       slice_trim(slice_of(after.p + sizeof("Kính gửi") - 1,
                                           CANH_MIN(colon, after.n) - (sizeof("Kính gửi") - 1))));
        more = more && colon != SIZE_MAX;
    }
    if (colon != SIZE_MAX && colon + 2 < after.n) {
        struct slice first = slice_trim(slice_from(after, colon + 1));
        struct marker dash = marker_read(first);

        draft_head_add(d, d->recipients, &d->recipient_count,
                       slice_from(first, dash.kind >= MARKER_DASH ? dash.length : 0));
    }
    for (i++; i < count; i++) {
        struct slice s = b[i].marker.kind >= MARKER_DASH ? b[i].text : b[i].whole;
        bool listed = b[i].marker.kind >= MARKER_DASH ||
                      (b[i].marker.kind == MARKER_NONE && more && s.n < 200);

        if (!listed)
            break;
        more = slice_ends(s, SLICE(";")) || slice_ends(s, SLICE(","));
        if (b[i].marker.kind == MARKER_NONE && !more && !slice_ends(s, SLICE(".")) &&
            d->recipient_count == 0)
            break; /* a sentence of the body */
        draft_head_add(d, d->recipients, &d->recipient_count, s);
    }
    return i;
}

/* "từ nay đến X": what ends the window. */
static void read_end_event(struct draft *d, struct slice s)
{
    static const char *const phrases[] = {"từ nay đến hết ", "từ nay đến ", "cho đến hết "};

    for (size_t i = 0; i < CANH_LEN(phrases) && d->end_event.n == 0; i++) {
        size_t at = slice_find(s, slice_str(phrases[i])), n = 0;

        if (at == SIZE_MAX)
            continue;
        at += strlen(phrases[i]);
        while (at + n < s.n && n < 200 && s.p[at + n] != ',' && s.p[at + n] != ';' &&
               s.p[at + n] != '.' &&
               !slice_starts(slice_of(s.p + at + n, s.n - at - n), SLICE(" cần ")) &&
               !slice_starts(slice_of(s.p + at + n, s.n - at - n), SLICE(" của ")))
            n++;
        d->end_event = slice_trim(slice_of(s.p + at, n));
    }
}

/* What a head's line may go on in the next one. */
enum part { PART_NONE, PART_SUBJECT, PART_SUMMARY };

enum { SUMMARY_LINES = 6, MOTTO_MAX = 64 };

struct head {
    struct arena *arena;
    struct draft *d;
    struct slice names[8]; /* capital lines above the number: the issuer and its parent */
    unsigned name_count;
    enum part part;
    unsigned lines;      /* of the summary so far */
    bool number_follows; /* “Số:” stood alone */
    bool motto;          /* the national one was seen */
    struct slice beside; /* a second issuer in the place of the motto */
};

/* Who decides, above the basis of a decision. */
static bool is_signer(struct arena *arena, struct slice s)
{
    static const char *const words[] = {"chủ tịch",       "giám đốc",   "bộ trưởng",
                                        "cục trưởng",     "trưởng ban", "tổng giám đốc",
                                        "chánh văn phòng"};

    for (size_t i = 0; i < CANH_LEN(words); i++) {
        if (draft_begins(arena, s, words[i]))
            return true;
    }
    return false;
}

static struct slice draft_head_joined(struct arena *arena, const struct slice *parts, size_t count)
{
    struct buf text = BUF_INIT(8192);
    struct slice ret;

    for (size_t i = 0; i < count; i++) {
        buf_puts(&text, i ? " " : "");
        buf_append_slice(&text, parts[i]);
    }
    ret = arena_dup(arena, buf_slice(&text));
    buf_done(&text);
    return ret;
}

/* What needs the next line to be a name: “ỦY BAN THƯỜNG VỤ” above “QUỐC HỘI”. */
static bool is_half_name(struct slice s)
{
    static const char *const names[] = {"ỦY BAN THƯỜNG VỤ", "BAN THƯỜNG VỤ", "BAN CHẤP HÀNH",
                                        "THƯỜNG TRỰC",      "BAN CHỈ HUY",   "BAN CHỈ ĐẠO",
                                        "BAN QUẢN LÝ",      "VĂN PHÒNG"};

    for (size_t i = 0; i < CANH_LEN(names); i++) {
        if (slice_is(s, names[i]))
            return true;
    }
    return false;
}

/* The issuer is the last agency above the number with the lines that go on from it; what stands
 * above is the agency that it belongs to. */
static void settle_issuer(struct head *h)
{
    unsigned from = h->name_count;

    while (from > 0 && !draft_is_agency(h->arena, h->names[from - 1]))
        from--;
    from = from > 0 ? from - 1 : h->name_count - (h->name_count > 0);
    while (from > 0 && is_half_name(h->names[from - 1]))
        from--;
    for (unsigned i = 0; i < from; i++)
        add_other(h->d, h->names[i]);
    h->d->issuer = draft_head_joined(h->arena, h->names + from, h->name_count - from);
    if (h->beside.n > 0) {
        const struct slice both[] = {h->d->issuer, SLICE("-"), h->beside};

        h->d->issuer = draft_head_joined(h->arena, both, CANH_LEN(both));
    }
}

static void go_on(struct head *h, struct slice s)
{
    const struct slice parts[] = {h->d->subject, s};

    h->d->subject = h->d->subject.n ? draft_head_joined(h->arena, parts, 2) : s;
}

/* “89 / TTr - BM” as it is written elsewhere; blanks that are something else stay. */
static struct slice tight_number(struct arena *arena, struct slice s)
{
    uint8_t *to = arena_alloc(arena, s.n + 1);
    size_t n = 0;

    for (size_t i = 0; to != NULL && i < s.n; i++) {
        bool before = n > 0 && (to[n - 1] == '/' || to[n - 1] == '-');
        bool after = i + 1 < s.n && (s.p[i + 1] == '/' || s.p[i + 1] == '-');

        if (s.p[i] != ' ' || !(before || after))
            to[n++] = s.p[i];
    }
    return to ? slice_of(to, n) : s;
}

/* “Nghị quyết số: 653/2026/…”: the words before it are said again below. */
static struct slice from_number(struct slice s)
{
    size_t at = slice_find(slice_head(s, 30), SLICE(" số:"));

    return at == SIZE_MAX || slice_find_byte(s, '/') == SIZE_MAX ? s : slice_from(s, at + 1);
}

/* Số: 45/KH-UBND; Số 45-KH/TU */
static bool read_number(struct head *h, struct slice line)
{
    struct slice s = from_number(line);
    size_t colon = slice_find_byte(s, ':');

    if (h->number_follows && s.n < 60 && slice_find_byte(s, '/') != SIZE_MAX &&
        slice_find_byte(s, ' ') == SIZE_MAX) {
        h->number_follows = false;
        h->d->number = s;
        return true;
    }
    if (!draft_begins(h->arena, s, "số") || h->d->number.n > 0 || s.n < 5 || s.n > 80)
        return false;
    if (colon != SIZE_MAX && colon < 12)
        h->d->number = slice_trim(slice_from(s, colon + 1));
    else if (s.p[4] == ' ' && slice_find_byte(s, '/') != SIZE_MAX)
        h->d->number = slice_trim(slice_from(s, 4));
    else
        return false;
    h->number_follows = h->d->number.n == 0;
    h->d->number = tight_number(h->arena, h->d->number);
    if (s.p != line.p)
        add_other(h->d, slice_trim(slice_head(line, (size_t)(s.p - line.p))));
    return true;
}

static bool begins_body(struct arena *arena, struct slice s)
{
    static const char *const words[] = {"căn cứ", "xét đề nghị", "theo đề nghị", "thực hiện"};

    for (size_t i = 0; i < CANH_LEN(words) && !draft_is_capitals(s); i++) {
        if (draft_begins(arena, s, words[i]))
            return true;
    }
    return false;
}

/* Sentences under a kind are the body; so is what gives the basis. */
static bool is_summary(struct head *h, struct slice s)
{
    static const char *const body[] = {"căn cứ", "thực hiện", "xét", "để", "nhằm", "theo", "ngày"};

    if (h->lines >= SUMMARY_LINES || s.n == 0 || s.n > 400 || s.p[s.n - 1] == ';' ||
        s.p[s.n - 1] == ':' || s.p[s.n - 1] == '.')
        return false;
    if (h->lines == 0 &&
        (slice_starts(s, SLICE("thực hiện ")) ||
         (slice_starts(s, SLICE("Thực hiện ")) && slice_starts(h->d->kind, SLICE("CHƯƠNG TRÌNH")))))
        return true; /* the Party's letters: “CHƯƠNG TRÌNH HÀNH ĐỘNG” / “thực hiện Nghị quyết …” */
    for (size_t i = 0; i < CANH_LEN(body); i++) {
        if (draft_begins(h->arena, s, body[i]))
            return draft_is_capitals(s) && i > 0 && h->d->subject.n == 0;
    }
    return true;
}

/* The kind that a number's abbreviation stands for: 45/KH-UBND, 45-KH/TU; of “12/UBND-KH” none. */
static struct slice implied_kind(struct slice number)
{
    static const struct {
        const char *abbreviation, *kind;
    } rows[] = {{"KH", "KẾ HOẠCH"},      {"QĐ", "QUYẾT ĐỊNH"}, {"CT", "CHỈ THỊ"},
                {"CĐ", "CÔNG ĐIỆN"},     {"TB", "THÔNG BÁO"},  {"HD", "HƯỚNG DẪN"},
                {"CTr", "CHƯƠNG TRÌNH"}, {"PA", "PHƯƠNG ÁN"},  {"NQ", "NGHỊ QUYẾT"},
                {"BC", "BÁO CÁO"},       {"TTr", "TỜ TRÌNH"},  {"KL", "KẾT LUẬN"}};

    for (size_t from = 0, n = 0; from < number.n; from += n + 1, n = 0) {
        struct slice token;

        while (from + n < number.n && number.p[from + n] != '/' && number.p[from + n] != '-')
            n++;
        token = slice_of(number.p + from, n);
        if (n == 0 || ascii_is_digit(token.p[0]))
            continue;
        for (size_t i = 0; i < CANH_LEN(rows); i++) {
            if (slice_is(token, rows[i].abbreviation))
                return slice_str(rows[i].kind);
        }
        break;
    }
    return SLICE_NULL;
}

static bool read_kind(struct head *h, struct slice s)
{
    size_t n = h->d->kind.n == 0 ? draft_kind(s) : 0;
    struct slice rest = slice_trim(slice_from(s, n));

    if (n == 0)
        return false;
    h->d->kind = slice_head(s, n);
    h->part = PART_SUMMARY;
    if (rest.n > 1)
        go_on(h, rest);
    return true;
}

/* A line below the kind: of the title, or who decides (CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH). */
static void read_summary(struct head *h, struct slice s)
{
    bool capitals = draft_is_capitals(s), begun = h->d->subject.n > 0;

    h->lines++;
    if (capitals && (is_signer(h->arena, s) || (begun && draft_is_agency(h->arena, s))))
        add_other(h->d, s);
    else
        go_on(h, s);
}

/* The word for the kind is lost on some pages: a title below number and date. */
static bool is_titled_by_number(const struct head *h, struct slice s)
{
    return implied_kind(h->d->number).n > 0 && h->d->place.n > 0 && !is_signer(h->arena, s) &&
           !draft_is_agency(h->arena, s);
}

/* “(Ban hành kèm theo Quyết định số: 59/QĐ-UBND ngày 22 tháng 7 năm 2026 của …)” of rules without
 * a number of their own. */
static bool is_attached(struct head *h, struct slice s)
{
    struct slice place = h->d->place;
    size_t at = slice_find(s, SLICE("số")), n = 0;

    if (!slice_starts(s, SLICE("(")) || !draft_begins(h->arena, s, "ban hành kèm theo"))
        return false;
    add_other(h->d, s);
    if (h->d->number.n > 0 || at == SIZE_MAX)
        return true;
    s = slice_from(s, at + sizeof("số") - 1);
    while (s.n > 0 && (s.p[0] == ':' || s.p[0] == ' '))
        s = slice_from(s, 1);
    while (n < s.n && s.p[n] != ' ' && s.p[n] != ',' && s.p[n] != ')')
        n++;
    h->d->number = slice_head(s, n);
    read_date(h->d, slice_from(s, n));
    h->d->place = place;
    return true;
}

/* A motto and nothing else: what stands beside it is kept among the rest. */
static bool is_whole_motto(struct arena *arena, struct slice s)
{
    static const char *const mottos[] = {"nam",
                                         "việt nam",
                                         "cộng hòa xã hội chủ nghĩa",
                                         "cộng hòa xã hội chủ nghĩa việt nam",
                                         "đảng cộng sản việt nam",
                                         "độc lập tự do hạnh phúc"};
    struct slice key = terms_key(arena, slice_head(s, MOTTO_MAX), false);

    for (size_t i = 0; i < CANH_LEN(mottos) && s.n <= MOTTO_MAX; i++) {
        if (slice_eq(key, terms_key(arena, slice_str(mottos[i]), false)))
            return true;
    }
    return false;
}

/* What stands behind the year of a date line: the number, or something else. */
static void read_behind_date(struct head *h, struct slice s)
{
    size_t at = slice_find(s, SLICE("năm "));

    at = at == SIZE_MAX ? s.n : at + strlen("năm ");
    while (at < s.n && (s.p[at] == ' ' || ascii_is_digit(s.p[at])))
        at++;
    s = slice_trim(slice_from(s, at)); /* of a short date nothing stands behind */
    if (s.n > 0 && !read_number(h, s))
        add_other(h->d, s);
}

/* One block above the body. True when it was something of the head. */
static bool read_head_block(struct head *h, const struct draft_block *b)
{
    struct draft *d = h->d;
    struct slice s = b->whole;

    h->motto = h->motto || draft_is_motto(h->arena, s);
    if (draft_is_rule(s))
        return true;
    if (draft_is_motto(h->arena, s)) {
        if (!is_whole_motto(h->arena, s))
            add_other(d, s);
        return true;
    }
    if (draft_is_date_line(s)) {
        bool second = d->date != TIME_NONE;

        read_date(d, s);
        if (second || d->date == TIME_NONE)
            add_other(d, s); /* another, or its day is left blank */
        else
            read_behind_date(h, s);
        return true;
    }
    if (read_number(h, s))
        return true;
    if (s.n < 100 && slice_find_byte(s, '@') != SIZE_MAX) {
        add_other(d, s); /* mail and telephone of the agency */
        return true;
    }
    if (slice_starts(s, SLICE("V/v")) || slice_starts(s, SLICE("v/v")) ||
        (h->part == PART_NONE && d->kind.n == 0 && draft_begins(h->arena, s, "về việc"))) {
        add_other(d, d->subject); /* one that a title gave */
        d->subject = s;
        h->part = d->kind.n > 0 ? PART_SUMMARY : PART_SUBJECT;
        return true;
    }
    if (read_kind(h, s))
        return true;
    if (is_attached(h, s))
        return true;
    if (h->part == PART_SUMMARY && slice_eq(s, d->kind))
        return false; /* “QUYẾT ĐỊNH” below the basis */
    if (h->part == PART_SUMMARY && b->table == 0 && is_summary(h, s)) {
        read_summary(h, s);
        return true;
    }
    if (d->kind.n == 0 && d->subject.n == 0 && draft_is_capitals(s) && is_titled_by_number(h, s)) {
        h->part = PART_SUMMARY;
        read_summary(h, s);
        return true;
    }
    if (begins_body(h->arena, b->whole) && d->place.n > 0)
        return false;
    if (draft_is_capitals(s) && d->kind.n == 0) {
        if (d->number.n == 0 && h->name_count < CANH_LEN(h->names))
            h->names[h->name_count++] = s;
        else if (!h->motto && h->beside.n == 0 && h->name_count > 0 &&
                 !slice_starts(s, h->names[h->name_count - 1]) && draft_is_agency(h->arena, s))
            h->beside = s; /* “TỈNH ĐOÀN …” on the left, “SỞ …” on the right */
        else
            add_other(d, s);
        return true;
    }
    if (h->part == PART_SUBJECT && s.n < 200 && d->place.n == 0) {
        go_on(h, s);
        return true;
    }
    if (h->part == PART_SUMMARY || s.n >= 100 || d->place.n + d->number.n == 0)
        return false;
    add_other(d, s);
    return true;
}

/* “CHỦ TỊCH … ĐIỆN:”, “Điện:” above the list of whom a telegram is for. */
static bool is_dispatched(const struct head *h, struct slice s)
{
    return slice_starts(h->d->kind, SLICE("CÔNG ĐIỆN")) && s.n < 400 &&
           (slice_ends(s, SLICE("ĐIỆN:")) || slice_ends(s, SLICE("Điện:")) ||
            slice_ends(s, SLICE("điện:")) || slice_starts(s, SLICE("ĐIỆN:")) ||
            slice_starts(s, SLICE("Điện:")));
}

static size_t read_head(struct head *h, const struct draft_block *blocks, size_t count)
{
    size_t i = 0;

    for (; i < count; i++) {
        if (draft_begins(h->arena, blocks[i].whole, "kính gửi"))
            return read_recipients(h->d, blocks, i, count);
        if (is_dispatched(h, blocks[i].whole)) {
            add_other(h->d, blocks[i].whole);
            return read_recipients(h->d, blocks, i, count);
        }
        if (blocks[i].marker.kind != MARKER_NONE && blocks[i].marker.kind < MARKER_DASH)
            break;
        if (blocks[i].table > 0 || !read_head_block(h, &blocks[i]))
            break;
    }
    return i;
}

size_t draft_head(struct arena *arena, struct draft *d, const struct draft_block *blocks,
                  size_t count)
{
    struct head h = {.arena = arena, .d = d};
    uint32_t above = d->other_count;
    size_t i = read_head(&h, blocks, count);

    settle_issuer(&h);
    if (d->kind.n == 0)
        d->kind = implied_kind(d->number);
    if (d->number.n == 0 && d->place.n == 0 && d->recipient_count == 0 && d->kind.n == 0) {
        i = 0; /* no letter: all of it is body */
        d->other_count = above;
    }
    for (size_t k = i; k < count && (blocks[k].marker.kind == MARKER_NONE ||
                                     (blocks[k].marker.kind >= MARKER_DASH &&
                                      begins_body(arena, blocks[k].whole)));
         k++) {
        static const char *const words[] = {"căn cứ", "thực hiện", "xét đề nghị", "theo đề nghị"};
        bool dash = blocks[k].marker.kind >= MARKER_DASH;
        struct slice said = dash ? blocks[k].text : blocks[k].whole;

        for (size_t n = 0; n < CANH_LEN(words); n++) {
            if (draft_begins(arena, said, words[n]))
                draft_head_add(d, d->basis, &d->basis_count, said);
        }
        read_end_event(d, blocks[k].whole);
    }
    return i;
}

static bool is_annex(const struct draft_block *b)
{
    return b->marker.kind == MARKER_ANNEX || draft_begins_annex(b->whole);
}

/* Without “Nơi nhận” or “./.”: the post of who signs, in capitals, and a name below it. */
static size_t end_before_signer(const struct draft_block *blocks, size_t from, size_t count)
{
    static const char *const posts[] = {"TRƯỞNG", "GIÁM ĐỐC", "CHỦ TỊCH", "BÍ THƯ"};
    enum { POST_MAX = 160, LINES = 4 };
    size_t end = count;

    for (size_t i = count; i > from && count - i < LINES; i--) {
        const struct draft_block *b = &blocks[i - 1];

        if (b->marker.kind != MARKER_NONE || b->whole.n >= POST_MAX)
            break;
        for (size_t k = 0; k < CANH_LEN(posts) && draft_is_capitals(b->whole); k++)
            end = slice_find(b->whole, slice_str(posts[k])) < b->whole.n ? i - 1 : end;
    }
    return end;
}

static size_t find_end(const struct draft_block *blocks, size_t from, size_t count)
{
    for (size_t i = from; i < count; i++) {
        struct slice s = blocks[i].whole;

        if (slice_starts(s, SLICE("Nơi nhận")) || slice_starts(s, SLICE("Trân trọng")) ||
            slice_starts(s, SLICE("Xin trân trọng")))
            return i;
        if (slice_ends(s, SLICE("./.")) || slice_ends(s, SLICE("./")))
            return i + 1;
    }
    return end_before_signer(blocks, from, count);
}

size_t draft_tail(struct arena *arena, struct draft *d, const struct draft_block *blocks,
                  size_t from, size_t count, size_t *ret_annex)
{
    size_t end = find_end(blocks, from, count), annex = end;
    bool copies = false;

    while (annex < count && !is_annex(&blocks[annex]))
        annex++;
    for (size_t i = end; i < annex; i++) {
        struct slice s = blocks[i].whole;

        if (slice_starts(s, SLICE("Nơi nhận"))) {
            s = slice_trim(slice_from(s, strlen("Nơi nhận")));
            s = slice_from(s, slice_starts(s, SLICE(":")));
            add_other(d, slice_trim(s)); /* what stands on its line */
            copies = true;
        } else if (copies && blocks[i].marker.kind >= MARKER_DASH) {
            if (!draft_begins(arena, blocks[i].text, "như trên") &&
                !draft_begins(arena, blocks[i].text, "lưu") && d->observer_count < DRAFT_LIST_MAX)
                draft_head_add(d, d->observers, &d->observer_count, blocks[i].text);
            else
                add_other(d, s);
        } else {
            copies = false;
            add_other(d, s);
        }
    }
    *ret_annex = annex;
    return end;
}
