/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/raw_filter.h"

#include "base/err.h"
#include "base/fold.h"
#include "base/hash.h"
#include "sigma/prefilter.h"

/* Shorter parts stand everywhere. */
enum { RUN_MIN = 2 };

struct raw_filter {
    struct prefilter_set set; /* of the parts that a record writes in one way only */
};

static bool stands_raw(uint8_t c, enum raw_kind kind)
{
    if (kind == RAW_PLAIN)
        return c < 0x80;
    return c >= 0x20 && c < 0x7F && c != '"' && c != '\\' && c != '/';
}

/* The longest run of such bytes. */
static struct slice raw_run(struct slice s, enum raw_kind kind)
{
    struct slice best = SLICE("");
    size_t from = 0;

    for (size_t i = 0; i <= s.n; i++) {
        if (i < s.n && stands_raw(s.p[i], kind))
            continue;
        if (i - from > best.n)
            best = slice_of(s.p + from, i - from);
        from = i + 1;
    }
    return best;
}

int raw_filter_new(struct arena *arena, const struct slice *texts, uint32_t count,
                   enum raw_kind kind, const struct background *b, struct raw_filter **ret)
{
    struct raw_filter *f = arena_new(arena, struct raw_filter);
    struct prefilter_text *runs = arena_new_array(arena, count ? count : 1, struct prefilter_text);

    *ret = NULL;
    if (f == NULL || runs == NULL)
        return -CE_NOMEM;
    for (uint32_t i = 0; i < count; i++) {
        runs[i].text = raw_run(texts[i], kind);
        if (runs[i].text.n < RUN_MIN)
            return 0;
    }
    if (prefilter_build(&f->set, runs, count, b, true) < 0)
        return -CE_NOMEM;
    *ret = f;
    return 0;
}

/*
 * The two characters beyond ASCII that fold to ASCII: U+017F to s, U+212A to k. A text may hide
 * behind them.
 */
static bool folds_to_ascii(struct slice s)
{
    return slice_find(s, SLICE("\xC5\xBF")) != SIZE_MAX ||
           slice_find(s, SLICE("\xE2\x84\xAA")) != SIZE_MAX;
}

struct raw_view {
    const struct raw_filter *filter;
    struct slice raw;
};

static bool stands_at(struct slice raw, const uint8_t *gram, const struct prefilter_text *t)
{
    const uint8_t *p = gram - t->offset;

    if ((size_t)(gram - raw.p) < t->offset || (size_t)(raw.p + raw.n - p) < t->text.n)
        return false;
    for (size_t i = 0; i < t->text.n; i++) {
        if (fold_ascii(p[i]) != t->text.p[i])
            return false;
    }
    return true;
}

static bool raw_filter_pass(void *ctx, const uint8_t *at, unsigned buckets)
{
    const struct raw_view *l = ctx;
    uint32_t gram = (uint32_t)hash_read32(at);

    if (!gram_is_marked(&l->filter->set.marks, gram | GRAM_ANY_CASE))
        return false;
    for (; buckets != 0; buckets &= buckets - 1) {
        const uint32_t *bucket = &l->filter->set.first[__builtin_ctz(buckets)];

        for (uint32_t i = bucket[0]; i < bucket[1]; i++) {
            const struct prefilter_text *t = &l->filter->set.texts[i];

            if (((gram ^ t->gram) & t->mask & ~(uint32_t)GRAM_ANY_CASE) == 0 &&
                stands_at(l->raw, at, t))
                return true;
        }
    }
    return false;
}

bool raw_filter_hits(const struct raw_filter *f, const struct bytes *bytes, struct slice raw)
{
    struct raw_view view = {f, raw};
    bool leads;

    return bytes->scan(&f->set.prefilter, raw, raw_filter_pass, &view, &leads) ||
           (leads && folds_to_ascii(raw));
}
