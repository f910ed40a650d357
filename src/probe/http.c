/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A page: its status, a text it must contain, how long it took (the value, in milliseconds) and
 * how long the certificates on the way to it still hold. Redirects are followed one by one, to http
 * and https only, and each is judged: from https to http, to another host, from the Internet into
 * a private network.
 */
#include <strings.h>

#include "base/num.h"
#include "probe/curl_run.h"

enum { REDIRECTS_MAX = 5 };

struct visit {
    struct curl_transfer look;
    struct probe_run *run;
    char first[CHECK_HOST_MAX], other[CHECK_HOST_MAX]; /* hosts: asked, and led to */
    bool was_tls, is_tls;
    bool bared; /* after https, a step of the way was http */
    long status;
    unsigned hops;
};

/* Where to go next, as parts; false: the result says why not. */
static bool read_url(struct visit *v, const char *text, bool first)
{
    CURLU *url = curl_url();
    char *host = NULL, *scheme = NULL, *whole = NULL;
    char ascii[CHECK_HOST_MAX];
    bool good = url && curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
                curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
                curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
                (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0) &&
                check_host_ascii(host, ascii) == 0 &&
                (host[0] == '[' || curl_url_set(url, CURLUPART_HOST, ascii, 0) == CURLUE_OK) &&
                curl_url_get(url, CURLUPART_URL, &whole, 0) == CURLUE_OK &&
                curl_easy_setopt(v->look.curl, CURLOPT_URL, whole) == CURLE_OK;
    const char *allowed = probe_text(v->run, "redirect-to");

    if (good) {
        v->is_tls = strcmp(scheme, "https") == 0;
        v->was_tls = v->was_tls || v->is_tls;
        v->bared = v->bared || (v->was_tls && !v->is_tls);
        if (first)
            memcpy(v->first, ascii, sizeof(ascii));
        else if (strcasecmp(ascii, v->first) != 0 &&
                 (allowed == NULL || strcasecmp(ascii, allowed) != 0))
            memcpy(v->other, ascii, sizeof(ascii));
    } else if (first) {
        probe_report(v->run, CHECK_NO_ANSWER, 0, RESULT_UNUSABLE,
                     RESULT_TEXT("not http:// or https://"));
    } else {
        probe_report_args(v->run, CHECK_CRITICAL, 0, RESULT_REDIRECTS, NULL, 0);
    }
    curl_free(host);
    curl_free(scheme);
    curl_free(whole);
    curl_url_cleanup(url);
    return good;
}

/* 1: it leads on, 0: it is the page, negative: the result says why there is none. */
static int http_step(struct visit *v)
{
    char *next = NULL;
    int r = curl_transfer_run(&v->look, v->run);

    if (r < 0)
        return r;
    (void)curl_easy_getinfo(v->look.curl, CURLINFO_RESPONSE_CODE, &v->status);
    (void)curl_easy_getinfo(v->look.curl, CURLINFO_REDIRECT_URL, &next);
    if (next == NULL || v->status == (long)probe_number(v->run, "status"))
        return 0;
    if (v->hops++ == REDIRECTS_MAX) {
        probe_report_args(v->run, CHECK_CRITICAL, 0, RESULT_REDIRECTS, NULL, 0);
        return -CE_PEER;
    }
    v->look.led_on = true;
    return read_url(v, next, false) ? 1 : -CE_PEER;
}

static void http_judge(struct visit *v)
{
    struct probe_run *run = v->run;
    const char *contains = probe_text(run, "contains");
    double ms = v->look.seconds * 1000;

    probe_report(run, CHECK_OK, ms, RESULT_PAGE, RESULT_NUMBER((double)v->status, 0),
                 RESULT_NUMBER(ms, 0));
    if (v->status != (long)probe_number(run, "status"))
        probe_worsen(run, CHECK_CRITICAL, RESULT_OTHER_STATUS,
                     RESULT_TEXT(probe_text(run, "status")));
    if (v->was_tls && !v->is_tls)
        probe_worsen_args(run, CHECK_CRITICAL, RESULT_DOWNGRADED, NULL, 0);
    if (contains != NULL && slice_find(buf_slice(&v->look.body), slice_str(contains)) == SIZE_MAX)
        probe_worsen_args(run, CHECK_CRITICAL, RESULT_NO_TEXT, NULL, 0);
    curl_transfer_judge_cert(&v->look, run);
    if (v->bared)
        probe_worsen_args(run, CHECK_WARNING, RESULT_BARED, NULL, 0);
    if (v->other[0])
        probe_worsen(run, CHECK_WARNING, RESULT_OTHER_HOST, RESULT_TEXT(v->other));
    if (ms > probe_number(run, "slow-ms"))
        probe_worsen_args(run, CHECK_WARNING, RESULT_SLOW, NULL, 0);
}

void probe_run_http(struct probe_run *run)
{
    struct visit v = {.run = run};
    int r = 1;

    if (curl_transfer_init(&v.look, run, "") < 0)
        return;
    (void)curl_easy_setopt(v.look.curl, CURLOPT_PROTOCOLS_STR, "http,https");
    if (!read_url(&v, run->target, true))
        r = -CE_SYNTAX;
    while (r > 0)
        r = http_step(&v);
    if (r == 0)
        http_judge(&v);
    curl_transfer_done(&v.look);
}
