/* SPDX-License-Identifier: Apache-2.0 */
/* What stands above and below the body of an official letter (NĐ 30/2020, Phụ lục I). */
#include "base/num.h"
#include "base/time.h"
#include "plan/draft_text.h"
#include "plan/terms.h"

/* Whether s begins with a word, whatever its case and tone placement. */
static bool begins(struct arena *arena, struct slice s, const char *word)
{
    struct slice key = terms_key(arena, slice_head(s, 80), false);
    struct slice want = terms_key(arena, slice_str(word), false);

    return key.n > 0 && want.n > 0 && slice_starts(key, want);
}

/* The number that stands after a word: "ngày 05 tháng 10". */
static bool number_after(struct slice s, const char *word, int64_t min, int64_t max, int64_t *ret)
{
    size_t at = slice_find(s, slice_str(word)), n = 0;

    if (at == SIZE_MAX)
        return false;
    at += strlen(word);
    while (at < s.n && s.p[at] == ' ')
        at++;
    while (at + n < s.n && s.p[at + n] >= '0' && s.p[at + n] <= '9')
        n++;
    return num_range(slice_of(s.p + at, n), min, max, ret) == 0;
}

static void read_date(struct draft *d, struct slice s)
{
    size_t at = slice_find(s, SLICE("ngày "));
    int64_t day, month, year;

    if (d->date != TIME_NONE || at == SIZE_MAX || at > 60)
        return;
    if (!number_after(slice_from(s, at), "ngày ", 1, 31, &day) ||
        !number_after(slice_from(s, at), "tháng ", 1, 12, &month) ||
        !number_after(slice_from(s, at), "năm ", 1945, 2199, &year) ||
        !date_valid((int)year, (unsigned)month, (unsigned)day))
        return;
    d->date = days_from_date((int)year, (unsigned)month, (unsigned)day);
    s = slice_trim(slice_head(s, at));
    d->place = s.n && s.p[s.n - 1] == ',' ? slice_head(s, s.n - 1) : s;
}

/* Mostly capital letters: the issuer's name, a title. */
static bool is_capitals(struct slice s)
{
    size_t upper = 0, lower = 0;

    for (size_t i = 0; i < s.n; i++) {
        upper += s.p[i] >= 'A' && s.p[i] <= 'Z';
        lower += s.p[i] >= 'a' && s.p[i] <= 'z';
    }
    return upper >= 3 && lower * 4 < upper;
}

static void add(struct slice *list, uint32_t *count, struct slice s)
{
    while (s.n && (s.p[s.n - 1] == ';' || s.p[s.n - 1] == '.' || s.p[s.n - 1] == ','))
        s = slice_trim(slice_head(s, s.n - 1));
    if (s.n > 0 && *count < DRAFT_LIST_MAX)
        list[(*count)++] = s;
}

static size_t read_recipients(struct draft *d, const struct draft_block *b, size_t i, size_t count)
{
    struct slice after = b[i].whole;
    size_t colon = slice_find_byte(after, ':');

    if (colon != SIZE_MAX && colon + 2 < after.n)
        add(d->recipients, &d->recipient_count, slice_trim(slice_from(after, colon + 1)));
    for (i++; i < count && b[i].marker.kind >= MARKER_DASH; i++)
        add(d->recipients, &d->recipient_count, b[i].text);
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

static bool is_motto(struct arena *arena, struct slice s)
{
    return begins(arena, s, "cộng hòa xã hội chủ nghĩa") || begins(arena, s, "độc lập tự do") ||
           begins(arena, s, "đảng cộng sản việt nam");
}

/* One block above the body. True when it was something of the head. */
static bool read_head_block(struct arena *arena, struct draft *d, const struct draft_block *b)
{
    struct slice s = b->whole;
    size_t colon = slice_find_byte(s, ':');

    if (is_motto(arena, s))
        return true;
    read_date(d, s);
    if (begins(arena, s, "số") && colon != SIZE_MAX && colon < 12 && d->number.n == 0) {
        d->number = slice_trim(slice_from(s, colon + 1));
        return true;
    }
    if (slice_starts(s, SLICE("V/v")) || slice_starts(s, SLICE("v/v")) ||
        begins(arena, s, "về việc")) {
        d->subject = s;
        return true;
    }
    if (is_capitals(s)) {
        if (d->number.n == 0)
            d->issuer = s; /* the last one above the number: the issuer, not its parent */
        return true;
    }
    return d->place.n > 0 && s.n < 100;
}

size_t draft_head(struct arena *arena, struct draft *d, const struct draft_block *blocks,
                  size_t count)
{
    size_t i = 0;

    for (; i < count; i++) {
        if (begins(arena, blocks[i].whole, "kính gửi")) {
            i = read_recipients(d, blocks, i, count);
            break;
        }
        if (blocks[i].marker.kind != MARKER_NONE && blocks[i].marker.kind < MARKER_DASH)
            break;
        if (!read_head_block(arena, d, &blocks[i]) && blocks[i].whole.n > 150)
            break;
    }
    if (i == count && d->number.n == 0 && d->place.n == 0 && d->recipient_count == 0)
        i = 0; /* no letter: all of it is body */
    for (size_t k = i; k < count && blocks[k].marker.kind == MARKER_NONE; k++) {
        if (begins(arena, blocks[k].whole, "căn cứ") || begins(arena, blocks[k].whole, "thực hiện"))
            add(d->basis, &d->basis_count, blocks[k].whole);
        read_end_event(d, blocks[k].whole);
    }
    return i;
}

size_t draft_tail(struct draft *d, const struct draft_block *blocks, size_t from, size_t count)
{
    size_t end = count, notes = count;

    for (size_t i = from; i < count && end == count; i++) {
        struct slice s = blocks[i].whole;

        if (slice_starts(s, SLICE("Nơi nhận")))
            end = notes = i;
        else if (slice_starts(s, SLICE("Trân trọng")) || slice_starts(s, SLICE("Xin trân trọng")))
            end = i;
        else if (slice_ends(s, SLICE("./.")))
            end = i + 1;
    }
    for (size_t i = end; i < count && notes == count; i++) {
        if (slice_starts(blocks[i].whole, SLICE("Nơi nhận")))
            notes = i;
    }
    for (size_t i = notes + 1; i < count && blocks[i].marker.kind >= MARKER_DASH; i++) {
        if (!slice_starts(blocks[i].text, SLICE("Như trên")) &&
            !slice_starts(blocks[i].text, SLICE("Lưu")))
            add(d->observers, &d->observer_count, blocks[i].text);
    }
    return end;
}
