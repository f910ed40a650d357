/* SPDX-License-Identifier: Apache-2.0 */
/* Which field of what was sent an error is about, for the API. */
#include "lang/err_alert.h"
#include "lang/err_case.h"
#include "lang/err_state.h"
#include "lang/err_web.h"
#include "web/web_internal.h"

static const struct {
    unsigned id;
    const char *field;
    const char *under, *there; /* under this path another one */
} fields[] = {
    {ERR_WEB_CURSOR_NOT_ONE_OURS, "cursor", NULL, NULL},
    {ERR_WEB_LIMIT_1, "limit", "/api/v1/alerts/", "minutes"},
    {ERR_WEB_VERDICT_SEEN_REAL_KNOWN_OR, "verdict", NULL, NULL},
    {ERR_WEB_CASE_NEEDS_A_TITLE, "title", NULL, NULL},
    {ERR_WEB_NOTICE_NEEDS_TITLE, "title", NULL, NULL},
    {ERR_WEB_WHICH_UNIT, "to", "/api/v1/notices", "unit"},
    {ERR_WEB_NO_SUCH_ACT, "step", "/api/v1/cases/", "to"},
    {ERR_WEB_DAYS_OF_SUPPRESSION, "days", NULL, NULL},
    {ERR_WEB_NO_FILE_CAME, "file", NULL, NULL},
    {ERR_ALERT_SUPPRESSION_NEEDS_A_REASON, "reason", NULL, NULL},
    {ERR_ALERT_SUPPRESSION_LASTS_DAYS_AT_MOST, "days", NULL, NULL},
    {ERR_ALERT_NO_SUCH_VERDICT, "verdict", NULL, NULL},
    {ERR_ALERT_NO_SUCH_CODE, "code", NULL, NULL},
    {ERR_CASE_LINE_NEEDS_A_TEXT, "text", NULL, NULL},
    {ERR_CASE_REPORT_NEEDS_ITS_FORM, "what", NULL, NULL},
    {ERR_CASE_NO_SUCH_KIND_OF_LINE, "kind", NULL, NULL},
    {ERR_CASE_NO_SUCH_CLASS_OR_LEVEL, "class", NULL, NULL},
    {ERR_STATE_REQUEST_NEEDS_TEXT, "text", NULL, NULL},
};

const char *visit_field_of(const struct visit *v, const struct err *err)
{
    for (size_t i = 0; i < CANH_LEN(fields); i++) {
        bool there = fields[i].under && slice_starts(v->x->target.path, slice_str(fields[i].under));

        if (fields[i].id == err->id)
            return there ? fields[i].there : fields[i].field;
    }
    return NULL;
}
