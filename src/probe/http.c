/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A page: its status, a text it must contain, how long it took (the value, in milliseconds) and
 * how long its certificate still holds. Redirects are followed, to http and https only.
 */
#include "base/num.h"
#include "probe/curl_run.h"

enum { REDIRECTS_MAX = 5 };

static void judge(struct curl_look *look, struct probe_run *run)
{
    const char *contains = probe_text(run, "contains");
    double ms = look->seconds * 1000;
    long status = 0;

    (void)curl_easy_getinfo(look->curl, CURLINFO_RESPONSE_CODE, &status);
    probe_say(run, CHECK_OK, ms, SAYS_PAGE, SAYS_NUMBER((double)status, 0), SAYS_NUMBER(ms, 0));
    if (status != (long)probe_number(run, "status"))
        probe_worsen(run, CHECK_CRITICAL, SAYS_OTHER_STATUS, SAYS_TEXT(probe_text(run, "status")));
    if (contains != NULL && slice_find(buf_slice(&look->body), slice_str(contains)) == SIZE_MAX)
        probe_worsen_args(run, CHECK_CRITICAL, SAYS_NO_TEXT, NULL, 0);
    if (ms > probe_number(run, "slow-ms"))
        probe_worsen_args(run, CHECK_WARNING, SAYS_SLOW, NULL, 0);
    curl_look_judge_cert(look, run);
}

void probe_run_http(struct probe_run *run)
{
    struct curl_look look;

    if (strncmp(run->target, "http://", 7) != 0 && strncmp(run->target, "https://", 8) != 0) {
        probe_say(run, CHECK_NO_ANSWER, 0, SAYS_UNUSABLE, SAYS_TEXT("not http:// or https://"));
        return;
    }
    if (curl_look_init(&look, run, run->target) < 0)
        return;
    (void)curl_easy_setopt(look.curl, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(look.curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(look.curl, CURLOPT_FOLLOWLOCATION, 1L);
    (void)curl_easy_setopt(look.curl, CURLOPT_MAXREDIRS, (long)REDIRECTS_MAX);
    if (curl_look_go(&look, run) == 0)
        judge(&look, run);
    curl_look_done(&look);
}
