/* SPDX-License-Identifier: Apache-2.0 */
/* Files of the IANA database (RFC 8536). */
#include "base/ascii.h"
#include "base/time.h"
#include "calendar/zone.h"

enum { LAST_YEAR = 2199, NAME_MAX_BYTES = 64 };

bool zone_is_name(struct slice s)
{
    bool inside = false; /* of a part between slashes, which begins with a letter */

    for (size_t i = 0; i < s.n; i++) {
        uint8_t b = s.p[i];
        bool other = (b >= '0' && b <= '9') || b == '_' || b == '-' || b == '+' || b == '/';

        if (!ascii_is_alpha(b) && !(inside && other))
            return false;
        inside = b != '/';
    }
    return inside && s.n <= NAME_MAX_BYTES;
}

static uint32_t zone_file_be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t seconds_at(const uint8_t *p)
{
    return (int64_t)((uint64_t)zone_file_be32(p) << 32 | zone_file_be32(p + 4));
}

enum { HEAD = 44, COUNT_MAX = 5000, OFFSET_MAX = 26 * 3600 };

/* What a header counts, and how long its block is with times of `width` bytes. */
struct block {
    uint32_t isut, isstd, leap, times, types, chars;
    size_t size;
};

static bool read_head(struct slice s, size_t width, struct block *ret)
{
    if (s.n < HEAD || memcmp(s.p, "TZif", 4) != 0 || s.p[4] < '2')
        return false;
    *ret = (struct block){zone_file_be32(s.p + 20),
                          zone_file_be32(s.p + 24),
                          zone_file_be32(s.p + 28),
                          zone_file_be32(s.p + 32),
                          zone_file_be32(s.p + 36),
                          zone_file_be32(s.p + 40),
                          0};
    if (ret->isut > COUNT_MAX || ret->isstd > COUNT_MAX || ret->leap > COUNT_MAX ||
        ret->times > COUNT_MAX || ret->types == 0 || ret->types > COUNT_MAX ||
        ret->chars > COUNT_MAX)
        return false;
    ret->size = HEAD + ret->times * (width + 1) + ret->types * 6u + ret->chars +
                ret->leap * (width + 4) + ret->isstd + ret->isut;
    return ret->size <= s.n;
}

/* Whether the changes from 2020 on are the rule's own. */
static bool rule_holds(const struct block *b, struct slice s, struct slice text)
{
    const int64_t since = days_from_date(2020, 1, 1) * 86400,
                  last = days_from_date(LAST_YEAR, 1, 1) * 86400;
    const uint8_t *times = s.p + HEAD, *index = times + b->times * 8u, *types = index + b->times;
    struct arena arena = ARENA_INIT(1u << 16);
    struct zone z;
    bool same = zone_read(&arena, text, &z) == 0;

    for (uint32_t i = 0; same && i < b->times; i++) {
        int64_t at = seconds_at(times + i * 8u);

        if (at >= since && at < last)
            same = index[i] < b->types &&
                   zone_at(&z, at * TIME_SECOND) == (int32_t)zone_file_be32(types + index[i] * 6u);
    }
    arena_done(&arena);
    return same;
}

/* The block of 64-bit times at the start of *ret_bytes, and the rule behind it. */
static bool open_file(struct slice bytes, struct block *ret, struct slice *ret_bytes,
                      struct slice *ret_rule)
{
    struct slice text;

    if (!read_head(bytes, 4, ret))
        return false;
    bytes = slice_from(bytes, ret->size);
    if (!read_head(bytes, 8, ret))
        return false;
    text = slice_from(bytes, ret->size);
    if (text.n < 3 || text.p[0] != '\n' || text.p[text.n - 1] != '\n')
        return false;
    *ret_rule = slice_head(slice_from(text, 1), text.n - 2);
    *ret_bytes = bytes;
    return true;
}

int zone_rule_of_file(struct slice bytes, struct slice *ret)
{
    struct slice text = SLICE_NULL;
    struct block block;

    if (!open_file(bytes, &block, &bytes, &text))
        return -CE_CORRUPT;
    if (!rule_holds(&block, bytes, text))
        return -CE_UNKNOWN;
    *ret = text;
    return 0;
}

/* The file's own changes that nanoseconds can tell. -CE_CORRUPT when it is none to rely on. */
static int read_changes(const struct block *b, struct slice s, struct zone_change *all,
                        struct zone *ret)
{
    const uint8_t *times = s.p + HEAD, *index = times + b->times * 8u, *types = index + b->times;

    *ret = (struct zone){.offset_s = (int32_t)zone_file_be32(types), .changes = all};
    for (uint32_t i = 0; i < b->times; i++) {
        int64_t at = seconds_at(times + i * 8u);
        int offset;

        if (index[i] >= b->types)
            return -CE_CORRUPT;
        offset = (int32_t)zone_file_be32(types + index[i] * 6u);
        if (offset < -OFFSET_MAX || offset > OFFSET_MAX)
            return -CE_CORRUPT;
        if (at < INT64_MIN / TIME_SECOND || at > INT64_MAX / TIME_SECOND) {
            ret->offset_s = ret->change_count == 0 ? offset : ret->offset_s;
            continue;
        }
        if (ret->change_count > 0 && at * TIME_SECOND <= all[ret->change_count - 1].at)
            return -CE_CORRUPT;
        all[ret->change_count++] = (struct zone_change){at * TIME_SECOND, offset};
    }
    return ret->offset_s < -OFFSET_MAX || ret->offset_s > OFFSET_MAX ? -CE_CORRUPT : 0;
}

int zone_of_file(struct arena *arena, struct slice bytes, struct zone *ret)
{
    struct block block;
    struct zone_change *all;
    struct zone z, later;
    struct slice rule;
    int r;

    if (!open_file(bytes, &block, &bytes, &rule) ||
        (r = zone_read(arena, rule, &later)) == -CE_SYNTAX)
        return -CE_CORRUPT;
    if (r < 0)
        return r;
    all = arena_array(arena, block.times + later.change_count + 1, sizeof(*all));
    if (all == NULL)
        return -CE_NOMEM;
    r = read_changes(&block, bytes, all, &z);
    if (r < 0)
        return r;
    for (size_t i = 0; i < later.change_count; i++) {
        if (z.change_count == 0 || later.changes[i].at > all[z.change_count - 1].at)
            all[z.change_count++] = later.changes[i];
    }
    *ret = z;
    return 0;
}
