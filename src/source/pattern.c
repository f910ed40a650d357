/* SPDX-License-Identifier: Apache-2.0 */
#include "source/pattern.h"

#include <string.h>

enum { NAME_MAX_BYTES = 255 };

static bool is_wild(uint8_t c)
{
    return c == '*' || c == '?';
}

/* Whether what begins at i of a and at j of b can be one name; next: the same from i + 1 on for
 * each j, row: from i on for those behind j. */
static bool meets_at(struct slice a, size_t i, struct slice b, size_t j, const bool *next,
                     const bool *row)
{
    bool in_a = i < a.n, in_b = j < b.n;

    if (!in_a && !in_b)
        return true;
    if (in_a && a.p[i] == '*')
        return next[j] || (in_b && row[j + 1]);
    if (in_b && b.p[j] == '*')
        return row[j + 1] || (in_a && next[j]);
    return in_a && in_b && (a.p[i] == b.p[j] || a.p[i] == '?' || b.p[j] == '?') && next[j + 1];
}

static bool names_meet(struct slice a, struct slice b)
{
    bool rows[2][NAME_MAX_BYTES + 2] = {{false}};

    for (size_t i = a.n + 1; i-- > 0;) {
        bool *row = rows[i % 2], *next = rows[(i + 1) % 2];

        for (size_t j = b.n + 1; j-- > 0;)
            row[j] = meets_at(a, i, b, j, next, row);
    }
    return rows[0][0];
}

static bool parts_meet(struct slice x, struct slice y)
{
    if (x.n == 0 || y.n == 0)
        return x.n == y.n;
    if (x.n > NAME_MAX_BYTES || y.n > NAME_MAX_BYTES)
        return slice_eq(x, y);
    if ((x.p[0] == '.' && is_wild(y.p[0])) || (y.p[0] == '.' && is_wild(x.p[0])))
        return false;
    return names_meet(x, y);
}

bool source_paths_meet(struct slice a, struct slice b)
{
    struct slice x, y;

    while (slice_cut(&a, '/', &x))
        if (!slice_cut(&b, '/', &y) || !parts_meet(x, y))
            return false;
    return b.p == NULL;
}
