/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A mail server: it greets, offers STARTTLS (or speaks TLS at once), shows a valid certificate.
 * No login, no mail. The value is the time in milliseconds. Parameter tls: required, or none for
 * a server that is known to have none.
 */
#include <stdio.h>

#include "probe/curl_run.h"

static const char *scheme_of(const struct check_kind *kind, unsigned port)
{
    for (size_t i = 0; i < CHECK_PORTS && kind->ports[i].port; i++)
        if (kind->ports[i].port == port)
            return kind->ports[i].scheme;
    return kind->ports[0].scheme;
}

void probe_run_mail(struct probe_run *run)
{
    const char *tls = probe_text(run, "tls");
    char host[CHECK_HOST_MAX], ascii[CHECK_HOST_MAX], url[400];
    unsigned port;
    struct curl_transfer look;

    if (check_host_port(run->target, run->kind->ports[0].port, host, &port) < 0 ||
        check_host_ascii(host, ascii) < 0) {
        probe_report(run, CHECK_NO_ANSWER, 0, RESULT_UNUSABLE,
                     RESULT_TEXT("not host or host:port"));
        return;
    }
    (void)snprintf(url, sizeof(url), strchr(ascii, ':') ? "%s://[%s]:%u/" : "%s://%s:%u/",
                   scheme_of(run->kind, port), ascii, port);
    if (curl_transfer_init(&look, run, url) < 0)
        return;
    (void)curl_easy_setopt(look.curl, CURLOPT_USE_SSL,
                           strcmp(tls, "none") == 0 ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
    /* greeting and TLS, then one harmless command; libcurl ends with QUIT or LOGOUT */
    (void)curl_easy_setopt(look.curl, CURLOPT_CUSTOMREQUEST, "NOOP");
    (void)curl_easy_setopt(look.curl, CURLOPT_NOBODY, 1L);
    if (curl_transfer_run(&look, run) == 0) {
        probe_report(run, CHECK_OK, look.seconds * 1000, RESULT_MAIL,
                     RESULT_NUMBER(look.seconds * 1000, 0));
        curl_transfer_judge_cert(&look, run);
    }
    curl_transfer_done(&look);
}
