/* SPDX-License-Identifier: Apache-2.0 */
/* Which field of what was sent an error is about, for the API. */
#include "lang/err_alert.h"
#include "lang/err_case.h"
#include "lang/err_register.h"
#include "lang/err_state.h"
#include "lang/err_web.h"
#include "web/page_cases.h"

static const struct {
    unsigned id;
    const char *field;
    const char *under, *there; /* under this path another one */
} fields[] = {
    {ERR_WEB_CURSOR_NOT_ONE_OURS, "cursor", NULL, NULL},
    {ERR_WEB_LIMIT_1, "limit", "/api/v1/alerts/", "minutes"},
    {ERR_WEB_VERDICT_SEEN_REAL_KNOWN_OR, "verdict", NULL, NULL},
    {ERR_CASE_ONLY_REAL, "case", NULL, NULL},
    {ERR_WEB_CASE_NEEDS_A_TITLE, "title", NULL, NULL},
    {ERR_WEB_NOTICE_NEEDS_TITLE, "title", NULL, NULL},
    {ERR_WEB_WHICH_UNIT, "unit", "/api/v1/requests", "to"},
    {ERR_WEB_NO_SUCH_ACT, "step", "/api/v1/cases/", "to"},
    {ERR_WEB_DAYS_OF_SUPPRESSION, "days", NULL, NULL},
    {ERR_WEB_SEARCH_NEEDS_PURPOSE, "purpose", NULL, NULL},
    {ERR_WEB_SEARCH_FOR_WHAT, "q", NULL, NULL},
    {ERR_WEB_RULE_TOO_LONG, "rule", NULL, NULL},
    {ERR_WEB_NO_FILE_CAME, "file", NULL, NULL},
    {ERR_WEB_FILE_CANNOT_BE_READ, "file", NULL, NULL},
    {ERR_WEB_FILE_NOT_TAKEN, "file", NULL, NULL},
    {ERR_WEB_NO_SUCH_LEVEL, "level", NULL, NULL},
    {ERR_WEB_NO_SUCH_ALERT, "alert", NULL, NULL},
    {ERR_WEB_NO_SUCH_VERSION, "version", NULL, NULL},
    {ERR_WEB_NO_SUCH_DAY, "day", "/api/v1/notices", "due"},
    {ERR_WEB_RATING, "rating", NULL, NULL},
    {ERR_WEB_SCOPE, "scope", NULL, NULL},
    {ERR_WEB_WHICH_PERSON, "person", NULL, NULL},
    {ERR_ALERT_SUPPRESSION_NEEDS_A_REASON, "reason", NULL, NULL},
    {ERR_ALERT_SUPPRESSION_LASTS_DAYS_AT_MOST, "days", NULL, NULL},
    {ERR_ALERT_NO_SUCH_VERDICT, "verdict", NULL, NULL},
    {ERR_ALERT_NO_SUCH_CODE, "code", NULL, NULL},
    {ERR_CASE_LINE_NEEDS_A_TEXT, "text", NULL, NULL},
    {ERR_CASE_REPORT_NEEDS_ITS_FORM, "what", NULL, NULL},
    {ERR_CASE_NO_SUCH_KIND_OF_LINE, "kind", NULL, NULL},
    {ERR_CASE_NO_SUCH_CLASS_OR_LEVEL, "class", NULL, NULL},
    {ERR_CASE_FILE_NOT_DECLARED, "clear", NULL, NULL},
    {ERR_CASE_ALERT_BELONGS_TO_ONE, "alert", NULL, NULL},
    {ERR_CASE_CHANGED_MEANWHILE, "version", NULL, NULL},
    {ERR_STATE_CASE_CLOSED_WITHOUT_CAUSE, "cause", NULL, NULL},
    {ERR_STATE_STEP_NO_SUCH_STATE, "step", "/api/v1/cases/", "to"},
    {ERR_STATE_STEP_NOT_FROM_STATE, "step", "/api/v1/cases/", "to"},
    {ERR_STATE_STEP_FOR_OTHERS, "step", "/api/v1/cases/", "to"},
    {ERR_STATE_FILE_MARKED_AS_CLASSIFIED_NOTHING, "file", NULL, NULL},
    {ERR_REGISTER_PASS_TO_ANOTHER, "to", NULL, NULL},
    {ERR_REGISTER_PASS_OPEN_ONLY, "step", NULL, NULL},
    {ERR_REGISTER_NOTICE_EXISTS, "code", NULL, NULL},
    {ERR_STATE_REQUEST_NEEDS_TEXT, "text", NULL, NULL},
};

/* Where the state names the column that a text went to: as calls name it, else as the first of
 * those that came. */
static const struct {
    const char *column;
    const char *fields[2];
} columns[] = {
    {"title", {"title", NULL}},   {"text", {"text", NULL}},     {"reason", {"reason", NULL}},
    {"note", {"note", NULL}},     {"clause", {"clause", NULL}}, {"code", {"code", NULL}},
    {"what", {"what", "text"}},   {"value", {"value", NULL}},   {"cause", {"cause", NULL}},
    {"remedy", {"remedy", NULL}}, {"system", {"system", NULL}}, {"support", {"support", NULL}},
};

static const char *field_of_column(const struct visit *v, struct slice column)
{
    for (size_t i = 0; i < CANH_LEN(columns); i++) {
        if (!slice_is(column, columns[i].column))
            continue;
        return columns[i].fields[1] && visit_given(v, columns[i].fields[0]).n == 0
                   ? columns[i].fields[1]
                   : columns[i].fields[0];
    }
    return NULL;
}

/* Errors of the state that say which column: thing, column … */
static const unsigned of_columns[] = {ERR_STATE_LONGER_THAN_BYTES, ERR_STATE_NOT_CLEAN_UTF_8_TEXT,
                                      ERR_STATE_MARKED_AS_CLASSIFIED_NOTHING_CLASSIFIED,
                                      ERR_STATE_MISSING_2};

static const char *field_of_state(const struct visit *v, const struct err *err)
{
    for (size_t i = 0; i < CANH_LEN(of_columns); i++)
        if (of_columns[i] == err->id)
            return field_of_column(v, err_text(err, 1));
    return NULL;
}

const char *visit_field_of(const struct visit *v, const struct err *err)
{
    if (slice_is(v->x->target.path, "/api/v1/session") && slice_is(v->x->method, "POST"))
        return err->code == CE_MISSING ? "code" : err->code == CE_DENIED ? "login" : NULL;
    if (err->id == ERR_WEB_CASE_TEXT_EMPTIED)
        return case_text_emptied(v, err);
    for (size_t i = 0; i < CANH_LEN(fields); i++) {
        bool there = fields[i].under && slice_starts(v->x->target.path, slice_str(fields[i].under));

        if (fields[i].id == err->id)
            return there ? fields[i].there : fields[i].field;
    }
    return field_of_state(v, err);
}
