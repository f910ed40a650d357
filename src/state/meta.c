/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the store says of itself: its mark of a demonstration, the name of its key, the numbers
 * given last. The audit keeps the whole of it, whenever some of it changed, before the entry of the
 * write that changed it.
 */
#include "lang/err_state.h"
#include "state/audit_internal.h"

static const struct state_id tables = {{'c', 'a', 'n', 'h', '-', 'm', 'e', 't', 'a'}};

static void write_word(struct buf *out, struct slice s)
{
    buf_putc(out, '"');
    buf_append_slice(out, s);
    buf_putc(out, '"');
}

/* {"meta":{"demo":"1"},"counter":{"request/2026":12}}: names and values are the program's own. */
int meta_canonical(struct state *s, struct buf *out, struct err *err)
{
    struct db_stmt *st = NULL;
    unsigned n = 0;
    int r = state_stmt(s, SQL_META_ALL, &st, err);

    buf_puts(out, "{\"meta\":{");
    while (r == 0 && (r = db_step(st, err)) > 0) {
        buf_puts(out, n++ ? "," : "");
        write_word(out, db_text(st, 0));
        buf_putc(out, ':');
        write_word(out, db_text(st, 1));
        r = 0;
    }
    db_done(&st);
    if (r == 0)
        r = state_stmt(s, SQL_COUNTER_ALL, &st, err);
    buf_puts(out, "},\"counter\":{");
    for (n = 0; r == 0 && (r = db_step(st, err)) > 0; r = 0) {
        buf_puts(out, n++ ? ",\"" : "\"");
        buf_append_slice(out, db_text(st, 0));
        buf_printf(out, "/%lld\":%lld", (long long)db_int(st, 1), (long long)db_int(st, 2));
    }
    db_done(&st);
    buf_puts(out, "}}");
    return r == 0 && out->err < 0 ? err_fail(err, CE_TOO_BIG, ERR_STATE_META_TOO_BIG) : r;
}

int meta_is_audited(struct state *s, struct buf *content, bool *ret_any, bool *ret_same,
                    struct err *err)
{
    uint8_t is[STATE_HASH], told[STATE_HASH];
    struct db_stmt *st = NULL;
    int r = meta_canonical(s, content, err);

    if (r == 0)
        r = state_stmt(s, SQL_AUDIT_META, &st, err);
    if (r < 0)
        return r;
    db_bind_id(st, 1, &tables);
    r = db_step(st, err);
    *ret_any = r > 0;
    audit_hash_content(buf_slice(content), is);
    *ret_same = r > 0 && audit_read_hash(db_blob(st, 0), told) && memcmp(is, told, STATE_HASH) == 0;
    db_done(&st);
    return CANH_MIN(r, 0);
}

/* Before an entry: what has changed, or was never told, gets an entry of its own. */
int meta_append(struct state *s, const struct state_actor *a, struct err *err)
{
    struct buf content = BUF_INIT(META_MAX);
    bool any, same;
    int r = 0;

    if (!s->meta_told) {
        s->meta_told = true; /* the entry below is not about itself */
        r = meta_is_audited(s, &content, &any, &same, err);
        if (r == 0 && !same && (!any || s->meta_changed))
            r = audit_append(s, a, "keep", "meta", tables, STATE_ID_NONE, 0, buf_slice(&content),
                             err);
        s->meta_changed = false;
    }
    buf_done(&content);
    return r;
}

/*
 * Before a change: only what is as it was told counts as changed by the program. What somebody
 * wrote beside it stays untold, and verify says so.
 */
static int meta_change(struct state *s, struct err *err)
{
    struct buf content = BUF_INIT(META_MAX);
    bool any, same;
    int r = s->meta_changed ? 0 : meta_is_audited(s, &content, &any, &same, err);

    if (r == 0 && !s->meta_changed) {
        s->meta_changed = same;
        s->meta_told = false;
    }
    buf_done(&content);
    return r;
}

void meta_forget(struct state *s)
{
    s->meta_told = s->meta_changed = false;
}

int meta_write(struct state *s, const char *name, struct slice value, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = meta_change(s, err);

    if (r == 0)
        r = state_stmt(s, SQL_META_PUT, &st, err);
    if (r < 0)
        return r;
    db_bind_text(st, 1, slice_str(name));
    db_bind_text(st, 2, value);
    r = db_run(st, err);
    db_done(&st);
    return r;
}

int meta_number_next(struct state *s, const char *name, int year, int64_t *ret, struct err *err)
{
    struct db_stmt *st = NULL;
    int r = meta_change(s, err);

    if (r == 0)
        r = state_stmt(s, SQL_COUNTER_NEXT, &st, err);
    if (r < 0)
        return r;
    db_bind_text(st, 1, slice_str(name));
    db_bind_int(st, 2, year);
    r = db_step(st, err);
    *ret = r > 0 ? db_int(st, 0) : 0;
    db_done(&st);
    return CANH_MIN(r, 0);
}
