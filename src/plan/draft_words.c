/* SPDX-License-Identifier: Apache-2.0 */
/* What the lines of an official letter's head look like (NĐ 30/2020, Phụ lục I and III). */
#include <string.h>

#include "plan/draft_text.h"
#include "plan/terms.h"

bool draft_begins(struct arena *arena, struct slice s, const char *word)
{
    struct slice key = terms_key(arena, slice_head(s, 80), false);
    struct slice want = terms_key(arena, slice_str(word), false);

    return key.n > 0 && want.n > 0 && slice_starts(key, want);
}

bool draft_is_capitals(struct slice s)
{
    size_t upper = 0, lower = 0;

    for (size_t i = 0; i < s.n; i++) {
        upper += s.p[i] >= 'A' && s.p[i] <= 'Z';
        lower += s.p[i] >= 'a' && s.p[i] <= 'z';
    }
    return upper >= 2 && lower * 4 < upper;
}

bool draft_is_motto(struct arena *arena, struct slice s)
{
    return draft_begins(arena, s, "cộng hòa xã hội chủ nghĩa") ||
           draft_begins(arena, s, "độc lập tự do") ||
           draft_begins(arena, s, "đảng cộng sản việt nam");
}

size_t draft_kind(struct slice s)
{
    static const char *const kinds[] = {"KẾ HOẠCH",   "PHƯƠNG ÁN", "CHỈ THỊ",      "QUYẾT ĐỊNH",
                                        "THÔNG BÁO",  "HƯỚNG DẪN", "CHƯƠNG TRÌNH", "CÔNG ĐIỆN",
                                        "NGHỊ QUYẾT", "QUY CHẾ",   "QUY ĐỊNH",     "TỜ TRÌNH",
                                        "BÁO CÁO",    "ĐỀ ÁN",     "KẾT LUẬN",     "NỘI QUY",
                                        "QUY TRÌNH"};

    for (size_t i = 0; i < CANH_LEN(kinds); i++) {
        struct slice kind = slice_str(kinds[i]);
        struct slice rest = slice_from(s, kind.n);

        if (slice_starts(s, kind) &&
            (rest.n == 0 || (rest.p[0] == ' ' && draft_is_capitals(s)) || slice_is(rest, ":")))
            return kind.n;
    }
    return 0;
}

bool draft_is_rule(struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        if ((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'A' && s.p[i] <= 'Z') ||
            (s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 0xc3 && s.p[i] <= 0xc6) ||
            s.p[i] == 0xe1)
            return false;
    }
    return true;
}

bool draft_is_date_line(struct slice s)
{
    size_t day = slice_find(s, SLICE("ngày")), month = slice_find(s, SLICE("tháng")),
           year = slice_find(s, SLICE("năm"));

    return s.n < 120 && day != SIZE_MAX && month != SIZE_MAX && year != SIZE_MAX && day < month &&
           month < year && day < 60 && s.n - year < 24 &&
           slice_find_byte(slice_head(s, day), ',') != SIZE_MAX;
}

/* A text without one of these words before it, or as it is. */
static struct slice without_start(struct slice s, const char *const *words)
{
    for (; *words; words++) {
        if (slice_starts(s, slice_str(*words)))
            return slice_trim(slice_from(s, strlen(*words)));
    }
    return s;
}

static struct slice without_end(struct slice s, const char *const *words)
{
    for (; *words; words++) {
        struct slice w = slice_str(*words);

        if (slice_ends(s, w))
            return slice_trim(slice_head(s, s.n - w.n));
    }
    return s;
}

struct slice draft_lead(struct slice text)
{
    static const char *const starts[] = {"Giao cho ", "Giao ",    "Phân công ",
                                         "Yêu cầu ",  "Đề nghị ", NULL};
    static const char *const ends[] = {" có trách nhiệm", " chịu trách nhiệm", " được giao", ",",
                                       NULL};
    enum { LONGEST = 160 };
    size_t at = slice_find(slice_head(text, 2 * LONGEST), SLICE(" chủ trì"));
    struct slice who = at == SIZE_MAX ? SLICE_NULL : slice_trim(slice_head(text, at));

    who = without_end(without_start(who, starts), ends);
    if (who.n < 3 || who.n > LONGEST)
        return SLICE_NULL;
    for (size_t i = 0; i < who.n; i++) { /* a name, not the end of a sentence */
        if (strchr(".;:()", who.p[i]) != NULL)
            return SLICE_NULL;
    }
    /* a name begins with a capital: not “đơn vị được phân công chủ trì” */
    if ((who.p[0] >= 'a' && who.p[0] <= 'z') || slice_starts(who, SLICE("đ")))
        return SLICE_NULL;
    return who;
}
