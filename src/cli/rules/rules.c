/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/rules/rules.h"
#include "lang/msg_rules.h"

static const struct verb *const subs[] = {
    &verb_rules_check, &verb_rules_test, &verb_rules_list, &verb_rules_import, NULL,
};

const struct verb verb_rules = {
    .name = "rules",
    .summary = MSG_RULES_SUMMARY,
    .subs = subs,
};

static void put_part(struct buf *out, const char *name, struct slice value)
{
    if (value.n == 0)
        return;
    if (out->len)
        buf_putc(out, ' ');
    buf_printf(out, "%s=", name);
    buf_put_slice(out, value);
}

void rules_put_logsource(struct buf *out, const struct logsource *ls)
{
    put_part(out, "category", ls->category);
    put_part(out, "product", ls->product);
    put_part(out, "service", ls->service);
}
