/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of a text → whole paragraphs with their markers. */
#include "plan/draft_text.h"

#include "base/ascii.h"
#include "base/fold.h"
#include "base/utf.h"
#include "lang/tone.h"

enum { LEAST_WIDTH = 55 };

/* A word broken at the end of a line: a soft hyphen, or “fire-” above “wall”, both without marks,
 * since Vietnamese words are not broken. How many bytes the hyphen has; 0: none. */
static size_t broken_word(struct slice line, struct slice next)
{
    size_t from, end = 0;

    line = slice_trim(line);
    next = slice_trim(next);
    if (slice_ends(line, SLICE("\xc2\xad")))
        return 2;
    if (line.n < 3 || line.p[line.n - 1] != '-')
        return 0;
    from = line.n - 1;
    while (from > 0 && ascii_is_alpha(line.p[from - 1]))
        from--;
    while (end < next.n && ascii_is_lower(next.p[end]))
        end++;
    return line.n - 1 - from >= 2 && (from == 0 || line.p[from - 1] == ' ') && end >= 2 &&
                   (end == next.n || next.p[end] < 0x80)
               ? 1
               : 0;
}

/* A copy with every run of blanks as one, none at the ends; words broken at line ends are whole. */
static struct slice draft_text_squeeze(struct arena *arena, const struct slice *parts, size_t count)
{
    size_t total = 1, n = 0;
    uint8_t *to;

    for (size_t i = 0; i < count; i++)
        total += parts[i].n + 1;
    to = arena_alloc(arena, total);
    if (to == NULL)
        return SLICE_NULL;
    for (size_t i = 0; i < count; i++) {
        size_t hyphen = i > 0 ? broken_word(parts[i - 1], parts[i]) : 0;
        struct slice part = hyphen ? slice_trim(parts[i]) : parts[i];
        bool blank = hyphen == 0; /* between parts, and between lines of one */

        n -= hyphen <= n ? hyphen : 0;
        for (size_t k = 0; k < part.n; k++) {
            uint8_t b = part.p[k];

            if (b == 0xc2 && k + 1 < part.n && part.p[k + 1] == 0xa0) {
                k++; /* a no-break space */
                blank = true;
            } else if (b <= ' ' || b == 0x7f) {
                blank = true;
            } else {
                if (blank && n > 0)
                    to[n++] = ' ';
                blank = false;
                to[n++] = b;
            }
        }
    }
    return slice_of(to, n);
}

/* The width of a full line: the longest that is no outlier. */
static size_t full_width(const struct draft_para *paras, size_t count)
{
    size_t longest = 0;

    for (size_t i = 0; i < count; i++) {
        size_t n = utf8_count(paras[i].text);

        if (n <= 140)
            longest = CANH_MAX(longest, n);
    }
    return CANH_MAX(longest, (size_t)LEAST_WIDTH);
}

/* Begins with a lower-case letter: goes on from the line before. */
static bool goes_on(struct slice s)
{
    struct slice rest = s;
    unsigned marks, length;
    uint32_t base;

    if (s.n == 0)
        return false;
    base = viet_next(&rest, &marks);
    if (base < 'a' || base > 'z')
        return false;
    base = utf8_decode(s.p, s.n, &length);
    return fold_char(base) == base;
}

static bool ends_sentence(struct slice s)
{
    uint8_t last = s.n ? s.p[s.n - 1] : 0;

    return last == '.' || last == ';' || last == ':' || last == '!' || last == '?' || last == ']';
}

/* With a capital letter such words begin a sentence, whatever stands above: a title mostly. */
static bool begins_sentence(struct slice s)
{
    static const char *const words[] = {"Thực hiện ", "Để ", "Nhằm ", "Theo ", "Sau khi "};
    static const struct slice day = SLICE_INIT("Ngày ");

    for (size_t i = 0; i < CANH_LEN(words); i++) {
        if (slice_starts(s, slice_str(words[i])))
            return true;
    }
    return slice_starts(s, day) && s.n > day.n && ascii_is_digit(s.p[day.n]);
}

/* Nothing goes on from the motto, in whatever letters it begins. */
static bool begins_motto(struct slice s)
{
    static const char *const mottos[] = {"Độc lập", "CỘNG HÒA XÃ HỘI", "CỘNG HOÀ XÃ HỘI",
                                         "ĐẢNG CỘNG SẢN"};

    for (size_t i = 0; i < CANH_LEN(mottos); i++) {
        if (slice_starts(s, slice_str(mottos[i])))
            return true;
    }
    return false;
}

/* Whether a line belongs to the paragraph that the line before it is in. */
static bool draft_text_joins(struct slice before, struct slice line, size_t width)
{
    size_t n = utf8_count(before);
    struct marker m = marker_read(before);

    if (n == 0 || marker_read(line).kind != MARKER_NONE)
        return false;
    if (m.kind >= MARKER_PART && m.kind < MARKER_DASH && m.length >= before.n)
        return true; /* “Điều 1.”, “Chương I”, and its text below it */
    if (before.p[before.n - 1] == ':' || begins_motto(before))
        return false;
    if (draft_is_capitals(before) != draft_is_capitals(line) && !goes_on(line))
        return false;
    if (draft_kind(before) > 0 || draft_kind(line) > 0 || draft_is_date_line(line) ||
        draft_is_date_line(before) || slice_starts(line, SLICE("Kính gửi")) ||
        slice_starts(line, SLICE("Căn cứ")) || slice_starts(line, SLICE("Xét đề nghị")) ||
        slice_starts(line, SLICE("Nơi nhận")))
        return false;
    if (slice_starts(before, SLICE("Kính gửi")) && slice_find_byte(before, ':') == SIZE_MAX &&
        before.p[before.n - 1] == ',' && !goes_on(line))
        return false; /* a salutation */
    if (goes_on(line) || before.p[before.n - 1] == ',')
        return true;
    if (begins_sentence(line))
        return false;
    if (draft_is_capitals(before) && marker_read(before).kind == MARKER_NONE)
        return false; /* the issuer and its parent, a title: the head puts them together */
    return n * 4 >= width * 3 && !ends_sentence(before);
}

static int add_block(struct arena *arena, struct draft_block *b, const struct draft_para *first,
                     const struct slice *parts, size_t count, struct err *err)
{
    b->number = first->number;
    b->task = first->task;
    b->table = first->table;
    b->whole = draft_text_squeeze(arena, parts, count);
    if (b->whole.p == NULL)
        return err_nomem(err);
    if (first->label.n > 0) {
        b->marker = marker_of_label(first->label);
        b->text = b->whole;
    } else {
        b->marker = marker_read(b->whole);
        b->text = slice_from(b->whole, b->marker.length);
    }
    return 0;
}

/* A heading whose title may go on in the capitals below it. */
static bool is_open_title(const struct draft_block *b)
{
    return b->marker.kind >= MARKER_PART && b->marker.kind <= MARKER_SECTION &&
           draft_is_capitals(b->text);
}

/* “Chương I” above “QUY ĐỊNH CHUNG”: a number alone has the paragraph below it for its text, of
 * capitals all that follow. */
static size_t set_titles(struct arena *arena, struct draft_block *blocks, size_t count)
{
    size_t n = 0;

    for (size_t i = 0; i < count; i++) {
        struct draft_block *last = n > 0 ? &blocks[n - 1] : NULL;
        bool bare = last && last->text.n == 0 && last->marker.kind >= MARKER_PART &&
                    last->marker.kind < MARKER_DASH;
        bool open = last && is_open_title(last) && draft_is_capitals(blocks[i].text);

        if ((bare || open) && blocks[i].marker.kind == MARKER_NONE &&
            blocks[i].table == last->table) {
            last->text = draft_text_squeeze(arena, (struct slice[]){last->text, blocks[i].text}, 2);
            last->whole =
                draft_text_squeeze(arena, (struct slice[]){last->whole, blocks[i].whole}, 2);
        } else {
            blocks[n++] = blocks[i];
        }
    }
    return n;
}

int draft_blocks(struct arena *arena, const struct draft_para *paras, size_t count, bool lines,
                 struct draft_block **ret, size_t *ret_count, struct err *err)
{
    struct slice *parts = arena_new_array(arena, count + 1, struct slice);
    struct draft_block *blocks = arena_new_array(arena, count + 1, struct draft_block);
    size_t width = full_width(paras, count), n = 0;

    if (parts == NULL || blocks == NULL)
        return err_nomem(err);
    for (size_t i = 0; i < count;) {
        size_t from = i;

        parts[i] = slice_trim(paras[i].text);
        for (i++; i < count; i++) {
            parts[i] = slice_trim(paras[i].text);
            if (!lines || paras[i].label.n > 0 || paras[i].table != paras[i - 1].table ||
                paras[i].table > 0 || !draft_text_joins(parts[i - 1], parts[i], width))
                break;
        }
        if (add_block(arena, &blocks[n], &paras[from], parts + from, i - from, err) < 0)
            return -err->code;
        n += blocks[n].whole.n > 0;
    }
    *ret = blocks;
    *ret_count = set_titles(arena, blocks, n);
    return 0;
}
