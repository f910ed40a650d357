/* SPDX-License-Identifier: Apache-2.0 */
/* What "Tra cứu" is asked, as acts take it. */
#include "lang/err_web.h"
#include "web/page_search.h"

enum { RULE_MAX = 48 * 1024, RULE_PIECE = 8000 }; /* as canh-search takes it */

struct slice search_asked(const struct visit *v, const char *name)
{
    struct slice given = visit_given(v, name);

    return given.n > 0 ? given : visit_query(v, name);
}

bool search_write_number(struct visit *v, struct control_args *args, const char *key, int64_t n)
{
    struct buf text = BUF_INIT(40);
    struct slice kept;

    buf_append_i64(&text, n);
    kept = arena_dup(v->arena, buf_slice(&text));
    buf_done(&text);
    return kept.p && control_write(args, key, kept);
}

/* A text of any length in pieces. */
static bool write_rule(struct control_args *args, struct slice rule)
{
    bool fits = true;

    for (size_t at = 0; fits && at < rule.n; at += RULE_PIECE)
        fits = control_write(args, "rule", slice_head(slice_from(rule, at), RULE_PIECE));
    return fits;
}

static bool write_asked(struct visit *v, struct control_args *args, const char *name)
{
    struct slice value = search_asked(v, name);

    return value.n == 0 || control_write(args, name, value);
}

bool search_write_asked(struct visit *v, struct control_args *args)
{
    *args = (struct control_args){.count = 0};
    return control_write(args, "stream", SLICE("events/default")) &&
           control_write(args, "query", search_asked(v, "q")) &&
           control_write(args, "purpose", search_asked(v, "purpose")) &&
           write_asked(v, args, "case") && write_asked(v, args, "unit") &&
           write_rule(args, visit_given(v, "rule")) &&
           control_write(args, "lang", slice_str(lang_to_str(v->lang)));
}

int search_check(const struct visit *v, struct err *err)
{
    if (search_asked(v, "purpose").n == 0 && search_asked(v, "case").n == 0)
        return err_fail(err, CE_MISSING, ERR_WEB_SEARCH_NEEDS_PURPOSE);
    if (visit_given(v, "rule").n > RULE_MAX)
        return err_fail(err, CE_TOO_BIG, ERR_WEB_RULE_TOO_LONG, RULE_MAX >> 10);
    if (v->web->search.begin == NULL)
        return err_fail(err, CE_BUSY, ERR_WEB_NO_JOURNAL_HERE);
    return 0;
}
