/* SPDX-License-Identifier: Apache-2.0 */
#include "state/manifest.h"

#include <sodium.h>

#include "base/num.h"
#include "base/time.h"
#include "lang/err_state.h"

#define MAGIC "canh-backup 1"

enum { WORDS_MAX = 4 };

static void write_hash(struct buf *out, const uint8_t hash[MANIFEST_HASH])
{
    char hex[2 * MANIFEST_HASH + 1];

    buf_puts(out, sodium_bin2hex(hex, sizeof(hex), hash, MANIFEST_HASH));
}

void manifest_write(const struct manifest *m, struct buf *out)
{
    uint8_t end[MANIFEST_HASH];
    size_t start = out->len;

    buf_puts(out, MAGIC "\nmade ");
    time_format(out, m->made_at, 9);
    buf_printf(out, "\nschema %u\naudit %lld ", m->schema, (long long)m->audit_seq);
    write_hash(out, m->audit_hash);
    buf_printf(out, "\ndatabase %llu ", (unsigned long long)m->database_size);
    write_hash(out, m->database);
    buf_printf(out, "\nkey %s\n", m->key ? "yes" : "no");
    for (size_t i = 0; i < m->table_count; i++) {
        buf_printf(out, "table " SLICE_FMT " %llu ", SLICE_ARG(m->tables[i].name),
                   (unsigned long long)m->tables[i].rows);
        write_hash(out, m->tables[i].hash);
        buf_putc(out, '\n');
    }
    for (size_t i = 0; i < m->file_count; i++) {
        buf_printf(out, "%s %llu ", m->files[i].absent ? "absent" : "file",
                   (unsigned long long)m->files[i].size);
        write_hash(out, m->files[i].sha256);
        buf_putc(out, '\n');
    }
    if (out->err < 0)
        return;
    crypto_generichash(end, sizeof(end), out->p + start, out->len - start, NULL, 0);
    buf_puts(out, "end ");
    write_hash(out, end);
    buf_putc(out, '\n');
}

struct reader {
    struct manifest *m;
    size_t tables, files; /* room for so many */
    unsigned seen;        /* bits of the single lines */
};

static bool get_hash(struct slice word, uint8_t to[MANIFEST_HASH])
{
    size_t n = 0;

    return word.n == 2 * (size_t)MANIFEST_HASH &&
           sodium_hex2bin(to, MANIFEST_HASH, (const char *)word.p, word.n, NULL, &n, NULL) == 0 &&
           n == MANIFEST_HASH;
}

static bool get_made(struct reader *r, const struct slice *w, size_t n)
{
    bool zoned = false;

    return n == 2 && time_parse(w[1], 0, &r->m->made_at, &zoned) == 0 && zoned;
}

static bool get_schema(struct reader *r, const struct slice *w, size_t n)
{
    int64_t v;

    if (n != 2 || num_range(w[1], 1, 999, &v) < 0)
        return false;
    r->m->schema = (unsigned)v;
    return true;
}

static bool get_audit(struct reader *r, const struct slice *w, size_t n)
{
    return n == 3 && num_range(w[1], 0, INT64_MAX, &r->m->audit_seq) == 0 &&
           get_hash(w[2], r->m->audit_hash);
}

static bool get_database(struct reader *r, const struct slice *w, size_t n)
{
    return n == 3 && num_u64(w[1], &r->m->database_size) == 0 && get_hash(w[2], r->m->database);
}

static bool get_key(struct reader *r, const struct slice *w, size_t n)
{
    if (n != 2 || (!slice_is(w[1], "yes") && !slice_is(w[1], "no")))
        return false;
    r->m->key = slice_is(w[1], "yes");
    return true;
}

static bool get_table(struct reader *r, const struct slice *w, size_t n)
{
    struct manifest_table *t = &r->m->tables[r->m->table_count];

    if (n != 4 || r->m->table_count == r->tables || num_u64(w[2], &t->rows) < 0 ||
        !get_hash(w[3], t->hash))
        return false;
    t->name = w[1];
    r->m->table_count++;
    return true;
}

static bool get_file(struct reader *r, const struct slice *w, size_t n)
{
    struct manifest_file *f = &r->m->files[r->m->file_count];

    if (n != 3 || r->m->file_count == r->files || num_u64(w[1], &f->size) < 0 ||
        !get_hash(w[2], f->sha256))
        return false;
    f->absent = slice_is(w[0], "absent");
    r->m->file_count++;
    return true;
}

static const struct {
    const char *word;
    bool (*get)(struct reader *r, const struct slice *w, size_t n);
    bool once;
} kinds[] = {
    {"made", get_made, true},         {"schema", get_schema, true}, {"audit", get_audit, true},
    {"database", get_database, true}, {"key", get_key, true},       {"table", get_table, false},
    {"file", get_file, false},        {"absent", get_file, false},
};

enum { ALL_SEEN = 31 };

static size_t manifest_split(struct slice line, struct slice words[WORDS_MAX + 1])
{
    size_t n = 0;

    while (n <= WORDS_MAX && slice_cut(&line, ' ', &words[n]))
        n++;
    return n;
}

static bool get_line(struct reader *r, struct slice line)
{
    struct slice words[WORDS_MAX + 1];
    size_t n = manifest_split(line, words);

    if (n < 2 || n > WORDS_MAX)
        return false;
    for (size_t i = 0; i < CANH_LEN(kinds); i++) {
        if (!slice_is(words[0], kinds[i].word))
            continue;
        if (kinds[i].once && (r->seen & 1u << i))
            return false;
        r->seen |= 1u << i;
        return kinds[i].get(r, words, n);
    }
    return false;
}

/* The text without its last line, when that line is the hash of the rest. */
static bool is_whole(struct slice *text)
{
    uint8_t end[MANIFEST_HASH], want[MANIFEST_HASH];
    size_t tail = 4 + 2 * (size_t)MANIFEST_HASH + 1; /* "end " hash "\n" */
    struct slice last;

    if (text->n <= tail)
        return false;
    last = slice_from(*text, text->n - tail);
    if (!slice_starts(last, SLICE("end ")) || last.p[tail - 1] != '\n' ||
        !get_hash(slice_head(slice_from(last, 4), 2 * (size_t)MANIFEST_HASH), want))
        return false;
    text->n -= tail;
    crypto_generichash(end, sizeof(end), text->p, text->n, NULL, 0);
    return memcmp(end, want, sizeof(end)) == 0;
}

static void count_lines(struct slice text, struct reader *r)
{
    struct slice line;

    while (slice_cut(&text, '\n', &line)) {
        r->tables += slice_starts(line, SLICE("table "));
        r->files += slice_starts(line, SLICE("file ")) || slice_starts(line, SLICE("absent "));
    }
}

int manifest_read(struct slice text, struct arena *arena, struct manifest *ret, struct err *err)
{
    struct reader r = {.m = ret};
    struct slice line;
    unsigned number = 1;

    *ret = (struct manifest){.made_at = 0};
    if (!slice_starts(text, SLICE("canh-backup ")))
        return err_fail(err, CE_SYNTAX, ERR_STATE_MANIFEST_NOT_BACKUP_CANH);
    if (!slice_starts(text, SLICE(MAGIC "\n")))
        return err_fail(err, CE_UNKNOWN, ERR_STATE_MANIFEST_MADE_BY_NEWER_CANH);
    if (!is_whole(&text))
        return err_fail(err, CE_CORRUPT, ERR_STATE_MANIFEST_DAMAGED_OR_CUT_OFF);
    count_lines(text, &r);
    ret->tables = arena_array(arena, r.tables + 1, sizeof(*ret->tables));
    ret->files = arena_array(arena, r.files + 1, sizeof(*ret->files));
    if (ret->tables == NULL || ret->files == NULL)
        return err_fail(err, CE_TOO_BIG, ERR_STATE_MANIFEST_TOO_MANY_LINES);
    (void)slice_cut(&text, '\n', &line);
    while (text.n && slice_cut(&text, '\n', &line)) {
        number++;
        if (!get_line(&r, line))
            return err_fail_at(err, CE_CORRUPT, number, 1, ERR_STATE_MANIFEST_NOT_UNDERSTOOD,
                               number);
    }
    if ((r.seen & ALL_SEEN) != ALL_SEEN)
        return err_fail(err, CE_CORRUPT, ERR_STATE_MANIFEST_LINE_MISSING);
    return 0;
}
