/* SPDX-License-Identifier: Apache-2.0 */
/* The journal of the node under the audit of its state. */
#include "lang/err_state.h"
#include "state/audit_internal.h"

/* The row that these entries speak of. */
static const struct state_id the_journal = {{'c', 'a', 'n', 'h', '-', 'j', 'o', 'u', 'r', 'n'}};

int state_audit_journal_put(struct state *s, const struct state_actor *a, struct slice heads,
                            struct err *err)
{
    if (a->role != STATE_SYSTEM)
        return err_fail(err, CE_DENIED, ERR_STATE_NO_ROLE);
    return state_audit_add(s, a, "head", "journal", the_journal, heads, err);
}

int state_audit_journal_get(struct state *s, const struct state_actor *a, struct buf *out,
                            int64_t *ret_received, struct err *err)
{
    struct db_stmt *st = NULL;
    int r;

    if (!actor_on_behalf(a) || !id_is_none(a->unit))
        return err_fail(err, CE_DENIED, ERR_STATE_NO_ROLE);
    r = state_stmt(s, SQL_AUDIT_NEWEST, &st, err);
    if (r < 0)
        return r;
    db_bind_id(st, 1, &the_journal);
    db_bind_text(st, 2, SLICE("head"));
    r = db_step(st, err);
    if (r > 0) {
        *ret_received = db_int(st, 0);
        buf_append_slice(out, db_text(st, 1));
        r = out->err ? err_fail(err, CE_TOO_BIG, ERR_STATE_CONTENT_NOT_CLEAN_UTF_8)
                     : out->len > 0; /* the content of an old one may have been erased */
    }
    db_done(&st);
    return r;
}
