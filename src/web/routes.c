/* SPDX-License-Identifier: Apache-2.0 */
/* Every page and call of the console; docs/console.md and /api/openapi.json tell of the same. */
#include "web/web_internal.h"

enum { FORM = 8 << 10, LONG = 128 << 10 };

/* clang-format off */
const struct desk_route desk_routes[] = {
    {"GET",    "/",                        WHO_WORK,      false, 0,    page_shift},
    {"POST",   "/shift",                   WHO_DUTY,      false, FORM, post_shift},
    {"GET",    "/alerts",                  WHO_WORK,      false, 0,    page_alerts},
    {"GET",    "/alerts/{}",               WHO_WORK,      false, 0,    page_alert},
    {"POST",   "/alerts/{}/ack",           WHO_DUTY,      false, FORM, post_alert_ack},
    {"POST",   "/alerts/{}/suppress",      WHO_TECH,      false, FORM, post_suppress},
    {"GET",    "/suppressions",            WHO_WORK,      false, 0,    page_suppressions},
    {"POST",   "/suppressions/{}/end",     WHO_TECH,      false, FORM, post_suppression_end},
    {"POST",   "/matters/{}/take",         WHO_DUTY,      false, FORM, post_matter_take},
    {"GET",    "/cases",                   WHO_WORK,      false, 0,    page_cases},
    {"POST",   "/cases",                   WHO_DUTY,      false, LONG, post_cases},
    {"GET",    "/cases/{}",                WHO_WORK,      false, 0,    page_case},
    {"POST",   "/cases/{}/lines",          WHO_DUTY,      false, LONG, post_case_line},
    {"POST",   "/cases/{}/step",           WHO_DUTY,      false, LONG, post_case_step},
    {"GET",    "/todo",                    WHO_WORK,      false, 0,    page_todo},
    {"GET",    "/forms",                   WHO_WORK,      false, 0,    page_forms},
    {"GET",    "/forms/{}",                WHO_WORK,      false, 0,    page_form},
    {"POST",   "/forms/{}",                WHO_DUTY,      false, LONG, post_form},
    {"GET",    "/sign-in",                 WHO_ANYBODY,   false, 0,    page_sign_in},
    {"POST",   "/sign-in",                 WHO_ANYBODY,   false, FORM, post_sign_in},
    {"POST",   "/sign-out",                WHO_SIGNED_IN, false, FORM, post_sign_out},
    {"GET",    "/welcome/{}",              WHO_ANYBODY,   false, 0,    page_welcome},
    {"POST",   "/welcome/{}",              WHO_ANYBODY,   false, FORM, post_welcome},
    {"POST",   "/language",                WHO_ANYBODY,   false, FORM, post_language},
    {"GET",    "/static/{}",               WHO_ANYBODY,   false, 0,    get_static},
    {"GET",    "/api/openapi.json",        WHO_ANYBODY,   true,  0,    get_openapi},
    {"POST",   "/api/v1/session",          WHO_ANYBODY,   true,  FORM, api_session_add},
    {"DELETE", "/api/v1/session",          WHO_SIGNED_IN, true,  0,    api_session_drop},
    {"GET",    "/api/v1/me",               WHO_SIGNED_IN, true,  0,    api_me},
    {"GET",    "/api/v1/shift",            WHO_WORK,      true,  0,    api_shift},
    {"GET",    "/api/v1/alerts",           WHO_WORK,      true,  0,    api_alerts},
    {"GET",    "/api/v1/alerts/{}",        WHO_WORK,      true,  0,    api_alert},
    {"GET",    "/api/v1/alerts/{}/calls",  WHO_WORK,      true,  0,    api_alert_calls},
    {"POST",   "/api/v1/alerts/{}/ack",    WHO_DUTY,      true,  FORM, api_alert_ack},
    {"POST",   "/api/v1/alerts/{}/suppress", WHO_TECH,    true,  FORM, api_suppress},
    {"GET",    "/api/v1/suppressions",     WHO_WORK,      true,  0,    api_suppressions},
    {"POST",   "/api/v1/suppressions/{}/end", WHO_TECH,   true,  FORM, api_suppression_end},
    {"GET",    "/api/v1/matters",          WHO_WORK,      true,  0,    api_matters},
    {"POST",   "/api/v1/matters/{}/take",  WHO_DUTY,      true,  FORM, api_matter_take},
    {"GET",    "/api/v1/cases",            WHO_WORK,      true,  0,    api_cases},
    {"POST",   "/api/v1/cases",            WHO_DUTY,      true,  LONG, api_case_open},
    {"GET",    "/api/v1/cases/{}",         WHO_WORK,      true,  0,    api_case},
    {"POST",   "/api/v1/cases/{}/lines",   WHO_DUTY,      true,  LONG, api_case_line},
    {"POST",   "/api/v1/cases/{}/step",    WHO_DUTY,      true,  LONG, api_case_step},
    {"GET",    "/api/v1/todo",             WHO_WORK,      true,  0,    api_todo},
    {"GET",    "/api/v1/forms",            WHO_WORK,      true,  0,    api_forms},
    {"POST",   "/api/v1/forms/{}",         WHO_DUTY,      true,  LONG, api_form_send},
    {"GET",    "/api/v1/live",             WHO_WORK,      true,  0,    get_live},
};
/* clang-format on */
const size_t desk_route_count = CANH_LEN(desk_routes);
