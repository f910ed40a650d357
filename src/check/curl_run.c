/* SPDX-License-Identifier: Apache-2.0 */
#include "check/curl_run.h"

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

static int take_banner(CURL *curl, curl_infotype type, char *data, size_t n, void *ctx)
{
    struct curl_look *look = ctx;

    (void)curl;
    if (type == CURLINFO_HEADER_IN && n <= look->banner.max - look->banner.len)
        buf_put(&look->banner, data, n);
    return 0;
}

int curl_look_init(struct curl_look *look, struct check_run *run, const char *url)
{
    const char *ca = check_text(run, "ca");

    *look = (struct curl_look){.body = BUF_INIT(CURL_BODY_MAX),
                               .banner = BUF_INIT(16384),
                               .cert_days = INT_MIN};
    look->curl = curl_easy_init();
    if (look->curl == NULL) {
        check_say(run, CHECK_NO_ANSWER, 0, "out of memory");
        return -CE_NOMEM;
    }
    (void)curl_easy_setopt(look->curl, CURLOPT_URL, url);
    (void)curl_easy_setopt(look->curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(look->curl, CURLOPT_TIMEOUT_MS, check_time_left_ms(run));
    (void)curl_easy_setopt(look->curl, CURLOPT_ERRORBUFFER, look->error);
    (void)curl_easy_setopt(look->curl, CURLOPT_USERAGENT, "canh-check");
    (void)curl_easy_setopt(look->curl, CURLOPT_CERTINFO, 1L);
    (void)curl_easy_setopt(look->curl, CURLOPT_WRITEFUNCTION, take_body);
    (void)curl_easy_setopt(look->curl, CURLOPT_WRITEDATA, look);
    (void)curl_easy_setopt(look->curl, CURLOPT_DEBUGFUNCTION, take_banner);
    (void)curl_easy_setopt(look->curl, CURLOPT_DEBUGDATA, look);
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

int curl_look_go(struct curl_look *look, struct check_run *run)
{
    CURLcode code = curl_easy_perform(look->curl);
    char *url = NULL;

    (void)curl_easy_getinfo(look->curl, CURLINFO_TOTAL_TIME, &look->seconds);
    (void)curl_easy_getinfo(look->curl, CURLINFO_EFFECTIVE_URL, &url);
    read_cert_days(look);
    if (code == CURLE_OK)
        return 0;
    if (code == CURLE_URL_MALFORMAT || code == CURLE_OUT_OF_MEMORY ||
        code == CURLE_SSL_CACERT_BADFILE) {
        check_say(run, CHECK_NO_ANSWER, look->seconds, "%s: %s", run->target,
                  look->error[0] ? look->error : curl_easy_strerror(code));
        return -CE_IO;
    }
    check_say(run, CHECK_CRITICAL, look->seconds, "%s: %s", run->target,
              look->error[0] ? look->error : curl_easy_strerror(code));
    return -CE_PEER;
}

void curl_look_judge_cert(const struct curl_look *look, struct check_run *run)
{
    int days = look->cert_days;

    if (days == INT_MIN)
        return;
    if (days < check_number(run, "cert-days"))
        check_worsen(run, CHECK_CRITICAL, "certificate ends in %d days", days);
    else if (days < check_number(run, "cert-warn-days"))
        check_worsen(run, CHECK_WARNING, "certificate ends in %d days", days);
}

void curl_look_done(struct curl_look *look)
{
    curl_easy_cleanup(look->curl);
    buf_done(&look->body);
    buf_done(&look->banner);
}
