/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text that was copied from a page with its body in two columns: lines of both stand beside each
 * other with blanks between. The left column comes first, then the right one.
 */
#include "base/utf.h"
#include "plan/draft_text.h"

enum { LINES_LEAST = 6, WORDS_LEAST = 4, GAP_BLANKS = 2, RUN_MAX = 200 };

/* A line that is parted: bytes of its left side, where its right side begins, and at which column
 * of characters that is. */
struct parted {
    size_t left, right, column;
};

static size_t count_words(struct slice s)
{
    size_t words = 0;

    for (size_t i = 0; i < s.n; i++)
        words += s.p[i] > ' ' && (i == 0 || s.p[i - 1] <= ' ');
    return words;
}

/* The gap behind which something stands at a column, one to each side; column 0: any that leaves
 * text on both sides. */
static bool part_line(struct slice s, size_t column, struct parted *ret)
{
    size_t counted = 0, at = 0; /* characters of the bytes so far */

    for (size_t i = 1; i < s.n; i++) {
        size_t n = 0;

        while (i + n < s.n && s.p[i + n] == ' ')
            n++;
        if (n < GAP_BLANKS) {
            i += n;
            continue;
        }
        at += utf8_count(slice_of(s.p + counted, i + n - counted));
        counted = i + n;
        *ret = (struct parted){i, i + n, at};
        if (column == 0 ? count_words(slice_head(s, i)) >= WORDS_LEAST &&
                              count_words(slice_from(s, i + n)) >= WORDS_LEAST
                        : at + 1 >= column && at <= column + 1)
            return true;
        i += n;
    }
    return false;
}

/* Lines of a body fill their column; those of a table and of a letterhead do not. */
static bool fills_column(struct slice left, size_t column)
{
    return 4 * utf8_count(left) >= 3 * (column - GAP_BLANKS);
}

/* How many lines from here on stand in two columns; 0: they do not. */
static size_t run_of(const struct draft_para *paras, size_t count, size_t *ret_column)
{
    struct parted p;
    size_t n = 0, filled = 0, words = 0;

    if (!part_line(paras[0].text, 0, &p))
        return 0;
    *ret_column = p.column;
    while (n < count && n < RUN_MAX && paras[n].table == 0 &&
           part_line(paras[n].text, *ret_column, &p)) {
        filled += fills_column(slice_head(paras[n].text, p.left), *ret_column);
        words += count_words(slice_from(paras[n].text, p.right));
        n++;
    }
    return n >= LINES_LEAST && 3 * filled >= 2 * n && words >= WORDS_LEAST * n ? n : 0;
}

/* The left column may be a line longer. */
static bool is_left_over(const struct draft_para *paras, size_t i, size_t count, size_t column)
{
    struct parted p;
    struct slice above, s;

    if (i >= count || paras[i].table != 0 || !part_line(paras[i - 1].text, column, &p))
        return false;
    above = slice_trim(slice_head(paras[i - 1].text, p.left));
    s = slice_trim(paras[i].text);
    return utf8_count(s) <= column && !slice_starts(s, SLICE("Nơi nhận")) &&
           !slice_ends(above, SLICE(".")) && !slice_ends(above, SLICE("./")) &&
           !slice_ends(above, SLICE(";"));
}

static size_t write_columns(const struct draft_para *paras, size_t n, bool more, size_t column,
                            struct draft_para *out)
{
    size_t count = 0;
    struct parted p;

    for (int right = 0; right < 2; right++) {
        for (size_t i = 0; i < n; i++) {
            struct slice s = paras[i].text;

            (void)part_line(s, column, &p);
            out[count] = paras[i];
            out[count++].text = slice_trim(right ? slice_from(s, p.right) : slice_head(s, p.left));
        }
        if (!right && more)
            out[count++] = paras[n];
    }
    return count;
}

int draft_columns(struct arena *arena, const struct draft_para *paras, size_t count,
                  struct draft_para **ret, size_t *ret_count, struct err *err)
{
    struct draft_para *out = arena_new_array(arena, 2 * count + 1, struct draft_para);
    size_t n = 0;

    if (out == NULL)
        return err_nomem(err);
    for (size_t i = 0; i < count;) {
        size_t column = 0, lines = run_of(paras + i, count - i, &column);
        bool more = lines > 0 && is_left_over(paras, i + lines, count, column);

        if (lines == 0) {
            out[n++] = paras[i++];
            continue;
        }
        n += write_columns(paras + i, lines, more, column, out + n);
        i += lines + more;
    }
    *ret = out;
    *ret_count = n;
    return 0;
}
