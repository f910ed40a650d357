/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/curl_run.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>

#include "base/time.h"
#include "probe/address.h"

/* Beyond the maximum nothing is read: the transfer ends, and counts as complete. */
static size_t read_body(char *data, size_t size, size_t count, void *ctx)
{
    struct curl_transfer *look = ctx;
    size_t n = size * count, room = look->body.max - look->body.len;

    buf_append(&look->body, data, CANH_MIN(n, room));
    return n < room ? n : CURL_WRITEFUNC_ERROR;
}

static curl_socket_t open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *a)
{
    struct curl_transfer *look = ctx;
    bool near = address_is_near(&a->addr);

    (void)purpose;
    if (look->led_on && look->far && near) {
        look->stopped = true;
        return CURL_SOCKET_BAD;
    }
    look->far = look->far || !near;
    return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

int curl_transfer_init(struct curl_transfer *look, struct probe_run *run, const char *url)
{
    const char *ca = probe_text(run, "ca");

    *look = (struct curl_transfer){.body = BUF_INIT(CURL_BODY_MAX), .cert_days = INT_MIN};
    look->curl = curl_easy_init();
    if (look->curl == NULL) {
        probe_report_errno(run, CHECK_NO_ANSWER, 0, ENOMEM);
        return -CE_NOMEM;
    }
    (void)curl_easy_setopt(look->curl, CURLOPT_URL, url);
    (void)curl_easy_setopt(look->curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(look->curl, CURLOPT_ERRORBUFFER, look->error);
    (void)curl_easy_setopt(look->curl, CURLOPT_USERAGENT, "canh-check");
    (void)curl_easy_setopt(look->curl, CURLOPT_CERTINFO, 1L);
    (void)curl_easy_setopt(look->curl, CURLOPT_WRITEFUNCTION, read_body);
    (void)curl_easy_setopt(look->curl, CURLOPT_WRITEDATA, look);
    (void)curl_easy_setopt(look->curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    (void)curl_easy_setopt(look->curl, CURLOPT_OPENSOCKETDATA, look);
    (void)curl_easy_setopt(look->curl, CURLOPT_FRESH_CONNECT, 1L);
    (void)curl_easy_setopt(look->curl, CURLOPT_FORBID_REUSE, 1L);
    (void)curl_easy_setopt(look->curl, CURLOPT_SSL_SESSIONID_CACHE, 0L);
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

/* The rest of a row behind its name; NULL: another row. */
static const char *row_of(const struct curl_slist *row, const char *name)
{
    size_t n = strlen(name);

    return strncasecmp(row->data, name, n) == 0 ? row->data + n : NULL;
}

struct cert {
    const char *subject, *issuer, *end;
};

static struct cert read_cert(const struct curl_slist *row)
{
    struct cert c = {.subject = ""};

    for (; row != NULL; row = row->next) {
        const char *subject = row_of(row, "Subject:"), *issuer = row_of(row, "Issuer:"),
                   *end = row_of(row, "Expire date:");

        c.subject = subject ? subject : c.subject;
        c.issuer = issuer ? issuer : c.issuer;
        c.end = end ? end : c.end;
    }
    return c;
}

/*
 * All that the server sent. A root that it sends along decides nothing: who checks has one of their
 * own; one that signs itself and comes first is the server's.
 */
static void read_certs(struct curl_transfer *look)
{
    struct curl_certinfo *info = NULL;

    if (curl_easy_getinfo(look->curl, CURLINFO_CERTINFO, &info) != CURLE_OK || info == NULL)
        return;
    for (int i = 0; i < info->num_of_certs; i++) {
        struct cert c = read_cert(info->certinfo[i]);
        bool root = i > 0 && c.issuer && strcmp(c.issuer, c.subject) == 0;
        time_t end;
        int days;

        if (root || c.end == NULL || !read_date(c.end, &end))
            continue;
        days = (int)((end - time(NULL)) / 86400);
        if (look->cert_days != INT_MIN && days >= look->cert_days)
            continue;
        look->cert_days = days;
        look->cert_first = i == 0 && look->transfers == 1;
        (void)snprintf(look->cert_name, sizeof(look->cert_name), "%s", c.subject);
    }
}

/* Why there is no answer; of some codes, that the check itself could not run. */
static void describe_why(const struct curl_transfer *look, struct probe_run *run, CURLcode code)
{
    static const struct {
        CURLcode code;
        enum result_text says;
        bool not_run;
    } known[] = {
        {CURLE_COULDNT_RESOLVE_HOST, RESULT_NO_NAME, false},
        {CURLE_COULDNT_CONNECT, RESULT_REFUSED, false},
        {CURLE_OPERATION_TIMEDOUT, RESULT_TIMEOUT, false},
        {CURLE_PEER_FAILED_VERIFICATION, RESULT_UNTRUSTED, false},
        {CURLE_SSL_CONNECT_ERROR, RESULT_TLS, false},
        {CURLE_USE_SSL_FAILED, RESULT_NO_STARTTLS, false},
        {CURLE_TOO_MANY_REDIRECTS, RESULT_REDIRECTS, false},
        {CURLE_UNSUPPORTED_PROTOCOL, RESULT_REDIRECTS, false},
        {CURLE_GOT_NOTHING, RESULT_NO_ANSWER, false},
        {CURLE_WEIRD_SERVER_REPLY, RESULT_BAD_ANSWER, false},
        {CURLE_RECV_ERROR, RESULT_BAD_ANSWER, false},
        {CURLE_URL_MALFORMAT, RESULT_NOT_RUN, true},
        {CURLE_OUT_OF_MEMORY, RESULT_NOT_RUN, true},
        {CURLE_SSL_CACERT_BADFILE, RESULT_NOT_RUN, true},
    };
    enum result_text says = RESULT_FAILED;
    bool not_run = false;

    for (size_t i = 0; i < CANH_LEN(known); i++) {
        if (known[i].code == code) {
            says = known[i].says;
            not_run = known[i].not_run;
        }
    }
    probe_report_args(run, not_run ? CHECK_NO_ANSWER : CHECK_CRITICAL, look->seconds * 1000, says,
                      NULL, 0);
    probe_detail(run, look->error[0] ? look->error : curl_easy_strerror(code));
}

int curl_transfer_run(struct curl_transfer *look, struct probe_run *run)
{
    double seconds = 0;
    CURLcode code;

    buf_clear(&look->body);
    look->error[0] = 0;
    look->transfers++;
    (void)curl_easy_setopt(look->curl, CURLOPT_TIMEOUT_MS, probe_time_left_ms(run));
    code = curl_easy_perform(look->curl);
    (void)curl_easy_getinfo(look->curl, CURLINFO_TOTAL_TIME, &seconds);
    look->seconds += seconds;
    read_certs(look);
    if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && look->body.len == look->body.max))
        return 0;
    if (look->stopped) {
        probe_report_args(run, CHECK_CRITICAL, look->seconds * 1000, RESULT_NEAR, NULL, 0);
        return -CE_PEER;
    }
    describe_why(look, run, code);
    return -CE_PEER;
}

void curl_transfer_judge_cert(const struct curl_transfer *look, struct probe_run *run)
{
    int days = look->cert_days;
    enum check_outcome outcome = days < probe_number(run, "cert-days")        ? CHECK_CRITICAL
                                 : days < probe_number(run, "cert-warn-days") ? CHECK_WARNING
                                                                              : CHECK_OK;
    struct result_arg left = RESULT_NUMBER(days < 0 ? -days : days, 0);

    if (days == INT_MIN || outcome == CHECK_OK)
        return;
    if (look->cert_first)
        probe_worsen(run, outcome, days < 0 ? RESULT_CERT_ENDED : RESULT_CERT_ENDS, left);
    else
        probe_worsen(run, outcome, days < 0 ? RESULT_CHAIN_ENDED : RESULT_CHAIN_ENDS,
                     RESULT_TEXT(look->cert_name), left);
}

void curl_transfer_done(struct curl_transfer *look)
{
    curl_easy_cleanup(look->curl);
    buf_done(&look->body);
}
