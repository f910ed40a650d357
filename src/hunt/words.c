/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/words.h"

#include "base/ascii.h"
#include "base/num.h"
#include "data/data.h"
#include "lang/err_hunt.h"

enum { ROWS_MAX = 512, ARENA_BYTES = 1024 * 1024, NUMBER_MAX = 20 };

static bool read_row(struct slice line, struct word_row *ret)
{
    struct slice label;

    if (!slice_cut(&line, '|', &label) || !slice_cut(&line, '|', &ret->value) ||
        !slice_cut(&line, '|', &ret->text.en))
        return false;
    ret->text.vi = line;
    ret->label = (uint8_t)label_find(label);
    return line.n && (ret->label < LABEL_COUNT || slice_is(label, "*"));
}

int words_load(struct words *w, struct err *err)
{
    const struct data_folder *folder = data_folder("kinds");
    const struct data_file *file = folder ? data_find(folder, SLICE("words.txt")) : NULL;
    struct slice text = file ? data_bytes(file) : SLICE_NULL, line;

    *w = (struct words){.arena = ARENA_INIT(ARENA_BYTES)};
    w->rows = arena_new_array(&w->arena, ROWS_MAX, struct word_row);
    if (w->rows == NULL)
        return err_nomem(err);
    for (unsigned n = 1; slice_cut(&text, '\n', &line); n++) {
        if (line.n == 0 || line.p[0] == '#')
            continue;
        if (w->count == ROWS_MAX || !read_row(line, &w->rows[w->count]))
            return err_fail_at(err, CE_SYNTAX, n, 1, ERR_HUNT_WORDS);
        w->count++;
    }
    return 0;
}

void words_done(struct words *w)
{
    arena_done(&w->arena);
}

static bool same_number(struct slice a, struct slice b)
{
    uint64_t x, y;

    return a.n > 2 && b.n > 2 && a.n <= NUMBER_MAX && a.p[0] == '0' && b.p[0] == '0' &&
           (a.p[1] | 0x20) == 'x' && (b.p[1] | 0x20) == 'x' && num_hex(slice_from(a, 2), &x) == 0 &&
           num_hex(slice_from(b, 2), &y) == 0 && x == y;
}

struct slice words_find(const struct words *w, enum label label, struct slice value, enum lang lang)
{
    for (uint32_t i = 0; i < w->count; i++) {
        const struct word_row *row = &w->rows[i];

        if ((row->label == label || row->label == LABEL_COUNT) &&
            (slice_eq_nocase(row->value, value) || same_number(row->value, value)))
            return title_in(&row->text, lang);
    }
    return SLICE_NULL;
}

/* %% and digits at the beginning of s, or 0. */
static size_t code_length(struct slice s)
{
    size_t n = 2;

    if (!slice_starts(s, SLICE("%%")))
        return 0;
    while (n < s.n && ascii_is_digit(s.p[n]))
        n++;
    return n > 2 ? n : 0;
}

/* Each %%1833 in a longer text. */
static void write_codes(const struct words *w, enum label label, struct slice s, enum lang lang,
                        struct buf *out)
{
    while (s.n) {
        size_t n = code_length(s);
        struct slice word = n ? words_find(w, label, slice_head(s, n), lang) : SLICE_NULL;

        if (word.n == 0)
            n = 1;
        buf_append_slice(out, word.n ? word : slice_head(s, n));
        s = slice_from(s, n);
    }
}

void words_write(const struct words *w, enum label label, struct slice value, enum lang lang,
                 struct buf *out)
{
    struct slice word = words_find(w, label, value, lang);

    if (word.n == 0) {
        write_codes(w, label, value, lang, out);
        return;
    }
    buf_append_slice(out, word);
    if (label == LABEL_HOW)
        return;
    buf_puts(out, " (");
    buf_append_slice(out, value);
    buf_putc(out, ')');
}
