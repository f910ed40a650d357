/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/rules/unmapped.h"

#include "lang/msg_rules.h"

/* The first row whose names all fit counts; NULL fits any. */
static const struct {
    const char *product, *category, *service;
    msg_id why;
} rows[] = {
    {"macos", NULL, NULL, MSG_RULES_WHY_MACOS},
    {"windows", "file_rename", NULL, MSG_RULES_WHY_TRACE},
    {"windows", NULL, NULL, MSG_RULES_WHY_FIELDS},
    {"okta", NULL, NULL, MSG_RULES_WHY_LATER},
    {"kubernetes", NULL, NULL, MSG_RULES_WHY_LATER},
    {"gcp", NULL, NULL, MSG_RULES_WHY_RENAMED},
    {"onelogin", NULL, NULL, MSG_RULES_WHY_RENAMED},
    {"bitbucket", NULL, NULL, MSG_RULES_WHY_RENAMED},
    {NULL, "application", NULL, MSG_RULES_WHY_FREE_FORM},
    {NULL, NULL, "netflow", MSG_RULES_WHY_FLOWS},
};

void unmapped_add(struct unmapped_list *list, const struct sigma_rule *rule)
{
    const struct logsource *s = &rule->logsource;

    for (uint32_t i = 0; i < list->count; i++) {
        const struct logsource *seen = &list->items[i].source;

        if (slice_eq(seen->product, s->product) && slice_eq(seen->category, s->category) &&
            slice_eq(seen->service, s->service)) {
            list->items[i].rules++;
            return;
        }
    }
    if (list->count == UNMAPPED_MAX)
        list->other++;
    else
        list->items[list->count++] = (struct unmapped){*s, 1};
}

static bool unmapped_fits(const char *name, struct slice value)
{
    return name == NULL || slice_is(value, name);
}

msg_id unmapped_why(const struct logsource *s)
{
    for (size_t i = 0; i < CANH_LEN(rows); i++) {
        if (unmapped_fits(rows[i].product, s->product) &&
            unmapped_fits(rows[i].category, s->category) &&
            unmapped_fits(rows[i].service, s->service))
            return rows[i].why;
    }
    return MSG_RULES_WHY_NO_DECODER;
}
