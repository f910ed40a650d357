/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/curl_run.h"

#include <errno.h>
#include <limits.h>
#include <time.h>

#include "base/time.h"

static size_t take_body(char *data, size_t size, size_t count, void *ctx)
{
    struct curl_look *look = ctx;
    size_t n = size * count, room = look->body.max - look->body.len;

    /* the rest is read and dropped, so that the answer counts as complete */
    buf_put(&look->body, data, CANH_MIN(n, room));
    return n;
}

int curl_look_init(struct curl_look *look, struct probe_run *run, const char *url)
{
    const char *ca = probe_text(run, "ca");

    *look = (struct curl_look){.body = BUF_INIT(CURL_BODY_MAX), .cert_days = INT_MIN};
    look->curl = curl_easy_init();
    if (look->curl == NULL) {
        probe_say_errno(run, CHECK_NO_ANSWER, 0, ENOMEM);
        return -CE_NOMEM;
    }
    (void)curl_easy_setopt(look->curl, CURLOPT_URL, url);
    (void)curl_easy_setopt(look->curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(look->curl, CURLOPT_TIMEOUT_MS, probe_time_left_ms(run));
    (void)curl_easy_setopt(look->curl, CURLOPT_ERRORBUFFER, look->error);
    (void)curl_easy_setopt(look->curl, CURLOPT_USERAGENT, "canh-check");
    (void)curl_easy_setopt(look->curl, CURLOPT_CERTINFO, 1L);
    (void)curl_easy_setopt(look->curl, CURLOPT_WRITEFUNCTION, take_body);
    (void)curl_easy_setopt(look->curl, CURLOPT_WRITEDATA, look);
    /* a probe sees what its station sees, not a proxy's page */
    (void)curl_easy_setopt(look->curl, CURLOPT_PROXY, "");
    if (ca != NULL)
        (void)curl_easy_setopt(look->curl, CURLOPT_CAINFO, ca);
    return 0;
}

/* "2026-11-25 13:35:27 GMT" from GnuTLS, "Nov 25 13:35:27 2026 GMT" from OpenSSL. */
static bool read_date(const char *text, time_t *ret)
{
    struct slice s = slice_trim(slice_str(text));
    int64_t t;

    if (slice_ends(s, SLICE(" GMT")) && time_parse(slice_head(s, s.n - 4), 0, &t, NULL) == 0) {
        *ret = (time_t)(t / TIME_SECOND);
        return true;
    }
    *ret = curl_getdate(text, NULL);
    return *ret != -1;
}

static void read_cert_days(struct curl_look *look)
{
    struct curl_certinfo *info = NULL;

    if (curl_easy_getinfo(look->curl, CURLINFO_CERTINFO, &info) != CURLE_OK || info == NULL ||
        info->num_of_certs < 1)
        return;
    for (struct curl_slist *row = info->certinfo[0]; row != NULL; row = row->next) {
        static const char name[] = "expire date:";
        time_t end;

        if (!slice_eq_nocase(slice_head(slice_str(row->data), sizeof(name) - 1), SLICE(name)))
            continue;
        if (read_date(row->data + sizeof(name) - 1, &end))
            look->cert_days = (int)((end - time(NULL)) / 86400);
    }
}

/* Why there is no answer; of some codes, that the check itself could not run. */
static void say_why(const struct curl_look *look, struct probe_run *run, CURLcode code)
{
    static const struct {
        CURLcode code;
        enum says says;
        bool not_run;
    } known[] = {
        {CURLE_COULDNT_RESOLVE_HOST, SAYS_NO_NAME, false},
        {CURLE_COULDNT_CONNECT, SAYS_REFUSED, false},
        {CURLE_OPERATION_TIMEDOUT, SAYS_TIMEOUT, false},
        {CURLE_PEER_FAILED_VERIFICATION, SAYS_UNTRUSTED, false},
        {CURLE_SSL_CONNECT_ERROR, SAYS_TLS, false},
        {CURLE_USE_SSL_FAILED, SAYS_NO_STARTTLS, false},
        {CURLE_TOO_MANY_REDIRECTS, SAYS_REDIRECTS, false},
        {CURLE_UNSUPPORTED_PROTOCOL, SAYS_REDIRECTS, false},
        {CURLE_GOT_NOTHING, SAYS_NO_ANSWER, false},
        {CURLE_WEIRD_SERVER_REPLY, SAYS_BAD_ANSWER, false},
        {CURLE_RECV_ERROR, SAYS_BAD_ANSWER, false},
        {CURLE_URL_MALFORMAT, SAYS_NOT_RUN, true},
        {CURLE_OUT_OF_MEMORY, SAYS_NOT_RUN, true},
        {CURLE_SSL_CACERT_BADFILE, SAYS_NOT_RUN, true},
    };
    enum says says = SAYS_FAILED;
    bool not_run = false;

    for (size_t i = 0; i < CANH_LEN(known); i++) {
        if (known[i].code == code) {
            says = known[i].says;
            not_run = known[i].not_run;
        }
    }
    probe_say_args(run, not_run ? CHECK_NO_ANSWER : CHECK_CRITICAL, look->seconds * 1000, says,
                   NULL, 0);
    probe_detail(run, look->error[0] ? look->error : curl_easy_strerror(code));
}

int curl_look_go(struct curl_look *look, struct probe_run *run)
{
    CURLcode code = curl_easy_perform(look->curl);
    char *url = NULL;

    (void)curl_easy_getinfo(look->curl, CURLINFO_TOTAL_TIME, &look->seconds);
    (void)curl_easy_getinfo(look->curl, CURLINFO_EFFECTIVE_URL, &url);
    read_cert_days(look);
    if (code == CURLE_OK)
        return 0;
    say_why(look, run, code);
    return -CE_PEER;
}

void curl_look_judge_cert(const struct curl_look *look, struct probe_run *run)
{
    int days = look->cert_days;

    if (days == INT_MIN)
        return;
    if (days < probe_number(run, "cert-days"))
        probe_worsen(run, CHECK_CRITICAL, days < 0 ? SAYS_CERT_ENDED : SAYS_CERT_ENDS,
                     SAYS_NUMBER(days < 0 ? -days : days, 0));
    else if (days < probe_number(run, "cert-warn-days"))
        probe_worsen(run, CHECK_WARNING, SAYS_CERT_ENDS, SAYS_NUMBER(days, 0));
}

void curl_look_done(struct curl_look *look)
{
    curl_easy_cleanup(look->curl);
    buf_done(&look->body);
}
